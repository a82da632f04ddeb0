"""Recordings of a device whose clock is known to be off come to their act; settled times and others' clocks are left alone."""

from datetime import datetime, timedelta

import pytest

from liuhen.core.events.agency import DeviceClockChecked
from liuhen.core.events.parts import FileRef, MediaSummary
from liuhen.core.events.recording import RecordingStored
from liuhen.flows.match_arrivals import Match, confirm_certain, match_recordings
from liuhen.flows.occasion import Actor, Occasion
from liuhen.flows.record_agency import record_agency
from liuhen.flows.sent_batch import Sent
from liuhen.flows.tend_recordings import check_clock, settle_time
from liuhen.flows.writing import write_agency, write_recording
from liuhen.records.index.models import RecordingRow
from tests.flows.closing import AGENCY, PEOPLE, Story, tell

pytestmark = pytest.mark.django_db

DEVICE, OTHER = "d" * 32, "e" * 32
FAST = timedelta(hours=8, minutes=3, seconds=12)  # a zone too far, and the wandering of a cheap clock
SAID = "设备时钟快 8 小时 3 分 12 秒，比对时已折算"


@pytest.fixture
def story() -> Story:
    """The act lasts from minute 2 to minute 12."""
    story = tell()
    there = story.on("archivist", 35)
    for device in (DEVICE, OTHER):
        said = {"device": device, "name": "执法记录仪", "kind": "执法记录仪", "number": device[:3]}
        record_agency(there, [Sent(device[:16] + "c" * 16, "agency.device-registered", there.at, said)])
    return story


def film(story: Story, shown: timedelta, *, device: str = DEVICE, way: str | None = None) -> RecordingRow:
    """Store a recording of five minutes, made from minute 4 on by a clock that is `shown` ahead."""
    digest = f"{RecordingRow.objects.count() + 16:064x}"
    started = story.began + timedelta(minutes=4) + shown
    stored = RecordingStored(
        FileRef(digest, digest, 1_000_000, "到场.mp4", "video/mp4"),
        MediaSummary("video", "mp4", duration_ms=300_000),
        started_at=started,
        ended_at=started + timedelta(minutes=5),
        officer=PEOPLE["registrar"].uid,
        device=device,
        original_name="到场.mp4",
        way=way,
    )
    write_recording(digest[-32:], story.on("registrar", 20 * 60), stored)
    return RecordingRow.objects.get(uid=digest[-32:])


def match(story: Story, row: RecordingRow) -> Match:
    return match_recordings(PEOPLE["registrar"], [row], at=story.on("registrar", 23 * 60).at)[0]


def check(story: Story, ahead: timedelta, *, at: timedelta, device: str = DEVICE) -> None:
    moment = story.began + at
    check_clock(
        Occasion(PEOPLE["archivist"], moment, max(moment, story.on("archivist", 21 * 60).at)), device, moment + ahead
    )


def test_a_clock_that_was_compared_is_reckoned_with_and_the_recorded_time_stays(story: Story) -> None:
    row = film(story, FAST)
    recorded = row.started_at
    assert match(story, row).candidates == ()
    check(story, FAST, at=timedelta(hours=21))
    found = match(story, row)
    assert found.certain and found.candidates[0].act == story.act
    proposal = found.candidates[0].proposal
    assert proposal is not None and proposal.reasons[:2] == ("时间重合 100%", SAID)
    assert found.started_at == recorded == story.began + timedelta(minutes=4) + FAST
    assert confirm_certain(story.on("registrar", 22 * 60), [row.uid]) == 1
    row.refresh_from_db()
    assert (row.act_uid, row.started_at) == (story.act, recorded)


@pytest.mark.parametrize(("days", "is_used"), [(30, True), (31, False), (-30, True), (-31, False)])
def test_a_comparison_speaks_for_thirty_days(story: Story, days: int, is_used: bool) -> None:
    row = film(story, FAST)
    check(story, FAST, at=timedelta(days=days, minutes=4))
    assert bool(match(story, row).candidates) == is_used


def test_what_was_filmed_before_the_clock_was_set_right_keeps_the_difference_of_then(story: Story) -> None:
    row = film(story, FAST)
    check(story, FAST, at=timedelta(hours=21))
    check(story, timedelta(), at=timedelta(hours=21, minutes=2))
    assert match(story, row).certain


def test_another_devices_clock_and_anothers_agency_say_nothing(story: Story) -> None:
    row = film(story, FAST)
    check(story, FAST, at=timedelta(hours=21), device=OTHER)
    at = story.began + timedelta(hours=21)
    stranger = Occasion(Actor("s", "外人", "elsewhere", frozenset({"档案管理员"})), at, at)
    write_agency(stranger, DeviceClockChecked(DEVICE, at + FAST, round(FAST.total_seconds() * 1000)))
    assert match(story, row).candidates == ()


def test_a_time_settled_by_a_person_is_the_time(story: Story) -> None:
    row = film(story, FAST)
    check(story, timedelta(minutes=3), at=timedelta(hours=21))
    started = story.began + timedelta(minutes=4)
    settle_time(
        story.on("registrar", 22 * 60),
        row.uid,
        started=started,
        ended=started + timedelta(minutes=5),
        basis="与笔录核对",
    )
    row.refresh_from_db()
    found = match(story, row).candidates[0].proposal
    assert found is not None and found.share == 1 and not any("折算" in reason for reason in found.reasons)


def test_a_phones_time_was_set_right_as_it_was_taken(story: Story) -> None:
    row = film(story, timedelta(), way="手机")
    check(story, FAST, at=timedelta(hours=21))
    found = match(story, row).candidates[0].proposal
    assert found is not None and found.share == 1 and not any("折算" in reason for reason in found.reasons)


def test_agreement_is_not_worth_a_word(story: Story) -> None:
    row = film(story, timedelta())
    check(story, timedelta(milliseconds=400), at=timedelta(hours=21))
    found = match(story, row).candidates[0].proposal
    assert found is not None and found.certain and not any("时钟" in reason for reason in found.reasons)


def test_who_sees_no_cases_gets_no_proposals_whatever_the_clock(story: Story) -> None:
    row = film(story, FAST)
    check(story, FAST, at=timedelta(hours=21))
    system = PEOPLE["system"]
    assert match_recordings(system, [row], at=datetime.now(story.began.tzinfo))[0].candidates == ()
    assert system.agency == AGENCY
