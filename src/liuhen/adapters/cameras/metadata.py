"""Metadata as it travels in headers: read without regard to case or to which of the two prefixes was used, written back.

Invariant: whatever was sent, no value kept is longer than `LONGEST_VALUE`, no kept text holds a control character, and
what had to be left out is named, so that a caller can refuse it or say so.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import quote, unquote_to_bytes

from liuhen.adapters.cameras.names import parse_moment

Target = Literal["container", "object"]

LONGEST_VALUE = 4096
MOST_KEYS = 64
_HEADER = re.compile(r"x-(container|object)-meta-(.+)", re.IGNORECASE)
_KEY = re.compile(r"[a-z0-9.-]{1,64}")


@dataclass(frozen=True, slots=True)
class Sent:
    """What a request says of its target, by lower-case key; an empty value stands for itself. `cut` names what was too much."""

    values: dict[str, str]
    cut: tuple[str, ...] = ()


def read_metadata(headers: Iterable[tuple[str, str]], target: Target) -> Sent:
    """Gather the metadata of a request; where both prefixes name a key, the target's own one counts."""
    found: dict[str, tuple[bool, str]] = {}
    cut: list[str] = []
    for name, value in headers:
        match = _HEADER.fullmatch(name)
        if match is None:
            continue
        key, own = match[2].lower(), match[1].lower() == target
        if not _KEY.fullmatch(key) or (key not in found and len(found) >= MOST_KEYS):
            cut.append(key[:64])
        elif own or not found.get(key, (False, ""))[0]:
            text = decode_value(value)
            if len(text) > LONGEST_VALUE:
                cut.append(key)
            found[key] = (own, text[:LONGEST_VALUE])
    return Sent({key: text for key, (_, text) in found.items()}, tuple(dict.fromkeys(cut)))


def decode_value(raw: str) -> str:
    """Undo the %-encoding of a header's value: UTF-8, `+` is a plus; control characters and broken bytes become �."""
    text = unquote_to_bytes(raw.strip().encode("latin-1", "replace")).decode("utf-8", "replace")
    return "".join(char if char.isprintable() else "\ufffd" for char in text)


def merged(old: Mapping[str, str], sent: Sent) -> dict[str, str]:
    """Give a container's metadata after a request: keys add up, an empty value takes its key away."""
    return {key: value for key, value in {**old, **sent.values}.items() if value}


def replaced(sent: Sent) -> dict[str, str]:
    """Give an object's metadata after a request: what it had before is gone."""
    return {key: value for key, value in sent.values.items() if value}


def render_metadata(values: Mapping[str, str], target: Target) -> dict[str, str]:
    """Write metadata as the headers of an answer."""
    prefix = f"X-{target.capitalize()}-Meta-"
    return {prefix + key.title(): quote(value, safe=" !$&'()*,-./:;=?@_~") for key, value in values.items()}


def moment_of(values: Mapping[str, str], key: str) -> datetime | None:
    """Give a moment by its key (`starttime`): the ISO spelling first, else the epoch."""
    return parse_moment(values.get(f"{key}iso", "")) or parse_moment(values.get(key, ""))


def is_complete(values: Mapping[str, str]) -> bool:
    """Say whether a container's metadata declare that everything was sent."""
    return values.get("status", "").strip().lower() == "complete"
