"""The witness protocol's decision and its messages, both sides (C2SP tlog-witness add-checkpoint).

Invariant: a witness cosigns only what extends what it cosigned before. The decision is pure; whoever calls it must
compare and store the tree head in one atomic step, before answering, or two requests could race into a rollback.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from liuhen.core.tlog.checkpoint import EMPTY_TREE, Checkpoint, TreeHead, parse_checkpoint
from liuhen.core.tlog.cosignature import check_cosignatures
from liuhen.core.tlog.keys import PURE, Primitives, VerifierKey
from liuhen.core.tlog.merkle import EMPTY_ROOT, verify_consistency
from liuhen.core.tlog.note import GoodSignature, Note, NoteSignature, open_note, parse_note
from liuhen.core.tlog.refusals import Code, Malformed, Unproven
from liuhen.core.tlog.spelling import read_decimal, read_hash, render_base64

MOST_HASHES = 63
SIZE_TYPE = "text/x.tlog.size"
TEXT_TYPE = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class AddCheckpoint:
    """A request: cosign this checkpoint, which extends the tree of `old` entries as the proof shows."""

    old: int
    proof: tuple[bytes, ...]
    note: Note
    checkpoint: Checkpoint


@dataclass(frozen=True, slots=True)
class Decision:
    """What to answer. With status 200, `record` must be stored first, then the body is the cosignature lines."""

    status: int
    body: bytes
    content_type: str
    record: TreeHead | None = None


def render_request(old: int, proof: Sequence[bytes], note: bytes) -> bytes:
    """Write the body of add-checkpoint; it is a text that may also be carried on a disc. Raises Malformed."""
    lines = [f"old {old}", *(render_base64(item) for item in proof), "", ""]
    body = "\n".join(lines).encode("ascii") + note
    parse_request(body)
    return body


def parse_request(body: bytes) -> AddCheckpoint:
    """Read the body of add-checkpoint. Raises Malformed, which a witness answers with 400."""
    head, empty_line, signed = body.partition(b"\n\n")
    if not empty_line or not head.isascii() or not head.startswith(b"old "):
        raise Malformed(
            Code.REQUEST_FORM, "request", "expected “old <size>”, proof lines, an empty line and the checkpoint"
        )
    first, *lines = head.decode("ascii").split("\n")
    old = read_decimal(first.removeprefix("old "), Code.REQUEST_FORM, "request, old size")
    if len(lines) > MOST_HASHES:
        raise Malformed(Code.REQUEST_FORM, "request", f"a consistency proof has at most {MOST_HASHES} lines")
    proof = tuple(read_hash(line, Code.REQUEST_FORM, f"request, proof line {n}") for n, line in enumerate(lines, 1))
    note = parse_note(signed, "request, checkpoint")
    return AddCheckpoint(old, proof, note, parse_checkpoint(note.text, "request, checkpoint"))


def answer_malformed(error: Malformed) -> Decision:
    """Answer a body that could not be read."""
    return _refuse(400, str(error))


def judge_request(
    request: AddCheckpoint, log_keys: Sequence[VerifierKey] | None, primitives: Primitives = PURE
) -> Decision | None:
    """Check what needs no memory: sizes (400), origin (404), signature (403); None means go on to judge_growth.

    `log_keys` are the keys trusted for this origin, None or empty when the origin is unknown.
    """
    if request.old > request.checkpoint.size:
        return _refuse(400, "the old size is larger than the checkpoint's")
    if not log_keys:
        return _refuse(404, "this log is not known here")
    own = [key for key in log_keys if key.name == request.checkpoint.origin and key.kind.signs_notes]
    try:
        open_note(request.note, own, primitives)
    except Unproven as error:
        return _refuse(403, str(error))
    return None


def judge_growth(request: AddCheckpoint, stored: TreeHead | None) -> Decision:
    """Check the request against what was cosigned last for this origin (None: nothing yet): 409, 422 or 200."""
    known = stored or EMPTY_TREE
    if request.old != known.size:
        return Decision(409, f"{known.size}\n".encode("ascii"), SIZE_TYPE)
    new = request.checkpoint.head
    if new.size == 0 and new.root != EMPTY_ROOT:
        return _refuse(422, "a log without entries has the root of the empty tree")
    try:
        verify_consistency(known.size, new.size, request.proof, known.root, new.root)
    except Unproven as error:
        return _refuse(422, str(error))
    return Decision(200, b"", TEXT_TYPE, record=new)


def decide(
    request: AddCheckpoint,
    log_keys: Sequence[VerifierKey] | None,
    stored: TreeHead | None,
    primitives: Primitives = PURE,
) -> Decision:
    """Decide a request in the order of the specification: 400, 404, 403, 409, 422, 200."""
    return judge_request(request, log_keys, primitives) or judge_growth(request, stored)


def accept(decision: Decision, cosignatures: Sequence[NoteSignature]) -> Decision:
    """Put the cosignature lines into a 200 answer, after its record was stored."""
    body = "".join(line.render() for line in cosignatures).encode("utf-8")
    return Decision(200, body, decision.content_type, decision.record)


def _refuse(status: int, sentence: str) -> Decision:
    return Decision(status, f"{sentence}\n".encode(), TEXT_TYPE)


@dataclass(frozen=True, slots=True)
class Accepted:
    """The witness cosigned; the signatures were checked."""

    cosignatures: tuple[GoodSignature, ...]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The witness stands at another size; send a proof from there.

    `ahead_of_log`: it has seen more entries than the checkpoint sent. When that is the log's newest, stop and raise an
    alarm: the log lost entries or was forked; never catch up.
    """

    size: int
    ahead_of_log: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """The witness refused; `split_view` when it holds another root for the same size."""

    status: int
    sentence: str
    split_view: bool = False


def parse_response(
    status: int, body: bytes, request: AddCheckpoint, witnesses: list[VerifierKey], primitives: Primitives = PURE
) -> Accepted | Elsewhere | Refused:
    """Read a witness's answer. Raises Malformed, Unproven for a 200 that does not carry a good known cosignature.

    Older witnesses answer 409 instead of 422 when the roots differ at the same size; both are understood.
    """
    text = body[:LONGEST_ANSWER].decode("utf-8", "replace")
    if status == 200:
        return Accepted(check_cosignatures(request.note.text, text, witnesses, primitives))
    if status == 409 and body[-1:] == b"\n":
        try:
            size = read_decimal(text[:-1], Code.RESPONSE_FORM, "witness answer, size")
        except Malformed:
            return Refused(status, text.strip(), split_view=request.old == request.checkpoint.size)
        if size != request.old:
            return Elsewhere(size, ahead_of_log=size > request.checkpoint.size)
    same_size = request.old == request.checkpoint.size and request.old > 0
    return Refused(status, text.strip(), split_view=status in (409, 422) and same_size)


LONGEST_ANSWER = 100_000
