"""The nine traps of counting terms that every such program has fallen into, each by its own test and on published days.

The neighbouring tests go further into each; this page is where a jurist checks that none was forgotten.
"""

from datetime import date
from decimal import Decimal

import pytest

from liuhen.adapters.packfiles.packs import shipped_pack
from liuhen.core.calendar.calendar import WorkCalendar
from liuhen.core.calendar.deadline import deadline
from liuhen.core.calendar.exclusions import Exclusion
from liuhen.core.calendar.fines import DailyFine, FineBase, Payment
from liuhen.core.calendar.periods import Months, NaturalDays, Roll, WorkingDays
from liuhen.core.events.scenario import read_scenario
from liuhen.core.facts.fold import fold
from liuhen.core.rules.comparing import compare_editions
from liuhen.core.rules.evaluate import assess
from tests.core.calendar.known import CALENDAR, at, notice
from tests.core.rules.test_comparing import NEW, OLD, REGISTERED, STORED, scenario


@pytest.mark.parametrize("clock", ["00:00", "10:00", "23:59"])
@pytest.mark.parametrize(
    ("start", "working", "natural"),
    [
        ("2026-02-14", "2026-02-25", "2026-02-16"),  # a make-up Saturday
        ("2026-02-17", "2026-02-25", "2026-02-19"),  # within 春节
        ("2026-02-22", "2026-02-25", "2026-02-24"),  # a Sunday of the holiday
    ],
)
def test_trap_1_the_starting_day_never_counts_whatever_day_and_hour_it_is(
    start: str, working: str, natural: str, clock: str
) -> None:
    assert deadline(at(start, clock), WorkingDays(2), CALENDAR).last_day == date.fromisoformat(working)
    strict = deadline(at(start, clock), NaturalDays(2, Roll.STRICT), CALENDAR)
    assert strict.last_day == date.fromisoformat(natural)


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        ("2026-02-12", 5, "2026-02-26"),  # over 春节, with 02-14 worked
        ("2026-09-24", 7, "2026-10-12"),  # over 中秋 and 国庆, with 10-10 worked
        ("2026-09-18", 15, "2026-10-15"),  # both 09-20 and 10-10 worked
    ],
)
def test_trap_2_working_days_cross_a_holiday_with_make_up_weekends(start: str, days: int, last: str) -> None:
    assert deadline(at(start), WorkingDays(days), CALENDAR).last_day == date.fromisoformat(last)


def test_trap_3_a_seizure_whose_last_day_lies_in_a_holiday_has_two_ends() -> None:
    rolled = deadline(at("2026-01-20"), NaturalDays(30), CALENDAR)
    assert (rolled.strict_last_day, rolled.last_day) == (date(2026, 2, 19), date(2026, 2, 24))
    strict = deadline(at("2026-01-20"), NaturalDays(30, Roll.STRICT), CALENDAR)
    assert strict.last_day == date(2026, 2, 19)


@pytest.mark.parametrize(
    ("first", "last", "ends"),
    [
        ("2026-03-05", "2026-03-15", "2026-04-11"),  # in the middle: ten days more than 04-01
        ("2026-02-24", "2026-03-07", "2026-04-06"),  # begun before the seizure: counts from the seizure
        ("2026-03-29", "2026-04-20", "2026-04-23"),  # over the nominal last day: the three days left are kept
    ],
)
def test_trap_4_testing_is_left_out_of_a_seizure(first: str, last: str, ends: str) -> None:
    testing = Exclusion(at(first), at(last), "检测")
    result = deadline(at("2026-03-02"), NaturalDays(30, Roll.STRICT), CALENDAR, exclusions=[testing])
    assert result.last_day == date.fromisoformat(ends)


def test_trap_5_the_daily_fine_stops_for_a_review_knows_part_payment_and_has_a_cap() -> None:
    first = date(2026, 10, 9)
    plain = DailyFine(Decimal(10_000), first)
    assert [plain.amount_on(date(2026, 11, day)) for day in (10, 11, 30)] == [9_900, 10_000, 10_000]
    review = Exclusion(at("2026-10-11"), at("2026-10-21"), "行政复议")
    assert DailyFine(Decimal(10_000), first, exclusions=(review,)).amount_on(date(2026, 10, 22)) == 1_200
    paid = (Payment(date(2026, 10, 10), Decimal(6_000)),)
    readings = [DailyFine(Decimal(10_000), first, base=base, payments=paid) for base in FineBase]
    assert {reading.amount_on(date(2026, 10, 12)) for reading in readings} == {Decimal(1_200), Decimal(840)}


@pytest.mark.parametrize("start", ["2026-08-29", "2026-08-30", "2026-08-31"])
def test_trap_6_six_months_from_the_end_of_august_end_on_the_last_of_february(start: str) -> None:
    assert deadline(at(start), Months(6), CALENDAR).strict_last_day == date(2027, 2, 28)
    assert deadline(at("2026-02-28"), Months(6), CALENDAR).strict_last_day == date(2026, 8, 28)


def test_trap_7_a_term_into_a_year_without_a_notice_says_so_until_the_notice_is_there() -> None:
    before = deadline(at("2026-12-28"), WorkingDays(7), CALENDAR)
    assert before.provisional and before.last_day == date(2027, 1, 6)
    invented = notice(2027, "元旦 01-01 01-03", "01-09")
    after = deadline(at("2026-12-28"), WorkingDays(7), WorkCalendar((*CALENDAR.notices, invented)))
    assert not after.provisional and after.last_day == date(2027, 1, 7)


def test_trap_8_two_packs_over_one_agency_count_their_own_upload_terms() -> None:
    """Filmed on a Friday before 春节: 24 hours end on the Saturday, two working days after the holiday."""
    told = {
        "packs": ["hebei", "lingchuan"],
        "at": "2026-02-25T00:00:00+08:00",
        "events": [
            STORED | {"at": "2026-02-23T09:00:00+08:00", "ended_at": "2026-02-13T09:00:00+08:00"},
        ],
    }
    written = read_scenario(told)
    facts = fold(written.happened(written.at))
    packs = [shipped_pack("hebei"), shipped_pack("lingchuan")]
    found = {
        verdict.clause: (verdict.due, verdict.verdict)
        for verdict in assess(packs, facts, calendar=CALENDAR, at=written.at)
        if verdict.rule == "av.store-in-time"
    }
    assert found == {
        "hebei/24.1": (at("2026-02-14", "09:00"), "unmet"),
        "lingchuan/25.2": (at("2026-02-25", "00:00"), "met"),
    }


def test_trap_9_a_changed_pack_leaves_the_terms_of_open_cases_and_a_comparison_shows_both() -> None:
    written = scenario(REGISTERED, STORED)
    facts = fold(written.happened(written.at))
    (kept,) = [one for one in assess([OLD], facts, calendar=CALENDAR, at=written.at) if one.rule == "av.store"]
    compared = compare_editions(written, [OLD, NEW], calendar=CALENDAR)
    (before, after) = next(item for item in compared.differences if item.rule == "av.store").verdicts
    assert before is not None and after is not None
    assert kept.due == before.due == at("2026-03-03", "09:00")
    assert after.due == at("2026-03-05", "00:00")
