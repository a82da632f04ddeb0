"""人工封口: what came of a transfer that never ended is taken in by a person's decision, once, and says whose it was."""

from dataclasses import replace
from datetime import timedelta

import pytest

from liuhen.core.events.agency import TransferClosed
from liuhen.core.events.custody import RecordingAccompanied
from liuhen.core.kernel.errors import BadInput
from liuhen.flows.access import NotAllowed, NotFound
from liuhen.flows.camera_arrivals import list_stuck
from liuhen.flows.camera_connection import disable_connection
from liuhen.flows.camera_sealing import StillComing, seal_stuck
from liuhen.flows.camera_sweep import finish_camera_deliveries
from liuhen.flows.check_index import check_index
from liuhen.flows.ground import agency_facts, open_kept
from liuhen.records.cameras.models import CameraConnection, CameraContainer, CameraObject
from liuhen.records.index.models import QuarantineRow, RecordingRow
from liuhen.records.ledger.models import Event
from liuhen.records.ledger.read import sealed_events
from tests.doors.devices.conftest import CONTAINER, STATED, Bureau, named, now
from tests.doors.devices.controller import Controller, meta

pytestmark = pytest.mark.django_db(transaction=True)

WHY = "记录仪摔坏，无法继续传送"


def begun(camera: Controller, clips: list[bytes]) -> str:
    """Send one clip of a recording and no end, thirty hours ago; give the system's id."""
    assert camera.call("PUT", CONTAINER, headers=meta("Container", Status="Transferring", **STATED)).status == 201
    if clips:
        assert camera.call("PUT", f"{CONTAINER}/{named(0)}", clips[0]).status == 201
    ago = now() - timedelta(hours=30)
    CameraContainer.objects.filter(name=CONTAINER).update(created_at=ago, changed_at=ago)
    CameraObject.objects.filter(container__name=CONTAINER).update(begun_at=ago, received_at=ago)
    return CameraConnection.objects.get().uid


def test_what_has_come_is_taken_in_and_says_who_decided_and_why(
    here: Bureau, camera: Controller, clips: list[bytes]
) -> None:
    system, today = begun(camera, clips), here.occasion(here.officer)
    assert finish_camera_deliveries(today.at) == 0 and not RecordingRow.objects.exists()
    sealed = seal_stuck(today, system, CONTAINER, reason=f" {WHY} ")
    assert (sealed.objects, sealed.size) == (1, len(clips[0]))
    assert list_stuck(here.officer, at=today.at) == []
    assert finish_camera_deliveries(today.at) == 1
    row = RecordingRow.objects.get()
    said = agency_facts("here").agency.transfers_closed["一号记录仪柜", CONTAINER]
    assert said == TransferClosed("一号记录仪柜", CONTAINER, 1, len(clips[0]), WHY)
    header = Event.objects.get(type="agency.transfer-closed")
    assert header.stream == "agency:here"
    told = [open_kept(item, "").content for item in sealed_events(f"recording:{row.uid}")]
    (note,) = [one.note for one in told if isinstance(one, RecordingAccompanied) and one.kind == "说明"]
    assert note is not None and WHY in note and "李喆" in note and "没有标记完成" in note
    assert list(check_index()) == []


def test_what_comes_after_is_set_aside_as_after_any_seal(here: Bureau, camera: Controller, clips: list[bytes]) -> None:
    system, today = begun(camera, clips), here.occasion(here.officer)
    seal_stuck(today, system, CONTAINER, reason=WHY)
    assert camera.call("PUT", f"{CONTAINER}/{named(9)}", clips[1]).status == 400
    assert QuarantineRow.objects.count() == 1 and finish_camera_deliveries(today.at) == 1
    assert RecordingRow.objects.count() == 1


def test_one_that_still_comes_or_is_sealed_waits_for_nobody(
    here: Bureau, camera: Controller, clips: list[bytes]
) -> None:
    system = begun(camera, clips)
    CameraObject.objects.update(received_at=now() - timedelta(hours=23))
    with pytest.raises(StillComing, match="24 小时"):
        seal_stuck(here.occasion(here.officer), system, CONTAINER, reason=WHY)
    CameraObject.objects.update(received_at=now() - timedelta(hours=25))
    seal_stuck(here.occasion(here.officer), system, CONTAINER, reason=WHY)
    with pytest.raises(StillComing):
        seal_stuck(here.occasion(here.officer), system, CONTAINER, reason=WHY)
    assert Event.objects.filter(type="agency.transfer-closed").count() == 1


def test_a_system_that_is_shut_out_and_one_that_sent_nothing(here: Bureau, camera: Controller) -> None:
    system = begun(camera, [])
    disable_connection(here.occasion(), "一号记录仪柜")
    today = here.occasion(here.officer)
    assert seal_stuck(today, system, CONTAINER, reason=WHY).is_shut_out
    assert finish_camera_deliveries(today.at) == 1
    row = CameraContainer.objects.get(name=CONTAINER)
    assert row.finished_at is not None and WHY in row.doubts[0]
    assert WHY in QuarantineRow.objects.get().reason and not RecordingRow.objects.exists()


@pytest.mark.parametrize("reason", ["", "  ", "长" * 301])
def test_the_reason_is_asked_for(here: Bureau, camera: Controller, clips: list[bytes], reason: str) -> None:
    system = begun(camera, clips)
    with pytest.raises(BadInput, match="为什么不再等待"):
        seal_stuck(here.occasion(here.officer), system, CONTAINER, reason=reason)
    assert CameraContainer.objects.get(name=CONTAINER).completed_at is None


def test_who_may_not(here: Bureau, camera: Controller, clips: list[bytes]) -> None:
    system, today = begun(camera, clips), here.occasion(here.officer)
    for roles in ({"机关负责人"}, {"系统管理员"}, {"审计管理员"}, set[str]()):
        with pytest.raises(NotAllowed):
            seal_stuck(
                replace(today, actor=replace(here.officer, roles=frozenset(roles))), system, CONTAINER, reason=WHY
            )
    with pytest.raises(NotFound):
        seal_stuck(replace(today, actor=replace(here.officer, agency="there")), system, CONTAINER, reason=WHY)
    with pytest.raises(NotFound):
        seal_stuck(today, system, "another", reason=WHY)
    assert not Event.objects.filter(type="agency.transfer-closed").exists()
