"""应录 against 实录: what is filmed, what is missing, and how far an explanation reaches."""

from datetime import timedelta
from typing import Any

from liuhen.core.facts.coverage import Coverage, coverage_of
from tests.core.facts.story import at, facts_of, filmed, inspection, told


def coverage(*items: dict[str, Any]) -> Coverage:
    facts = facts_of(*items)
    return coverage_of(facts, facts.case.acts["x1"])


def minutes(found: Coverage) -> list[tuple[float, float, bool]]:
    """The gaps as (start, end, explained) in minutes after nine."""
    zero = facts_of(*inspection()).case.acts["x1"].begun
    assert zero is not None
    return [
        (
            (gap.interval.start - zero) / timedelta(minutes=1),
            (gap.interval.end - zero) / timedelta(minutes=1),
            gap.explained_by is not None,
        )
        for gap in found.gaps
    ]


def broken(stopped: float, resumed: float, *, act: str = "x1", uid: str = "i1") -> dict[str, Any]:
    return told(
        70,
        "case.interruption-explained",
        act=act,
        interruption=uid,
        stopped_at=at(stopped),
        resumed_at=at(resumed),
        cause="电池耗尽",
        manner="书面",
    )


def test_two_recordings_that_meet_cover_the_whole_act() -> None:
    found = coverage(*inspection(), *filmed("r1", -5, 30), *filmed("r2", 30, 65))
    assert found.gaps == ()
    assert found.share == 1
    assert found.doubled == timedelta()


def test_a_gap_in_the_middle_is_named_with_its_bounds() -> None:
    found = coverage(*inspection(), *filmed("r1", 0, 20), *filmed("r2", 30, 60))
    assert minutes(found) == [(20, 30, False)]
    assert found.share == 50 / 60


def test_time_filmed_twice_counts_once_and_is_told() -> None:
    found = coverage(*inspection(), *filmed("r1", 0, 40), *filmed("r2", 20, 60))
    assert found.share == 1
    assert found.doubled == timedelta(minutes=20)


def test_an_explanation_accounts_for_the_gap_it_covers() -> None:
    found = coverage(*inspection(), *filmed("r1", 0, 20), *filmed("r2", 30, 60), broken(20, 30))
    assert minutes(found) == [(20, 30, True)]


def test_people_write_minutes_so_an_explanation_may_be_a_minute_off() -> None:
    found = coverage(*inspection(), *filmed("r1", 0, 20.6), *filmed("r2", 30.4, 60), broken(20, 30))
    assert [explained for _, _, explained in minutes(found)] == [True]


def test_five_explained_minutes_do_not_excuse_an_hour() -> None:
    found = coverage(*inspection(ended=90), *filmed("r1", 0, 20), *filmed("r2", 80, 90), broken(20, 25))
    assert minutes(found) == [(20, 25, True), (25, 80, False)]


def test_an_explanation_from_the_middle_of_a_gap_leaves_its_beginning_open() -> None:
    found = coverage(*inspection(ended=90), *filmed("r1", 0, 20), *filmed("r2", 80, 90), broken(50, 80))
    assert minutes(found) == [(20, 50, False), (50, 80, True)]


def test_two_explanations_may_share_a_gap() -> None:
    story = [*inspection(ended=90), *filmed("r1", 0, 20), *filmed("r2", 80, 90)]
    found = coverage(*story, broken(20, 45), broken(40, 80, uid="i2"))
    assert minutes(found) == [(20, 45, True), (45, 80, True)]


def test_filming_that_never_resumed_is_explained_to_the_end_of_its_gap_only() -> None:
    facts = facts_of(*inspection(ended=90), *filmed("r1", 0, 20), *filmed("r2", 40, 60), broken(20, 21))
    facts.case.interruptions["i1"].resumed = None
    assert minutes(coverage_of(facts, facts.case.acts["x1"])) == [(20, 40, True), (60, 90, False)]


def test_a_break_that_came_after_a_short_gap_does_not_explain_it() -> None:
    """Filming began twenty seconds late; the break that was explained came twenty seconds after that."""
    third = 1 / 3
    events = [*filmed("r1", third, 2 * third), *filmed("r2", 1, 60), broken(2 * third, 1)]
    found = minutes(coverage(*inspection(), *events))
    assert [(round(start * 60), round(end * 60), explained) for start, end, explained in found] == [
        (0, 20, False),
        (40, 60, True),
    ]


def test_a_break_within_one_written_minute_is_explained_by_that_minute() -> None:
    events = [*filmed("r1", 0, 20.2), *filmed("r2", 20.7, 60), broken(20, 20)]
    assert [explained for _, _, explained in minutes(coverage(*inspection(), *events))] == [True]


def test_an_explanation_for_another_act_explains_nothing_here() -> None:
    other = inspection(act="x2", kind="询问")
    found = coverage(*inspection(), *other, *filmed("r1", 0, 20), *filmed("r2", 30, 60), broken(20, 30, act="x2"))
    assert minutes(found) == [(20, 30, False)]


def test_a_recording_without_times_is_unknown() -> None:
    assert coverage(*inspection(), *filmed("r1", 0, None)).unknown == ("r1",)


def test_a_photo_films_no_stretch_and_leaves_nothing_unknown() -> None:
    found = coverage(*inspection(), *filmed("r1", 0, 60), *filmed("p1", None, None, media="photo"))
    assert found.unknown == ()
    assert found.gaps == ()


def test_a_recording_that_ends_before_it_began_is_unknown() -> None:
    assert coverage(*inspection(), *filmed("r1", 50, 10)).unknown == ("r1",)


def test_an_act_that_has_not_ended_demands_no_interval_yet() -> None:
    found = coverage(*inspection(ended=None), *filmed("r1", 0, 60))
    assert found.demanded is None
    assert found.share is None


def test_a_few_seconds_are_no_gap() -> None:
    assert coverage(*inspection(), *filmed("r1", 0.08, 60)).gaps == ()


def test_nothing_filmed_is_one_gap() -> None:
    assert minutes(coverage(*inspection())) == [(0, 60, False)]
