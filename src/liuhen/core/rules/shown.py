"""What a rule wants to be shown, judged by the values of the attributes it names, and remembered by them.

Invariant: the answer and its sentences follow from the values alone, so equal values are answered from memory: nearly all acts
of nearly all cases say the same of themselves.
"""

from collections.abc import Iterable
from typing import Any

from liuhen.core.rules.conditions import Condition, Test, Truth, Value, Values, reader
from liuhen.core.rules.model import Rule
from liuhen.core.rules.outcome import Outcome, combine
from liuhen.core.rules.subjects import Subject, attribute_label

_TRUE, _UNKNOWN = Truth.TRUE, Truth.UNKNOWN
_MOST_REMEMBERED = 256


class Shown:
    """The attributes that a rule wants to be shown (`shows`, `any_of`), ready to be judged many times."""

    __slots__ = ("_any_of", "_kind", "_read", "_remembered", "_tests")

    def __init__(self, rule: Rule) -> None:
        self._kind = rule.each
        self._tests = rule.shows.tests if rule.shows is not None else ()
        self._any_of = rule.any_of
        named = [test.attribute for tests in (self._tests, *(way.tests for way in rule.any_of)) for test in tests]
        self._read = reader(list(dict.fromkeys(named)))
        self._remembered: dict[Any, Outcome] = {}

    def __bool__(self) -> bool:
        return bool(self._tests or self._any_of)

    def judge(self, subject: Subject) -> Outcome:
        """Judge a subject. The evidence is the subject's own, which the caller knows."""
        key = self._read(subject.values)
        outcome = self._remembered.get(key)
        if outcome is None:
            if len(self._remembered) >= _MOST_REMEMBERED:
                self._remembered.clear()
            outcome = self._remembered[key] = self._judge(subject.values)
        return outcome

    def _judge(self, values: Values) -> Outcome:
        found = [_judge_test(test, values, self._kind) for test in self._tests]
        if self._any_of:
            found.append(_judge_any(self._any_of, values, self._kind))
        return combine(found)


def _judge_test(test: Test, values: Values, kind: str) -> Outcome:
    value = values[test.attribute]
    label = attribute_label(kind, test.attribute)
    answer = test.on(value)
    if answer is _UNKNOWN:
        return Outcome("undetermined", (f"缺少事实：{label}",))
    found = f"{label}：{say_value(value)}"
    if answer is _TRUE:
        return Outcome("met", (found,))
    return Outcome("unmet", (f"{found}（应{test.say()}）",))


def _judge_any(ways: Iterable[Condition], values: Values, kind: str) -> Outcome:
    """Judge alternatives: one that holds suffices; if none does, say how each one fails."""
    lines: list[str] = []
    unknown = False
    for way in ways:
        outcomes = [_judge_test(test, values, kind) for test in way.tests]
        answer = way.truth(values)
        if answer is _TRUE:
            return Outcome("met", tuple(line for item in outcomes for line in item.because))
        unknown = unknown or answer is _UNKNOWN
        lines.extend(line for item in outcomes if item.verdict != "met" for line in item.because)
    return Outcome("undetermined" if unknown else "unmet", tuple(lines))


def say_value(value: Value | None) -> str:
    """Write an attribute's value for a reader."""
    if value is None or value == frozenset():
        return "无"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, frozenset):
        return "、".join(sorted(value))
    return str(value)
