"""Writing: events into the ledger and, in the same transaction, the index brought up to the new facts."""

from collections.abc import Mapping, Sequence
from typing import Any

from liuhen.core.events.catalogue import encode_content
from liuhen.core.events.envelope import Draft, Sealed, Stream
from liuhen.flows.ground import Ground
from liuhen.flows.indexing import refresh_case, refresh_recording
from liuhen.flows.occasion import Occasion
from liuhen.records.ledger.append import append, hold
from liuhen.records.ledger.read import versions_of
from liuhen.records.ledger.turn import turn

Entry = tuple[Stream, Any]


def write(
    occasion: Occasion, entries: Sequence[Entry], *, after: Mapping[str, int] | None = None
) -> tuple[Sealed, ...]:
    """Record typed contents in their streams and refresh what the index says of them.

    `after` gives the stream versions that the decision was based on; without it the present ones are taken, for acts that
    do not depend on what the stream held. Raises StreamMoved and the other refusals of `append`.
    """
    return write_drafts(occasion, [_draft(occasion, stream, content) for stream, content in entries], after=after)


def write_drafts(
    occasion: Occasion,
    drafts: Sequence[Draft],
    *,
    after: Mapping[str, int] | None = None,
    foreseen: tuple[Ground, Mapping[str, Any]] | None = None,
) -> tuple[Sealed, ...]:
    """Record drafts that bring their own ids and times, as a device's do; else as `write`, with the same refusals.

    `foreseen`: what the caller, holding the agency's log, read of the one case it writes on, with the drafts' contents
    folded onto its facts, and those contents by event id; the case is not read again.
    """
    streams = {str(draft.stream) for draft in drafts}
    with turn():
        if foreseen is None:
            hold(occasion.actor.agency)
        base = {stream: version for stream, version in (after or {}).items() if stream in streams}
        if unsaid := streams - base.keys():
            base.update(versions_of(sorted(unsaid)))
        sealed = append(drafts, after=base, recorded_at=occasion.recorded_at)
        _refresh(occasion, streams, foreseen[0].grown(sealed, foreseen[1]) if foreseen else None)
    return sealed


def _draft(occasion: Occasion, stream: Stream, content: Any) -> Draft:
    name, data = encode_content(content)
    return Draft(
        id=occasion.new_id(),
        agency=occasion.actor.agency,
        stream=stream,
        type=name,
        at=occasion.at,
        actor=occasion.actor.uid,
        content=data,
    )


def _refresh(occasion: Occasion, streams: set[str], ground: Ground | None) -> None:
    touched: set[str] = set()
    for stream in sorted(streams):
        kind, _, uid = stream.partition(":")
        if kind == "recording":
            touched.add(refresh_recording(uid, occasion.actor.agency))
        elif kind == "case":
            touched.add(uid)
    for case_uid in sorted(touched - {""}):
        known = ground if ground and ground.facts.case.uid == case_uid else None
        refresh_case(case_uid, occasion.actor.agency, judged_at=occasion.recorded_at, ground=known)


def write_case(case_uid: str, occasion: Occasion, *contents: Any, after: int | None = None) -> tuple[Sealed, ...]:
    """Record contents in a case's stream."""
    stream = Stream("case", case_uid)
    base = None if after is None else {str(stream): after}
    return write(occasion, [(stream, content) for content in contents], after=base)


def write_agency(occasion: Occasion, *contents: Any) -> tuple[Sealed, ...]:
    """Record contents in the stream of the actor's agency."""
    stream = Stream("agency", occasion.actor.agency)
    return write(occasion, [(stream, content) for content in contents])


def write_recording(recording_uid: str, occasion: Occasion, *contents: Any) -> tuple[Sealed, ...]:
    """Record contents in a recording's stream."""
    stream = Stream("recording", recording_uid)
    return write(occasion, [(stream, content) for content in contents])
