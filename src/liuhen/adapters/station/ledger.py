"""The text ledger `manifest.sha256` that some recorders keep beside their files: a chain of digests, and key moments.

A line is `<chain hash>  <file>`, where chain = SHA-256(previous chain ‖ digest of the file) and the first previous is zeros;
`MARK <ISO time> <file> <note>` is a key moment. Whether the digests are joined as bytes or as hexadecimal text is not stated
openly, so both are tried. Source: reference, Chinese camera side (b.12).

Invariant: total. A ledger cannot be refused: a line that is none of these is counted, and nothing else follows from it.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Literal

from liuhen.core.kernel.moments import SHANGHAI

NAME = "manifest.sha256"
LARGEST = 16 << 20
_LINE = re.compile(r"([0-9a-fA-F]{64})\s+\*?(\S.*)")
_MARK = re.compile(r"MARK\s+(\S+)\s+(\S+)(?:\s+(.*))?")
_ZEROS = "0" * 64
_LONGEST_NOTE = 200

Standing = Literal["sound", "broken"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in the chain: its line, its chain hash, and the hash before it."""

    line: int
    file: str
    chain: str
    previous: str


@dataclass(frozen=True, slots=True)
class KeyMoment:
    """A moment that the officer marked on the recorder."""

    line: int
    file: str
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """What a ledger says, in its order; `strange` counts the lines that could not be read."""

    entries: tuple[Entry, ...]
    moments: tuple[KeyMoment, ...]
    strange: int

    def entry_of(self, file: str) -> Entry | None:
        """Give the last entry of a file by its name."""
        return next((entry for entry in reversed(self.entries) if entry.file.casefold() == file.casefold()), None)

    def moments_of(self, file: str) -> tuple[KeyMoment, ...]:
        """Give the moments marked in a file."""
        return tuple(moment for moment in self.moments if moment.file.casefold() == file.casefold())


def read_ledger(data: bytes) -> Ledger:
    """Read a ledger; files are known by their last name, as a recorder moves its folders about."""
    entries: list[Entry] = []
    moments: list[KeyMoment] = []
    strange, previous = 0, _ZEROS
    for number, text in enumerate(data[:LARGEST].decode("utf-8-sig", "replace").splitlines(), 1):
        line = text.strip()
        found = _LINE.fullmatch(line)
        if found:
            entries.append(Entry(number, _file(found[2]), found[1].lower(), previous))
            previous = found[1].lower()
        elif line and not line.startswith("#"):
            moment = _moment(number, line)
            strange += moment is None
            moments.extend([moment] if moment else [])
    return Ledger(tuple(entries), tuple(moments), strange)


def check_entry(entry: Entry, sha256: str) -> Standing:
    """Say whether a file with this SHA-256 carries the chain on from the line before it.

    A recorder that deletes old files to make room writes its ledger anew, so that a line may hang on one that is gone: from
    the ledger alone nobody can tell such a lawful gap from a changed file, and a broken link is a question, not a verdict.
    """
    return "sound" if entry.chain in _links(entry.previous, sha256) else "broken"


def _links(previous: str, sha256: str) -> tuple[str, str]:
    as_bytes = hashlib.sha256(bytes.fromhex(previous) + bytes.fromhex(sha256)).hexdigest()
    as_text = hashlib.sha256((previous + sha256).encode("ascii")).hexdigest()
    return as_bytes, as_text


def _moment(number: int, line: str) -> KeyMoment | None:
    found = _MARK.fullmatch(line)
    if found is None:
        return None
    try:
        at = datetime.fromisoformat(found[1])
    except ValueError:
        return None
    local = at.replace(tzinfo=SHANGHAI) if at.tzinfo is None else at.astimezone(SHANGHAI)
    note = "".join(char if char.isprintable() else "\ufffd" for char in found[3] or "")
    return KeyMoment(number, _file(found[2]), local, note[:_LONGEST_NOTE])


def _file(text: str) -> str:
    return PurePosixPath(text.strip().replace("\\", "/")).name
