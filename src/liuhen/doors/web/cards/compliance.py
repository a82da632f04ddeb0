"""合规: the statement clause by clause, and one finding with its reasons, its law and the records that prove it."""

from dataclasses import dataclass
from datetime import datetime

from liuhen.core.rules.model import pack_of
from liuhen.core.rules.verdict import Verdict, rule_of
from liuhen.doors.web.cards.parts import ClauseChip, EventLine, clause_chip, event_line, panel_url
from liuhen.doors.web.typography import say_left, verdict_name
from liuhen.flows.read_case import CaseReading

ORDER = ("unmet", "pending", "undetermined", "met", "not_applicable")
_JOIN = "~"
_WHOLE = 2
_SUBJECT_PAGES = {"act": "acts", "document": "documents", "recording": "recordings", "approval": "approvals"}
_SUBJECT_PAGES |= {"service": "services", "decision": "decisions", "evidence": "evidence"}


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A verdict as a line: its clause, what is demanded, of what, and the one reason that matters most."""

    verdict: str
    clause: ClauseChip
    title: str
    subject: str
    reason: str
    left: str
    due: datetime | None
    url: str


@dataclass(frozen=True, slots=True)
class Group:
    """The findings of one verdict."""

    verdict: str
    name: str
    lines: tuple[FindingLine, ...]
    opened: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """The compliance statement: counts in the head, groups below; `judged_at` says as of when."""

    groups: tuple[Group, ...]
    judged_at: datetime
    editions: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One verdict in full."""

    verdict: str
    name: str
    title: str
    clauses: tuple[ClauseChip, ...]
    duty: str
    subject: str
    subject_url: str
    because: tuple[str, ...]
    due: datetime | None
    left: str
    provisional: bool
    remedy: str
    events: tuple[EventLine, ...]


def statement(reading: CaseReading) -> Statement:
    """Give the whole statement; what asks for something stands open, the rest folded."""
    groups = []
    for verdict in ORDER:
        found = [finding for finding in reading.verdicts if finding.verdict == verdict]
        lines = tuple(finding_line(reading, finding) for finding in sorted(found, key=_soonest))
        groups.append(Group(verdict, verdict_name(verdict), lines, verdict in ("unmet", "pending", "undetermined")))
    editions = "、".join(f"{pack.title}（{pack.edition} 版）" for pack in reading.packs)
    return Statement(tuple(groups), reading.at, editions)


def _soonest(verdict: Verdict) -> tuple[bool, str]:
    return (verdict.due is None, str(verdict.due or ""))


def finding_line(reading: CaseReading, verdict: Verdict) -> FindingLine:
    """Give a verdict as a line."""
    asks = verdict.verdict == "pending" and verdict.due is not None
    return FindingLine(
        verdict=verdict.verdict,
        clause=clause_chip(reading.packs, verdict.clause),
        title=verdict.title,
        subject=verdict.subject.label,
        reason=_reason(verdict.because),
        left=say_left(verdict.due, reading.at) if asks and verdict.due else "",
        due=verdict.due,
        url=panel_url(reading.uid, "findings", finding_key(verdict.clause, verdict.rule, verdict.subject.id)),
    )


def _reason(because: tuple[str, ...]) -> str:
    """Give what a line has room for: short reasons whole, of a long working its conclusion."""
    return "；".join(because) if len(because) <= _WHOLE else because[-1]


def finding_key(clause: str, rule: str, subject: str) -> str:
    """Give the key of a finding in addresses: its pack, rule and subject stay the same while its verdict changes."""
    return _JOIN.join((pack_of(clause), rule, subject))


def find_verdict(reading: CaseReading, key: str) -> Verdict | None:
    """Give the verdict that a key names."""
    found = (item for item in reading.verdicts if finding_key(item.clause, item.rule, item.subject.id) == key)
    return next(found, None)


def finding(reading: CaseReading, verdict: Verdict) -> Finding:
    """Give a verdict in full, with the gist of every clause of its rule."""
    rule = rule_of(reading.packs, verdict)
    named = dict.fromkeys((verdict.clause, *(rule.clauses if rule else ())))
    page = _SUBJECT_PAGES.get(verdict.subject.kind)
    wanted = set(verdict.evidence)
    return Finding(
        verdict=verdict.verdict,
        name=verdict_name(verdict.verdict),
        title=verdict.title,
        clauses=tuple(clause_chip(reading.packs, clause) for clause in named),
        duty="应当" if verdict.level == "must" else "可以",
        subject=verdict.subject.label,
        subject_url=panel_url(reading.uid, page, verdict.subject.id) if page and verdict.subject.id else "",
        because=verdict.because,
        due=verdict.due,
        left=say_left(verdict.due, reading.at) if verdict.due and verdict.verdict == "pending" else "",
        provisional=verdict.provisional,
        remedy=verdict.remedy or "",
        events=tuple(event_line(reading.uid, event, reading.names) for event in reading.events if event.id in wanted),
    )


def findings_about(reading: CaseReading, kind: str, uid: str) -> tuple[FindingLine, ...]:
    """Give the findings whose subject is one thing of the case, the gravest first."""
    found = [item for item in reading.verdicts if (item.subject.kind, item.subject.id) == (kind, uid)]
    return tuple(finding_line(reading, item) for item in sorted(found, key=lambda item: ORDER.index(item.verdict)))
