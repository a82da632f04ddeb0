"""Two typed sections of rules held against each other: whether they ask the same thing, and which one asks for more.

Invariant: a comparison is given only where it holds on every calendar and for every act; otherwise it says that both stand.
"""

from dataclasses import dataclass
from typing import TypeVar

from liuhen.core.calendar.periods import Hours, Months, NaturalDays, Period, Roll, WorkingDays, Years, parse_period
from liuhen.core.kernel.errors import BadInput
from liuhen.core.rules.asking import Part
from liuhen.core.rules.conditions import Condition, Test, Truth
from liuhen.core.rules.model import (
    DocumentDemand,
    FilmDemand,
    OrderDemand,
    RuleKind,
    SignerDemand,
    StepDemand,
    TimeDemand,
    ToldDemand,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Comparison:
    """`sign` is 1 when the first asks for more, -1 when the second does, 0 when they are equal, None when both stand."""

    sign: int | None
    why: str


def compare_parts(one: Part, other: Part, *, kind: RuleKind) -> Comparison | None:
    """Compare two sections of rules of the same kind; None where they do not speak of the same thing."""
    match one, other:
        case FilmDemand(), FilmDemand():
            return _films(one, other)
        case TimeDemand(), TimeDemand():
            return _terms(one, other) if (one.start, one.to) == (other.start, other.to) else None
        case OrderDemand(), OrderDemand():
            return _EQUAL if one == other else None
        case SignerDemand(), SignerDemand():
            return _signers(one, other) if one.role == other.role else None
        case DocumentDemand(), DocumentDemand():
            return _documents(one, other) if set(one.forms) & set(other.forms) else None
        case ToldDemand(), ToldDemand():
            return _tellings(one, other) if set(one.topics) & set(other.topics) else None
        case StepDemand(), StepDemand():
            return _steps(one, other) if one.step == other.step else None
        case Test(), Test():
            return _tests(one, other, kind) if one.attribute == other.attribute else None
        case tuple(), tuple():
            return _ways(one, other)
    return None


def _films(one: FilmDemand, other: FilmDemand) -> Comparison:
    found = [_media(frozenset(one.media), frozenset(other.media))]
    if one.extent != other.extent:
        found.append(Comparison(1 if one.extent == "whole" else -1, "全程严于只拍一部分"))
    elif one.extent == "whole":
        found.append(_more(other.tolerance_seconds, one.tolerance_seconds, "容许的中断更短"))
    return _join(found)


def _media(one: frozenset[str], other: frozenset[str]) -> Comparison:
    if bool(one) != bool(other):
        return Comparison(1 if one else -1, "限定了记录的方式")
    return _within(one, other, "可选的记录方式更少", fewer=True)


def _terms(one: TimeDemand, other: TimeDemand) -> Comparison:
    """Compare terms between the same moments: the shorter is the stricter, if it is shorter on every calendar.

    What must be waited for is stricter when it is longer; a wait and a term to act within are both kept.
    """
    if (one.count, one.excludes, one.extension) != (other.count, other.excludes, other.extension):
        return Comparison(None, "期限的算法不同，都要守")
    try:
        first, second = parse_period(one.within), parse_period(other.within)
    except BadInput:  # the linter names it; here nobody can say which is shorter
        return Comparison(None, "期限写法有误，无从比较")
    sign = _shorter(first, second)
    if sign is None:
        return Comparison(None, f"{one.within}与{other.within}孰短取决于节假日，两个期限都要守")
    if sign == 0:
        return _EQUAL
    short, long = (one, other) if sign > 0 else (other, one)
    if one.count is not None:
        return Comparison(-sign, f"{long.within}长于 {short.within}")
    return Comparison(sign, f"{short.within}短于 {long.within}")


def _shorter(one: Period, other: Period) -> int | None:
    """Give 1 when the first is never longer, -1 when the second is never longer, 0 when equal, None when it depends."""
    if one == other:
        return 0
    if type(one) is type(other) and one.count != other.count:
        return 1 if one.count < other.count else -1
    (least, most), (other_least, other_most) = _bounds(one), _bounds(other)
    if type(one) is type(other):  # equal counts, but one of them rolls past rest days
        return 1 if most < other_most else -1
    if most <= other_least:
        return 1
    return -1 if other_most <= least else None


# No stretch of rest days is longer; no run of working days needs more than twice its count and such a stretch.
_LONGEST_REST = 12


def _bounds(period: Period) -> tuple[int, int]:
    """Give the least and the most hours from the start of a period to its end, on whichever calendar."""
    if isinstance(period, Hours):
        return period.count, period.count
    if isinstance(period, WorkingDays):
        return period.count * 24, (period.count * 2 + _LONGEST_REST) * 24
    days = {NaturalDays: (1, 1), Months: (28, 31), Years: (365, 366)}[type(period)]
    rest = 0 if period.roll is Roll.STRICT else _LONGEST_REST
    return period.count * days[0] * 24, (period.count * days[1] + 1 + rest) * 24


def _signers(one: SignerDemand, other: SignerDemand) -> Comparison:
    found = [_more(one.least, other.least, "签名的人更多")]
    if one.refused and other.refused and one.refused.role != other.refused.role:
        return Comparison(None, f"拒绝签名时，一个要{one.refused.role}，一个要{other.refused.role}，都要做到")
    if one.refused and other.refused:
        found.append(_more(one.refused.least, other.refused.least, f"拒绝签名时，{one.refused.role}签名的人更多"))
    elif one.refused or other.refused:
        found.append(Comparison(-1 if one.refused else 1, "没有规定拒绝签名时可以由他人代替"))
    return _join(found)


def _documents(one: DocumentDemand, other: DocumentDemand) -> Comparison:
    forms = _within(frozenset(one.forms), frozenset(other.forms), "可选的文书更少", fewer=True)
    return _join([forms, _within(frozenset(one.fields), frozenset(other.fields), "要填写的项目更多", fewer=False)])


def _tellings(one: ToldDemand, other: ToldDemand) -> Comparison:
    topics = _within(frozenset(one.topics), frozenset(other.topics), "要告知的事项更多", fewer=False)
    return _join([topics, _more(one.response, other.response, "还要记录回应")])


def _steps(one: StepDemand, other: StepDemand) -> Comparison:
    return _more(one.reasons, other.reasons, "还要写明理由")


def _tests(one: Test, other: Test, kind: RuleKind) -> Comparison | None:
    """Compare what two tests admit: who admits less asks for more; of two sets of retention terms, the longer."""
    forward, backward = _implies(one, other, kind), _implies(other, one, kind)
    if forward or backward:
        return _EQUAL if forward and backward else Comparison(1 if forward else -1, "要求更具体")
    if kind == "keep":
        shortest, other_shortest = _shortest(one), _shortest(other)
        if shortest is not None and other_shortest is not None and shortest != other_shortest:
            return Comparison(1 if shortest > other_shortest else -1, "保存更久")
    # Of a set of things, two clauses may want quite different ones; what shares no word is not the same thing.
    return Comparison(None, "要求不同，都要做到") if kind == "keep" or one.wanted & other.wanted else None


def _implies(one: Test, other: Test, kind: RuleKind) -> bool:
    """Say whether every value that passes the first test passes the second one.

    A value may be a set, and one that holds what is wanted may hold as well what is not; a retention is a single value.
    """
    if (one.operator, one.wanted) == (other.operator, other.wanted):
        return True
    if other == Test(other.attribute, "present", (True,)):
        return one.operator in ("any", "all", "least")
    if one.operator == "any" and (other.operator != "not" or kind == "keep"):
        return all(other.on(operand) is Truth.TRUE for operand in one.operands)
    if one.operator == other.operator == "least":
        return bool(one.operands[0] >= other.operands[0])
    if one.operator == other.operator and one.operator in ("all", "not"):
        return one.wanted >= other.wanted
    return one.operator == "all" and other.operator == "any" and bool(one.wanted & other.wanted)


_FOREVER = 10**9


def _shortest(test: Test) -> int | None:
    """Give the shortest retention that a test admits, in hours; None where it admits what is no length of time."""
    if test.operator != "any":
        return None
    lengths = [_FOREVER if operand == "永久" else _length(operand) for operand in test.operands]
    known = [length for length in lengths if length is not None]
    return min(known) if len(known) == len(lengths) else None


def _length(operand: object) -> int | None:
    try:
        return _bounds(parse_period(str(operand)))[0]
    except BadInput:  # 与案卷一致 and the like: no length by itself
        return None


def _ways(one: tuple[Condition, ...], other: tuple[Condition, ...]) -> Comparison | None:
    """Compare alternatives of which one suffices: who offers fewer ways asks for more."""
    attributes = [{test.attribute for way in ways for test in way.tests} for ways in (one, other)]
    if not attributes[0] & attributes[1]:
        return None
    return _within(frozenset(one), frozenset(other), "可选的做法更少", fewer=True)


_EQUAL = Comparison(0, "要求相同")


def _more(one: int, other: int, why: str) -> Comparison:
    return _EQUAL if one == other else Comparison(1 if one > other else -1, why)


def _within(one: frozenset[T], other: frozenset[T], why: str, *, fewer: bool) -> Comparison:
    if one == other:
        return _EQUAL
    if one < other or one > other:
        return Comparison(1 if (one < other) == fewer else -1, why)
    return Comparison(None, "要求不同，都要做到")


def _join(found: list[Comparison]) -> Comparison:
    """Join comparisons of several aspects: one side must be ahead in some and behind in none."""
    if any(item.sign is None for item in found):
        return Comparison(None, "；".join(item.why for item in found if item.sign is None))
    ahead = [item for item in found if item.sign]
    if not ahead:
        return _EQUAL
    if len({item.sign for item in ahead}) > 1:
        return Comparison(None, "各有更严之处，都要做到：" + "；".join(item.why for item in ahead))
    return Comparison(ahead[0].sign, "；".join(item.why for item in ahead))
