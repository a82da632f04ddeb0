"""Lies about events: what was written, in which order, and how many there are."""

import base64
import dataclasses
from collections.abc import Callable
from datetime import timedelta

from liuhen.core.events.case import PartyTold
from liuhen.core.events.envelope import Header, Sealed, commit_sha256, commit_sm3, render_header
from liuhen.core.kernel import canonical
from liuhen.core.verifier.layout import COMPANIONS, EVENTS, RECORDINGS
from liuhen.core.verifier.records import render_event
from liuhen.doors.tamper.attack import About, Attack, Attacker, Lie
from liuhen.doors.tamper.forgery import Forgery, head
from liuhen.doors.tamper.specimen import AGENCY, moment
from liuhen.doors.tamper.touching import older

_EVENT = About("events", "event", also=True)
_LIVE = "Caught where the log is kept: its leaves have no events (LEDGER-007)"


def attacks() -> tuple[Attack, ...]:
    """Give the lies about events."""
    return (*_contents(), *_headers(), *_numbers(), *_order(), *_streams())


def _contents() -> tuple[Attack, ...]:
    lie, edit = _EVENT.lie, _rewrite_place(commit=False)
    does = "another place is written into the beginning of an act"
    return (
        lie("content-touched", "edit", does, edit, "BAG-006", "BAG-007", attacker=Attacker.PASSER_BY, also=False),
        lie(
            "content-listed", "edit", f"{does}; manifests to fit", edit, "SEAL-003", "EVT-002", attacker=Attacker.FORGER
        ),
        lie("content-sealed", "edit", f"{does}; sealed anew", edit, "EVT-002", "EVT-003"),
        lie("content-committed", "edit", f"{does}; committed and sealed anew", _rewrite_place(commit=True), "LOG-002"),
        lie("salt", "edit", "a salt is changed", _change_salt, "EVT-002", "EVT-003"),
        lie("contents", "swap", "two approvals exchange content and salt", _exchange_contents, "EVT-002", "EVT-003"),
        lie("destroyed", "delete", "a content is left out as if disposed of", _destroy, "EVT-006"),
        lie("line-cut", "cut", "a line ends in the middle", _cut_line, "EVT-001"),
    )


def _rewrite(kind: str, change: Callable[[Sealed], Sealed]) -> Lie:
    def lie(forgery: Forgery) -> None:
        events, at = forgery.events, forgery.pick(kind)
        events[at] = change(events[at])
        forgery.events = events

    return lie


def _rewrite_place(*, commit: bool) -> Lie:
    def change(item: Sealed) -> Sealed:
        assert item.content_bytes is not None and item.salt is not None
        content, header = item.content_bytes.replace("北街".encode(), "南街".encode()), head(item)
        if commit:
            sha256, sm3 = commit_sha256(content, item.salt), commit_sm3(content, item.salt)
            header = dataclasses.replace(header, content_sha256=sha256, content_sm3=sm3)
        return Sealed(render_header(header), content, item.salt)

    return _rewrite("case.act-begun", change)


def _change_salt(forgery: Forgery) -> None:
    first, *rest = forgery.lines(EVENTS)
    value = canonical.parse(first) | {"salt": base64.b64encode(bytes(32)).decode()}
    forgery.set_lines(EVENTS, [canonical.render(value), *rest])


def _exchange_contents(forgery: Forgery) -> None:
    events = forgery.events
    one, two = forgery.pick("case.approval-given"), forgery.pick("case.approval-given", 1)
    first, second = events[one], events[two]
    events[one] = Sealed(first.header_bytes, second.content_bytes, second.salt)
    events[two] = Sealed(second.header_bytes, first.content_bytes, first.salt)
    forgery.events = events


_destroy = _rewrite("case.certificates-shown", lambda item: Sealed(item.header_bytes, None, None))


def _cut_line(forgery: Forgery) -> None:
    lines, at = forgery.lines(EVENTS), forgery.pick("case.act-ended")
    forgery.set_lines(EVENTS, [*lines[:at], lines[at][:-40], *lines[at + 1 :]])


def _header(kind: str, change: Callable[[Header], Header]) -> Lie:
    return _rewrite(kind, lambda item: Sealed(render_header(change(head(item))), item.content_bytes, item.salt))


def _earlier(header: Header) -> Header:
    return dataclasses.replace(header, at=header.at - timedelta(days=3))


def _recorded_earlier(header: Header) -> Header:
    return dataclasses.replace(_earlier(header), recorded_at=header.recorded_at - timedelta(days=3))


def _headers() -> tuple[Attack, ...]:
    lie, begun, marked = _EVENT.lie, "case.act-begun", "recording.marked"

    def put(**fields: object) -> Callable[[Header], Header]:
        return lambda header: dataclasses.replace(header, **fields)  # type: ignore[arg-type]

    stream, other = f"agency:{AGENCY}", "recording:another"
    return (
        lie("at", "back-date", "an act began three days earlier", _header(begun, _earlier), "LOG-002"),
        lie(
            "recorded-at",
            "back-date",
            "it was recorded three days earlier",
            _header(begun, _recorded_earlier),
            "LOG-002",
        ),
        lie("actor", "edit", "somebody else did it", _header(begun, put(actor="officer-nobody")), "LOG-002"),
        lie("agency", "swap", "another agency did it", _header(begun, put(agency="zz-yj")), "EVT-005", "LOG-002"),
        lie("moved", "reorder", "moved to the agency's stream", _header(begun, put(stream=stream, seq=99)), "EVT-001"),
        lie(
            "moved-mark",
            "reorder",
            "a mark is moved to another recording",
            _header(marked, put(stream=other)),
            "EVT-012",
            "LOG-002",
        ),
    )


