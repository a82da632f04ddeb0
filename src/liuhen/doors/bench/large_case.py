"""A large case, written down as a scenario: acts with certificates and tellings, documents signed and sealed, recordings marked."""

from datetime import datetime, timedelta
from typing import Any

from liuhen.core.events.catalogue import Event
from liuhen.core.events.scenario import read_scenario
from liuhen.core.kernel.moments import SHANGHAI, render_instant

_START = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
_ACTS, _DOCUMENTS, _RECORDINGS = 30, 40, 20
_KINDS = ("现场检查", "询问", "抽样取证", "查封扣押", "勘验")
_FORMS = ("现场检查笔录", "询问笔录", "抽样取证通知书", "查封扣押决定书", "证据登记保存清单")
_OFFICERS = [{"officer": f"o{n}", "name": f"执法员{n}", "certificate": f"冀0311022600{n}"} for n in (1, 2)]


def large_case(times: int = 1) -> tuple[Event, ...]:
    """Give the events of a case with 30 acts, 40 documents and 20 recordings, or `times` as many of each."""
    course = _Course()
    course.add(
        "agency.established", name="测速机关", short_name="测速", number_prefix="测", region="130000", packs=["hebei"]
    )
    for officer in _OFFICERS:
        course.add("agency.officer-enrolled", title="执法人员", **officer)
    source = {"start": "依职权", "manner": "检查", "summary": "检查发现"}
    party = {"name": "某商店", "kind": "个体工商户"}
    course.add(
        "case.registered", register_number="测登〔2026〕1号", kind="行政处罚", matter="测速", source=source, party=party
    )
    course.add("case.filed", number="测罚〔2026〕1号")
    for number in range(_ACTS * times):
        _act(course, number)
    for number in range(_DOCUMENTS * times):
        _document(course, number)
    for number in range(_RECORDINGS * times):
        _recording(course, number)
    data = {"packs": [], "at": render_instant(course.now), "events": course.events}
    return read_scenario(data, "large case").events


class _Course:
    """Events as they are written, one minute after another."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.now = _START

    def add(self, kind: str, /, **content: Any) -> None:
        self.now += timedelta(minutes=1)
        self.events.append({"at": render_instant(self.now), "type": kind, **content})


def _act(course: _Course, number: int) -> None:
    act = f"x{number}"
    course.add("case.act-begun", act=act, kind=_KINDS[number % 5], place="经营场所", officers=_OFFICERS)
    course.add("case.certificates-shown", act=act, officers=["o1", "o2"], shown_to="当事人")
    course.add(
        "case.party-told", act=act, topics=["陈述", "申辩", "申请回避"], told="当事人", manner="口头", response="知悉"
    )
    course.add("case.act-ended", act=act)


def _document(course: _Course, number: int) -> None:
    document, form = f"d{number}", _FORMS[number % 5]
    course.add(
        "case.document-made",
        document=document,
        form=form,
        title=form,
        facing="取证",
        act=f"x{number % _ACTS}",
        made_on="2026-03-02",
        fields={"时间": "2026-03-02", "地点": "经营场所"},
    )
    course.add("case.document-signed", document=document, role="当事人", name="张某")
    course.add("case.document-signed", document=document, role="执法人员", name="执法员1", officer="o1")
    course.add("case.document-sealed", document=document, authority="测速机关")


def _recording(course: _Course, number: int) -> None:
    recording, begun = f"r{number}", _START + timedelta(minutes=4 * number)
    ended = render_instant(begun + timedelta(minutes=4))
    course.add("recording.stored", recording=recording, started_at=render_instant(begun), ended_at=ended, officer="o1")
    course.add(
        "recording.labelled", recording=recording, case_number="测罚〔2026〕1号", party="某商店", handler="执法员1"
    )
    course.add("recording.marked", recording=recording, second="1", topic="现场环境")
    course.add("case.recording-linked", recording=recording, act=f"x{number}")
