"""Checking the events of a package: form, commitments, order, completeness, and that each belongs to this case."""

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from liuhen.core.events.catalogue import Event, open_sealed
from liuhen.core.events.envelope import SALT_BYTES, Header, Sealed, commit_sha256, commit_sm3
from liuhen.core.events.linking import linked_recordings
from liuhen.core.kernel import canonical
from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import say_instant
from liuhen.core.verifier.layout import EVENTS
from liuhen.core.verifier.report import Finding, finding
from liuhen.core.verifier.seal import PackageSeal
from liuhen.core.verifier.series import SKEW

# What this system does by itself happens when it is recorded; an earlier `at` would be a lie about a term.
DONE_BY_THE_SYSTEM = frozenset(
    {
        "agency.arrival-quarantined",
        "case.consulted",
        "case.document-completed",
        "case.document-sealed",
        "case.package-made",
        "recording.consulted",
        "recording.examined",
        "recording.stored",
    }
)
LATE = timedelta(hours=24)
_LONGEST_WHY = 300


@dataclass(slots=True)
class Records:
    """The events that could be read, in the order of the file, and what was wrong with them."""

    sealed: list[Sealed] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def render_event(sealed: Sealed) -> bytes:
    """Write an event as one line of events.jsonl: exact header bytes as text, content and salt where they exist."""
    line: dict[str, Any] = {"header": sealed.header_bytes.decode()}
    if sealed.content_bytes is not None and sealed.salt is not None:
        line["content"] = sealed.content_bytes.decode()
        line["salt"] = base64.b64encode(sealed.salt).decode()
    return canonical.render(line) + b"\n"


def parse_event(line: bytes, place: str) -> Sealed:
    """Read one line; raises BadInput."""
    value = canonical.parse(line, place)
    if not isinstance(value, dict) or set(value) not in ({"header"}, {"header", "content", "salt"}):
        raise BadInput(place, "应有 header，或者 header、content、salt")
    if not all(isinstance(text, str) for text in value.values()):
        raise BadInput(place, "各项应为文本")
    if "content" not in value:
        return Sealed(value["header"].encode(), None, None)
    try:
        salt = base64.b64decode(value["salt"], validate=True)
    except binascii.Error:
        raise BadInput(place, "盐值不是 base64") from None
    if len(salt) != SALT_BYTES:
        raise BadInput(place, f"盐值应为 {SALT_BYTES} 字节")
    return Sealed(value["header"].encode(), value["content"].encode(), salt)


def check_records(data: bytes, seal: PackageSeal) -> Records:
    """Read every event and check it by itself and in its stream."""
    records = Records()
    *lines, rest = data.split(b"\n")
    if rest:
        lines.append(rest)
        why = "末尾应有换行"
        records.findings.append(finding("EVT-001", EVENTS, line=len(lines), why=why))
    for number, line in enumerate(lines, 1):
        try:
            sealed = parse_event(line, f"第 {number} 行")
            event = open_sealed(sealed, f"第 {number} 行")
        except (BadInput, RecursionError, OverflowError) as fault:
            why = str(fault)[:_LONGEST_WHY]
            records.findings.append(finding("EVT-001", EVENTS, line=number, why=why))
            continue
        records.sealed.append(sealed)
        records.events.append(event)
        records.findings.extend(_check_event(sealed, event.header, seal))
    records.findings.extend(_check_streams(records.events, seal))
    records.findings.extend(_check_belonging(records.events, seal))
    return records


def _check_event(sealed: Sealed, header: Header, seal: PackageSeal) -> Iterator[Finding]:
    if header.agency != seal.agency:
        yield finding("EVT-005", EVENTS, event=header.id, agency=header.agency)
    yield from _check_moment(header)
    if sealed.content_bytes is None or sealed.salt is None:
        yield finding("EVT-006", EVENTS, event=header.id)
        return
    if commit_sha256(sealed.content_bytes, sealed.salt) != header.content_sha256:
        yield finding("EVT-002", EVENTS, event=header.id)
    if commit_sm3(sealed.content_bytes, sealed.salt) != header.content_sm3:
        yield finding("EVT-003", EVENTS, event=header.id)


def _check_moment(header: Header) -> Iterator[Finding]:
    moments = {"event": header.id, "at": say_instant(header.at), "recorded": say_instant(header.recorded_at)}
    before = header.recorded_at - header.at
    if before < -SKEW:
        yield finding("EVT-008", EVENTS, **moments)
    elif before > SKEW and header.type in DONE_BY_THE_SYSTEM:
        yield finding("EVT-010", EVENTS, **moments)
    elif before > LATE:
        yield finding("EVT-013", EVENTS, **moments)


def _check_streams(events: list[Event], seal: PackageSeal) -> Iterator[Finding]:
    seen: set[str] = set()
    lengths: dict[str, int] = {}
    for event in events:
        header = event.header
        if header.id in seen:
            yield finding("EVT-007", EVENTS, event=header.id)
        seen.add(header.id)
        expected = lengths.get(header.stream, 0) + 1
        if header.seq != expected:
            yield finding("EVT-004", EVENTS, stream=header.stream, expected=expected, found=header.seq)
        lengths[header.stream] = header.seq
    for stream in sorted(lengths.keys() | seal.streams.keys()):
        expected, found = seal.streams.get(stream, 0), lengths.get(stream, 0)
        if expected != found:
            yield finding("SEAL-004", EVENTS, stream=stream, expected=expected, found=found)


def _check_belonging(events: list[Event], seal: PackageSeal) -> Iterator[Finding]:
    """Demand exactly the streams of this case, of its agency, and of the recordings that the case linked."""
    linked = linked_recordings(event.content for event in events)
    expected = {f"agency:{seal.agency}", f"case:{seal.case}", *(f"recording:{uid}" for uid in linked)}
    found = {event.header.stream for event in events}
    for stream in sorted(expected - found):
        yield finding("EVT-011", EVENTS, stream=stream)
    for stream in sorted(found - expected):
        yield finding("EVT-012", EVENTS, stream=stream)
