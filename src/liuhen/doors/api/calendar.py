"""The work calendar for programs: what counts now with its history, and a year's notice entered by an administrator.

The body of an entry is the calendar file of docs/formats/calendar.md, with the version it was made for beside it.
"""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Router
from pydantic import ConfigDict, Field

from liuhen.core.calendar.calendar_data import to_data
from liuhen.doors.api.entry import actor_by, occasion_of
from liuhen.doors.api.refusals import READING, WRITING
from liuhen.doors.api.shapes import Shape
from liuhen.flows.keep_calendar import Proposal, adopt, propose, read_calendar, read_entry_data

router = Router(tags=["工作日历"])
Text = Annotated[str, Field(min_length=1, max_length=300)]
Days = Annotated[str, Field(min_length=1, max_length=60, description="2027-02-06，或者 2027-02-05 至 2027-02-11")]


class AdoptionCard(Shape):
    """A calendar that the agency adopted."""

    event: str
    at: datetime
    by: str | None
    version: str
    years: list[int]


class CalendarCard(Shape):
    """The calendar that terms are counted by; `calendar` is its file form, `adoptions` the newest first."""

    version: str
    adopted: bool
    calendar: dict[str, Any]
    adoptions: list[AdoptionCard]


class NoticeIn(Shape):
    """One year's notice."""

    model_config = ConfigDict(extra="forbid")

    year: int = Field(ge=1950, le=2200)
    source: Text
    days_off: dict[Days, Text] = Field(min_length=1, max_length=100, description="日期（或一段日期）到节日名称的对照")
    make_up_days: list[Days] = Field(max_length=60)


class RestIn(Shape):
    """A rest day of the region, or several that follow each other."""

    model_config = ConfigDict(extra="forbid")

    day: Days
    name: Text
    source: Text


class EntryIn(Shape):
    """What is entered; `base` is the version it was made for, `confirm: false` only shows what it would change."""

    model_config = ConfigDict(extra="forbid")

    format: Literal["liuhen-work-calendar/1"] = "liuhen-work-calendar/1"
    notices: list[NoticeIn] = Field(max_length=50)
    regional: list[RestIn] | None = Field(
        None, max_length=400, description="不写则不动；写了就替换所涉年度的地方休息日"
    )
    base: str = Field(max_length=80, description="录入前读到的 version")
    confirm: bool = True


class MistakeCard(Shape):
    """One thing to put right."""

    place: str
    sentence: str


class ChangedDay(Shape):
    """A day that is another kind of day now."""

    day: date
    was: str
    now: str


class EntryOut(Shape):
    """What an entry changes. `adopted` is false where it was only shown; then `mistakes` names everything to put right."""

    adopted: bool
    version: str
    years: list[int]
    changed: list[ChangedDay]
    doubts: list[str]
    mistakes: list[MistakeCard]


@router.get("/calendar", response={200: CalendarCard, **READING}, operation_id="get_calendar")
def get_calendar(request: HttpRequest) -> CalendarCard:
    """本机关现行的工作日历和采用记录。"""
    reading = read_calendar(actor_by(request))
    return CalendarCard(
        version=reading.version,
        adopted=bool(reading.adoptions),
        calendar=to_data(reading.calendar),
        adoptions=[
            AdoptionCard(
                event=adoption.event,
                at=adoption.at,
                by=reading.names.get(adoption.actor),
                version=adoption.version,
                years=list(adoption.years),
            )
            for adoption in reading.adoptions
        ],
    )


@router.post("/calendar/notices", response={200: EntryOut, **WRITING}, operation_id="enter_notices")
def post_notices(request: HttpRequest, entry: EntryIn) -> EntryOut:
    """录入年度节假日安排和地方休息日（限系统管理员）；采用后，未归档案件的期限由后台重算。"""
    typed = read_entry_data(entry.model_dump(exclude={"base", "confirm"}, exclude_none=True))
    occasion = occasion_of(request)
    if not entry.confirm:
        return _card(propose(occasion.actor, typed), adopted=False)
    return _card(adopt(occasion, typed, base=entry.base), adopted=True)


def _card(proposal: Proposal, *, adopted: bool) -> EntryOut:
    return EntryOut(
        adopted=adopted,
        version=proposal.version if adopted else proposal.base,
        years=list(proposal.entry.years),
        changed=[ChangedDay(day=day, was=was.kind.value, now=now.kind.value) for day, was, now in proposal.changed],
        doubts=list(proposal.entry.doubts),
        mistakes=[MistakeCard.model_validate(mistake) for mistake in proposal.entry.mistakes],
    )
