"""Events for the tests of the core, written as scenarios write them: one line each, a base story that is true to life."""

from datetime import datetime, timedelta
from typing import Any

from liuhen.core.events.catalogue import Event
from liuhen.core.events.scenario import read_scenario
from liuhen.core.facts.fold import fold
from liuhen.core.facts.model import Facts
from liuhen.core.kernel.moments import SHANGHAI

MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)


def at(minute: float) -> str:
    """Give the instant so many minutes after nine o'clock on Monday 2026-03-02."""
    return (MORNING + timedelta(minutes=minute)).isoformat()


def told(minute: float, event_type: str, /, **content: Any) -> dict[str, Any]:
    """Write one event."""
    return {"at": at(minute), "type": event_type, **content}


def registered(**changes: Any) -> dict[str, Any]:
    """Write the first event of a case."""
    return told(
        -60,
        "case.registered",
        **{
            "register_number": "源1",
            "kind": "行政处罚",
            "matter": "涉嫌未按规定设置账簿",
            "source": {"start": "依职权", "manner": "巡查", "summary": "日常巡查发现"},
            "party": {"name": "某公司", "kind": "法人"},
            **changes,
        },
    )


def inspection(begun: float = 0, ended: float | None = 60, **changes: Any) -> list[dict[str, Any]]:
    """Write an act, begun and (unless told otherwise) ended."""
    officers = [
        {"officer": "o1", "name": "张敏", "certificate": "冀01"},
        {"officer": "o2", "name": "李强", "certificate": "冀02"},
    ]
    act = {"act": "x1", "kind": "现场检查", "place": "办公室", "officers": officers, **changes}
    events = [told(begun, "case.act-begun", **act)]
    return events if ended is None else [*events, told(ended, "case.act-ended", act=act["act"])]


def filmed(
    recording: str, start: float | None, end: float | None, *, stored: float = 90, act: str = "x1", media: str = "video"
) -> list[dict[str, Any]]:
    """Write a recording with its link to an act; a bound that is None is not known."""
    bounds = {key: at(minute) for key, minute in (("started_at", start), ("ended_at", end)) if minute is not None}
    return [
        told(stored, "recording.stored", recording=recording, file=f"{recording}.mp4", media=media, **bounds),
        told(stored, "case.recording-linked", recording=recording, act=act),
    ]


def events_of(*items: dict[str, Any]) -> tuple[Event, ...]:
    """Read written events into typed ones."""
    return read_scenario({"packs": [], "at": at(0), "events": list(items)}).events


def facts_of(*items: dict[str, Any]) -> Facts:
    """Fold written events."""
    return fold(events_of(*items))
