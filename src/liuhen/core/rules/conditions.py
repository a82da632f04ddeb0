"""Conditions: a closed vocabulary of tests on named attributes of a subject. No expressions, no code.

Written in a pack as `{attribute: test}`; all tests must hold. A test is a value, a list of values of which one must be
there, or one of `{all: […]}`, `{not: […]}`, `{least: n}`, `{present: true|false}`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from operator import itemgetter
from typing import Any, Literal

from liuhen.core.kernel.errors import BadInput

Value = str | bool | int | frozenset[str]
Values = Mapping[str, Value | None]
Operator = Literal["any", "all", "not", "least", "present"]


class Truth(Enum):
    """Three-valued: what is not known is neither true nor false."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"


# Millions of answers: reading a member through its Enum costs more than the test itself.
_TRUE, _FALSE, _UNKNOWN = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN


def reader(attributes: Sequence[str]) -> Callable[[Values], Any]:
    """Give what reads these attributes at once, in one call: what it gives names the values and can be remembered by."""
    return itemgetter(*attributes) if attributes else _nothing


def _nothing(_: Values) -> tuple[()]:
    return ()


@dataclass(frozen=True, slots=True)
class Test:
    """One test of one attribute."""

    attribute: str
    operator: Operator
    operands: tuple[Any, ...]
    wanted: frozenset[Any] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Tests are made once and asked millions of times.
        object.__setattr__(self, "wanted", frozenset(self.operands))

    def on(self, value: Value | None) -> Truth:
        """Hold the test against a value; an unknown value answers UNKNOWN except to `present`."""
        if self.operator == "any" and value is not None:  # nearly all tests
            held = not self.wanted.isdisjoint(value) if isinstance(value, frozenset) else value in self.wanted
            return _TRUE if held else _FALSE
        if self.operator == "present":
            there = value is not None and value != "" and value != frozenset()
            return _TRUE if there == self.operands[0] else _FALSE
        return _UNKNOWN if value is None else _TRUE if self._holds(value) else _FALSE

    def _holds(self, value: Value) -> bool:
        if self.operator == "least":
            return not isinstance(value, (str, frozenset)) and bool(value >= self.operands[0])
        values = value if isinstance(value, frozenset) else frozenset({value})
        return self.wanted <= values if self.operator == "all" else self.wanted.isdisjoint(values)

    def say(self) -> str:
        """Write the test for a reader."""
        items = "、".join("是" if item is True else "否" if item is False else str(item) for item in self.operands)
        if self.operator == "present":
            return "已有记录" if self.operands[0] else "没有记录"
        words = {"any": "为", "all": "包括", "not": "不是", "least": "不少于 "}
        return f"{words[self.operator]}{items}"


# How many answers a condition remembers: a pack's values repeat without end, but a party may write anything.
_MOST_REMEMBERED = 256


@dataclass(frozen=True, slots=True)
class Condition:
    """Tests that must all hold. It remembers its answers by the values they were given for."""

    tests: tuple[Test, ...] = ()
    narrowing: Test | None = field(default=None, init=False, repr=False, compare=False)
    read: Callable[[Values], Any] = field(init=False, repr=False, compare=False)
    _answers: dict[Any, Truth] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # The test that rules out most: by it subjects are looked up, and only those found are asked the others.
        narrowing = next((test for test in self.tests if test.operator == "any"), None)
        object.__setattr__(self, "narrowing", narrowing)
        object.__setattr__(self, "read", reader([test.attribute for test in self.tests]))

    def truth(self, values: Values) -> Truth:
        """Hold the condition against a subject's values; one false test decides, an unknown one leaves it open."""
        if not self.tests:
            return _TRUE
        key = self.read(values)
        answer = self._answers.get(key)
        if answer is None:
            if len(self._answers) >= _MOST_REMEMBERED:
                self._answers.clear()
            answer = self._answers[key] = self._truth(values)
        return answer

    def _truth(self, values: Values) -> Truth:
        truth = _TRUE
        for test in self.tests:
            answer = test.on(values[test.attribute])
            if answer is _FALSE:
                return answer
            if answer is _UNKNOWN:
                truth = answer
        return truth

    @classmethod
    def from_plain(cls, data: Any, place: str) -> "Condition":
        """Read `{attribute: test}`; raises BadInput for anything outside the vocabulary."""
        if not isinstance(data, Mapping):
            raise BadInput(place, "expected tests written as {attribute: value}")
        # In the order of names, so that a pack reads the same from YAML and from the canonical form in a package.
        return cls(tuple(_read_test(str(name), data[name], f"{place}.{name}") for name in sorted(data)))

    def to_plain(self) -> dict[str, Any]:
        """Write the condition back as a pack holds it."""
        return {test.attribute: _write_test(test) for test in self.tests}


ALWAYS = Condition()


def _write_test(test: Test) -> Any:
    if test.operator == "any":
        return list(test.operands) if len(test.operands) > 1 else test.operands[0]
    if test.operator in ("least", "present"):
        return {test.operator: test.operands[0]}
    return {test.operator: list(test.operands)}


def _read_test(name: str, wanted: Any, place: str) -> Test:
    if isinstance(wanted, Mapping):
        if len(wanted) != 1:
            raise BadInput(place, "a test holds exactly one of all, not, least, present")
        ((operator, operand),) = wanted.items()
        return _read_operator(name, operator, operand, place)
    operands = tuple(wanted) if isinstance(wanted, (list, tuple)) else (wanted,)
    if not operands or not all(isinstance(item, (str, bool, int)) for item in operands):
        raise BadInput(place, "expected a text, a number, true/false, or a list of texts")
    return Test(name, "any", operands)


def _read_operator(name: str, operator: Any, operand: Any, place: str) -> Test:
    if operator == "least" and isinstance(operand, int) and not isinstance(operand, bool):
        return Test(name, "least", (operand,))
    if operator == "present" and isinstance(operand, bool):
        return Test(name, "present", (operand,))
    if operator in ("all", "not"):
        operands = tuple(operand) if isinstance(operand, (list, tuple)) else (operand,)
        if operands and all(isinstance(item, str) for item in operands):
            return Test(name, "all" if operator == "all" else "not", operands)
    raise BadInput(place, f"“{operator}” is no test with such a value; use all, not, least or present")
