"""Calendar files: the three forms say the same, faults are told with their place, and a hostile file is refused."""

import json
import re
from pathlib import Path

import pytest

from liuhen.adapters.calendars.files import LARGEST, read_calendar_file
from liuhen.adapters.calendars.published import published_calendar
from liuhen.core.calendar.calendar_data import to_data
from liuhen.core.calendar.entry import check_entry
from liuhen.core.kernel.errors import BadInput

SOURCE = "国务院办公厅关于2027年部分节假日安排的通知"
YAML = f"""
notices:
  - year: 2027
    source: {SOURCE}
    days_off:
      2027-01-01 至 2027-01-03: 元旦
      2027/2/5 ~ 2027/2/11: 春节
    make_up_days: [2027-01-30, 2027-02-13]
regional:
  - {{day: 2027-03-10, name: 开斋节, source: 宁政发〔2026〕1号}}
"""
CSV = f"""年度,类别,起,止,名称,依据
2027,放假,2027/1/1,2027/1/3,元旦,{SOURCE}
,放假,2027-02-05,2027-02-11,春节,
2027年,上班,2027-01-30,,,
2027,上班,2027-02-13,,,

,地方休息,2027-03-10,,开斋节,宁政发〔2026〕1号
"""


def sentences(data: str | bytes, name: str) -> str:
    raw = data if isinstance(data, bytes) else data.encode()
    return "\n".join(f"{one.place}：{one.sentence}" for one in check_entry(read_calendar_file(raw, name)).mistakes)


def test_yaml_and_csv_say_the_same_in_either_encoding() -> None:
    from_yaml = check_entry(read_calendar_file(YAML.encode(), "安排.yaml"))
    assert from_yaml.mistakes == ()
    assert len(from_yaml.notices[0].days_off) == 10
    for data in (CSV.encode(), b"\xef\xbb\xbf" + CSV.encode(), CSV.encode("gb18030"), CSV.replace(",", "\t").encode()):
        from_csv = check_entry(read_calendar_file(data, "安排.CSV"))
        assert (from_csv.notices, from_csv.regional, from_csv.mistakes) == (from_yaml.notices, from_yaml.regional, ())


def test_the_form_that_travels_in_packages_is_read_back_whole() -> None:
    calendar = published_calendar()
    data = json.dumps(to_data(calendar), ensure_ascii=False).encode()
    entry = check_entry(read_calendar_file(data, "工作日历.json"))
    assert entry.notices == calendar.notices
    assert (entry.regional, entry.mistakes) == ((), ())


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (CSV.replace("放假,2027/1/1", "休息,2027/1/1"), "a.csv", "第 2 行：类别“休息”应为放假、上班、地方休息之一"),
        (CSV.replace("2027-02-05", "2027-02-30"), "a.csv", "“2027-02-30”不是日期"),
        (CSV.replace("春节,", "春节,别的通知"), "a.csv", "2027 年：写了 2 个不同的依据"),
        (CSV.replace("止,", "到,"), "a.csv", "第 1 行：不认识表头“到”"),
        (YAML.replace("year:", "年:"), "a.yaml", "没有“年”这一项"),
        (YAML.replace("[2027-01-30, 2027-02-13]", "2027-01-30"), "a.yaml", "2027 年：应为列表"),
        (YAML.replace("- {", "- x # {"), "a.yaml", "第 1 条地方休息日：应为一组字段"),
        ("notices: [{year: 2027, source: x, days_off: [1], make_up_days: []}]", "a.yml", "对照表"),
        ('{"notices": [], "rules": 1}', "a.json", "没有“rules”这一项"),
    ],
)
def test_a_mistake_is_one_sentence_with_its_place(data: str, name: str, says: str) -> None:
    assert says in sentences(data, name)


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"x", "a.docx", "不认识这种文件"),
        (b" " * (LARGEST + 1), "a.csv", "超过 1 MiB"),
        (b"\xff\xfe\x00", "a.csv", "编码"),
        (b"\xff\xfe\x00", "a.json", "无法读取"),
        (b"{", "a.json", "a.json 第 1 行: 不是合法的 JSON"),
        (b"a: [", "a.yaml", "不是合法的 YAML"),
        (b"a: &x [1]\nb: *x", "a.yaml", "锚点和引用"),
        (b"[1]", "a.json", "应有 notices"),
        (b'{"format": "liuhen-work-calendar/9"}', "a.json", "其他版本"),
        (b'{"notices": [], "notices": []}', "a.json", "写了两次"),
        ("姓名,电话\n".encode(), "a.csv", "缺少表头类别、起"),
        (b"", "a.csv", "缺少表头"),
        (b"[" * 100_000, "a.json", "无法读取"),
    ],
)
def test_what_is_no_calendar_is_refused_in_one_sentence(data: bytes, name: str, says: str) -> None:
    with pytest.raises(BadInput) as refusal:
        read_calendar_file(data, name)
    assert says in str(refusal.value)


def test_the_examples_of_the_format_page_are_read() -> None:
    page = (Path(__file__).parents[3] / "docs" / "formats" / "calendar.md").read_text(encoding="utf-8")
    from_yaml, from_csv = (
        check_entry(read_calendar_file(re.findall(pattern, page, re.DOTALL)[0].encode(), name))
        for pattern, name in ((r"```yaml\n(.*?)```", "a.yaml"), (r"```\n(年度.*?)```", "a.csv"))
    )
    assert from_yaml.mistakes == from_csv.mistakes == ()
    assert from_yaml.years == from_csv.years == (2026,)
    assert from_yaml.regional == from_csv.regional
    assert from_yaml.regional is not None and len(from_yaml.regional) == 2
