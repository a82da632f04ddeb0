"""What a comparison of clocks says of recorded times: the nearest one, for a month, never more than a wrong day."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuhen.core.facts.clocks import DRIFT_HOLDS, LARGEST_DRIFT, ClockCheck, ahead_at, say_ahead
from liuhen.core.kernel.moments import SHANGHAI

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
DAY, MINUTE, SECOND = timedelta(days=1), timedelta(minutes=1), timedelta(seconds=1)
FAST = 3 * MINUTE + 12 * SECOND
checks = st.lists(
    st.builds(
        ClockCheck,
        st.integers(-90 * 86400, 90 * 86400).map(lambda seconds: NINE + seconds * SECOND),
        st.integers(-4 * 86400, 4 * 86400).map(lambda seconds: seconds * SECOND),
    ),
    max_size=6,
)


@pytest.mark.parametrize(
    ("made", "ahead"),
    [
        (timedelta(), FAST),
        (DRIFT_HOLDS, FAST),
        (-DRIFT_HOLDS, FAST),
        (DRIFT_HOLDS + SECOND, timedelta()),
        (-DRIFT_HOLDS - SECOND, timedelta()),
    ],
)
def test_a_comparison_speaks_for_a_month_before_and_after_it(made: timedelta, ahead: timedelta) -> None:
    """The month is counted by our clock: what the device wrote is its own."""
    assert ahead_at(NINE + made + FAST, [ClockCheck(NINE, FAST)]) == ahead


def test_the_nearest_comparison_speaks() -> None:
    """Compared, set right, compared again: what was filmed before keeps the difference of then."""
    both = [ClockCheck(NINE + 2 * MINUTE, timedelta()), ClockCheck(NINE, FAST)]
    assert ahead_at(NINE - DAY, both) == FAST
    assert ahead_at(NINE + FAST - SECOND, both) == FAST
    assert ahead_at(NINE + DAY, both) == timedelta()


@pytest.mark.parametrize("ahead", [timedelta(milliseconds=999), timedelta(), LARGEST_DRIFT + SECOND, timedelta(3650)])
def test_agreement_and_a_clock_that_was_reset_correct_nothing(ahead: timedelta) -> None:
    for sign in (1, -1):
        assert ahead_at(NINE + sign * ahead, [ClockCheck(NINE, sign * ahead)]) == timedelta()


def test_never_compared_is_never_corrected() -> None:
    assert ahead_at(NINE, []) == timedelta()


@given(checks, st.integers(-120 * 86400, 120 * 86400))
def test_what_is_used_was_found_by_a_comparison_within_its_month(found: list[ClockCheck], seconds: int) -> None:
    recorded = NINE + seconds * SECOND
    ahead = ahead_at(recorded, found)
    able = [one for one in found if abs(one.ahead) <= LARGEST_DRIFT]
    near = [one for one in able if abs(recorded - one.ahead - one.at) <= DRIFT_HOLDS]
    assert (not near and not ahead) or ahead in {one.ahead for one in near}
    assert ahead == ahead_at(recorded, reversed(found)) or len({one.at for one in near}) < len(near)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "一致"),
        (192, "快 3 分 12 秒"),
        (-45, "慢 45 秒"),
        (8 * 3600, "快 8 小时"),
        (-86401, "慢 1 日 1 秒"),
        (0.9, "一致"),
    ],
)
def test_it_is_said_to_the_second(seconds: float, words: str) -> None:
    assert say_ahead(timedelta(seconds=seconds)) == words
