"""Periods are read and written in one spelling, and nothing is guessed."""

import pytest

from liuhen.core.calendar.periods import (
    Hours,
    Months,
    NaturalDays,
    Period,
    Roll,
    WorkingDays,
    Years,
    parse_period,
    render_period,
)
from liuhen.core.kernel.errors import BadInput


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("24 小时", Hours(24)),
        ("24小时", Hours(24)),
        ("2 工作日", WorkingDays(2)),
        ("2 个工作日", WorkingDays(2)),
        ("30 日", NaturalDays(30)),
        ("30 日 不顺延", NaturalDays(30, Roll.STRICT)),
        ("6 个月", Months(6)),
        ("2 年", Years(2)),
        ("30 年不顺延", Years(30, Roll.STRICT)),
    ],
)
def test_spellings_are_read(text: str, period: Period) -> None:
    assert parse_period(text) == period
    assert parse_period(render_period(period)) == period


def test_canonical_spellings() -> None:
    assert [render_period(p) for p in (Hours(24), WorkingDays(2), NaturalDays(30), Months(6), Years(2))] == [
        "24 小时",
        "2 个工作日",
        "30 日",
        "6 个月",
        "2 年",
    ]


@pytest.mark.parametrize(
    "text",
    ["", "24", "小时", "0 日", "-1 日", "02 日", "2 天", "2 月", "2.5 日", "二日", "２ 日", "2  日", " 2 日", "2 日\n",
     "24 小时 不顺延", "2 工作日不顺延", "2 days", "99999999 日", "200 年", "40000 日", "5000 个工作日"],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        parse_period(text, "rules/x.yaml:3")


def test_a_refusal_names_the_place_and_the_remedy() -> None:
    with pytest.raises(BadInput, match=r"^rules/x\.yaml:3: “2 天”不是期限；请写成 24 小时"):
        parse_period("2 天", "rules/x.yaml:3")


def test_a_length_is_at_least_one_whole_unit() -> None:
    for bad in (0, -1, True, 1.5):
        with pytest.raises(BadInput):
            NaturalDays(bad)  # type: ignore[arg-type]
