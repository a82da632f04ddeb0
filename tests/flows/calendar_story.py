"""A small agency at the end of 2026: a case concluded a few days before a year whose notice nobody has entered yet.

The notice for 2027 below is invented for the tests; the real one was not published when they were written.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from liuhen.core.calendar.entry import Typed, TypedNotice, TypedSpan
from liuhen.core.events.parts import Party, Source
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.flows.conclude import conclude_case
from liuhen.flows.establish_agency import establish_agency
from liuhen.flows.keep_calendar import adopt, read_calendar
from liuhen.flows.occasion import Actor, Occasion
from liuhen.flows.open_case import register_case

AGENCY = "cal-here"
SOURCE_2027 = "关于2027年部分节假日安排的通知（测试虚构）"
ADMIN = Actor("cal-admin", "许管理", AGENCY, frozenset({"系统管理员"}))
SECOND_ADMIN = Actor("cal-admin-2", "许二", AGENCY, frozenset({"系统管理员"}))
OFFICER = Actor("cal-officer", "李承办", AGENCY, frozenset({"执法人员"}))
ARCHIVIST = Actor("cal-archivist", "吴档案", AGENCY, frozenset({"档案管理员"}))
# 30 days after it end on 16 January 2027, a Saturday: rolled to Monday the 18th by the plain week.
CONCLUDED = datetime(2026, 12, 17, 16, tzinfo=SHANGHAI)
PROVISIONAL_DUE = datetime(2027, 1, 19, tzinfo=SHANGHAI)
SETTLED_DUE = datetime(2027, 1, 17, tzinfo=SHANGHAI)


def notice_2027(make_up: tuple[str, ...] = ("2027-01-16", "2027-02-20"), source: str = SOURCE_2027) -> Typed:
    """Type an invented notice that makes 16 January a working Saturday."""
    spans = (
        ("元旦", "2027-01-01", "2027-01-03"),
        ("春节", "2027-02-05", "2027-02-11"),
        ("清明节", "2027-04-03", "2027-04-05"),
        ("劳动节", "2027-05-01", "2027-05-05"),
        ("端午节", "2027-06-09", ""),
        ("中秋节", "2027-09-15", ""),
        ("国庆节", "2027-10-01", "2027-10-07"),
    )
    off = tuple(TypedSpan(name, first, last, name) for name, first, last in spans)
    return Typed((TypedNotice("2027 年", "2027", source, off, tuple(TypedSpan(day, day) for day in make_up)),))


@dataclass(slots=True)
class Clock:
    """A clock that the story moves on by itself."""

    now: datetime = field(default_factory=lambda: CONCLUDED - timedelta(hours=2))

    def by(self, actor: Actor, minutes: float = 1) -> Occasion:
        self.now += timedelta(minutes=minutes)
        return Occasion(actor, self.now, self.now)


def found(clock: Clock) -> None:
    """Found the agency."""
    establish_agency(
        clock.by(ADMIN), name="安禾县局", short_name="安禾", number_prefix="安", region="130000", packs=("hebei",)
    )


def concluded_case(clock: Clock, party: str = "恒达经营部") -> str:
    """Register a case and conclude it, so that the archiving term runs into 2027."""
    case = register_case(
        clock.by(OFFICER),
        kind="行政处罚",
        matter="涉嫌超量储存",
        source=Source("依职权", "举报", "群众举报"),
        party=Party(party, "企业"),
    )
    clock.now = max(clock.now, CONCLUDED)
    occasion = Occasion(OFFICER, CONCLUDED, clock.now)
    conclude_case(case, occasion, reason="执行完毕", document=None)
    return case


def adopt_2027(clock: Clock, typed: Typed | None = None) -> None:
    """Enter the notice as the administrator who has just opened the page."""
    adopt(clock.by(ADMIN), typed or notice_2027(), base=read_calendar(ADMIN).version)
