"""Cosignatures: a witness's dated word that a checkpoint is the largest consistent one it saw (C2SP tlog-cosignature).

Invariant: a cosignature binds its time and the whole checkpoint text, and is made with a key that signs nothing else.
"""

from datetime import datetime

from liuhen.core.tlog.checkpoint import parse_checkpoint
from liuhen.core.tlog.keys import PURE, KeyKind, Primitives, VerifierKey
from liuhen.core.tlog.note import (
    GoodSignature,
    Note,
    NoteSignature,
    Signer,
    check_signature,
    parse_signature_lines,
    signed_message,
)
from liuhen.core.tlog.refusals import Code, Malformed, Unproven

SUBTREE_HEADER = b"subtree/v1\n\x00"


def cosigned_message(text: str, timestamp: int, kind: KeyKind = KeyKind.COSIGNATURE) -> bytes:
    """Give the bytes a witness signs at a POSIX time over a checkpoint's text. Raises Malformed."""
    if not kind.cosigns:
        raise Malformed(Code.COSIGNATURE_FORM, kind.name, "this kind of key does not cosign")
    return signed_message(kind, text, timestamp)


def cosign(note: Note, witness: Signer, at: datetime) -> NoteSignature:
    """Cosign a checkpoint at an aware time. The caller must have checked log signature and consistency before.

    Raises Malformed when the text is no checkpoint or the key is no cosigner's.
    """
    parse_checkpoint(note.text)
    if not witness.key.kind.cosigns:
        raise Malformed(Code.COSIGNATURE_FORM, witness.key.name, "a witness needs a cosigning key of its own")
    return witness.sign_text(note.text, at)


def check_cosignatures(
    text: str, lines: str, witnesses: list[VerifierKey], primitives: Primitives = PURE
) -> tuple[GoodSignature, ...]:
    """Check cosignature lines that came apart from their checkpoint; unknown keys are ignored.

    Raises Malformed for the lines; Unproven when a known witness's line is bad.
    """
    known = {key.identity: key for key in witnesses if key.kind.cosigns and key.kind is not KeyKind.ML_DSA}
    good: dict[tuple[str, bytes], GoodSignature] = {}
    for line in parse_signature_lines(lines, "cosignatures"):
        if (key := known.get(line.identity)) is not None:
            good[line.identity] = check_signature(text, line, key, primitives)
    if not good:
        raise Unproven(Code.SIGNATURE_MISSING, "no known witness cosigned; check the witness's key")
    return tuple(good.values())


def subtree_message(cosigner: str, timestamp: int, origin: str, start: int, end: int, root: bytes) -> bytes:
    """Give the bytes an ML-DSA-44 cosigner signs over entries start..end; a checkpoint has start 0.

    Raises Malformed when a name has more than 255 bytes, or a time is given with a start above 0.
    """
    names = [name.encode("utf-8") for name in (cosigner, origin)]
    if any(len(name) > 255 for name in names) or (start and timestamp) or not 0 <= start <= end or len(root) != 32:
        raise Malformed(
            Code.COSIGNATURE_FORM, "subtree", "names have at most 255 bytes; only a checkpoint carries a time"
        )
    numbers = [number.to_bytes(8, "big") for number in (timestamp, start, end)]
    parts = [SUBTREE_HEADER, bytes([len(names[0])]), names[0], numbers[0], bytes([len(names[1])]), names[1]]
    return b"".join([*parts, numbers[1], numbers[2], root])
