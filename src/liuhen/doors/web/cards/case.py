"""The case page: where the case stands, what is next, its lists, and how far its records are sealed."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from liuhen.core.facts.model import CaseFacts, Facts
from liuhen.core.kernel.moments import say_instant
from liuhen.core.rules.verdict import Verdict
from liuhen.doors.web.cards.compliance import Statement, finding_key, statement
from liuhen.doors.web.cards.filming import Film, film
from liuhen.doors.web.cards.parts import Action, DocumentChip, document_chip, panel_url
from liuhen.doors.web.cards.timeline import Day, timeline
from liuhen.doors.web.typography import say_left
from liuhen.flows.access import Permission, has
from liuhen.flows.indexing import documents_of, next_step
from liuhen.flows.occasion import Actor
from liuhen.flows.read_case import CaseReading, Sealing

_TRACK = ("启动", "调查取证", "审查决定", "送达执行", "归档")
# 结案 lies between two stages of the track: the execution is over and the archive is next.
_AT = {"结案": "归档"}


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the track: done, now, or to come; `mark` is the sign drawn beside it."""

    name: str
    state: str
    mark: str


@dataclass(frozen=True, slots=True)
class Header:
    """The head of every page of a case."""

    uid: str
    url: str
    number: str
    register_number: str
    kind: str
    party: str
    matter: str
    agency: str
    stages: tuple[Stage, ...]
    due: str
    next: Action | None
    more: tuple[Action, ...]
    archived: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """A number of the foot strip and the list that it opens."""

    label: str
    count: int
    anchor: str


@dataclass(frozen=True, slots=True)
class SealState:
    """How the records of the case are sealed; `mark` is the sign drawn beside the words."""

    whole: bool
    mark: str
    text: str
    detail: str


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of one of the lists under the timeline."""

    cells: tuple[str, ...]
    url: str


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything of the case page but the panel."""

    header: Header
    days: tuple[Day, ...]
    statement: Statement
    documents: tuple[DocumentChip, ...]
    films: tuple[Film, ...]
    approvals: tuple[TableRow, ...]
    services: tuple[TableRow, ...]
    evidence: tuple[TableRow, ...]
    tallies: tuple[Tally, ...]
    seal: SealState


def case_page(reading: CaseReading, actor: Actor) -> CasePage:
    """Give the page of a case as one person may see it."""
    facts = reading.facts
    documents = tuple(document_chip(reading.uid, document) for document in documents_of(facts.case))
    films = tuple(film(reading.uid, item) for item in facts.recordings.values() if item.act is not None)
    approvals, services = tuple(_approvals(facts.case)), tuple(_services(facts.case))
    evidence = tuple(_evidence(facts))
    return CasePage(
        header=case_header(reading, actor),
        days=timeline(facts),
        statement=statement(reading),
        documents=documents,
        films=films,
        approvals=approvals,
        services=services,
        evidence=evidence,
        tallies=(
            Tally("文书", len(facts.case.documents), "documents"),
            Tally("音像", len(films), "recordings"),
            Tally("审批", len(approvals), "approvals"),
            Tally("送达", len(services), "services"),
            Tally("证据", len(evidence), "evidence"),
            Tally("查阅", facts.case.consultations, ""),
        ),
        seal=seal_state(reading.sealing),
    )


def case_header(reading: CaseReading, actor: Actor) -> Header:
    """Give the head of a case page with its one next action."""
    case, step = reading.facts.case, next_step(reading.verdicts)
    actions = _actions(reading, actor, step)
    return Header(
        uid=reading.uid,
        url=reverse("case", args=[reading.uid]),
        number=case.number or case.register_number,
        register_number=case.register_number,
        kind=case.kind,
        party=case.party.name if case.party else "",
        matter=case.matter,
        agency=reading.facts.agency.short_name or reading.facts.agency.name,
        stages=tuple(_stages(case)),
        due=f"{say_left(step.due, reading.at)}（{step.title}）" if step and step.due else "",
        next=actions[0] if actions else None,
        more=actions[1:],
        archived=case.archived is not None,
    )


def _stages(case: CaseFacts) -> Iterator[Stage]:
    now = _TRACK.index(_AT.get(case.stage, case.stage))
    for place, name in enumerate(_TRACK):
        done = place < now or case.archived is not None
        yield (
            Stage(name, "done", "met")
            if done
            else Stage(name, "now", "pending")
            if place == now
            else Stage(name, "todo", "")
        )


def _actions(reading: CaseReading, actor: Actor, step: Verdict | None) -> tuple[Action, ...]:
    """Give what the person may do here; the first is the filled button."""
    case, archive = reading.facts.case, reverse("archive", args=[reading.uid])
    archivist = has(actor, Permission.ARCHIVE)
    if case.archived:
        return (Action("归档包与下载", archive, filled=True),)
    if case.concluded and archivist:
        return (Action("下一步：归档", archive, filled=True),)
    if step is None:
        return ()
    label = f"下一步：{(step.remedy or step.title).rstrip('。')}"
    return (
        Action(
            label, panel_url(reading.uid, "findings", finding_key(step.clause, step.rule, step.subject.id)), filled=True
        ),
    )


def _approvals(case: CaseFacts) -> Iterator[TableRow]:
    for matter, steps in case.approvals.items():
        given = [item.step for item in steps if item.step]
        path = " → ".join(f"{step.step} {step.name}（{step.result}）" for step in given)
        last = max((item.at for item in steps if item.at), default=None)
        yield TableRow(
            (f"{matter}审批", path, say_instant(last) if last else ""), panel_url(case.uid, "approvals", matter)
        )


def _services(case: CaseFacts) -> Iterator[TableRow]:
    for service in case.services.values():
        document = case.documents.get(service.document)
        cells = (document.title if document else "", f"{service.manner}，{service.recipient}")
        yield TableRow(
            (*cells, say_instant(service.served) if service.served else ""),
            panel_url(case.uid, "services", service.uid),
        )


def _evidence(facts: Facts) -> Iterator[TableRow]:
    for found in facts.case.items_of_evidence.values():
        if found.item:
            cells = (found.item.kind, found.item.purpose, say_instant(found.at) if found.at else "")
            yield TableRow(cells, panel_url(facts.case.uid, "evidence", found.item.evidence))


def seal_state(sealing: Sealing | None) -> SealState:
    """Say how far the records of a case are sealed: leaves under the checkpoint, witnesses, time stamp."""
    if sealing is None or sealing.sealed_at is None or sealing.size == 0:
        return SealState(False, "pending", "尚未封存", "系统会定时封存；封存后任何人都无法不留痕迹地改动")
    witnessed = f"见证 {sealing.cosigned}/{sealing.witnesses}" if sealing.witnesses else "没有外部见证方"
    stamped = "已加时间戳" if sealing.stamped else "时间戳待补"
    whole = sealing.covers_all and sealing.stamped and sealing.cosigned >= sealing.witnesses
    covered = "" if sealing.covers_all else "，其后的新记录待封存"
    return SealState(
        whole,
        "met" if whole else "pending",
        f"日志第 {sealing.leaf + 1} 条 · 封存至第 {sealing.size} 条{covered} · {witnessed} · {stamped}",
        f"{sealing.origin}，{say_instant(sealing.sealed_at)} 封存",
    )
