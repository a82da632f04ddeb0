"""Fold and assess, from events to verdicts, as every screen and verifier does it: the demonstration case, and a large one.

Nothing is waited for here, so whatever makes a round slower than another is other work of the machine: many short rounds, turn by
turn, and the value is the best of them; the middle one is told beside it.
The events of the demonstration are those of a real run of `liuhen demo`, kept beside this file; its people are made up.
"""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from liuhen.adapters.calendars.published import published_calendar
from liuhen.adapters.packfiles.packs import shipped_pack
from liuhen.core.events.catalogue import Event, open_sealed
from liuhen.core.facts.fold import fold
from liuhen.core.rules.evaluate import assess
from liuhen.core.rules.model import Pack
from liuhen.core.verifier.records import parse_event
from liuhen.doors.bench.large_case import large_case
from liuhen.doors.bench.row import NotMeasured, Row, Size, Timed, median, per_second, timed
from liuhen.doors.collecting import collecting_seldom

_EVENTS = "demonstration-events.jsonl"
_LARGE_UNDER = ("hebei", "lingchuan")
_TURNS = 7  # for each round of the other benches


def measure(size: Size, folder: Path) -> list[Row]:
    """Give cases folded and assessed per second, on one core, and how the cost of an event grows with a case."""
    demonstration = demonstration_events()
    packs = [shipped_pack(edition.id) for edition in fold(demonstration).case.packs]
    large_packs = [shipped_pack(name) for name in _LARGE_UNDER]
    cases, few = max(2, size.cases // 5), max(2, size.cases // 40)
    large, larger = large_case(), large_case(2)
    judged, once, twice = [], [], []
    for _ in range(size.rounds * _TURNS):
        judged.append(_judged(demonstration, packs, cases))
        once.append(_judged(large, large_packs, few))
        twice.append(_judged(larger, large_packs, few))
    growth = median([two.cpu / one.cpu for one, two in zip(once, twice, strict=True)])
    return [
        _row("assess", judged, cases, goal=500),
        _row("assess-large", once, few, goal=1000),
        Row(
            "assess-growth",
            growth,
            "times the cost",
            against=1.0,
            ratio=growth,
            goal=2.5,
            better="lower",
            compared_with="the same case with half the acts, documents and recordings",
        ),
    ]


def _row(name: str, times: Sequence[Timed], cases: int, *, goal: float) -> Row:
    rounds = per_second(cases, times)
    return Row(name, max(rounds), "cases/s", goal=goal, usual=median(rounds), rounds=rounds)


def _judged(events: Sequence[Event], packs: Sequence[Pack], times: int) -> Timed:
    calendar, at = published_calendar(), max(event.header.recorded_at for event in events)

    def judge_all() -> None:
        for _ in range(times):
            if not assess(packs, fold(events), calendar=calendar, at=at):
                raise NotMeasured("the case got no verdict")

    assess(packs, fold(events), calendar=calendar, at=at)
    with collecting_seldom():  # as the processes do that serve
        return timed(judge_all)


def demonstration_events() -> list[Event]:
    """Read the events of the demonstration case."""
    lines = files(__package__).joinpath(_EVENTS).read_bytes().splitlines()
    return [open_sealed(parse_event(line, f"{_EVENTS}:{number}")) for number, line in enumerate(lines, 1)]
