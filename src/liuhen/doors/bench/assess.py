"""Fold and assess: the demonstration case, from its events to its verdicts, as every screen and verifier does it.

The events are those of a real run of `liuhen demo`, kept beside this file; their people and places are made up.
"""

from importlib.resources import files
from pathlib import Path

from liuhen.adapters.calendars.published import published_calendar
from liuhen.adapters.packfiles.packs import shipped_pack
from liuhen.core.events.catalogue import Event, open_sealed
from liuhen.core.facts.fold import fold
from liuhen.core.rules.evaluate import assess
from liuhen.core.verifier.records import parse_event
from liuhen.doors.bench.row import NotMeasured, Row, Size, median, per_cpu_second, per_second, timed

_EVENTS = "demonstration-events.jsonl"


def measure(size: Size, folder: Path) -> list[Row]:
    """Give cases folded and assessed per second, on one core."""
    events = demonstration_events()
    packs = [shipped_pack(edition.id) for edition in fold(events).case.packs]
    calendar, at = published_calendar(), max(event.header.recorded_at for event in events)

    def judge_all() -> None:
        for _ in range(size.cases):
            if not assess(packs, fold(events), calendar=calendar, at=at):
                raise NotMeasured("the demonstration case got no verdict")

    judge_all()
    times = [timed(judge_all) for _ in range(size.rounds)]
    rounds = per_second(size.cases, times)
    by_cpu = per_cpu_second(size.cases, times)
    return [Row("assess", median(rounds), "cases/s", goal=500, by_cpu=by_cpu, rounds=rounds)]


def demonstration_events() -> list[Event]:
    """Read the events of the demonstration case."""
    lines = files(__package__).joinpath(_EVENTS).read_bytes().splitlines()
    return [open_sealed(parse_event(line, f"{_EVENTS}:{number}")) for number, line in enumerate(lines, 1)]
