"""Studying calendars without an agency: the published one, a file checked, one laid over the other.

Invariant: needs no data folder and no database, as all study of the law does.
"""

from pathlib import Path

from liuhen.adapters.calendars.files import LARGEST, read_calendar_file
from liuhen.adapters.calendars.published import published_calendar
from liuhen.core.calendar.calendar import WorkCalendar
from liuhen.core.calendar.entry import Entry, check_entry, lay_over, require_sound
from liuhen.core.kernel.errors import BadInput


def check_file(path: Path) -> Entry:
    """Check a calendar file. Raises BadInput for a file that cannot be read or is no calendar at all."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as fault:
        raise BadInput(str(path), f"cannot be read ({fault.strerror}); check the path") from None
    return check_entry(read_calendar_file(data, path.name))


def calendar_with(path: Path | None) -> WorkCalendar:
    """Give the published calendar with a file's years laid over it. Raises BadInput with the file's first mistake."""
    published = published_calendar()
    if path is None:
        return published
    entry = check_file(path)
    require_sound(entry)
    return lay_over(published, entry)


def of_year(calendar: WorkCalendar, year: int) -> WorkCalendar:
    """Give one year of a calendar. Raises BadInput for a year without a notice."""
    if not calendar.knows(year):
        known = f"{calendar.notices[0].year} to {calendar.notices[-1].year}" if calendar.notices else "none"
        raise BadInput("--year", f"{year} has no notice here; known: {known}; give one with --file")
    notices = tuple(notice for notice in calendar.notices if notice.year == year)
    return WorkCalendar(notices, tuple(rest for rest in calendar.regional if rest.day.year == year))
