"""Checkpoints: what a log signs about its size and root (C2SP tlog-checkpoint).

Invariant: a checkpoint has one spelling, and a checkpoint is trusted only after a key named like its origin signed it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from liuhen.core.tlog.keys import PURE, Primitives, VerifierKey
from liuhen.core.tlog.merkle import EMPTY_ROOT, HASH_SIZE
from liuhen.core.tlog.note import GoodSignature, Note, Signer, open_note, parse_note, sign_note
from liuhen.core.tlog.refusals import Code, Malformed, Unproven
from liuhen.core.tlog.spelling import LARGEST_SIZE, read_decimal, read_hash, render_base64

LARGEST_ORIGIN = 255


@dataclass(frozen=True, slots=True)
class TreeHead:
    """How far a tree has grown: its number of entries and its root."""

    size: int
    root: bytes


EMPTY_TREE = TreeHead(0, EMPTY_ROOT)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log's statement: under `origin` there are `size` entries with this `root`."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def head(self) -> TreeHead:
        return TreeHead(self.size, self.root)

    def render(self) -> str:
        """Write the text that is signed. Raises Malformed when it would not read back."""
        lines = (self.origin, str(self.size), render_base64(self.root), *self.extensions)
        text = "".join(f"{line}\n" for line in lines)
        if parse_checkpoint(text) != self:
            raise Malformed(Code.CHECKPOINT_FORM, "checkpoint", "origin and extensions must each be one line")
        return text


@dataclass(frozen=True, slots=True)
class OpenedCheckpoint:
    """A checkpoint its log has signed, with the signatures that were checked."""

    checkpoint: Checkpoint
    note: Note
    log_signatures: tuple[GoodSignature, ...]
    cosignatures: tuple[GoodSignature, ...]


def parse_checkpoint(text: str, place: str = "checkpoint") -> Checkpoint:
    """Read a checkpoint's text. Raises Malformed. Spec: C2SP tlog-checkpoint, Note text."""
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop() != "" or not all(lines):
        raise Malformed(Code.CHECKPOINT_FORM, place, "expected the lines origin, size and root, none of them empty")
    origin, size, root, *extensions = lines
    if len(origin.encode("utf-8")) > LARGEST_ORIGIN:
        raise Malformed(Code.CHECKPOINT_FORM, place, f"an origin has at most {LARGEST_ORIGIN} bytes")
    number = read_decimal(size, Code.CHECKPOINT_FORM, f"{place}, size", LARGEST_SIZE)
    return Checkpoint(origin, number, read_hash(root, Code.CHECKPOINT_FORM, f"{place}, root"), tuple(extensions))


def sign_checkpoint(checkpoint: Checkpoint, signers: Sequence[Signer]) -> Note:
    """Sign a checkpoint for its log. Raises Malformed when a signer is not named like the origin."""
    if any(signer.key.name != checkpoint.origin or not signer.key.kind.signs_notes for signer in signers):
        raise Malformed(
            Code.CHECKPOINT_FORM, checkpoint.origin, "a log signs only under its own origin, with a log key"
        )
    if len(checkpoint.root) != HASH_SIZE:
        raise Malformed(Code.CHECKPOINT_FORM, checkpoint.origin, "a root has 32 bytes")
    return sign_note(checkpoint.render(), signers)


def open_checkpoint(
    data: bytes,
    log_keys: Sequence[VerifierKey],
    cosigner_keys: Sequence[VerifierKey] = (),
    primitives: Primitives = PURE,
) -> OpenedCheckpoint:
    """Check a signed checkpoint against the keys of its log and of the cosigners one knows.

    Raises Malformed; Unproven when the origin is none of the logs', no log key signed, or a known signature is bad.
    """
    note = parse_note(data, "checkpoint")
    checkpoint = parse_checkpoint(note.text)
    own = [key for key in log_keys if key.name == checkpoint.origin and key.kind.signs_notes]
    if not own:
        raise Unproven(
            Code.ORIGIN_UNKNOWN, f"no key of the log “{checkpoint.origin}” is known; add it or refuse the log"
        )
    cosigners = [key for key in cosigner_keys if key.kind.cosigns]
    good = open_note(note, [*own, *cosigners], primitives).good
    signed = tuple(item for item in good if item.key.kind.signs_notes)
    if not signed:
        raise Unproven(Code.SIGNATURE_MISSING, f"the log “{checkpoint.origin}” did not sign this checkpoint")
    return OpenedCheckpoint(checkpoint, note, signed, tuple(item for item in good if item.key.kind.cosigns))
