"""Lengths of keeping, as agencies write them, compared as years."""

import pytest

from liuhen.core.rules.vocabulary.periods import FOR_EVER, LONG_TERM, years_of


@pytest.mark.parametrize(
    ("written", "years"),
    [
        ("2 年", 2),
        ("2年", 2),
        ("二年", 2),
        ("两年", 2),
        ("十年", 10),
        ("三十年", 30),
        ("二十五年", 25),
        ("不少于 5 年", 5),
        ("至少两年", 2),
        ("18 个月", 1),
        ("二十四个月", 2),
        ("永久", FOR_EVER),
        ("永久保存", FOR_EVER),
        ("长期", LONG_TERM),
    ],
)
def test_lengths_as_agencies_write_them(written: str, years: int) -> None:
    assert years_of(written) == years


@pytest.mark.parametrize("written", [None, "", "按规定", "与案卷保管期限一致"])
def test_what_names_no_length_is_not_known(written: str | None) -> None:
    assert years_of(written) is None


def test_for_ever_outlasts_long_term_outlasts_every_number_of_years() -> None:
    assert FOR_EVER > LONG_TERM > 99
