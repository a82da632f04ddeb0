"""全过程: one timeline in three lanes that line up by time: what was done, what was written and signed, what was filmed.

Invariant: every document and every linked recording of the case stands in it exactly once.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby

from liuhen.core.calendar.working import say_day
from liuhen.core.events.terms import TermRecomputed
from liuhen.core.facts.model import Act, Approval, CaseFacts, Document, Facts
from liuhen.core.kernel.moments import SHANGHAI, local_day, say_instant
from liuhen.doors.web.cards.filming import CoverageBar, Film, coverage_bar, film
from liuhen.doors.web.cards.parts import DocumentChip, document_chip, panel_url
from liuhen.flows.occasion import SYSTEM_NAME

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Step:
    """A step of an approval: who, in which role, and whether it was agreed to."""

    text: str
    agreed: bool
    result: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the timeline. `until` closes a stretch of time, `notes` are small facts such as 亮证."""

    key: str
    time: str
    until: str
    title: str
    people: str
    number: str
    notes: tuple[str, ...]
    steps: tuple[Step, ...]
    documents: tuple[DocumentChip, ...]
    bar: CoverageBar | None
    films: tuple[Film, ...]
    url: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the timeline with its rows."""

    label: str
    rows: tuple[Row, ...]


@dataclass(slots=True)
class _Entry:
    """A row in the making: where it stands in time, and the documents that belong to it."""

    at: datetime
    title: str
    key: Key
    people: str = ""
    until: datetime | None = None
    number: str = ""
    notes: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    act: Act | None = None
    documents: list[str] = field(default_factory=list)


def timeline(facts: Facts) -> tuple[Day, ...]:
    """Give the whole course of a case, day by day."""
    case = facts.case
    # Of things within one second, what opens the case comes first: sorting keeps this order.
    entries = [*_milestones(case), *_acts(facts), *_approvals(case), *_remarks(case)]
    entries += [*_recusals(case), *_decided(case), *_told_and_served(case), *_recomputed(case), *_voided(case)]
    _place_documents(case, entries)
    entries.sort(key=lambda entry: entry.at)
    days = groupby(entries, key=lambda entry: local_day(entry.at))
    return tuple(Day(_day_label(day), tuple(_row(facts, entry) for entry in group)) for day, group in days)


def _day_label(day: date) -> str:
    return f"{day:%Y-%m-%d} (周{'一二三四五六日'[day.weekday()]})"


def _acts(facts: Facts) -> Iterator[_Entry]:
    for act in facts.case.acts.values():
        if act.begun is None:
            continue
        yield _Entry(
            at=act.begun,
            title=act.kind,
            key=("acts", act.uid),
            people="、".join(officer.name for officer in act.officers),
            until=act.ended,
            notes=tuple(_act_notes(facts.case, act)),
            act=act,
            documents=[
                item.document for item in facts.case.interruptions.values() if item.act == act.uid and item.document
            ],
        )


def _act_notes(case: CaseFacts, act: Act) -> Iterator[str]:
    if act.certificates_shown_by:
        yield f"亮证 {len(act.certificates_shown_by)} 人"
    for told in case.told:
        if told.act == act.uid:
            yield "告知" + "、".join(told.topics)
    breaks = sum(item.act == act.uid for item in case.interruptions.values())
    if breaks:
        yield f"中断说明 {breaks} 次"


def _approvals(case: CaseFacts) -> Iterator[_Entry]:
    for matter, approvals in case.approvals.items():
        given = [item for item in approvals if item.at and item.step]
        if given:
            yield _Entry(
                at=min(item.at for item in given if item.at),
                title=f"{matter}审批",
                key=("approvals", matter),
                until=max(item.at for item in given if item.at),
                steps=tuple(_step(item) for item in given),
                documents=[item.step.document for item in given if item.step and item.step.document],
            )


def _step(approval: Approval) -> Step:
    step = approval.step
    assert step is not None  # only steps that were given come here
    return Step(f"{step.step} {step.name}", step.result == "同意", step.result)


def _remarks(case: CaseFacts) -> Iterator[_Entry]:
    remarks = (
        ("陈述申辩", case.statements),
        ("陈述申辩复核", case.statement_reviews),
        ("法制审核", case.legal_reviews),
        ("集体讨论", case.discussions),
    )
    for title, found in remarks:
        for remark in found:
            if remark.at:
                people = remark.name or "、".join(person.name for person in remark.participants)
                yield _Entry(remark.at, title, ("events", remark.evidence[0]), people, documents=_some(remark.document))


def _recusals(case: CaseFacts) -> Iterator[_Entry]:
    for one in case.recusals.values():
        yield _Entry(one.raised, "提出回避", ("events", one.evidence[0]), one.name, notes=(f"{one.raised_by}提出",))
        if one.decided:
            notes = ("准予回避" if one.granted else "不予回避",)
            yield _Entry(one.decided, "决定回避", ("events", one.evidence[-1]), one.name, notes=notes)


def _decided(case: CaseFacts) -> Iterator[_Entry]:
    for decision in case.decisions.values():
        if decision.made:
            yield _Entry(
                decision.made, f"作出{decision.kind}决定", ("decisions", decision.uid), documents=[decision.document]
            )
        if decision.performed:
            yield _Entry(decision.performed, "履行", ("events", decision.evidence[-1]))


def _told_and_served(case: CaseFacts) -> Iterator[_Entry]:
    for told in case.told:
        if told.act is None and told.at:
            yield _Entry(told.at, "告知", ("events", told.evidence[0]), told.told, notes=("、".join(told.topics),))
    for service in case.services.values():
        if service.served:
            yield _Entry(
                service.served,
                f"送达（{service.manner}）",
                ("services", service.uid),
                service.recipient,
                documents=_some(service.receipt),
                notes=_titles(case, service.document),
            )
    yield from _tried_and_posted(case)


def _titles(case: CaseFacts, *documents: str) -> tuple[str, ...]:
    """Name documents of the case; what the case does not know has no name."""
    return tuple(f"《{found.title}》" for uid in documents if (found := case.any_document(uid)) is not None)


def _tried_and_posted(case: CaseFacts) -> Iterator[_Entry]:
    for one in case.attempts.values():
        if one.tried:
            what = "待回执" if one.result == "待回执" else "送达未成"
            key = ("events", one.evidence[0])
            yield _Entry(one.tried, f"{what}（{one.manner}）", key, one.recipient, notes=tuple(_some(one.reason)))
    for document in case.documents.values():
        if document.posted:
            key = ("documents", document.uid)
            notes = (f"{document.title}，{document.posted_on or ''}".rstrip("，"),)
            yield _Entry(document.posted, "发布送达公告", key, notes=notes, documents=_some(document.posted_proof))


def _milestones(case: CaseFacts) -> Iterator[_Entry]:
    moments = (
        ("案件来源登记", case.registered, case.register_number),
        ("立案", case.filed, case.number or ""),
        ("结案", case.concluded, ""),
        ("归档", case.archived, case.archive_number or ""),
    )
    for title, at, number in moments:
        if at:
            yield _Entry(at, title, ("case", title), number=number)


def _recomputed(case: CaseFacts) -> Iterator[_Entry]:
    """Give what a new calendar changed, one row for a calendar, a sentence for a term."""
    for (at, version), terms in groupby(case.recomputed, key=lambda term: (term.at, term.said and term.said.calendar)):
        found = list(terms)
        if at and version:
            notes = tuple(say_recomputed(term.said) for term in found if term.said)
            yield _Entry(at, "期限重算", ("events", found[0].evidence[0]), SYSTEM_NAME, notes=notes)


def say_recomputed(said: TermRecomputed) -> str:
    """Write what became of a term: both days, and on which notice."""
    was, now = say_day(last_day_of(said.was)), say_day(last_day_of(said.now))
    before, after = "暂定的 " if said.was_provisional else "", "（仍为暂定）" if said.now_provisional else ""
    what = f"“{said.title}”的期限"
    if said.was == said.now:
        return f"{what}仍为 {now}，由暂定改为确定，依据《{said.basis}》"
    return f"{what}由{before or ' '}{was} 改为 {now}{after}，依据《{said.basis}》"


def last_day_of(due: datetime) -> date:
    """Give the day that an end instant closes: 24:00 of a day is 00:00 of the next."""
    return local_day(due - timedelta(microseconds=1))


def _some(document: str | None) -> list[str]:
    return [document] if document else []


def _voided(case: CaseFacts) -> Iterator[_Entry]:
    for document in case.voided_documents.values():
        if document.voided:
            note = f"{document.number}《{document.title}》：{document.voided_because}"
            yield _Entry(
                document.voided, "文书作废", ("events", document.evidence[-1]), document.voided_by or "", notes=(note,)
            )


def _documents(case: CaseFacts) -> dict[str, Document]:
    return case.documents | case.voided_documents


def _place_documents(case: CaseFacts, entries: list[_Entry]) -> None:
    """Give every document one place: the row that names it first, else its act's, else a row of its own."""
    acts, known = {entry.act.uid: entry for entry in entries if entry.act}, _documents(case)
    placed: set[str] = set()
    for entry in entries:
        entry.documents = [uid for uid in dict.fromkeys(entry.documents) if uid in known and uid not in placed]
        placed.update(entry.documents)
    for document in known.values():
        if document.uid in placed or document.made is None:
            continue
        home = acts.get(document.act or "")
        if home is None:
            home = _Entry(document.made, "", ("documents", document.uid))
            entries.append(home)
        home.documents.append(document.uid)


def _row(facts: Facts, entry: _Entry) -> Row:
    case, known = facts.case, _documents(facts.case)
    kind, key = entry.key
    films = [facts.recordings[uid] for uid in entry.act.recordings if uid in facts.recordings] if entry.act else []
    return Row(
        key=f"{kind}-{key}",
        time=f"{entry.at.astimezone(SHANGHAI):%H:%M}",
        until=_until(entry.at, entry.until),
        title=entry.title,
        people=entry.people,
        number=entry.number,
        notes=entry.notes,
        steps=entry.steps,
        documents=tuple(document_chip(case.uid, known[uid]) for uid in entry.documents),
        bar=coverage_bar(facts, entry.act) if entry.act else None,
        films=tuple(film(case.uid, recording) for recording in films),
        url="" if kind == "case" or not entry.title else panel_url(case.uid, kind, key),
    )


def _until(start: datetime, end: datetime | None) -> str:
    if end is None or f"{start:%Y%m%d%H%M}" == f"{end:%Y%m%d%H%M}":
        return ""
    same = local_day(start) == local_day(end)
    return f"{end.astimezone(SHANGHAI):%H:%M}" if same else say_instant(end)
