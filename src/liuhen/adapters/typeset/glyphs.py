"""Which characters the fonts can draw.

Invariant: PDF/A forbids a missing glyph, so a character no font has is written as its code point, 〔U+1F600〕, never dropped.
"""

import re
import struct
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path

_FAMILIES = ("NotoSerifSC-Regular.otf", "NotoSansSC-Regular.otf")
# Characters that end a line somewhere in the world; a document has one kind.
_LINE_ENDS = re.compile("\r\n|[\r\u0085\u2028\u2029]")


def font_folder() -> Path:
    """Give the folder of the Chinese fonts that are installed with Liuhen (Noto Serif SC 宋体, Noto Sans SC 黑体)."""
    return Path(str(files("pylopdf_fonts_zh_cn")))


@cache
def drawable() -> frozenset[int]:
    """Give every code point that both fonts together can draw."""
    return frozenset().union(*(_covered((font_folder() / name).read_bytes()) for name in _FAMILIES))


def legible(text: str) -> str:
    """Write a text so that every character of it can be drawn; newlines stay, tabs become spaces."""
    plain = _LINE_ENDS.sub("\n", text).replace("\t", "  ")
    if plain.isascii() and plain.replace("\n", "").isprintable():
        return plain
    return "".join(char if _can_draw(char) else f"〔U+{ord(char):04X}〕" for char in plain)


def _can_draw(char: str) -> bool:
    return char == "\n" or ord(char) in drawable() or _draws_nothing(ord(char))


def _draws_nothing(point: int) -> bool:
    """Tell joiners and variation selectors, which the typesetter skips where a font has none for that character."""
    return point in (0x200B, 0x200C, 0x200D, 0xFEFF) or 0xFE00 <= point <= 0xFE0F or 0xE0100 <= point <= 0xE01EF


def _covered(font: bytes) -> set[int]:
    """Read the Unicode coverage of an OpenType font. Spec: OpenType cmap, subtable formats 4 and 12."""
    (count,) = struct.unpack_from(">H", font, 4)
    tables = {font[12 + 16 * n : 16 + 16 * n]: struct.unpack_from(">I", font, 20 + 16 * n)[0] for n in range(count)}
    cmap = tables[b"cmap"]
    (subtables,) = struct.unpack_from(">H", font, cmap + 2)
    points: set[int] = set()
    for n in range(subtables):
        (offset,) = struct.unpack_from(">I", font, cmap + 4 + 8 * n + 4)
        start = cmap + offset
        (kind,) = struct.unpack_from(">H", font, start)
        if kind == 12:
            for low, high in _groups(font, start):
                points.update(range(low, high + 1))
    return points


def _groups(font: bytes, start: int) -> Iterable[tuple[int, int]]:
    (count,) = struct.unpack_from(">I", font, start + 12)
    for n in range(count):
        low, high, _ = struct.unpack_from(">III", font, start + 16 + 12 * n)
        yield low, high
