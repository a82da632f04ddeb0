"""A pack to begin with: small, whole, passing the check at once, with remarks for a jurist who has never written one.

Invariant: every word that the user gave is written as quoted text, so that no title can become another key.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from liuhen.core.kernel.moments import SHANGHAI, render_instant


@dataclass(frozen=True, slots=True)
class NewPack:
    """What is known of a regulation when its pack is begun; the edition is called by its first day in force."""

    id: str
    title: str
    short_title: str
    issuer: str
    number: str
    in_force_from: date


def files_of(new: NewPack) -> dict[str, str]:
    """Give the text of every file of a new pack by its path in the folder."""
    return {
        "pack.yaml": _head(new),
        "clauses.yaml": _clauses(new.id),
        "rules/art-01.yaml": _rules(new.id),
        "cases/art-01.yaml": _cases(new),
    }


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _schema(path: str) -> str:
    return f"# yaml-language-server: $schema={path}\n"


def _head(new: NewPack) -> str:
    return f"""{_schema("schema/pack.json")}# 一部办法的一个版本。改好以后运行：liuhen packs check 本文件夹
# 编号永不改用；案件的每一个判断都引“编号/条款”。
id: {new.id}
# 版本：用施行或者修订的日期，加引号。修订以后另建一个文件夹（例如 {new.id}@修订日期），旧版本写上 in_force_until，两者并存。
edition: {_quoted(new.in_force_from.isoformat())}
title: {_quoted(new.title)}
short_title: {_quoted(new.short_title)}
issuer: {_quoted(new.issuer)}
number: {_quoted(new.number)}
# 施行的第一天。在此以前登记的案件不得用它判断。
in_force_from: {new.in_force_from.isoformat()}
# 不再施行的第一天；仍在施行的不写。
# in_force_until: {new.in_force_from.replace(month=1, day=1, year=new.in_force_from.year + 5).isoformat()}
# 适用的执法类别，照办法适用范围的条款写；案件的类别不在其中即拒绝。
kinds: [行政处罚, 行政检查]
stages: [程序启动, 调查取证, 审查决定, 送达执行, 归档管理]
# 机关要公布的清单和指引；没有的不写。
lists: [音像记录事项清单]
"""


def _clauses(pack_id: str) -> str:
    return f"""{_schema("schema/clauses.json")}# 办法的每一条款一行，一条不漏。gist 用自己的话写要点，不抄原文。
# kind 是性质：doc 文字记录，sign 签字，av 音像，time 期限，keep 保存，inform 告知，access 查阅，seal 不可篡改，
# manage 管理，scope 范围。
# answer 是回答：rule 由规则判断（要有规则引它），guarantee 系统保证，capability 系统功能，scope 适用范围
# （这三种用 proof 写证明的测试），open 尚未完成。先全部写成 open，写好规则再改成 rule。
- {{id: {pack_id}/1, kind: doc, gist: 现场检查要制作笔录, answer: rule}}
- {{id: {pack_id}/2, kind: time, gist: 音像记录二十四小时内入库, answer: rule}}
- {{id: {pack_id}/3, kind: scope, gist: 施行日期, answer: open}}
"""


def _rules(pack_id: str) -> str:
    return f"""{_schema("../schema/rules.json")}# 一条规则一项义务。对 each 所说的每一个对象，合于 when 的，判断是否做到所要求的。
# 能写哪些属性、时刻和要求，见 docs/formats/pack.md；编辑器按首行的 schema 补全和提示。
- id: record.inspection
  # 所依条款，要在 clauses.yaml 里。
  clauses: [{pack_id}/1]
  kind: doc
  title: 现场检查有笔录
  # 对每一次执法活动判断。
  each: act
  when: {{kind: 现场检查}}
  # 活动结束以前完成；还没有结束的是“待办”，不是“不符合”。
  by: ended
  # 有其中一种文书即可；要求填写的项目写在 fields 里。
  document: {{forms: [现场检查笔录], fields: [检查情况]}}
  # 没有做到时对办案人员说的话。
  remedy: 制作《现场检查笔录》，写明检查情况。

- id: av.store-in-time
  clauses: [{pack_id}/2]
  kind: time
  title: 音像记录 24 小时内入库
  each: recording
  # 期限：24 小时、2 工作日、30 日、6 个月、2 年。小时自该时刻起算，其余当日不计。
  time: {{start: ended, to: stored, within: 24 小时}}
  remedy: 尽快入库。
"""


def _cases(new: NewPack) -> str:
    day = datetime.combine(new.in_force_from + timedelta(days=1), time(9), SHANGHAI)

    def at(hours: int) -> str:
        return render_instant(day + timedelta(hours=hours))

    begun = f"{{at: {at(0)}, type: case.act-begun, act: x1, kind: 现场检查, place: 某厂车间, officers: []}}"
    ended = f"{{at: {at(2)}, type: case.act-ended, act: x1}}"
    return _record_cases(new.id, at, begun, ended) + _storage_cases(at, begun, ended)


def _record_cases(pack_id: str, at: Callable[[int], str], begun: str, ended: str) -> str:
    made = (
        f"{{at: {at(1)}, type: case.document-made, document: d1, act: x1, form: 现场检查笔录, "
        "title: 现场检查笔录, facing: 取证, fields: {检查情况: 车间堆放易燃物}}"
    )
    return f"""{_schema("../schema/cases.json")}# 示例就是证明：每条规则至少一例符合（met）、一例不符合（unmet），
# 有 by 或者 time 的还要一例待办（pending）。
# 名称用一句话说故事。given 是各案共同的事件。写法见 docs/formats/scenario.md。
given: []
cases:
  - name: 检查当场制作了笔录
    # 判断的时刻；晚于它的事件视为尚未发生。
    at: {at(72)}
    events:
      - {begun}
      - {made}
      - {ended}
    expect:
      - {{rule: record.inspection, verdict: met, clause: {pack_id}/1}}

  - name: 检查结束了还没有笔录
    at: {at(72)}
    events:
      - {begun}
      - {ended}
    expect:
      - {{rule: record.inspection, verdict: unmet}}

  - name: 检查还在进行，笔录还来得及
    at: {at(1)}
    events:
      - {begun}
    expect:
      - {{rule: record.inspection, verdict: pending}}

"""


def _storage_cases(at: Callable[[int], str], begun: str, ended: str) -> str:
    filmed = f"ended_at: {at(2)}"
    return f"""  - name: 拍完后恰好第二十四小时入库
    at: {at(72)}
    events:
      - {{at: {at(26)}, type: recording.stored, recording: r1, file: 检查.mp4, {filmed}}}
    expect:
      - {{rule: av.store-in-time, verdict: met, due: {at(26)}}}

  - name: 拍完后二十五小时才入库
    at: {at(72)}
    events:
      - {{at: {at(27)}, type: recording.stored, recording: r1, file: 检查.mp4, {filmed}}}
    expect:
      - {{rule: av.store-in-time, verdict: unmet}}

  - name: 已经关联到检查，还没有入库
    at: {at(3)}
    events:
      - {begun}
      - {ended}
      - {{at: {at(2)}, type: case.recording-linked, recording: r1, act: x1}}
    expect:
      - {{rule: av.store-in-time, verdict: pending}}
"""
