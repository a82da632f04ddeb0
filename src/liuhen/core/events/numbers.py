"""Events of numbers (编号): blocks reserved for forms used offline and returned, and documents voided with their numbers.

A number that was taken is never given again: it is a document's, reserved, or void with a reason.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NumbersReserved:
    """预留编号: the numbers `first` to `last` of a series are set aside for forms that `holder` fills in offline."""

    block: str
    form: str
    character: str
    year: int
    first: int
    last: int
    holder: str
    reason: str


@dataclass(frozen=True, slots=True)
class NumbersReturned:
    """交回编号: a block is closed; the numbers that were not used, `unused`, are void for this reason."""

    block: str
    reason: str
    unused: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentVoided:
    """文书作废: a numbered document counts no more; its number and bytes are kept. `by`: who in charge decided it."""

    document: str
    reason: str
    by: str
