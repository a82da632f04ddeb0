"""The linter of packs: what the strict decoding cannot see. Each fault names where it stands and what mends it."""

from collections.abc import Iterator
from dataclasses import dataclass

from liuhen.core.calendar.periods import parse_period
from liuhen.core.kernel.errors import BadInput
from liuhen.core.rules.conditions import Condition
from liuhen.core.rules.model import Pack, Rule, TimeDemand
from liuhen.core.rules.subjects import VOCABULARIES, knows_moment


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of a pack: `place` is the rule or clause, `sentence` says what is wrong and what to do."""

    place: str
    sentence: str


def lint(pack: Pack, register: frozenset[str]) -> list[Fault]:
    """Find every fault of a pack against the register of its clauses."""
    return [*_clause_faults(pack, register), *_rule_faults(pack)]


def _clause_faults(pack: Pack, register: frozenset[str]) -> Iterator[Fault]:
    ids = [clause.id for clause in pack.clauses]
    for clause_id in sorted({clause_id for clause_id in ids if ids.count(clause_id) > 1}):
        yield Fault(clause_id, "stands twice in clauses.yaml; keep one")
    for clause_id in sorted(register - set(ids)):
        yield Fault(clause_id, "is in the register but not in clauses.yaml; add it with its answer")
    for clause_id in sorted(set(ids) - register):
        yield Fault(clause_id, "is not in the register; check the article number")
    in_rules = {clause_id for rule in pack.rules for clause_id in cited(rule)}
    for clause in pack.clauses:
        if clause.answer == "rule" and clause.id not in in_rules:
            yield Fault(clause.id, "is answered by a rule, but no rule cites it; write the rule or change the answer")


def cited(rule: Rule) -> Iterator[str]:
    """Give every clause that a rule cites: its own, and those of its alternatives, liftings and refusals."""
    yield from rule.clauses
    yield from (other.cites for other in rule.instead)
    yield from (lifting.cites for lifting in rule.unless)
    yield from (signer.refused.cites for signer in rule.signed if signer.refused)


def _rule_faults(pack: Pack) -> Iterator[Fault]:
    known = {clause.id for clause in pack.clauses}
    seen: set[str] = set()
    for rule in pack.rules:
        if rule.id in seen:
            yield Fault(rule.id, "this rule id stands twice; rename one")
        seen.add(rule.id)
        if not rule.clauses:
            yield Fault(rule.id, "cites no clause; every duty must name the clause it comes from")
        for clause_id in cited(rule):
            if clause_id not in known:
                yield Fault(rule.id, f"cites {clause_id}, which clauses.yaml does not have")
        yield from _vocabulary_faults(rule)
        yield from _period_faults(rule)
        if not _demands(rule):
            yield Fault(rule.id, "demands nothing; add shows, any_of, document, signed, approval, told, filmed or time")


def _demands(rule: Rule) -> bool:
    sections = (rule.shows, rule.any_of, rule.document, rule.signed, rule.approval, rule.told, rule.filmed, rule.time)
    return any(sections)


def _conditions(rule: Rule) -> Iterator[Condition]:
    yield rule.when
    if rule.shows is not None:
        yield rule.shows
    yield from rule.any_of
    yield from (other.when for other in rule.instead)
    yield from (lifting.when for lifting in rule.unless)


def _terms(rule: Rule) -> Iterator[TimeDemand]:
    if rule.time is not None:
        yield rule.time
    yield from (other.time for other in rule.instead)


def _vocabulary_faults(rule: Rule) -> Iterator[Fault]:
    words = VOCABULARIES[rule.each]
    for condition in _conditions(rule):
        for test in condition.tests:
            if test.attribute not in words.attributes:
                names = "、".join(words.attributes)
                yield Fault(rule.id, f"{rule.each} has no attribute “{test.attribute}”; it has {names}")
    moments = [rule.by] if rule.by else []
    moments += [name for term in _terms(rule) for name in (term.start, term.to)]
    for name in moments:
        if not knows_moment(rule.each, name):
            yield Fault(rule.id, f"{rule.each} has no moment “{name}”; it has {'、'.join(words.moments)}, case.…")


def _period_faults(rule: Rule) -> Iterator[Fault]:
    for term in _terms(rule):
        try:
            parse_period(term.within)
        except BadInput as fault:
            yield Fault(rule.id, str(fault))
