"""How each clause of a pack is answered and what proves the answer.

Invariant: a clause is proved only by worked cases that pass now, or by tests that exist; an answer nobody proved is open.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from liuhen.core.events.scenario import Expectation, Scenario
from liuhen.core.rules.lint import cited, terms_of
from liuhen.core.rules.model import Clause, Pack, Rule
from liuhen.core.rules.trial import Trial
from liuhen.core.rules.verdict import Answered, Verdict

Status = Literal["proved", "open"]


@dataclass(frozen=True, slots=True)
class TriedCase:
    """A worked case by the name under which coverage and tests list it, with its trial."""

    name: str
    scenario: Scenario
    trial: Trial
    _spoken: dict[str, tuple[Verdict, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # A case expects a few verdicts of hundreds, and is asked about every rule under every clause.
        expected: dict[str, list[Expectation]] = {}
        for item in self.scenario.expect:
            expected.setdefault(item.rule, []).append(item)
        spoken: dict[str, tuple[Verdict, ...]] = {}
        for verdict in self.trial.verdicts:
            if any(_speaks_of(item, verdict) for item in expected.get(verdict.rule, ())):
                spoken[verdict.rule] = (*spoken.get(verdict.rule, ()), verdict)
        object.__setattr__(self, "_spoken", spoken)

    @property
    def passed(self) -> bool:
        return not self.trial.differences

    def verdicts(self, rule: Rule, clause: str) -> tuple[Verdict, ...]:
        """Give the verdicts of a rule under a clause that this case expects something of."""
        own = clause in rule.clauses
        return tuple(
            verdict
            for verdict in self._spoken.get(rule.id, ())
            if verdict.clause == clause or (own and verdict.clause in rule.clauses)
        )

    def answers(self, rule: Rule, clause: str) -> set[Answered]:
        """Give the answers that this case expects and gets from a rule under a clause."""
        return {verdict.verdict for verdict in self.verdicts(rule, clause)}


def _speaks_of(item: Expectation, verdict: Verdict) -> bool:
    return verdict.rule == item.rule and item.subject in (None, verdict.subject.id)


@dataclass(frozen=True, slots=True)
class Standing:
    """A row of the coverage: how a clause is answered, by which rules, proved by what."""

    clause: Clause
    rules: tuple[str, ...]
    proofs: tuple[str, ...]
    status: Status


def to_json(standing: Standing) -> dict[str, Any]:
    """Give a row in the stable shape of `liuhen packs coverage --json`."""
    return {
        "clause": standing.clause.id,
        "answer": standing.clause.answer,
        "rules": list(standing.rules),
        "proofs": list(standing.proofs),
        "status": standing.status,
    }


def coverage(pack: Pack, tried: Sequence[TriedCase], exists: Callable[[str], bool]) -> list[Standing]:
    """Give the standing of every clause; `exists` says whether a test that a clause names is there."""
    return [_standing(clause, pack, tried, exists) for clause in pack.clauses]


def _standing(clause: Clause, pack: Pack, tried: Sequence[TriedCase], exists: Callable[[str], bool]) -> Standing:
    rules = [rule for rule in pack.rules if clause.id in cited(rule)]
    names = tuple(rule.id for rule in rules)
    if clause.answer != "rule":
        proved = clause.answer != "open" and bool(clause.proof) and all(exists(proof) for proof in clause.proof)
        return Standing(clause, names, clause.proof, "proved" if proved else "open")
    passing = [case for case in tried if case.passed]
    proofs = tuple(case.name for case in passing if any(case.answers(rule, clause.id) for rule in rules))
    proved = bool(rules) and all(not _unproved(rule, clause.id, passing) for rule in rules)
    return Standing(clause, names, proofs, "proved" if proved else "open")


def _unproved(rule: Rule, clause: str, tried: Sequence[TriedCase]) -> set[Answered]:
    """Give the answers that no passing case shows: met and unmet, or that the rule is lifted where only a lifting cites."""
    shown: set[Answered] = {answer for case in tried for answer in case.answers(rule, clause)}
    judged = {
        *rule.clauses,
        *(other.cites for other in rule.instead),
        *(term.extension.cites for term in terms_of(rule) if term.extension),
        *(s.refused.cites for s in rule.signed if s.refused),
    }
    wanted: set[Answered] = {"met", "unmet"} if clause in judged else {"not_applicable"}
    return wanted - shown


def missing_answers(rule: Rule, tried: Sequence[TriedCase]) -> set[Answered]:
    """Give the answers of a rule that no passing worked case expects: met, unmet, and pending where it can be.

    What has neither a term, nor an order, nor a moment before which it is due can never be pending; nor can what had to be
    done before the very moment by which its subject came to be.
    """
    passing = [case for case in tried if case.passed]
    shown = {answer for case in passing for clause in cited(rule) for answer in case.answers(rule, clause)}
    wanted: set[Answered] = {"met", "unmet", "pending"} if _can_wait(rule) else {"met", "unmet"}
    return wanted - shown


# The moment by which a subject of a kind comes to be: before it there is nothing that could be judged.
_BEGINNINGS = {"act": "begun", "document": "made", "decision": "made"}


def _can_wait(rule: Rule) -> bool:
    beginning = _BEGINNINGS.get(rule.each)
    if rule.time and not (rule.time.count == "back" and rule.time.start == beginning):
        return True
    return rule.by is not None or (rule.order is not None and rule.order.then != beginning)
