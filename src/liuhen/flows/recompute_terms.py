"""期限重算: when an agency adopts another calendar, the terms of its open cases are counted anew, and the trace keeps both.

Invariant: what is written follows from the ledger alone: the terms as they stood when the calendar was adopted, by the calendar
before and by the new one. Event ids follow from the adoption and the term, so a sweep that is killed anywhere, runs twice or
in two processes writes each change once; a case's changes and the mark that it is done stand together or not at all.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime

from liuhen.core.calendar.entry import new_sources
from liuhen.core.events.catalogue import encode_content
from liuhen.core.events.envelope import Draft, Stream
from liuhen.core.events.terms import TermRecomputed
from liuhen.core.facts.fold import fold
from liuhen.core.kernel.errors import LiuhenError
from liuhen.core.rules.evaluate import assess
from liuhen.core.rules.verdict import Verdict
from liuhen.flows.calendars import calendar_of
from liuhen.flows.ground import Ground, ground_of
from liuhen.flows.indexing import refresh_case
from liuhen.flows.keep_calendar import ADOPTED, Adoption, adoptions_in
from liuhen.flows.law import packs_of
from liuhen.flows.occasion import Occasion, system_of
from liuhen.flows.writing import write_drafts
from liuhen.records.index.models import CaseRow
from liuhen.records.ledger.append import hold
from liuhen.records.ledger.read import moments_of_type
from liuhen.records.ledger.turn import turn

_SLICE = 200


class TermsNotRecomputed(LiuhenError):
    """Some cases could not be counted anew; they stay undone and are tried again."""


def recompute_terms(at: datetime) -> int:
    """Count anew the terms of the next open cases whose agency adopted a calendar since; gives how many cases.

    Raises TermsNotRecomputed when all others of the page are done and some failed.
    """
    done, failed = 0, dict[str, LiuhenError]()
    for agency, adopted in moments_of_type(ADOPTED).items():
        done += _recompute_agency(agency, adopted, at, _SLICE - done, failed)
        if done >= _SLICE:
            break
    if failed:
        first = next(iter(failed))
        raise TermsNotRecomputed(f"{len(failed)} 件案件的期限没有重算，将再次尝试；案件 {first}：{failed[first]}")
    return done


def _recompute_agency(
    agency: str, adopted: list[tuple[int, datetime]], at: datetime, limit: int, failed: dict[str, LiuhenError]
) -> int:
    """Walk the cases that are behind, a slice at a time; those archived before the first calendar they lack are only marked."""
    newest, done = adopted[-1][0], 0
    behind = CaseRow.objects.filter(agency=agency, reckoned__lt=newest).order_by("reckoned", "pk")
    while done < limit:
        rows = list(behind.exclude(uid__in=failed).values_list("uid", "archived_at", "reckoned")[:_SLICE])
        if not rows:
            break
        closed = [uid for uid, archived, reckoned in rows if _was_archived(archived, reckoned, adopted)]
        CaseRow.objects.filter(uid__in=closed).update(reckoned=newest)
        for uid in (uid for uid, _, _ in rows if uid not in closed):
            try:
                recompute_case(uid, agency, at)
                done += 1
            except LiuhenError as refusal:
                failed[uid] = refusal
    return done


def _was_archived(archived: datetime | None, reckoned: int, adopted: list[tuple[int, datetime]]) -> bool:
    return archived is not None and archived < next(moment for seq, moment in adopted if seq > reckoned)


def recompute_case(case_uid: str, agency: str, at: datetime) -> int:
    """Bring a case's trace and rows up to the calendar its agency adopted last; gives how many terms moved."""
    with turn():
        hold(agency)
        ground = ground_of(case_uid, agency)
        adoptions = adoptions_in(ground.events)
        row = CaseRow.objects.filter(uid=case_uid).values_list("reckoned", flat=True).first()
        if not adoptions or row is None or row >= adoptions[-1].seq:
            return 0
        standing = {event.id for event in ground.events}
        drafts = [draft for draft in _drafts(ground, adoptions, row, at) if draft.id not in standing]
        if drafts:
            occasion = Occasion(system_of(agency), at, at)
            write_drafts(occasion, drafts, after={f"case:{case_uid}": ground.facts.case.version})
        else:
            refresh_case(case_uid, agency, judged_at=at, ground=ground)
        CaseRow.objects.filter(uid=case_uid).update(reckoned=adoptions[-1].seq)
    return len(drafts)


def _drafts(ground: Ground, adoptions: tuple[Adoption, ...], reckoned: int, at: datetime) -> Iterator[Draft]:
    before: str | None = None
    for adoption in adoptions:
        if adoption.seq > reckoned:
            for said in _moved(ground, before, adoption):
                yield _draft(ground, adoption, said, at)
        before = adoption.version


def _moved(ground: Ground, before: str | None, adoption: Adoption) -> Iterator[TermRecomputed]:
    """Give the terms that a person could have read before the adoption, and that end elsewhere or are settled after it."""
    old, new = calendar_of(before), calendar_of(adoption.version)
    known = [event for event in ground.events if event.header.recorded_at <= adoption.recorded_at]
    facts = fold(known)
    if old == new or facts.case.registered is None or facts.case.archived is not None:
        return
    packs = packs_of(facts.case.packs)
    was, now = (assess(packs, facts, calendar=calendar, at=adoption.recorded_at) for calendar in (old, new))
    basis = "；".join(new_sources(old, new)) or "地方休息日的调整"
    for one, other in zip(was, now, strict=True):
        if (one.due, one.provisional) != (other.due, other.provisional):
            said = _said(one, other, adoption.version, basis)
            if said is not None:
                yield said


def _said(was: Verdict, now: Verdict, version: str, basis: str) -> TermRecomputed | None:
    if was.due is None or now.due is None:
        return None
    return TermRecomputed(
        clause=now.clause,
        rule=now.rule,
        title=now.title,
        subject_kind=now.subject.kind,
        subject_id=now.subject.id,
        subject=now.subject.label,
        was=was.due,
        was_provisional=was.provisional,
        now=now.due,
        now_provisional=now.provisional,
        calendar=version,
        basis=basis,
    )


def _draft(ground: Ground, adoption: Adoption, said: TermRecomputed, at: datetime) -> Draft:
    case = ground.facts.case.uid
    term = f"{adoption.event} {case} {said.rule} {said.subject_kind} {said.subject_id}"
    name, content = encode_content(said)
    return Draft(
        id=hashlib.sha256(term.encode()).hexdigest()[:32],
        agency=ground.facts.agency.uid,
        stream=Stream("case", case),
        type=name,
        at=at,
        actor=system_of(ground.facts.agency.uid).uid,
        content=content,
    )
