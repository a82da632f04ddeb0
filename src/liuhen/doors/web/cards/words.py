"""The words by which the fields of event contents are shown; a field without a word here is shown by its own name."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from liuhen.core.kernel.codec import encode
from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import parse_instant, say_instant
from liuhen.doors.web.cards.parts import Line

WORDS: Mapping[str, str] = {
    "access": "申请",
    "act": "执法活动",
    "act_kind": "执法活动种类",
    "address": "地址",
    "against": "对什么有异议",
    "amount": "金额（元）",
    "applicant": "申请人",
    "archive_number": "档号",
    "archivist": "归档人",
    "authority": "印章签发机构",
    "assurance": "身份确认",
    "backup": "备份",
    "basis": "依据",
    "by": "由谁进行",
    "calendar": "工作日历版本",
    "carrier": "载体",
    "case": "案件",
    "case_number": "案号",
    "cause": "原因",
    "certificate": "执法证号",
    "classification": "密级",
    "clause": "条款",
    "clock_doubt": "时钟疑点",
    "change": "第几处更正",
    "changed": "更正",
    "code": "核验码",
    "codecs": "编码",
    "conclusion": "结论",
    "container": "封装格式",
    "corrections": "更改处数",
    "counted_in": "计入",
    "covers": "备份内容",
    "created_at": "拍摄时间",
    "decided_by": "由谁决定",
    "decision": "决定",
    "device": "设备",
    "digest": "摘要",
    "disc": "光盘",
    "document": "文书",
    "documents": "文书件数",
    "duration_ms": "时长（毫秒）",
    "duties": "职责",
    "edition": "版本",
    "ended_at": "结束时间",
    "equipment": "配有的设备",
    "evidence": "证据",
    "facing": "文书性质",
    "features": "特种功能",
    "fields": "填写内容",
    "figures": "数据",
    "file": "文件",
    "finger": "手指",
    "signature": "国密签名",
    "file_sha256": "所签文件 SHA-256",
    "findings": "发现的情况",
    "form": "文书种类",
    "format": "格式",
    "found_by": "由谁发现",
    "granted": "同意",
    "ground": "理由",
    "handler": "承办人",
    "head": "负责人",
    "height": "画面高",
    "id": "标识",
    "id_number": "证件号码",
    "image": "签名图像",
    "inspection": "监督检查",
    "interruption": "中断",
    "issued_by": "发布机关",
    "kind": "种类",
    "latitude": "纬度",
    "location": "位置",
    "longitude": "经度",
    "made_at": "制作时间",
    "made_on": "落款日期",
    "make": "设备厂商",
    "maker": "制作人",
    "making_method": "制作方法",
    "manifest_sha256": "清单 SHA-256",
    "manifest_sm3": "清单 SM3",
    "manner": "方式",
    "manners": "方式",
    "mark": "捺印",
    "matter": "事项",
    "matters": "执法事项",
    "measure": "处理措施",
    "measures": "整改措施",
    "media": "媒体",
    "media_type": "文件类型",
    "model": "设备型号",
    "name": "名称",
    "note": "备注",
    "now": "现期限届满",
    "now_provisional": "现期限为暂定",
    "number": "文号",
    "objection": "异议",
    "officer": "执法人员",
    "officers": "执法人员",
    "opinion": "意见",
    "original_name": "原文件名",
    "outcome": "结果",
    "packs": "适用规则版本",
    "pages": "页数",
    "participants": "参加人员",
    "party": "当事人",
    "party_present": "当事人在场",
    "passed": "通过",
    "period": "期间",
    "person": "人员",
    "persons": "人员",
    "phone": "电话",
    "picture": "照片",
    "place": "地点",
    "playable": "浏览器可播放",
    "problem": "问题",
    "proves": "证明对象",
    "purpose": "用途",
    "real_name": "实名",
    "reason": "事由",
    "reasons": "理由",
    "receipt": "送达回证",
    "recipient": "受送达人",
    "recording": "音像",
    "recordings": "音像件数",
    "rectify_by": "整改期限",
    "register_number": "登记号",
    "remote": "异地",
    "reported_to": "向谁报告",
    "reporter": "举报人",
    "representative": "代表人",
    "response": "答复",
    "responsible": "责任人",
    "result": "结果",
    "results": "结果",
    "resumed_at": "恢复时间",
    "retention": "保管期限",
    "returned_at": "返回时间",
    "reviewer": "审核人",
    "right": "权利",
    "role": "身份",
    "room": "场所",
    "rule": "规则",
    "second": "秒",
    "server": "送达人",
    "service": "送达",
    "sha256": "SHA-256",
    "shown_to": "出示对象",
    "signed_on": "签署日期",
    "signers": "签名处",
    "situations": "情形",
    "size": "字节数",
    "sm3": "SM3",
    "source": "来源",
    "standing": "身份",
    "start": "启动方式",
    "started_at": "开始时间",
    "step": "环节",
    "stopped_at": "中断时间",
    "strokes": "笔迹",
    "subject": "对象",
    "subject_id": "对象标识",
    "subject_kind": "对象种类",
    "summary": "摘要",
    "taken_at": "取得时间",
    "teacher": "讲授人",
    "title": "标题",
    "to": "交给谁",
    "told": "告知对象",
    "topic": "内容",
    "topics": "告知内容",
    "traits": "特征",
    "transcript": "文字稿",
    "unit": "科室",
    "units": "科室",
    "usable": "能否使用",
    "uses": "用途",
    "version": "版本",
    "was": "原期限届满",
    "was_provisional": "原期限为暂定",
    "way": "方式",
    "what": "对象",
    "width": "画面宽",
    "block": "预留编号",
    "character": "类型代字",
    "definition": "文书格式内容",
    "first": "起号",
    "holder": "领用人",
    "last": "止号",
    "published": "发布给下级",
    "superior": "上级机关",
    "unused": "未用的号",
    "witness": "见证人",
    "approved_by": "批准人",
    "begun_at": "开始时间",
    "consent": "送达地址确认书",
    "correct_by": "改正期限",
    "court": "法院",
    "entrusted_by": "委托机关",
    "expired_on": "期限届满日",
    "first_day": "起算日",
    "handed_over_by": "移交人",
    "host": "听证主持人",
    "last_day": "算至",
    "left_at": "留置处所",
    "post": "邮寄种类",
    "post_number": "邮件号",
    "proof": "公告证明",
    "reported_at": "报告时间",
    "template": "文书格式",
    "term": "所延长的期限",
    "until": "延长至",
    "approval": "依据的批准",
    "drift_ms": "比系统时间快（毫秒）",
    "end": "止（秒）",
    "exact": "正好从所要时间开始",
    "from_second": "从第几秒",
    "hold": "暂缓处置的代号",
    "item": "截取物的代号",
    "length_ms": "解码时长（毫秒）",
    "parent_sha256": "原音像的摘要",
    "part": "第几段",
    "said_by": "由何得知",
    "shown_at": "设备显示的时间",
    "spans": "检测出的各段",
    "to_second": "到第几秒",
    "tool": "检测程序",
    "whole": "整段的代号",
    "agent": "代收人或者受托人",
    "attempt": "送达尝试",
    "effective_on": "推算的送达日",
    "paper_signers": "纸质回证上的签名",
    "proofs": "其他证明文书",
    "work": "做了什么",
    "year": "年度",
    "chain": "审批流程",
    "on_behalf_of": "所依的委托",
    "optional": "可以不选",
    "proposer": "提请人",
    "raised_by": "提出人",
    "recusal": "回避的代号",
    "request": "所属的审批",
    "returned_to": "退回到",
}
_SPAN = {"kind", "start", "end"}
_CODES = frozenset({"act", "code", "decision", "digest", "document", "evidence", "id", "interruption", "recording"})
_CODES |= {
    "calendar",
    "subject_id",
    "file_sha256",
    "manifest_sha256",
    "hold",
    "item",
    "manifest_sm3",
    "parent_sha256",
    "receipt",
    "service",
    "sha256",
    "sm3",
    "officer",
    "whole",
}


def content_lines(content: Any) -> tuple[Line, ...]:
    """Give every field of an event's content that says something."""
    data: Mapping[str, Any] = encode(content)
    return tuple(_lines(data, ""))


