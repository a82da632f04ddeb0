"""Lengths of keeping as numbers that can be compared: 二年, 10 年, 18 个月, 长期, 永久."""

import re

FOR_EVER = 1000
LONG_TERM = 100
_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_LENGTH = re.compile(r"(?:至少|不少于)?\s*([0-9]+|[一二两三四五六七八九十]+)\s*(?:个)?\s*(年|月)")


def years_of(period: str | None) -> int | None:
    """Give whole years, rounded down; 永久 counts as 1000 and 长期 as 100; None for what names no length."""
    if not period:
        return None
    if "永久" in period:
        return FOR_EVER
    found = _LENGTH.search(period)
    if found is None:
        return LONG_TERM if "长期" in period else None
    number = int(found[1]) if found[1].isdigit() else _chinese(found[1])
    return number if found[2] == "年" else number // 12


def _chinese(text: str) -> int:
    """Read 一 to 九十九."""
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _DIGITS.get(text, 0)
    return (_DIGITS.get(tens, 0) if tens else 1) * 10 + _DIGITS.get(ones, 0)
