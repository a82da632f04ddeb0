"""机关台账: equipment with its upkeep, backups with their drills, problems with what became of them, and the plain lists."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from liuhen.core.events import supervision as happened
from liuhen.core.events.catalogue import BY_NAME, Event
from liuhen.core.facts.agency_model import AgencyFacts, Problem
from liuhen.core.kernel.moments import say_instant
from liuhen.doors.web.register_forms import EntryForm, Options
from liuhen.flows.access import NotFound
from liuhen.flows.fit_registers import ENDED
from liuhen.flows.occasion import Actor
from liuhen.flows.record_agency import may_enter, may_read

_MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class FormCard:
    """A form for one type of entry; `open` where it comes back with what is wrong."""

    kind: str
    label: str
    form: EntryForm
    open: bool


@dataclass(frozen=True, slots=True)
class Section:
    """A list of the registers, the newest first, with the forms by which it grows."""

    key: str
    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    more: int
    forms: tuple[FormCard, ...]


@dataclass(frozen=True, slots=True)
class _List:
    key: str
    title: str
    types: tuple[str, ...]
    heads: tuple[str, ...]
    rows: Callable[[tuple[Event, ...], AgencyFacts], Iterator[tuple[str, ...]]]


def sections(
    events: tuple[Event, ...], agency: AgencyFacts, actor: Actor, now: datetime, sent: Mapping[str, EntryForm]
) -> tuple[Section, ...]:
    """Give the lists that the person may read; `sent` holds a form that came back, by its type."""
    options = _options(events, agency)
    found = []
    for one in _LISTS:
        if may_read(actor, one.types[0]):
            rows = tuple(one.rows(events, agency))
            forms = tuple(_forms(one, actor, options, now, sent))
            more = max(0, len(rows) - _MOST_ROWS)
            found.append(Section(one.key, one.title, one.heads, rows[:_MOST_ROWS], more, forms))
    return tuple(found)


def _forms(
    one: _List, actor: Actor, options: Options, now: datetime, sent: Mapping[str, EntryForm]
) -> Iterator[FormCard]:
    for name in one.types:
        if may_enter(actor, name):
            form = sent.get(name) or EntryForm(name, options, now)
            yield FormCard(name.partition(".")[2], BY_NAME[name].label, form, name in sent)


def list_of(name: str) -> str:
    """Give the key of the list that entries of a type stand in. Raises NotFound for a type that has none."""
    for one in _LISTS:
        if name in one.types:
            return one.key
    raise NotFound("台账")


def entry_form(
    name: str, events: tuple[Event, ...], agency: AgencyFacts, now: datetime, data: Mapping[str, Any]
) -> EntryForm:
    """Give the form of a type filled with what was sent."""
    return EntryForm(name, _options(events, agency), now, data)


def _options(events: tuple[Event, ...], agency: AgencyFacts) -> Options:
    inspections = [(event, event.content) for event in events if isinstance(event.content, happened.InspectionHeld)]
    return {
        "device": [(uid, f"{one.name} {one.number}") for uid, one in agency.devices.items() if one.work not in ENDED],
        "work": [(word, word) for word in ("维护", "检修", "校时", *ENDED)],
        "backup": [(uid, f"{one.place}，{_at(one.made)}") for uid, one in agency.backups.items()],
        "problem": [(uid, f"{one.kind}：{one.summary[:30]}") for uid, one in agency.problems.items()],
        "inspection": [(said.inspection, f"{said.manner}，{_at(event.header.at)}") for event, said in inspections],
    }


def _at(moment: datetime | None) -> str:
    return say_instant(moment) if moment else ""


def _equipment(events: tuple[Event, ...], agency: AgencyFacts) -> Iterator[tuple[str, ...]]:
    for one in agency.devices.values():
        upkeep = f"{one.work}，{_at(one.maintained)}" if one.work else "还没有维护记录"
        yield one.number, one.name, "、".join(one.features), upkeep, "在用" if one.usable else "停用"


def _backups(events: tuple[Event, ...], agency: AgencyFacts) -> Iterator[tuple[str, ...]]:
    covers = {said.backup: said.covers for said in _said(events, happened.BackupMade)}
    for uid, one in reversed(agency.backups.items()):
        drill = f"{'一致' if one.passed else '不一致'}，{_at(one.restored)}" if one.restored else "还没有演练"
        yield _at(one.made), one.place, "异地" if one.remote else "本地", covers.get(uid, ""), drill


def _problems(events: tuple[Event, ...], agency: AgencyFacts) -> Iterator[tuple[str, ...]]:
    mended = {said.problem: said for said in _said(events, happened.ProblemRectified)}
    until = {said.problem: said.rectify_by for said in _said(events, happened.ProblemFound)}
    for uid, one in reversed(agency.problems.items()):
        day = until.get(uid)
        state = f"{mended[uid].measures}（{_at(one.rectified)}）" if uid in mended else _waiting(one, f"{day or ''}")
        yield _at(one.found), one.kind, one.summary, one.case or "", state, "、".join(one.measures)


def _waiting(one: Problem, day: str) -> str:
    return f"待整改，期限 {day}" if day else "待整改"


def _said(events: tuple[Event, ...], kind: type) -> Iterator[Any]:
    return (event.content for event in events if isinstance(event.content, kind))


def _plain(kind: type, *fields: str) -> Callable[[tuple[Event, ...], AgencyFacts], Iterator[tuple[str, ...]]]:
    def rows(events: tuple[Event, ...], agency: AgencyFacts) -> Iterator[tuple[str, ...]]:
        for event in reversed(events):
            if isinstance(event.content, kind):
                yield _at(event.header.at), *(_say(getattr(event.content, field)) for field in fields)

    return rows


def _say(value: Any) -> str:
    if isinstance(value, Mapping):
        return "；".join(f"{name} {said}" for name, said in value.items())
    if isinstance(value, tuple):
        return "、".join(value)
    return "" if value is None else str(value)


def _types(*names: str) -> tuple[str, ...]:
    return tuple(f"agency.{name}" for name in names)


_LISTS = (
    _List(
        "equipment",
        "设备",
        _types("device-registered", "device-maintained"),
        ("编号", "名称", "特种功能", "最近维护", "状态"),
        _equipment,
    ),
    _List(
        "backups",
        "备份",
        _types("backup-made", "backup-restored"),
        ("时间", "地点", "异地", "内容", "恢复演练"),
        _backups,
    ),
    _List(
        "problems",
        "问题和整改",
        _types("problem-found", "problem-rectified", "accountability-decided"),
        ("发现", "种类", "情况", "案件", "整改", "责任追究"),
        _problems,
    ),
    _List(
        "inspections",
        "监督检查",
        _types("inspection-held"),
        ("时间", "由谁进行", "方式", "科室", "发现的情况"),
        _plain(happened.InspectionHeld, "by", "manner", "units", "findings"),
    ),
    _List(
        "figures",
        "统计分析",
        _types("statistics-made"),
        ("时间", "期间", "摘要", "用于", "数据"),
        _plain(happened.StatisticsMade, "period", "summary", "uses", "figures"),
    ),
    _List(
        "appraisals",
        "考核评价",
        _types("appraisal-made"),
        ("时间", "期间", "由谁进行", "结果", "计入"),
        _plain(happened.AppraisalMade, "period", "by", "results", "counted_in"),
    ),
    _List(
        "trainings",
        "培训",
        _types("training-held"),
        ("时间", "内容", "人数", "讲授人"),
        _plain(happened.TrainingHeld, "topic", "participants", "teacher"),
    ),
    _List(
        "rooms",
        "场所",
        _types("room-registered"),
        ("登记", "代号", "名称", "种类", "配有的设备"),
        _plain(happened.RoomRegistered, "room", "name", "kind", "equipment"),
    ),
    _List(
        "units",
        "科室",
        _types("unit-registered"),
        ("登记", "代号", "名称", "负责人", "职责"),
        _plain(happened.UnitRegistered, "unit", "name", "head", "duties"),
    ),
    _List(
        "funds",
        "经费",
        _types("funds-entered"),
        ("登记", "年度", "用途", "金额（元）", "来源"),
        _plain(happened.FundsEntered, "year", "purpose", "amount", "source"),
    ),
    _List(
        "formats",
        "文书格式",
        _types("format-issued"),
        ("发布", "名称", "种类", "版本", "发布机关"),
        _plain(happened.FormatIssued, "format", "kind", "version", "issued_by"),
    ),
)
