"""How events of a recording's stream change its facts."""

from liuhen.core.events import recording as happened
from liuhen.core.events.catalogue import Event
from liuhen.core.facts.model import Facts, Keeping, Mark, Recording
from liuhen.core.facts.step import Step


def recording_of(facts: Facts, event: Event) -> Recording:
    """Give the recording whose stream the event stands in, new if need be, and note the event as evidence."""
    uid = event.header.stream.removeprefix("recording:")
    recording = facts.recordings.setdefault(uid, Recording(uid=uid))
    recording.evidence.append(event.id)
    return recording


def _stored(facts: Facts, event: Event, said: happened.RecordingStored) -> None:
    recording = recording_of(facts, event)
    recording.file, recording.media = said.file, said.media
    recording.started, recording.ended, recording.stored = said.started_at, said.ended_at, event.header.at
    recording.officer, recording.device = said.officer, said.device
    recording.original_name, recording.clock_doubt, recording.way = said.original_name, said.clock_doubt, said.way


def _labelled(facts: Facts, event: Event, said: happened.RecordingLabelled) -> None:
    labels = {"案号": said.case_number, "当事人": said.party, "承办人": said.handler}
    recording = recording_of(facts, event)
    recording.labels.update({label: text for label, text in labels.items() if text})
    recording.labelled = event.header.at


def _marked(facts: Facts, event: Event, said: happened.RecordingMarked) -> None:
    recording_of(facts, event).marks.append(Mark(said.second, said.topic, said.note, event.id))


def _storage_explained(facts: Facts, event: Event, said: happened.StorageExplained) -> None:
    recording = recording_of(facts, event)
    recording.storage_ground, recording.returned = said.ground, said.returned_at


def _classified(facts: Facts, event: Event, said: happened.RecordingClassified) -> None:
    recording_of(facts, event).classification = said.classification


def _kept(facts: Facts, event: Event, said: happened.RecordingKept) -> None:
    recording_of(facts, event).keepings.append(Keeping(said.period, said.situations, said.ground))


def _placed(facts: Facts, event: Event, said: happened.RecordingPlaced) -> None:
    recording = recording_of(facts, event)
    recording.placings.append(said)
    recording.placed = event.header.at


STEPS: dict[str, Step] = {
    "recording.stored": _stored,
    "recording.labelled": _labelled,
    "recording.marked": _marked,
    "recording.storage-explained": _storage_explained,
    "recording.classified": _classified,
    "recording.kept": _kept,
    "recording.placed": _placed,
}
