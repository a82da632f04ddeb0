"""What an event of a recording says, in one line: for a list read from top to bottom; the event's own page has all of it."""

from typing import Any

from liuhen.core.events import custody, recording
from liuhen.core.facts.coverage import MEDIA_NAMES
from liuhen.core.kernel.moments import say_instant
from liuhen.doors.web.cards.words import content_lines
from liuhen.doors.web.typography import say_second, size

_MOST = 6


def told(content: Any) -> str:
    """Give what the content of an event says, without its codes; empty where there is nothing to say."""
    say = _SAYINGS.get(type(content))
    return say(content) if say is not None else _anything(content)


def _anything(content: Any) -> str:
    lines = [line for line in content_lines(content) if not line.code] if content is not None else []
    return "；".join(f"{line.label}：{line.text}" for line in lines[:_MOST])


def _stored(said: recording.RecordingStored) -> str:
    kind = MEDIA_NAMES.get(said.media.kind, said.media.kind) if said.media else ""
    length = say_second(said.media.duration_ms / 1000) if said.media and said.media.duration_ms else ""
    parts = [f"{kind} {length}".strip(), size(said.file.size), _filmed(said), said.clock_doubt]
    return "；".join(part for part in parts if part)


def _marked(said: recording.RecordingMarked) -> str:
    return f"{say_second(float(said.second))} {said.topic}" + (f"（{said.note}）" if said.note else "")


def _labelled(said: recording.RecordingLabelled) -> str:
    return "；".join(text for text in (said.case_number, said.party, said.handler) if text)


def _examined(said: custody.RecordingExamined) -> str:
    spans = [f"{one.kind} {say_second(float(one.start))}–{say_second(float(one.end))}" for one in said.spans]
    more = f" 等 {len(spans)} 处" if len(spans) > _MOST else ""
    return "、".join(spans[:_MOST]) + more if spans else "没有静音、黑屏、静止和断流"


def _extracted(said: custody.RecordingExtracted) -> str:
    until = f"–{say_second(float(said.to_second))}" if said.to_second is not None else ""
    return f"{said.kind} {say_second(float(said.from_second))}{until}；用途：{said.purpose}"


def _timed(said: custody.RecordingTimed) -> str:
    return "；".join(part for part in (_filmed(said), said.basis) if part)


def _filmed(said: recording.RecordingStored | custody.RecordingTimed) -> str:
    span = " 至 ".join(say_instant(at) for at in (said.started_at, said.ended_at) if at)
    return span and f"拍摄 {span}"


_SAYINGS: dict[type, Any] = {
    recording.RecordingStored: _stored,
    recording.RecordingMarked: _marked,
    recording.RecordingLabelled: _labelled,
    custody.RecordingExamined: _examined,
    custody.RecordingExtracted: _extracted,
    custody.RecordingTimed: _timed,
}
