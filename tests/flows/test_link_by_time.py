"""`liuhen ingest --case` links to the act that was filmed, whatever the device's clock said, where it was compared with ours."""

from datetime import timedelta

import pytest

from liuhen.flows.ingest import link_by_time
from liuhen.flows.tend_recordings import settle_time
from tests.flows.closing import Story
from tests.flows.test_match_arrivals import DEVICE, FAST, OTHER, check, film, story

pytestmark = pytest.mark.django_db
__all__ = ["story"]

HALF_AN_HOUR = timedelta(minutes=30)


def test_a_clock_that_was_compared_is_reckoned_with_and_the_recorded_time_stays(story: Story) -> None:
    row = film(story, FAST)
    recorded = row.started_at
    assert link_by_time(story.case, story.on("registrar", 22 * 60), row.uid) is None
    check(story, FAST, at=timedelta(hours=21))
    assert link_by_time(story.case, story.on("registrar", 22 * 60), row.uid) == "现场检查"
    row.refresh_from_db()
    assert (row.act_uid, row.started_at) == (story.act, recorded)


def test_a_clock_that_only_seemed_to_show_the_act_links_nothing(story: Story) -> None:
    """By its own word it filmed the act; it was half an hour fast, so it filmed what was before."""
    row = film(story, timedelta())
    check(story, HALF_AN_HOUR, at=timedelta(hours=21))
    assert link_by_time(story.case, story.on("registrar", 22 * 60), row.uid) is None
    row.refresh_from_db()
    assert row.case_uid == ""


def test_another_devices_clock_says_nothing(story: Story) -> None:
    row = film(story, timedelta())
    check(story, HALF_AN_HOUR, at=timedelta(hours=21), device=OTHER)
    assert link_by_time(story.case, story.on("registrar", 22 * 60), row.uid) == "现场检查"


def test_a_phones_time_was_set_right_as_it_was_taken(story: Story) -> None:
    row = film(story, timedelta(), way="手机")
    check(story, HALF_AN_HOUR, at=timedelta(hours=21))
    assert link_by_time(story.case, story.on("registrar", 22 * 60), row.uid) == "现场检查"


def test_a_time_settled_by_a_person_is_the_time(story: Story) -> None:
    row = film(story, HALF_AN_HOUR, device=DEVICE)
    check(story, HALF_AN_HOUR, at=timedelta(hours=21))
    started = story.began + timedelta(minutes=4)
    ended = started + timedelta(minutes=5)
    settle_time(story.on("registrar", 22 * 60), row.uid, started=started, ended=ended, basis="与笔录核对")
    assert link_by_time(story.case, story.on("registrar", 22 * 60), row.uid) == "现场检查"
