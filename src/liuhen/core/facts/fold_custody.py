"""How events of what happens to a recording after its storage change its facts."""

from liuhen.core.events import custody as happened
from liuhen.core.events.catalogue import Event
from liuhen.core.facts.fold_recording import recording_of
from liuhen.core.facts.model import Facts
from liuhen.core.facts.step import Step


def _joined(facts: Facts, event: Event, said: happened.RecordingJoined) -> None:
    recording = recording_of(facts, event)
    recording.whole, recording.part = said.whole, said.part


def _accompanied(facts: Facts, event: Event, said: happened.RecordingAccompanied) -> None:
    recording_of(facts, event).companions.append(said)


def _examined(facts: Facts, event: Event, said: happened.RecordingExamined) -> None:
    recording_of(facts, event).examined = said


def _extracted(facts: Facts, event: Event, said: happened.RecordingExtracted) -> None:
    recording_of(facts, event).extracts.append(said)


def _timed(facts: Facts, event: Event, said: happened.RecordingTimed) -> None:
    recording = recording_of(facts, event)
    recording.started, recording.ended = said.started_at, said.ended_at
    recording.timed_by, recording.clock_doubt = said.basis, None


def _consulted(facts: Facts, event: Event, said: happened.RecordingConsulted) -> None:
    recording_of(facts, event).consultations += 1


def _transferred(facts: Facts, event: Event, said: happened.RecordingTransferred) -> None:
    recording_of(facts, event).transfers.append(said)


def _held(facts: Facts, event: Event, said: happened.RecordingHeld) -> None:
    recording_of(facts, event).holds[said.hold] = said.ground


def _released(facts: Facts, event: Event, said: happened.RecordingReleased) -> None:
    del recording_of(facts, event).holds[said.hold]


STEPS: dict[str, Step] = {
    "recording.joined": _joined,
    "recording.accompanied": _accompanied,
    "recording.examined": _examined,
    "recording.extracted": _extracted,
    "recording.timed": _timed,
    "recording.consulted": _consulted,
    "recording.transferred": _transferred,
    "recording.held": _held,
    "recording.released": _released,
}
