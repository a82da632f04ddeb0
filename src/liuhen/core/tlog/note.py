"""Signed notes: a text and the signatures under it (C2SP signed-note).

Invariant: unknown keys are ignored, a known key with a bad signature refuses the whole note, and a note nobody known
signed is refused; what is parsed renders to the very same bytes.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from liuhen.core.kernel.moments import SHANGHAI
from liuhen.core.tlog.keys import PURE, KeyKind, Primitives, VerifierKey, is_key_name
from liuhen.core.tlog.refusals import Code, Malformed, Unproven
from liuhen.core.tlog.spelling import LARGEST_SIZE, read_base64, render_base64

LARGEST_NOTE = 1_000_000
MOST_SIGNATURES = 100

_DASH = "— "


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line: who claims to have signed, and what follows the key ID."""

    name: str
    key_id: bytes
    signature: bytes

    @property
    def identity(self) -> tuple[str, bytes]:
        return self.name, self.key_id

    def render(self) -> str:
        """Write the line with its newline."""
        return f"{_DASH}{self.name} {render_base64(self.key_id + self.signature)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text (its last character is a newline) and its signatures, none of them checked yet."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def render(self) -> bytes:
        """Write the note. Spec: C2SP signed-note, Format."""
        return (self.text + "\n" + "".join(line.render() for line in self.signatures)).encode("utf-8")

    def with_signatures(self, added: Iterable[NoteSignature]) -> "Note":
        """Give the note with more signatures; one of the same key is replaced in its place."""
        lines = {line.identity: line for line in self.signatures}
        lines.update((line.identity, line) for line in added)
        return Note(self.text, tuple(lines.values()))


@dataclass(frozen=True, slots=True)
class GoodSignature:
    """A signature that was checked; `timestamp` (POSIX seconds) only where the key's kind carries a time."""

    key: VerifierKey
    line: NoteSignature
    timestamp: int | None

    @property
    def signed_at(self) -> datetime | None:
        """Give the time in Asia/Shanghai; None where there is none or it is beyond the year 9999."""
        if self.timestamp is None or self.timestamp > 253402214400:
            return None
        return datetime.fromtimestamp(self.timestamp, UTC).astimezone(SHANGHAI)


@dataclass(frozen=True, slots=True)
class OpenedNote:
    """A note with at least one good signature of a known key."""

    note: Note
    good: tuple[GoodSignature, ...]


def parse_note(data: bytes, place: str = "note") -> Note:
    """Read a signed note without checking signatures. Raises Malformed."""
    if len(data) > LARGEST_NOTE:
        raise Malformed(Code.NOTE_FORM, place, f"a note has at most {LARGEST_NOTE} bytes")
    text, empty_line, lines = _plain_text(data, place).rpartition("\n\n")
    if not empty_line or not lines.endswith("\n"):
        raise Malformed(
            Code.NOTE_FORM, place, "expected a text, an empty line and signature lines, each with its newline"
        )
    signatures = tuple(parse_signature_lines(lines, place))
    if len(signatures) > MOST_SIGNATURES:
        raise Malformed(Code.NOTE_FORM, place, f"a note has at most {MOST_SIGNATURES} signatures")
    return Note(text + "\n", signatures)


def _plain_text(data: bytes, place: str) -> str:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed(Code.NOTE_FORM, place, "a note is UTF-8 text; the bytes were damaged") from None
    if any(char < " " and char != "\n" for char in text):
        raise Malformed(Code.NOTE_FORM, place, "a note has no control characters besides the newline")
    return text


def parse_signature_lines(lines: str, place: str = "signatures") -> list[NoteSignature]:
    """Read signature lines, each ending in a newline. Raises Malformed."""
    if not lines.endswith("\n"):
        raise Malformed(Code.NOTE_FORM, place, "every signature line ends in a newline")
    return [_parse_signature_line(line, place) for line in lines[:-1].split("\n")]


def _parse_signature_line(line: str, place: str) -> NoteSignature:
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space or not is_key_name(name):
        raise Malformed(Code.NOTE_FORM, place, "a signature line reads: em dash, space, key name, space, base64")
    blob = read_base64(encoded, Code.NOTE_FORM, place)
    if len(blob) < 5:
        raise Malformed(Code.NOTE_FORM, place, "a signature holds a key ID of four bytes and at least one byte more")
    return NoteSignature(name, blob[:4], blob[4:])


