"""What was typed becomes a calendar, or one sentence for each mistake; what is only strange is a doubt."""

from datetime import date

import pytest

from liuhen.core.calendar.calendar import DayKind, RegionalRest, WorkCalendar
from liuhen.core.calendar.entry import (
    Entry,
    Typed,
    TypedNotice,
    TypedSpan,
    changed_days,
    check_entry,
    lay_over,
    new_sources,
    parse_day,
    require_sound,
)
from liuhen.core.kernel.errors import BadInput
from tests.core.calendar.known import CALENDAR, NOTICE_2025, NOTICE_2026


def typed_2026(source: str = NOTICE_2026.source, **change: str) -> TypedNotice:
    """Type the notice for 2026 as a clerk would; `change` puts another text for a span's first day."""
    spans = (
        ("元旦", "2026-01-01", "2026年1月3日"),
        ("春节", "2026/2/15", "2026/2/23"),
        ("清明节", "2026-04-04", "2026-04-06"),
        ("劳动节", "2026.5.1", "2026.5.5"),
        ("端午节", "2026-06-19", "2026-06-21"),
        ("中秋节", "2026-09-25", "2026-09-27"),
        ("国庆节", "2026-10-01", "2026-10-07"),
    )
    worked = ("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10")
    return TypedNotice(
        "2026 年",
        "2026",
        source,
        tuple(TypedSpan(name, change.get(name, first), last, name) for name, first, last in spans),
        tuple(TypedSpan("上班日", change.get(day, day)) for day in worked),
    )


def sentences(entry: Entry) -> str:
    return "\n".join(f"{one.place}：{one.sentence}" for one in entry.mistakes)


@pytest.mark.parametrize("text", ["2027-02-06", "2027/2/6", " 2027.2.6 ", "2027年2月6日", "2027 年 2 月 6 日"])
def test_days_are_read_as_people_write_them(text: str) -> None:
    assert parse_day(text) == date(2027, 2, 6)


@pytest.mark.parametrize("text", ["", "2027-02-30", "二月六日", "27-2-6", "2027-02-06 09:00"])
def test_what_is_no_day_is_none(text: str) -> None:
    assert parse_day(text) is None


def test_a_notice_typed_as_it_was_announced_is_that_notice() -> None:
    entry = check_entry(Typed((typed_2026(),)))
    assert entry.notices == (NOTICE_2026,)
    assert (entry.mistakes, entry.doubts, entry.years) == ((), (), (2026,))


def test_every_mistake_is_told_at_once_with_its_place() -> None:
    wrong = typed_2026(source=" ", 元旦="2026-01-35", 春节="2026-03-15", **{"2026-02-14": "2026-02-12"})
    entry = check_entry(Typed((wrong,), (TypedSpan("第 1 条", "2026-11-01", "", "某节"),)))
    assert entry.notices == ()
    said = sentences(entry)
    assert "元旦：“2026-01-35”不是日期" in said
    assert "春节：2026-03-15 至 2026-02-23 前后颠倒" in said
    assert "没有写明依据" in said
    assert "2026-02-12 不是周六或周日" in said
    assert "第 1 条：地方休息日没有写依据" in said
    assert len(entry.mistakes) == 5


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (Typed(()), "没有写任何安排"),
        (Typed((TypedNotice("x", "今年", "国办", (), ()),)), "“今年”不是年份"),
        (Typed((TypedNotice("2027 年", "2027", "国办", (), ()),)), "没有写放假日"),
        (Typed((typed_2026(), typed_2026())), "同一年写了两份安排"),
        (Typed((typed_2026(劳动节="2026-01-02", 国庆节="2026-03-01"),)), "不像一次放假"),
        (Typed((typed_2026(劳动节="2027-05-01"),)), "前后颠倒"),
        (Typed((typed_2026(**{"2026-02-14": "2026-02-15"}),)), "2026-02-15 出现了两次"),
        (Typed((typed_2026(**{"2026-02-14": ""}),)), "没有写日期"),
    ],
)
def test_each_mistake_has_its_sentence(typed: Typed, says: str) -> None:
    assert says in sentences(check_entry(typed))


def test_where_only_one_mistake_can_be_told_the_others_are_counted() -> None:
    entry = check_entry(Typed((typed_2026(source="", 元旦="x"),)))
    with pytest.raises(BadInput, match=r"“x”不是日期.*另有 1 处错误"):
        require_sound(entry)
    require_sound(check_entry(Typed((typed_2026(),))))


def test_a_forgotten_make_up_day_or_festival_is_a_doubt_and_no_mistake() -> None:
    notice = typed_2026()
    short = TypedNotice(notice.place, notice.year, notice.source, notice.days_off[:-1], notice.make_up_days)
    entry = check_entry(Typed((short,)))
    assert entry.mistakes == ()
    assert any("没有写国庆" in doubt for doubt in entry.doubts)
    assert any("减去调休上班日为 8 天，法定节假日为 13 天" in doubt for doubt in entry.doubts)


def test_laid_over_only_the_years_spoken_of_change() -> None:
    before = WorkCalendar((NOTICE_2025,), (RegionalRest(date(2025, 3, 31), "开斋节", "宁政发"),))
    after = lay_over(before, check_entry(Typed((typed_2026(),))))
    assert after.notices == (NOTICE_2025, NOTICE_2026)
    assert after.regional == before.regional
    assert new_sources(before, after) == (NOTICE_2026.source,)
    assert {day.year for day, _, _ in changed_days(before, after)} == {2026}


def test_regional_days_replace_those_of_their_years_and_an_empty_list_takes_them_away() -> None:
    old = RegionalRest(date(2026, 3, 20), "开斋节", "宁政发〔2025〕1号")
    other_year = RegionalRest(date(2025, 3, 31), "开斋节", "宁政发〔2024〕1号")
    before = WorkCalendar(CALENDAR.notices, (old, other_year))
    moved = TypedSpan("第 1 条", "2026-03-23", "2026-03-24", "开斋节", "宁政发〔2026〕2号")
    after = lay_over(before, check_entry(Typed((), (moved,))))
    assert [rest.day for rest in after.regional] == [date(2025, 3, 31), date(2026, 3, 23), date(2026, 3, 24)]
    changed = {day: (was.kind, now.kind) for day, was, now in changed_days(before, after)}
    assert changed[date(2026, 3, 20)] == (DayKind.REGIONAL, DayKind.WORKDAY)
    assert changed[date(2026, 3, 23)] == (DayKind.WORKDAY, DayKind.REGIONAL)
    emptied = lay_over(before, check_entry(Typed((typed_2026(),), ())))
    assert emptied.regional == (other_year,)


def test_the_same_regional_day_twice_is_a_mistake() -> None:
    twice = (
        TypedSpan("第 1 条", "2026-03-20", "2026-03-22", "开斋节", "甲"),
        TypedSpan("第 2 条", "2026-03-22", "", "某节", "乙"),
    )
    assert "第 2 条：地方休息日 2026-03-22 写了两次" in sentences(check_entry(Typed((), twice)))