def _numbers() -> tuple[Attack, ...]:
    lie, tail = _EVENT.lie, "the last events of the case are left out, with their proofs"
    return (
        lie("deleted", "delete", "an event of the case is left out, with its proof", _delete, "EVT-004"),
        lie("renumbered", "delete", "the same, and what follows is renumbered", _renumber, "LOG-002"),
        lie("tail-listed", "cut", f"{tail}; manifests to fit", _tail, "SEAL-003", "SEAL-004", attacker=Attacker.FORGER),
        lie(
            "tail",
            "cut",
            f"{tail}; sealed anew",
            _tail,
            "PKG-007",
            remark=f"Told only that the case is not archived. {_LIVE}",
        ),
        lie(
            "tail-late",
            "cut",
            "what happened after 归档 is left out; sealed anew",
            _tail_after,
            truth=Forgery.append,
            remark=f"Offline an end cannot be told from a cut. {_LIVE}",
        ),
        lie(
            "tail-agency",
            "cut",
            "the last events of the agency are left out; sealed anew",
            _tail_agency,
            remark=f"As above. {_LIVE}",
        ),
        lie("doubled", "insert", "an event stands twice", _double, "EVT-004", "EVT-007"),
        lie("older", "replay", "the events of the older package", older(EVENTS), "LOG-005"),
        lie("unlogged", "insert", "an event that the log never saw", _unlogged, "LOG-001"),
    )


def _without(forgery: Forgery, gone: Callable[[Header], bool]) -> None:
    dropped = {head(item).id for item in forgery.events if gone(head(item))}
    if not dropped:
        raise LookupError("there is nothing to leave out")
    forgery.events = [item for item in forgery.events if head(item).id not in dropped]
    forgery.proofs = [proof for proof in forgery.proofs if proof.event not in dropped]


def _delete(forgery: Forgery) -> None:
    _without(forgery, lambda header: header.type == "case.certificates-shown")


def _renumber(forgery: Forgery) -> None:
    _delete(forgery)
    own, events = f"case:{forgery.specimen.case}", forgery.events
    for number, at in enumerate((at for at, item in enumerate(events) if head(item).stream == own), 1):
        header = dataclasses.replace(head(events[at]), seq=number)
        events[at] = Sealed(render_header(header), events[at].content_bytes, events[at].salt)
    forgery.events = events


def _tail(forgery: Forgery) -> None:
    _without(forgery, lambda header: header.type in ("case.concluded", "case.archived"))


def _tail_after(forgery: Forgery) -> None:
    forgery.append()  # the event that the package was made follows 归档; here it is left out again
    _without(forgery, lambda header: header.recorded_at > moment("03-20 10:00"))


def _tail_agency(forgery: Forgery) -> None:
    _without(forgery, lambda header: header.type == "agency.retention-set")


def _double(forgery: Forgery) -> None:
    lines, at = forgery.lines(EVENTS), forgery.pick("case.act-ended")
    forgery.set_lines(EVENTS, [*lines[: at + 1], *lines[at:]])


def _unlogged(forgery: Forgery) -> None:
    last, said, at = forgery.events[-1].header, PartyTold(("陈述", "申辩"), "罗进", "口头"), moment("03-03 11:00")
    item = forgery.seal_event(last.stream, said, at=at, recorded_at=at, seq=last.seq + 1)
    forgery.files[EVENTS] += render_event(item)


def _order() -> tuple[Attack, ...]:
    lie = _EVENT.lie
    return (
        lie("reordered", "reorder", "two events of the case exchange their lines", _reorder, "EVT-004", "LOG-008"),
        lie(
            "reordered-streams",
            "reorder",
            "an event of the agency is moved behind the case's",
            _reorder_streams,
            "LOG-008",
        ),
    )


def _reorder(forgery: Forgery) -> None:
    lines, at = forgery.lines(EVENTS), forgery.pick("case.act-begun")
    lines[at], lines[at + 1] = lines[at + 1], lines[at]
    forgery.set_lines(EVENTS, lines)


def _reorder_streams(forgery: Forgery) -> None:
    lines, at = forgery.lines(EVENTS), forgery.pick("agency.retention-set")
    forgery.set_lines(EVENTS, [*lines[:at], *lines[at + 1 :], lines[at]])


def _streams() -> tuple[Attack, ...]:
    lie, honest = _EVENT.lie, Forgery.append
    return (
        lie(
            "recording-gone",
            "delete",
            "a recording is left out whole: stream, proofs, file",
            _drop_recording,
            "EVT-011",
        ),
        lie("agency-gone", "delete", "the agency's stream is left out whole", _drop_agency, "EVT-011"),
        lie(
            "other-case",
            "insert",
            "events of another case, genuinely logged, are mixed in",
            _mix,
            "EVT-012",
            truth=honest,
        ),
    )


def _drop_recording(forgery: Forgery) -> None:
    _without(forgery, lambda header: header.stream.startswith("recording:"))
    for name in [name for name in forgery.files if name.startswith((RECORDINGS, COMPANIONS))]:
        del forgery.files[name]


def _drop_agency(forgery: Forgery) -> None:
    _without(forgery, lambda header: header.stream.startswith("agency:"))


def _mix(forgery: Forgery) -> None:
    stream = f"case:{forgery.specimen.other_case}"
    others = [item for item in forgery.specimen.sealed.values() if head(item).stream == stream]
    forgery.append(others=others)
