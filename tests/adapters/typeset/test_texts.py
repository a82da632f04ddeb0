"""Dates and characters as documents write them."""

from datetime import date, datetime

import pytest

from liuhen.adapters.packfiles.documents import shipped_documents
from liuhen.adapters.typeset.contract import drawn
from liuhen.adapters.typeset.dates import read_day, say_date
from liuhen.adapters.typeset.glyphs import drawable, legible
from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import SHANGHAI


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("2026-03-02", "2026 年 3 月 2 日"),
        (date(2026, 12, 31), "2026 年 12 月 31 日"),
        ("2026-03-02T09:05:00+08:00", "2026 年 3 月 2 日 9 时 05 分"),
        ("2026-03-01T16:30:00+00:00", "2026 年 3 月 2 日 0 时 30 分"),
        (datetime(2026, 3, 2, 11, 20, tzinfo=SHANGHAI), "2026 年 3 月 2 日 11 时 20 分"),
        ("", ""),
        (None, ""),
    ],
)
def test_dates_are_said_in_chinese_form(given: object, said: str) -> None:
    assert say_date(given, "date") == said


def test_an_instant_counts_by_its_day_in_shanghai() -> None:
    assert read_day("2026-03-01T16:30:00+00:00", "date") == date(2026, 3, 2)


@pytest.mark.parametrize("wrong", ["2026-2-3", "昨天", "2026-03-02T09:05:00"])
def test_what_is_no_date_is_refused(wrong: str) -> None:
    with pytest.raises(BadInput, match="date"):
        say_date(wrong, "date")


def test_rare_name_characters_have_glyphs() -> None:
    assert {ord(char) for char in "喆垚璟犇堃曌玥䶮龑𬱖"} <= drawable()


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("张三\r\n李四\u2028王五", "张三\n李四\n王五"),
        ("甲\t乙", "甲  乙"),
        ("\x07", "〔U+0007〕"),
        ("བོ", "〔U+0F56〕〔U+0F7C〕"),
        ("葛\U000e0100", "葛\U000e0100"),
        ("plain", "plain"),
        ("a\x00b", "a〔U+0000〕b"),
    ],
)
def test_text_is_made_legible(given: str, written: str) -> None:
    assert legible(given) == written


@pytest.mark.parametrize("fields", [[], [["联系人", "李喆"]]])
def test_a_notice_addresses_the_party_once(fields: list[list[str]]) -> None:
    """The standing words of most notices begin with whom they address; then nothing else does."""
    form = "责令改正通知书"
    data = {"date": "2026-03-02", "party": "恒达经营部", "fields": fields}
    plain = drawn(form, shipped_documents()[form], data | {"body": ["请改正。"]})
    addressed = drawn(form, shipped_documents()[form], data | {"body": ["恒达经营部：", "请改正。"]})
    assert plain["salutation"] == (not fields) and bool(plain["rows"]) == bool(fields)
    assert (addressed["salutation"], addressed["rows"]) == (False, fields)