def open_note(data: bytes | Note, keys: Sequence[VerifierKey], primitives: Primitives = PURE) -> OpenedNote:
    """Check a note against the keys one knows. Spec: C2SP signed-note, Verification.

    Raises Malformed for the form; Unproven when a known key's signature is bad or no known key signed.
    ML-DSA-44 lines are skipped like unknown ones: Liuhen does not check that kind.
    """
    note = parse_note(data) if isinstance(data, bytes) else data
    known = {key.identity: key for key in keys if key.kind is not KeyKind.ML_DSA}
    if len(known) != len({key for key in keys if key.kind is not KeyKind.ML_DSA}):
        raise Unproven(Code.SIGNATURE_MISSING, "two of the known keys share a name and key ID; remove one of them")
    good: dict[tuple[str, bytes], GoodSignature] = {}
    for line in note.signatures:
        key = known.get(line.identity)
        if key is not None and line.identity not in good:
            good[line.identity] = check_signature(note.text, line, key, primitives)
    if not good:
        raise Unproven(Code.SIGNATURE_MISSING, "no known key signed this note; check the list of keys")
    return OpenedNote(note, tuple(good.values()))


def check_signature(text: str, line: NoteSignature, key: VerifierKey, primitives: Primitives = PURE) -> GoodSignature:
    """Check one line with the key it names. Raises Unproven."""
    timestamp, signature = None, line.signature
    if key.kind.cosigns:
        timestamp, signature = int.from_bytes(line.signature[:8], "big"), line.signature[8:]
    verify = primitives.sm2 if key.kind in (KeyKind.SM2, KeyKind.SM2_COSIGNATURE) else primitives.ed25519
    timely = timestamp is None or timestamp <= LARGEST_SIZE
    message = signed_message(key.kind, text, timestamp)
    if len(signature) != 64 or not timely or not verify(key.public_key, message, signature):
        raise Unproven(Code.SIGNATURE_BAD, f"the signature of {key.name} is bad; do not rely on this text")
    return GoodSignature(key, line, timestamp)


_HEADERS = {KeyKind.COSIGNATURE: "cosignature/v1", KeyKind.SM2_COSIGNATURE: "cosignature-sm2/v1"}


def signed_message(kind: KeyKind, text: str, timestamp: int | None) -> bytes:
    """Give the bytes a key of this kind signs: the text itself, or header, time and text. Spec: C2SP tlog-cosignature.

    Raises Malformed for ML-DSA-44, and when a time is missing or surplus.
    """
    if kind.signs_notes and timestamp is None:
        return text.encode("utf-8")
    header = _HEADERS.get(kind)
    if header is None or timestamp is None or not 0 <= timestamp <= LARGEST_SIZE:
        raise Malformed(Code.COSIGNATURE_FORM, kind.name, "a cosignature has a POSIX time, a plain signature has none")
    return f"{header}\ntime {timestamp}\n{text}".encode()


@dataclass(frozen=True, slots=True)
class Signer:
    """A key together with whatever signs for it (a device, a file, a service): 64 bytes for each message."""

    key: VerifierKey
    sign: Callable[[bytes], bytes]

    def sign_text(self, text: str, at: datetime | None = None) -> NoteSignature:
        """Sign a text; cosigning kinds need the aware time `at`, the others refuse one."""
        timestamp = None if at is None else int(at.timestamp())
        signature = self.sign(signed_message(self.key.kind, text, timestamp))
        if len(signature) != 64:
            raise Malformed(
                Code.NOTE_FORM, self.key.name, f"a signature has 64 bytes, the signer gave {len(signature)}"
            )
        stamp = b"" if timestamp is None else timestamp.to_bytes(8, "big")
        return NoteSignature(self.key.name, self.key.key_id, stamp + signature)


def sign_note(text: str, signers: Sequence[Signer]) -> Note:
    """Sign a text with keys that need no time. Raises Malformed when the text cannot be a note's."""
    if not text.endswith("\n") or not signers:
        raise Malformed(Code.NOTE_FORM, "note", "a note's text ends in a newline and somebody signs it")
    _plain_text(text.encode("utf-8"), "note")
    return Note(text, tuple(signer.sign_text(text) for signer in signers))
