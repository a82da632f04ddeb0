"""What to bring, say, film, make, have signed and finish by when: the demands on an act in the order in which they are needed.

Invariant: made from the rulings alone. Every line names the clauses it comes from; what a clause has lifted is not listed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from liuhen.core.rules.asking import Demand, Duty
from liuhen.core.rules.conditions import Test
from liuhen.core.rules.stricter import Ruling, Weighing

Heading = Literal["bring", "say", "film", "make", "sign", "approve", "show", "finish"]

HEADINGS: dict[Heading, str] = {
    "bring": "带上",
    "say": "说清",
    "film": "拍摄",
    "make": "做文书",
    "sign": "请签名",
    "approve": "报审批",
    "show": "做到",
    "finish": "期限",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One line: what to do, in which situation, before when, under which clauses, and why it is the stricter."""

    text: str
    level: str
    when: tuple[str, ...]
    by: str | None
    clauses: tuple[str, ...]
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """The lines under one heading."""

    heading: Heading
    items: tuple[Item, ...]


def checklist(rulings: Sequence[Ruling]) -> list[Section]:
    """Order what is asked of an act by what has to be done; equal lines are one, with all their clauses."""
    lines: dict[Heading, dict[tuple[str, ...], Item]] = {heading: {} for heading in HEADINGS}
    for ruling in rulings:
        if ruling.demand.lifted is None:
            for heading, item in _items(ruling):
                _add(lines[heading], item)
    return [Section(heading, tuple(items.values())) for heading, items in lines.items() if items]


def _add(lines: dict[tuple[str, ...], Item], item: Item) -> None:
    key = (item.text, item.level, item.by or "", *item.when)
    there = lines.get(key)
    if there is None:
        lines[key] = item
    else:
        clauses = tuple(dict.fromkeys((*there.clauses, *item.clauses)))
        why = tuple(dict.fromkeys((*there.why, *item.why)))
        lines[key] = Item(there.text, there.level, there.when, there.by, clauses, why)


def _items(ruling: Ruling) -> Iterator[tuple[Heading, Item]]:
    demand = ruling.demand
    clauses = tuple(dict.fromkeys((demand.clause, *(item.clause for item in ruling.covers))))
    for thing in demand.bring:
        yield "bring", Item(thing, demand.rule.level, (), None, clauses)
    for duty in demand.duties:
        # A clerk reads what the rule is called; which attribute it is tested by is for whoever reads the grounds.
        text = demand.rule.title if isinstance(duty.part, (Test, tuple)) else duty.text
        yield duty.what, Item(text, demand.rule.level, demand.when, demand.by, clauses, _why(ruling, duty))


def _why(ruling: Ruling, duty: Duty) -> tuple[str, ...]:
    """Say over which clauses a duty prevails, to which it yields, or beside which it is kept, and why."""
    return tuple(say_weighing(item, ruling.demand) for item in ruling.weighed if item.about(ruling.demand, duty))


def say_weighing(item: Weighing, demand: Demand) -> str:
    """Write for a reader how a demand stands to the demand of another pack on the same thing."""
    beside = item.other if demand is item.one else item.one
    where = f"{'，'.join(item.when)}时，" if item.when else ""
    if item.standing == "same":
        return f"{beside.clause} 要求相同"
    if item.standing == "both":
        return f"与 {beside.clause} 都要做到：{item.why}"
    if demand is item.one:
        return f"{where}比 {beside.clause} 更严：{item.why}"
    return f"{where}{beside.clause} 更严，从其要求：{item.why}"
