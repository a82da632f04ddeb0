"""Calendars by their version: the one an agency adopted, read back from the vault by digest, or the published one.

Invariant: an agency's terms are counted by the very bytes it adopted last; a newer release of this program moves none of them.
"""

from functools import lru_cache

from liuhen.core.calendar.calendar import WorkCalendar
from liuhen.core.calendar.calendar_data import from_data
from liuhen.core.calendar.calendar_data import version_of as _version_of
from liuhen.core.kernel import canonical
from liuhen.core.kernel.digests import sha256
from liuhen.core.kernel.errors import LiuhenError
from liuhen.flows.office import office

_PREFIX = "sha256:"
# Rendering twelve years takes longer than judging a case.
version_of = lru_cache(maxsize=64)(_version_of)


class CalendarMissing(LiuhenError):
    """The bytes of an adopted calendar are gone or are not what was adopted."""

    def __init__(self, version: str) -> None:
        super().__init__(
            f"机关采用的工作日历的内容与采用时不一致或者缺失，请从备份恢复摘要为 {version.removeprefix(_PREFIX)} 的文件"
        )


def published_version() -> str:
    """Give the version of the calendar that comes with this release."""
    return version_of(office().calendar)


def calendar_of(version: str | None) -> WorkCalendar:
    """Give an adopted calendar, or the published one where none was adopted yet. Raises CalendarMissing."""
    return office().calendar if version is None else _adopted(version)


@lru_cache(maxsize=64)
def _adopted(version: str) -> WorkCalendar:
    digest = version.removeprefix(_PREFIX)
    if office().vault.stat(digest) is None:
        raise CalendarMissing(version)
    with office().vault.open(digest) as file:
        data = file.read()
    if sha256(data) != digest:
        raise CalendarMissing(version)
    return from_data(canonical.parse(data, "工作日历"))
