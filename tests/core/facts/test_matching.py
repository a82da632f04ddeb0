"""Which act a recording shows: time first, then who, with what and where; certain only where nothing else could be meant."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuhen.core.events.parts import Location
from liuhen.core.facts.matching import Scene, Shot, propose
from liuhen.core.kernel.moments import SHANGHAI

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
MINUTE = timedelta(minutes=1)
LATER = NINE + timedelta(days=1)
ACT = Scene("case", "act", NINE, NINE + 30 * MINUTE, frozenset({"li", "wang"}))
SHOT = Shot(NINE + MINUTE, NINE + 21 * MINUTE, officer="li")


def test_an_officer_of_the_act_within_its_time_is_certain() -> None:
    (found,) = propose(SHOT, [ACT], at=LATER)
    assert found.certain and found.share == 1
    assert found.reasons == ("时间重合 100%", "拍摄人是本次活动的执法人员") and not found.doubts


def test_time_alone_is_proposed_but_not_certain() -> None:
    (found,) = propose(replace(SHOT, officer=None), [ACT], at=LATER)
    assert not found.certain and found.share == 1


def test_another_officer_speaks_against_it() -> None:
    (found,) = propose(replace(SHOT, officer="zhao"), [ACT], at=LATER)
    assert not found.certain and found.doubts == ("拍摄人不是本次活动的执法人员",)


def test_a_device_that_filmed_the_act_makes_it_certain() -> None:
    scene = replace(ACT, devices=frozenset({"DSJ-1"}))
    (found,) = propose(replace(SHOT, officer=None, device="DSJ-1"), [scene], at=LATER)
    assert found.certain and "同一设备拍摄了本次活动的其他音像" in found.reasons


def test_a_doubted_clock_is_never_certain() -> None:
    (found,) = propose(replace(SHOT, doubted=True), [ACT], at=LATER)
    assert not found.certain and found.doubts == ("时钟存疑",)


def test_two_acts_at_once_are_both_proposed_and_neither_certain() -> None:
    found = propose(SHOT, [ACT, replace(ACT, case="other")], at=LATER)
    assert [one.case for one in found] == ["case", "other"] and not any(one.certain for one in found)


def test_the_officer_decides_between_two_acts_at_once() -> None:
    other = replace(ACT, case="other", officers=frozenset({"zhao"}))
    found = propose(SHOT, [other, ACT], at=LATER)
    assert [(one.case, one.certain) for one in found] == [("case", True), ("other", False)]


@pytest.mark.parametrize(("before", "share"), [(0, 1.0), (10, 0.5), (18, 0.1)])
def test_the_share_is_that_of_the_recording(before: int, share: float) -> None:
    shot = Shot(NINE - before * MINUTE, NINE + (20 - before) * MINUTE, officer="li")
    (found,) = propose(shot, [ACT], at=LATER)
    assert found.share == pytest.approx(share) and found.certain == (share == 1)


@pytest.mark.parametrize(("away", "proposed"), [(1, True), (30, True), (31, False)])
def test_close_in_time_is_worth_a_look_and_far_is_not(away: int, proposed: bool) -> None:
    shot = Shot(NINE - (away + 5) * MINUTE, NINE - away * MINUTE, officer="li")
    found = propose(shot, [ACT], at=LATER)
    assert bool(found) == proposed
    if proposed:
        assert found[0].share == 0 and found[0].reasons[0] == f"与活动相差 {away} 分" and not found[0].certain


def test_a_photo_is_an_instant() -> None:
    (inside,) = propose(Shot(NINE, NINE, officer="wang"), [ACT], at=LATER)
    assert inside.share == 1 and inside.certain
    (outside,) = propose(Shot(NINE - MINUTE, NINE - MINUTE), [ACT], at=LATER)
    assert outside.share == 0


def test_an_act_that_goes_on_lasts_to_now_but_not_for_ever() -> None:
    going_on = replace(ACT, ended=None)
    (found,) = propose(SHOT, [going_on], at=NINE + 60 * MINUTE)
    assert found.share == 1
    late = Shot(NINE + timedelta(hours=20), NINE + timedelta(hours=21))
    assert propose(late, [going_on], at=NINE + timedelta(days=3)) == ()


def test_place_and_number_rank() -> None:
    here, near, far = Location("35.7756", "113.2806"), Location("35.7760", "113.2806"), Location("35.9", "113.2806")
    scenes = [
        replace(ACT, case="far", spots=(far,), officers=frozenset()),
        replace(ACT, case="near", spots=(near,), officers=frozenset()),
    ]
    found = propose(replace(SHOT, spot=here), scenes, at=LATER)
    assert [one.case for one in found] == ["near", "far"]
    assert "拍摄地点相距约 44 米" in found[0].reasons and found[1].doubts == ("拍摄地点相距约 13.8 公里",)
    named = replace(ACT, case="named", numbers=("安应急案〔2026〕1号",), place="东街", officers=frozenset())
    shot = replace(SHOT, name="东街 安应急案〔2026〕1号 01.mp4")
    found = propose(shot, [replace(named, numbers=(), place="", case="plain"), named], at=LATER)
    assert found[0].case == "named" and {"文件名写有活动地点", "文件名写有案号"} <= set(found[0].reasons)


def test_a_clock_known_to_be_fast_is_reckoned_with_and_said() -> None:
    fast = timedelta(hours=8, minutes=3, seconds=12)
    wrong = replace(SHOT, started=SHOT.started + fast, ended=SHOT.ended + fast)
    assert propose(wrong, [ACT], at=LATER) == ()
    (found,) = propose(replace(wrong, ahead=fast), [ACT], at=LATER)
    assert found.certain and found.share == 1
    assert found.reasons[:2] == ("时间重合 100%", "设备时钟快 8 小时 3 分 12 秒，比对时已折算")


def test_a_clock_known_to_be_slow_is_no_ground_for_a_doubted_one() -> None:
    slow = timedelta(seconds=-45)
    shot = replace(SHOT, started=SHOT.started + slow, ended=SHOT.ended + slow, ahead=slow, doubted=True)
    (found,) = propose(shot, [ACT], at=LATER)
    assert "设备时钟慢 45 秒，比对时已折算" in found.reasons and found.doubts == ("时钟存疑",) and not found.certain


@given(
    ahead=st.integers(-2 * 86400, 2 * 86400),
    start=st.integers(-3 * 3600, 3 * 3600),
    length=st.integers(0, 7200),
    officer=st.sampled_from(["li", "zhao", None]),
    ended=st.sampled_from([ACT.ended, None]),
)
def test_reckoning_is_the_same_as_a_clock_that_was_right(
    ahead: int, start: int, length: int, officer: str | None, ended: datetime | None
) -> None:
    off = timedelta(seconds=ahead)
    scenes = [replace(ACT, ended=ended), replace(ACT, case="other", begun=NINE + 45 * MINUTE, ended=ended and LATER)]
    right = Shot(NINE + timedelta(seconds=start), NINE + timedelta(seconds=start + length), officer=officer)
    wrong = replace(right, started=right.started + off, ended=right.ended + off, ahead=off)
    expected = propose(right, scenes, at=LATER)
    found = propose(wrong, scenes, at=LATER)
    assert [replace(one, reasons=()) for one in found] == [replace(one, reasons=()) for one in expected]
    for one, other in zip(found, expected, strict=True):
        said = [reason for reason in one.reasons if "折算" in reason]
        assert len(said) == (ahead != 0) and [*one.reasons] == [other.reasons[0], *said, *other.reasons[1:]]
