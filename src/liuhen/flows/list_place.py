"""A place in a list that pages by time and row: what the cursor in an address holds."""

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Q

from liuhen.core.kernel.errors import BadInput


@dataclass(frozen=True, slots=True)
class ListPlace:
    """A place between two rows of a list, and the side on which the asked page lies."""

    at: datetime
    row: int
    backwards: bool = False

    def beyond(self, column: str, side: Literal["gt", "lt"] = "gt") -> Q:
        """Give the rows of a list by this column that lie after the place, or before it."""
        return Q(**{f"{column}__{side}": self.at}) | Q(**{column: self.at, f"pk__{side}": self.row})

    def render(self) -> str:
        """Give the place as a cursor."""
        # Microseconds count: two rows of one second must not fall between two pages.
        text = f"{'b' if self.backwards else 'f'} {self.row} {self.at.isoformat()}"
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def parse_place(cursor: str, remedy: str) -> ListPlace:
    """Read a cursor back; `remedy` ends the sentence that refuses. Raises BadInput for one that nobody gave out."""
    refusal = BadInput("", f"翻页位置无效；{remedy}")
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        side, row, at = text.split(" ", 2)
        place = ListPlace(datetime.fromisoformat(at), int(row), side == "b")
    except (ValueError, binascii.Error):
        raise refusal from None
    # A cursor is what was given out, letter by letter; what no clock of ours says is none.
    if place.at.tzinfo is None or not 2000 <= place.at.year < 9000 or place.render() != cursor:
        raise refusal
    return place
