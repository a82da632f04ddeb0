"""Canonical JSON: one spelling for every value, so that a digest of it means something.

The form is RFC 8785 restricted to what events use: objects with ASCII keys, arrays, NFC strings, integers within ±(2^53 − 1),
booleans and null. Floating-point numbers are refused; money and measures travel as decimal strings.
Bytes below are hashed into the ledger: changing them needs a new format version.
"""

import json
import unicodedata
from typing import Any

from liuhen.core.kernel.errors import BadInput

_LARGEST = 2**53 - 1
_SPELL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def render(value: Any) -> bytes:
    """Give the canonical UTF-8 bytes of a value.

    Raises BadInput for anything outside the restricted form. Spec: RFC 8785 section 3.2.
    """
    _require_plain(value, "$")
    return _SPELL(value).encode("utf-8")


def parse(data: bytes, place: str = "") -> Any:
    """Read canonical bytes; any other spelling of the same value is refused with BadInput."""
    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=_no_twins)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise BadInput(place, f"not JSON ({error}); the record was damaged or is not of this format") from None
    if render(value) != data:
        raise BadInput(place, "not in canonical form; the record was rewritten by another program")
    return value


def normal(text: str) -> str:
    """Bring text that enters the system to NFC, so that one name has one spelling."""
    return unicodedata.normalize("NFC", text)


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return result


def _require_plain(value: Any, place: str) -> None:
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, str):
        _require_text(value, place)
    elif isinstance(value, int):
        if abs(value) > _LARGEST:
            raise BadInput(place, f"{value} is too large for a record; write it as text")
    elif isinstance(value, dict):
        _require_plain_fields(value, place)
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            _require_plain(item, f"{place}[{index}]")
    else:
        raise BadInput(place, f"a {type(value).__name__} cannot be recorded; use text for decimals and times")


def _require_plain_fields(fields: dict[Any, Any], place: str) -> None:
    for key, item in fields.items():
        if not isinstance(key, str) or not key.isascii():
            raise BadInput(place, f"the key {key!r} must be ASCII text")
        if not _is_harmless(item):
            _require_plain(item, f"{place}.{key}")


def _is_harmless(item: Any) -> bool:
    """Say whether nothing can be wrong with an item, so that its place need not be spelt: most of what is recorded."""
    return type(item) is str and item.isascii()


def _require_text(text: str, place: str) -> None:
    if text.isascii():
        return
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise BadInput(place, "text holds half of a character (a lone surrogate)") from None
    if not unicodedata.is_normalized("NFC", text):
        raise BadInput(place, "text must be in Unicode form NFC")
