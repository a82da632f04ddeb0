"""One case judged by several editions of the law, verdict by verdict: what would change for it.

Invariant: pure. A case keeps the edition it was opened under; this only shows what another one would say, so an edition may
be asked that was not in force then, but never one that does not bind this kind of enforcement.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from liuhen.core.calendar.calendar import WorkCalendar
from liuhen.core.events.scenario import Scenario
from liuhen.core.facts.fold import fold
from liuhen.core.facts.model import CaseFacts
from liuhen.core.kernel.moments import local_day
from liuhen.core.rules.evaluate import assess
from liuhen.core.rules.model import Pack
from liuhen.core.rules.scope import require_scope
from liuhen.core.rules.verdict import SubjectRef, Verdict, to_json

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """A rule and a subject on which the editions differ: the verdict of each, None where an edition has no such verdict."""

    rule: str
    subject: SubjectRef
    verdicts: tuple[Verdict | None, ...]


@dataclass(frozen=True, slots=True)
class Judgements:
    """What several editions say of one case: where they differ, on how many verdicts they agree, and what to know."""

    editions: tuple[str, ...]
    differences: tuple[Difference, ...]
    agreed: int
    notes: tuple[str, ...]


def compare_editions(
    scenario: Scenario, packs: Sequence[Pack], *, calendar: WorkCalendar, at: datetime | None = None
) -> Judgements:
    """Judge a scenario by each edition by itself. Raises OutsideScope for one that does not bind this kind of case."""
    moment = scenario.at if at is None else at
    facts = fold(scenario.happened(moment))
    notes = [note for pack in packs if (note := _note(pack, facts.case))]
    judged = [{_key(item): item for item in assess([pack], facts, calendar=calendar, at=moment)} for pack in packs]
    keys = dict.fromkeys(key for verdicts in judged for key in verdicts)
    rows = [tuple(verdicts.get(key) for verdicts in judged) for key in keys]
    differing = [
        Difference(key[0], next(item.subject for item in row if item), row)
        for key, row in zip(keys, rows, strict=True)
        if len({_told(item) for item in row}) > 1
    ]
    names = tuple(f"{pack.id}@{pack.edition}" for pack in packs)
    return Judgements(names, tuple(differing), len(rows) - len(differing), (*notes, *facts.oddities))


def _note(pack: Pack, case: CaseFacts) -> str:
    """Say that an edition was not in force when the case was registered."""
    if case.registered is None:
        return ""
    day = local_day(case.registered)
    require_scope(pack, kind=case.kind, day=pack.in_force_from)
    if pack.is_in_force(day):
        return ""
    until = f"，至 {pack.in_force_until} 止" if pack.in_force_until else ""
    return f"{pack.id}@{pack.edition} 自 {pack.in_force_from} 起施行{until}，案件登记于 {day}；它的判断仅供比较"


def _key(verdict: Verdict) -> Key:
    return verdict.rule, verdict.subject.kind, verdict.subject.id


def _told(verdict: Verdict | None) -> tuple[Any, ...] | None:
    """Give what a reader would call the same judgement: not the wording of a title, nor the name of the pack."""
    if verdict is None:
        return None
    clause = verdict.clause.partition("/")[2]
    return verdict.verdict, verdict.level, clause, verdict.due, verdict.because


def judgements_json(found: Judgements) -> dict[str, Any]:
    """Give the shape of `liuhen assess --edition … --json`."""
    return {
        "editions": list(found.editions),
        "agreed": found.agreed,
        "differences": [
            {
                "rule": item.rule,
                "subject": {"kind": item.subject.kind, "id": item.subject.id, "label": item.subject.label},
                "verdicts": {
                    name: to_json(verdict) if verdict else None
                    for name, verdict in zip(found.editions, item.verdicts, strict=True)
                },
            }
            for item in found.differences
        ],
    }
