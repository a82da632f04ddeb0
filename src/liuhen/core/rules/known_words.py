"""The words that packs know: for what people choose from a list, with the rules that turn on each word.

Invariant: nothing is made up here. A word is offered because a rule tests for it, and it comes with the rules that do.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from liuhen.core.rules.asking import possible
from liuhen.core.rules.conditions import Condition, Value
from liuhen.core.rules.model import Pack, Rule, SubjectKind


@dataclass(frozen=True, slots=True)
class KnownWord:
    """A word and the rules that ask for it, in the order of the packs."""

    word: str
    rules: tuple[Rule, ...]


# Where a rule asks for a word: of which kind of subject, by which attribute.
Asked = tuple[SubjectKind, str]


def known_words(packs: Iterable[Pack], *asked: Asked) -> tuple[KnownWord, ...]:
    """List the words that rules of the packs test for in any of the attributes, in the order of the packs."""
    found: dict[str, dict[str, Rule]] = {}
    for pack in packs:
        for rule in pack.rules:
            for word in _words(rule, asked):
                found.setdefault(word, {}).setdefault(rule.id, rule)
    return tuple(KnownWord(word, tuple(rules.values())) for word, rules in found.items())


def _words(rule: Rule, asked: tuple[Asked, ...]) -> Iterator[str]:
    attributes = {attribute for each, attribute in asked if each == rule.each}
    for condition in conditions_of(rule) if attributes else ():
        for test in condition.tests:
            if test.attribute in attributes:
                yield from (word for word in test.operands if isinstance(word, str))


def conditions_of(rule: Rule) -> Iterator[Condition]:
    """Give every condition of a rule: when it applies, what lifts it or replaces its term, what it wants shown."""
    yield rule.when
    yield from (lifting.when for lifting in rule.unless)
    yield from (other.when for other in rule.instead)
    yield from rule.wanted


def extendable_terms(packs: Iterable[Pack]) -> tuple[str, ...]:
    """List the terms that clauses let somebody extend, by the word that 延长期限 names them."""
    times = (rule.time for pack in packs for rule in pack.rules if rule.time is not None)
    return tuple(dict.fromkeys(time.extension.term for time in times if time.extension is not None))


def excluded_grounds(packs: Iterable[Pack]) -> tuple[str, ...]:
    """List the grounds on which clauses stop a clock."""
    times = (rule.time for pack in packs for rule in pack.rules if rule.time is not None)
    return tuple(dict.fromkeys(ground for time in times for ground in time.excludes))


def topics_told(packs: Iterable[Pack]) -> tuple[str, ...]:
    """List what clauses want people to be told."""
    topics = dict.fromkeys(
        topic for pack in packs for rule in pack.rules if rule.told is not None for topic in rule.told.topics
    )
    tested = known_words(packs, ("case", "told_topics"), ("act", "told_before_end"))
    return tuple(dict.fromkeys((*topics, *(item.word for item in tested))))


def rules_of_case(pack: Pack, *, kind: str) -> tuple[Rule, ...]:
    """List the rules that may come to judge a case of a kind as a whole, whatever else becomes of it."""
    known: dict[str, Value] = {"kind": kind}
    return tuple(rule for rule in pack.rules if rule.each == "case" and possible(rule.when, known))
