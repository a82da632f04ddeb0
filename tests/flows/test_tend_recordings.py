"""What is put right after a recording came in: links, times, holds, what was set aside, and who may not."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from liuhen.core.events.agency import ArrivalQuarantined, DeviceRegistered
from liuhen.core.events.parts import FileRef
from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.flows.access import NotAllowed, NotFound
from liuhen.flows.check_index import check_index
from liuhen.flows.device_clocks import device_named, list_clocks
from liuhen.flows.ground import agency_facts, ground_of, recording_facts
from liuhen.flows.hand_out import HoldsStateSecrets
from liuhen.flows.indexing import quarantine_row
from liuhen.flows.ingest import ingest_file, link_recording
from liuhen.flows.occasion import Actor, Occasion
from liuhen.flows.record_agency import record_agency
from liuhen.flows.sent_batch import Sent
from liuhen.flows.tend_recordings import (
    AlreadySo,
    check_clock,
    hold_recording,
    release_recording,
    settle_arrival,
    settle_time,
    transfer_recording,
    unlink_recording,
)
from liuhen.flows.writing import write_agency
from liuhen.records.index.models import QuarantineRow, RecordingRow
from tests.flows.closing import AGENCY, PEOPLE, Story, tell

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Story:
    return tell()


def test_a_wrong_link_is_undone_and_the_recording_is_free_again(story: Story) -> None:
    unlink_recording(story.case, story.on("registrar", 40), story.open, reason="录的是另一家")
    facts = ground_of(story.case, AGENCY).facts
    assert facts.case.acts[story.act].recordings == [story.secret]
    assert story.open not in {uid for uid, item in facts.recordings.items() if item.unlinked is None}
    assert RecordingRow.objects.get(uid=story.open).case_uid == ""
    assert not list(check_index())
    link_recording(story.case, story.on("registrar", 41), recording=story.open, act=story.act)
    facts = ground_of(story.case, AGENCY).facts
    assert facts.recordings[story.open].unlinked is None
    assert facts.recordings[story.open].stored is not None
    assert not list(check_index())


def test_a_link_is_undone_once_with_a_reason_and_by_who_investigates(story: Story) -> None:
    with pytest.raises(BadInput, match="原因"):
        unlink_recording(story.case, story.on("registrar", 40), story.open, reason="  ")
    with pytest.raises(NotAllowed):
        unlink_recording(story.case, story.on("reviewer", 40), story.open, reason="误联")
    with pytest.raises(NotFound):
        unlink_recording(story.case, story.on("outsider", 40), story.secret, reason="误联")
    unlink_recording(story.case, story.on("registrar", 40), story.open, reason="误联")
    with pytest.raises(NotFound):
        unlink_recording(story.case, story.on("registrar", 41), story.open, reason="误联")


def test_a_doubtful_time_is_settled_with_its_ground(story: Story) -> None:
    started = story.began + timedelta(minutes=3)
    ended = started + timedelta(minutes=4)
    settle_time(story.on("registrar", 40), story.open, started=started, ended=ended, basis="与笔录核对")
    recording = recording_facts(story.open)
    assert (recording.started, recording.ended, recording.timed_by) == (started, ended, "与笔录核对")
    assert RecordingRow.objects.get(uid=story.open).started_at == started
    assert not list(check_index())


@pytest.mark.parametrize(
    ("start", "end", "field"), [(-60 * 24 * 365 * 40, 3, "started_at"), (5, 3, "ended_at"), (3, 90, "ended_at")]
)
def test_a_time_that_cannot_be_is_refused(story: Story, start: int, end: int, field: str) -> None:
    began = story.began
    with pytest.raises(BadInput, match=field):
        settle_time(
            story.on("registrar", 40),
            story.open,
            started=began + timedelta(minutes=start),
            ended=began + timedelta(minutes=end),
            basis="核对",
        )


def test_a_hold_lasts_until_it_is_released_once(story: Story) -> None:
    hold = hold_recording(story.on("archivist", 40), story.open, ground="行政复议")
    assert recording_facts(story.open).holds == {hold: "行政复议"}
    release_recording(story.on("archivist", 41), story.open, hold, reason="复议终结")
    assert recording_facts(story.open).holds == {}
    with pytest.raises(AlreadySo):
        release_recording(story.on("archivist", 42), story.open, hold, reason="复议终结")
    with pytest.raises(NotAllowed):
        hold_recording(story.on("registrar", 43), story.open, ground="诉讼")


def test_a_copy_is_handed_over_on_an_approval_and_a_state_secret_never() -> None:
    story = tell("国家秘密")
    given = {"to": "县人民法院", "carrier": "光盘", "purpose": "诉讼", "approval": "负责人 3 月 9 日批准"}
    transfer_recording(story.on("archivist", 40), story.open, **given)
    assert [item.to for item in recording_facts(story.open).transfers] == ["县人民法院"]
    with pytest.raises(HoldsStateSecrets):
        transfer_recording(story.on("archivist", 41), story.secret, **given)
    with pytest.raises(BadInput, match="approval"):
        transfer_recording(story.on("archivist", 42), story.open, **{**given, "approval": " "})


def test_what_was_set_aside_is_dealt_with_once(story: Story) -> None:
    file = FileRef("9" * 64, "8" * 64, 3, "坏文件.mp4", "application/octet-stream")
    sealed = write_agency(story.on("registrar", 40), ArrivalQuarantined(file, "文件已损坏"))
    quarantine_row(sealed[0].header, file, "文件已损坏")
    settle_arrival(story.on("archivist", 41), file.sha256, outcome="已重新导出入库", recording=story.open)
    assert QuarantineRow.objects.get(sha256=file.sha256).outcome == "已重新导出入库"
    assert agency_facts(AGENCY).agency.settled[file.sha256].recording == story.open
    with pytest.raises(AlreadySo):
        settle_arrival(story.on("archivist", 42), file.sha256, outcome="又一次")
    with pytest.raises(NotFound):
        settle_arrival(story.on("archivist", 42), "7" * 64, outcome="没有")
    with pytest.raises(NotAllowed):
        settle_arrival(story.on("head", 42), file.sha256, outcome="不该")


DEVICE = "d" * 32


@pytest.fixture
def recorder(story: Story) -> str:
    said = {"device": DEVICE, "name": "执法记录仪", "kind": "执法记录仪", "number": "DSJ-1"}
    there = story.on("archivist", 35)
    record_agency(there, [Sent("c" * 32, "agency.device-registered", there.at, said)])
    return DEVICE


def test_a_devices_clock_is_compared_with_ours(story: Story, recorder: str) -> None:
    here = story.on("archivist", 41)
    assert check_clock(here, recorder, here.at - timedelta(seconds=90)) == timedelta(seconds=-90)
    assert agency_facts(AGENCY).agency.devices[recorder].drift_ms == -90_000
    again = story.on("registrar", 42)
    assert check_clock(again, recorder, again.at) == timedelta()
    with pytest.raises(NotFound):
        check_clock(here, "nowhere", here.at)
    for name in ("head", "reviewer", "system"):
        with pytest.raises(NotAllowed):
            check_clock(story.on(name, 43), recorder, here.at)


@pytest.mark.parametrize(
    ("shown", "sentence"),
    [
        (datetime(1970, 1, 1, 8, 0, 3, tzinfo=SHANGHAI), "1970 年，时钟已经复位"),
        (timedelta(days=365), "相差 365 日"),
        (timedelta(days=-365), "相差 365 日"),
        (timedelta(days=2, seconds=1), "相差 2 日"),
    ],
)
def test_a_time_that_no_clock_in_use_shows_is_refused(
    story: Story, recorder: str, shown: datetime | timedelta, sentence: str
) -> None:
    here = story.on("archivist", 41)
    with pytest.raises(BadInput, match=sentence) as refusal:
        check_clock(here, recorder, shown if isinstance(shown, datetime) else here.at + shown)
    assert refusal.value.place == "shown" and "校准" in str(refusal.value)
    assert agency_facts(AGENCY).agency.devices[recorder].clock_checked is None


def test_devices_that_were_never_compared_or_long_ago_stand_first(story: Story) -> None:
    there = story.on("archivist", 35)
    for number in range(5):
        said = {"device": f"{number}" * 32, "name": "执法记录仪", "kind": "执法记录仪", "number": f"DSJ-{number}"}
        record_agency(there, [Sent(f"a{number}" * 16, "agency.device-registered", there.at, said)])
    for number, day in ((4, 0), (1, 5), (3, 10), (0, 35)):
        at = story.began + timedelta(days=day, minutes=50)
        check_clock(Occasion(PEOPLE["archivist"], at, at), f"{number}" * 32, at + timedelta(seconds=number))
    found = list_clocks(PEOPLE["registrar"], at=story.began + timedelta(days=36))
    assert [(one.number, one.due) for one in found] == [
        ("DSJ-2", True),
        ("DSJ-4", True),
        ("DSJ-1", True),
        ("DSJ-0", False),
        ("DSJ-3", False),
    ]
    assert [one.ahead for one in found][:3] == [None, timedelta(seconds=4), timedelta(seconds=1)]
    with pytest.raises(NotAllowed):
        list_clocks(PEOPLE["head"], at=story.began)
    assert list_clocks(Actor("elsewhere", "外人", "elsewhere", frozenset({"执法人员"})), at=story.began) == ()


def test_a_device_is_found_by_its_number_or_uid_and_never_guessed(story: Story, recorder: str) -> None:
    archivist = PEOPLE["archivist"]
    assert device_named(archivist, " dsj-1 ") == device_named(archivist, recorder) == recorder
    # Registers written by other hands may bear a number twice.
    write_agency(story.on("archivist", 36), DeviceRegistered("e" * 32, "另一台", "执法记录仪", "DSJ-1"))
    for name in ("DSJ-1", "DSJ", "", "执法记录仪"):
        with pytest.raises(NotFound):
            device_named(archivist, name)


def test_what_was_dealt_with_and_comes_again_is_looked_at_afresh(story: Story, tmp_path: Path) -> None:
    bad = tmp_path / "坏.mp4"
    bad.write_bytes(b"no film at all")
    first = ingest_file(bad, story.on("registrar", 40))
    assert ingest_file(bad, story.on("registrar", 41)).status == "quarantined"
    assert QuarantineRow.objects.filter(sha256=first.sha256).count() == 1
    settle_arrival(story.on("archivist", 42), first.sha256, outcome="与执法无关")
    assert ingest_file(bad, story.on("registrar", 43)).status == "quarantined"
    rows = QuarantineRow.objects.filter(sha256=first.sha256).order_by("at")
    assert [bool(row.outcome) for row in rows] == [True, False]
    settle_arrival(story.on("archivist", 44), first.sha256, outcome="仍与执法无关")
    assert not QuarantineRow.objects.filter(outcome="").exists()
