"""Numbers of documents and cases (文号, 案号): 机关代字, 类型代字, 〔年〕, 序号, 号.

Invariant: one spelling; what `read_number` reads, `say` writes again letter by letter.
"""

import re
from dataclasses import dataclass

# The series of numbers that are not of documents: of sources (登记号) and of cases (案号).
SOURCES, CASES = "源", "案"
_SPELT = re.compile(r"(.*)〔([1-9][0-9]{3})〕([1-9][0-9]{0,8})号", re.ASCII)


@dataclass(frozen=True, slots=True)
class Number:
    """One number of a series: the agency's character, the type's, the year, and the place in the series, from 1."""

    prefix: str
    character: str
    year: int
    ordinal: int

    def say(self) -> str:
        """Write it as people do: 陵财罚〔2026〕3号."""
        return f"{self.prefix}{self.character}〔{self.year}〕{self.ordinal}号"


def read_number(text: str, prefix: str) -> Number | None:
    """Read a number of the agency with this character; None for a text that is none of its numbers."""
    found = _SPELT.fullmatch(text)
    if found is None or not found[1].startswith(prefix) or found[1] == prefix:
        return None
    return Number(prefix, found[1][len(prefix) :], int(found[2]), int(found[3]))
