"""Names of files inside a bag: how they are spelled in a manifest, and which are safe to follow.

Invariant: a name that passed `is_safe` never leads out of the bag on any system.
"""

import re

from liuhen.core.kernel.canonical import normal

PAYLOAD = "data/"

_ENCODED = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_DECODED = {written.upper(): char for char, written in _ENCODED.items()}
_RFC8493 = re.compile(r"%(?:25|0[DdAa])")
_OLDER = re.compile(r"%0[DdAa]")
_DRIVE = re.compile(r"[A-Za-z]:")


def encode_name(name: str) -> str:
    """Write a name for a manifest: CR, LF and % percent-encoded, Unicode form NFC (RFC 8493 section 2.1.3)."""
    return re.sub(r"[%\r\n]", lambda found: _ENCODED[found[0]], normal(name))


def decode_name(written: str, *, version: str = "1.0") -> str:
    """Read a name from a manifest; bags before 1.0 did not encode %, so there %25 stays as it is."""
    pattern = _RFC8493 if version == "1.0" else _OLDER
    return normal(pattern.sub(lambda found: _DECODED[found[0].upper()], written))


def is_safe(name: str) -> bool:
    """Say whether a name stays inside the bag: relative, without "..", backslash, drive letter, NUL or empty parts."""
    if not name or "\0" in name or "\\" in name or name.startswith("~") or _DRIVE.match(name):
        return False
    return all(part not in ("", ".", "..") for part in name.split("/"))


def is_payload(name: str) -> bool:
    """Say whether a name lies in the payload folder."""
    return name.startswith(PAYLOAD)