def _lines(data: Mapping[str, Any], within: str) -> Iterator[Line]:
    for name, value in data.items():
        label = f"{within}{WORDS.get(name, name)}"
        if value is None or value in ("", [], {}):
            continue
        if isinstance(value, Mapping):
            yield from _lines(value, f"{label} · ")
        elif isinstance(value, Sequence) and not isinstance(value, str):
            yield from _list(label, value)
        else:
            yield Line(label, _say(name, value), code=name in _CODES)


def _list(label: str, values: Sequence[Any]) -> Iterator[Line]:
    if all(not isinstance(value, Mapping) for value in values):
        yield Line(label, "、".join(str(value) for value in values))
        return
    for place, value in enumerate(values, 1):
        if value.keys() == _SPAN:  # its start is a second, where the start of a case is the way it began
            yield Line(f"{label} {place}", f"{value['kind']} {value['start']}–{value['end']} 秒")
        else:
            yield from _lines(value, f"{label} {place} · ")


def _say(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if name.endswith("_at") or name in ("was", "now"):
        moment = _moment(value)
        return say_instant(moment) if moment else str(value)
    return str(value)


def _moment(value: object) -> datetime | None:
    try:
        return parse_instant(value)
    except BadInput:
        return None  # shown as it stands: the ledger's own text is never hidden behind a form of ours
