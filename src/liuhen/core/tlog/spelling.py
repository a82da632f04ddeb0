"""The one spelling of numbers and base64 in log files.

Invariant: what is read here renders to the very same characters; a second spelling of a value is refused.
"""

import base64
import binascii

from liuhen.core.tlog.refusals import Code, Malformed

LARGEST_SIZE = 2**63 - 1


def read_decimal(text: str, code: Code, place: str, largest: int = LARGEST_SIZE) -> int:
    """Read an ASCII decimal without sign or leading zero, at most `largest`. Raises Malformed with `code`."""
    plain = text.isascii() and text.isdigit() and len(text) <= 20 and (text == "0" or text[0] != "0")
    if not plain or int(text) > largest:
        raise Malformed(
            code, place, f"“{text[:40]}” must be a decimal number from 0 to {largest} without leading zeros"
        )
    return int(text)


def read_base64(text: str, code: Code, place: str) -> bytes:
    """Read RFC 4648 section 4 base64 with padding; stray bits and other alphabets are refused. Raises Malformed."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error, ValueError):
        raise Malformed(
            code, place, "expected standard base64 with padding; copy the line again from its source"
        ) from None
    if render_base64(data) != text:
        raise Malformed(code, place, "base64 must be in its one canonical form; copy the line again from its source")
    return data


def read_hash(text: str, code: Code, place: str) -> bytes:
    """Read the base64 of exactly 32 bytes. Raises Malformed."""
    data = read_base64(text, code, place)
    if len(data) != 32:
        raise Malformed(code, place, f"expected a hash of 32 bytes in base64, found {len(data)} bytes")
    return data


def render_base64(data: bytes) -> str:
    """Write bytes in standard base64 with padding."""
    return base64.b64encode(data).decode("ascii")
