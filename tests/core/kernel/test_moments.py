"""Instants: aware, one spelling, shown in Beijing time."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import (
    SHANGHAI,
    day_start,
    local_day,
    parse_instant,
    render_instant,
    say_instant,
    say_span,
)

instants = st.datetimes(datetime(1950, 1, 1), datetime(2199, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)
)


@given(instants)
def test_an_instant_comes_back_from_its_spelling(moment: datetime) -> None:
    assert parse_instant(render_instant(moment)) == moment


@given(instants, st.integers(-12, 14))
def test_one_instant_has_one_spelling_whatever_its_offset(moment: datetime, hours: int) -> None:
    elsewhere = datetime.fromisoformat((moment + timedelta(hours=hours)).replace(tzinfo=None).isoformat())
    sign = "+" if hours >= 0 else "-"
    text = f"{elsewhere.isoformat(timespec='milliseconds')}{sign}{abs(hours):02d}:00"
    assert render_instant(parse_instant(text)) == render_instant(moment)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-03-02T09:10:00", "has no offset"),
        ("2026-03-02", "has no offset"),
        ("2026-02-30T09:10:00+08:00", "is not a time"),
        ("2026-03-02T24:10:00+08:00", "is not a time"),
        ("3 月 2 日", "is not a time"),
        ("", "is not a time"),
        (None, "is not a time"),
        (20260302, "has no offset"),
    ],
)
def test_a_guess_is_refused(text: object, said: str) -> None:
    with pytest.raises(BadInput, match=said) as refusal:
        parse_instant(text, "at")
    assert refusal.value.place == "at"


def test_an_instant_before_the_first_year_is_refused() -> None:
    with pytest.raises(BadInput):
        parse_instant("0001-01-01T00:00:00+14:00", "at")


def test_seconds_always_milliseconds_only_when_there_are_any() -> None:
    moment = datetime(2026, 3, 2, 1, 10, tzinfo=UTC)
    assert render_instant(moment) == "2026-03-02T09:10:00+08:00"
    assert render_instant(moment + timedelta(milliseconds=5)) == "2026-03-02T09:10:00.005+08:00"


def test_a_day_is_the_day_in_shanghai() -> None:
    evening = datetime(2026, 3, 2, 16, 0, tzinfo=UTC)
    assert local_day(evening) == date(2026, 3, 3)
    assert day_start(date(2026, 3, 3)) == evening
    assert local_day(evening - timedelta(seconds=1)) == date(2026, 3, 2)


def test_instants_and_spans_read_naturally() -> None:
    assert say_instant(datetime(2026, 3, 2, 9, 5, tzinfo=SHANGHAI)) == "2026-03-02 09:05 (周一)"
    spans = {110: "1 小时 50 分", 60 * 74: "3 日 2 小时", 0.75: "45 秒", 1: "1 分", 0: "0 秒", -2: "2 分"}
    for minutes, said in spans.items():
        assert say_span(timedelta(minutes=minutes)) == said
