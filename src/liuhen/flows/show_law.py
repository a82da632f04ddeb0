"""规则: the packs at hand, clause by clause, with each rule in plain words and each worked case with the verdicts it gets.

Invariant: what a clause is proved by comes from the same trial and the same coverage as `liuhen packs coverage`; a pack is
tried once in a process, and again only when its files were read anew.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock

from liuhen.adapters.packfiles.shelf import Shelved
from liuhen.core.events.catalogue import Event
from liuhen.core.kernel.errors import BadInput
from liuhen.core.rules import asking
from liuhen.core.rules.asking import Duty, Exemption
from liuhen.core.rules.model import Clause, Pack, Rule
from liuhen.core.rules.proof import Standing, TriedCase, coverage
from liuhen.core.rules.settings import settled
from liuhen.core.rules.subjects import VOCABULARIES, moment_label
from liuhen.core.rules.verdict import Verdict
from liuhen.flows.access import NotFound
from liuhen.flows.ground import agency_facts
from liuhen.flows.occasion import Actor
from liuhen.flows.office import office
from liuhen.flows.study_law import checkout, tried_cases


@dataclass(frozen=True, slots=True)
class RuleInWords:
    """A rule as people read it: of what, under which conditions, what to do, before which moment, and the exemptions."""

    rule: Rule
    subject: str
    when: tuple[str, ...]
    duties: tuple[Duty, ...]
    by: str | None
    exemptions: tuple[Exemption, ...]


@dataclass(frozen=True, slots=True)
class WorkedCase:
    """A worked case under one clause: its story, what happened in it, and the verdicts that its author expected and it got.

    `differences` say where the trial came out otherwise than written; such a case proves nothing.
    """

    name: str
    story: str
    at: datetime
    events: tuple[Event, ...]
    verdicts: tuple[Verdict, ...]
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClauseReading:
    """A clause with its standing, its rules in words, and the worked cases that speak of it."""

    clause: Clause
    standing: Standing
    rules: tuple[RuleInWords, ...]
    cases: tuple[WorkedCase, ...]


@dataclass(frozen=True, slots=True)
class PackReading:
    """A pack read and tried."""

    name: str
    pack: Pack
    clauses: tuple[ClauseReading, ...]

    def clause(self, clause_id: str) -> ClauseReading:
        """Look a clause up. Raises NotFound."""
        found = next((one for one in self.clauses if one.clause.id == clause_id), None)
        if found is None:
            raise NotFound("条款")
        return found


@dataclass(frozen=True, slots=True)
class PackLine:
    """A pack on the shelf; `own` says that the asker's agency stands under it."""

    name: str
    pack: Pack
    own: bool


def list_packs(actor: Actor) -> tuple[PackLine, ...]:
    """Give every edition of every pack at hand, those of the actor's agency first."""
    own = agency_facts(actor.agency).agency.packs
    lines = [PackLine(item.name, item.pack, item.pack.id in own) for item in office().shelf.editions()]
    return tuple(sorted(lines, key=lambda line: not line.own))


_studied: dict[str, PackReading] = {}
_turn = Lock()


def study_pack(name: str) -> PackReading:
    """Give a pack by `id` (its newest edition) or `id@edition`, tried. Raises NotFound."""
    try:
        shelved = office().shelf.named(name)
    except BadInput:
        raise NotFound("规则包") from None
    # One at a time: a second asker waits for the first one's trial instead of repeating it.
    with _turn:
        known = _studied.get(shelved.name)
        if known is None or known.pack is not shelved.pack:
            known = _studied[shelved.name] = _study(shelved)
    return known


def _study(shelved: Shelved) -> PackReading:
    pack = shelved.pack
    tried = tried_cases(shelved.folder, pack, office().shelf)
    standings = coverage(pack, tried, lambda proof: _is_there(proof, shelved.folder))
    rules = {rule.id: _in_words(rule) for rule in settled(pack).rules}
    return PackReading(shelved.name, pack, tuple(_clause(standing, pack, rules, tried) for standing in standings))


def _is_there(proof: str, folder: Path) -> bool:
    """Say whether a test is there that a clause names. Outside a checkout it was there when the pack was released."""
    root = checkout()
    return root is None or (root / proof).exists() or (folder / proof).is_file()


def _in_words(rule: Rule) -> RuleInWords:
    return RuleInWords(
        rule=rule,
        subject=VOCABULARIES[rule.each].label,
        when=tuple(asking.say_test(rule.each, test) for test in rule.when.tests),
        duties=tuple(asking.duties_of(rule)),
        by=f"{moment_label(rule.each, rule.by)}前" if rule.by else None,
        exemptions=tuple(asking.exemptions_of(rule)),
    )


def _clause(standing: Standing, pack: Pack, rules: dict[str, RuleInWords], tried: list[TriedCase]) -> ClauseReading:
    own = tuple(rules[rule] for rule in standing.rules)
    cases = (
        (case, tuple(found for one in own for found in case.verdicts(one.rule, standing.clause.id))) for case in tried
    )
    return ClauseReading(
        clause=standing.clause,
        standing=standing,
        rules=own,
        cases=tuple(_worked_case(case, verdicts) for case, verdicts in cases if verdicts),
    )


def _worked_case(case: TriedCase, verdicts: tuple[Verdict, ...]) -> WorkedCase:
    scenario = case.scenario
    return WorkedCase(
        name=case.name.partition(": ")[2],
        story=scenario.story,
        at=scenario.at,
        events=scenario.happened(scenario.at),
        verdicts=verdicts,
        differences=case.trial.differences,
    )
