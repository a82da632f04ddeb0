"""Cut connections, retries, writes after the seal, rejected content, full disks, killed processes: nothing acknowledged is lost."""

import errno
import hashlib
import io
import logging
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError

from liuhen.adapters.cameras.metadata import Sent
from liuhen.adapters.vault.local import LocalVault
from liuhen.adapters.vault.port import DiskFull
from liuhen.adapters.vault.s3 import S3Vault
from liuhen.flows import camera_completion, camera_files, camera_sweep
from liuhen.flows.camera_connection import Connection
from liuhen.flows.camera_storage import Incoming, put_object
from liuhen.flows.camera_sweep import finish_camera_deliveries
from liuhen.flows.office import office
from liuhen.records.cameras.models import CameraConnection, CameraContainer, CameraObject
from liuhen.records.index.models import QuarantineRow, RecordingRow
from liuhen.records.ledger.models import Event
from tests.doors.devices.conftest import CONTAINER, STATED, Bureau, named, now, when
from tests.doors.devices.controller import Controller, meta

pytestmark = pytest.mark.django_db(transaction=True)

CLIP = f"{CONTAINER}/{named(0)}"


def begin(camera: Controller) -> None:
    assert camera.call("PUT", CONTAINER, headers=meta("Container", Status="Transferring", **STATED)).status == 201


def seal(camera: Controller) -> None:
    assert camera.call("POST", CONTAINER, headers=meta("Container", Status="Complete")).status == 204


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_a_cut_body_is_not_kept_and_the_retry_is(camera: Controller, clips: list[bytes]) -> None:
    begin(camera)
    camera.cut(CLIP, clips[0][:1000], len(clips[0]))
    assert not CameraObject.objects.filter(container__name=CONTAINER).exists()
    assert camera.call("HEAD", CLIP).status == 404
    answer = camera.call("PUT", CLIP, clips[0])
    assert answer.status == 201 and answer.headers["etag"] == hashlib.md5(clips[0]).hexdigest()
    held = camera.call("HEAD", CLIP).headers
    assert (held["content-length"], held["etag"]) == (str(len(clips[0])), answer.headers["etag"])


def test_what_is_acknowledged_is_in_the_vault(camera: Controller, clips: list[bytes]) -> None:
    begin(camera)
    assert camera.call("PUT", CLIP, clips[0]).status == 201
    row = CameraObject.objects.get(name=named(0))
    assert office().vault.check(row.sha256).verdict == "passed" and row.size == len(clips[0])


def test_the_same_content_again_is_the_same(camera: Controller, clips: list[bytes]) -> None:
    begin(camera)
    for _ in range(3):
        assert camera.call("PUT", CLIP, clips[0], meta("Object", Starttimeiso=when(0))).status == 201
    assert CameraObject.objects.filter(container__name=CONTAINER).count() == 1


def test_another_content_before_the_seal_is_kept_beside(
    camera: Controller, clips: list[bytes], caplog: pytest.LogCaptureFixture
) -> None:
    begin(camera)
    with caplog.at_level(logging.WARNING, "liuhen.cameras"):
        for data in (clips[0], clips[1], clips[2], clips[1]):
            assert camera.call("PUT", CLIP, data).status == 201
    assert "先后收到不同的内容" in caplog.text
    seal(camera)
    assert finish_camera_deliveries(now()) == 1
    assert RecordingRow.objects.get().sha256 == sha256(clips[1])
    aside = set(QuarantineRow.objects.values_list("sha256", flat=True))
    assert aside == {sha256(clips[0]), sha256(clips[2])}


def test_a_stump_that_is_noticed_late_does_not_take_the_place_of_what_came_after(
    here: Bureau, camera: Controller, clips: list[bytes]
) -> None:
    begin(camera)
    assert camera.call("PUT", CLIP, clips[0]).status == 201
    stump, row = io.BytesIO(clips[0][:900]), CameraConnection.objects.get()
    connection = Connection(row.pk, row.uid, row.label, row.agency)
    place, begun = (CONTAINER, named(0)), now() - timedelta(minutes=1)
    put_object(connection, place, Sent({}), Incoming(stump.read, None, now), begun)
    assert CameraObject.objects.get(name=named(0), current=True).sha256 == sha256(clips[0])
    seal(camera)
    assert finish_camera_deliveries(now()) == 1
    assert RecordingRow.objects.get().sha256 == sha256(clips[0])
    assert QuarantineRow.objects.get().sha256 == sha256(clips[0][:900])


def test_a_vault_elsewhere_is_read_through_a_passing_copy(
    camera: Controller, clips: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(camera_files, "LocalVault", S3Vault)  # whatever is not on this disk is copied first
    camera.recording(CONTAINER, {named(0): (clips[0], {})}, **STATED)
    assert finish_camera_deliveries(now()) == 1
    assert RecordingRow.objects.get().sha256 == sha256(clips[0])
    assert not list((office().data / "uploads").iterdir())


def test_a_lost_answer_to_the_seal_may_be_asked_again(camera: Controller, clips: list[bytes]) -> None:
    begin(camera)
    assert camera.call("PUT", CLIP, clips[0]).status == 201
    for _ in range(2):
        seal(camera)
        assert camera.call("PUT", CLIP, clips[0]).status == 201
        assert finish_camera_deliveries(now()) in (0, 1)
    assert RecordingRow.objects.count() == 1 and not QuarantineRow.objects.exists()


def test_after_the_seal_whatever_changes_anything_is_set_aside_and_refused(
    camera: Controller, clips: list[bytes], caplog: pytest.LogCaptureFixture
) -> None:
    begin(camera)
    assert camera.call("PUT", CLIP, clips[0]).status == 201
    seal(camera)
    before = CameraContainer.objects.get(name=CONTAINER).metadata
    with caplog.at_level(logging.ERROR, "liuhen.cameras"):
        assert camera.call("PUT", CLIP, clips[1]).status == 400
        assert camera.call("PUT", f"{CONTAINER}/{named(9)}", clips[2]).status == 400
        assert camera.call("POST", CONTAINER, headers=meta("Container", Userid="other")).status == 400
        assert camera.call("POST", CLIP, headers=meta("Object", Starttimeiso=when(99))).status == 400
    assert "标记完成以后" in caplog.text
    assert CameraContainer.objects.get(name=CONTAINER).metadata == before
    assert QuarantineRow.objects.count() == 4
    aside = set(QuarantineRow.objects.values_list("sha256", flat=True))
    assert {sha256(clips[1]), sha256(clips[2])} <= aside
    assert all(office().vault.check(one).verdict == "passed" for one in aside)
    assert finish_camera_deliveries(now()) == 1
    assert RecordingRow.objects.get().sha256 == sha256(clips[0])


def test_rejected_content_is_never_refused_and_becomes_quarantine(camera: Controller, clips: list[bytes]) -> None:
    name = "RejectedContent_UnknownTime_0d9a6a1c-5e1f-4b36-9f0e-3a4c1f2b7d10"
    told = meta("Container", Rejectedcontentoriginalcontainer=CONTAINER, Rejectedcontentreason="400 时间超出范围")
    assert camera.call("PUT", f"{name}/{named(0)}", clips[0]).status == 201, "even before its container"
    assert camera.call("PUT", f"{name}/odd", b"x" * 10, {"X-Object-Meta-Long": "y" * 9000}).status == 201
    assert finish_camera_deliveries(now()) == 0, "the reason may still come"
    assert camera.call("PUT", name, headers=told).status == 202
    assert finish_camera_deliveries(now()) == 2 and finish_camera_deliveries(now()) == 0
    rows = QuarantineRow.objects.order_by("name")
    assert [row.sha256 for row in rows] == [sha256(clips[0]), sha256(b"x" * 10)]
    assert all("时间超出范围" in row.reason and CONTAINER in row.reason for row in rows)
    assert not RecordingRow.objects.exists()


def test_a_full_disk_is_507_and_leaves_nothing(
    camera: Controller, clips: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(camera)

    def full(*_: Any, **__: Any) -> Any:
        raise DiskFull("/vault")

    with monkeypatch.context() as patch:
        patch.setattr(LocalVault, "store", full)
        answer = camera.call("PUT", CLIP, clips[0])
    assert answer.status == 507 and not CameraObject.objects.filter(container__name=CONTAINER).exists()
    assert camera.call("PUT", CLIP, clips[0]).status == 201


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (OperationalError("database is locked"), 503),
        (OperationalError("database or disk is full"), 507),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), 507),
    ],
)
def test_a_busy_moment_is_answered_so_that_it_is_tried_again(
    camera: Controller, monkeypatch: pytest.MonkeyPatch, fault: Exception, status: int
) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise fault

    monkeypatch.setattr("liuhen.doors.devices.axis.views.put_container", fail)
    answer = camera.call("PUT", CONTAINER)
    assert answer.status == status and answer.headers["retry-after"]


@pytest.mark.parametrize("moment", ["_keep_keys", "_describe", "_settle", "set_aside_bytes"])
def test_a_process_killed_anywhere_leaves_work_that_is_done_once(
    camera: Controller, clips: list[bytes], monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    begin(camera)
    assert camera.call("PUT", CLIP, clips[1]).status == 201
    assert camera.call("PUT", CLIP, clips[0]).status == 201
    assert camera.call("PUT", f"{CONTAINER}/bookmark_1_1", "看这里".encode()).status == 201
    seal(camera)

    def killed(*_: Any, **__: Any) -> Any:
        raise SystemExit  # no handler of ours catches this, as none catches a kill

    with monkeypatch.context() as patch, pytest.raises(SystemExit):
        patch.setattr(camera_completion, moment, killed)
        finish_camera_deliveries(now())
    assert CameraContainer.objects.get(name=CONTAINER).finished_at is None
    assert finish_camera_deliveries(now()) == 1 and finish_camera_deliveries(now()) == 0
    types = list(Event.objects.exclude(stream__startswith="case:").values_list("type", flat=True))
    counted = {kind: types.count(kind) for kind in ("recording.stored", "recording.marked", "recording.accompanied")}
    assert counted == {"recording.stored": 1, "recording.marked": 1, "recording.accompanied": 1}
    assert types.count("agency.arrival-quarantined") == 1


def test_one_delivery_in_trouble_does_not_keep_the_others_waiting(
    camera: Controller, clips: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, data in (("甲_1", clips[0]), ("乙_2", clips[1])):
        camera.recording(name, {"a.mp4": (data, {})})
    real = camera_completion.finish_container

    def troubled(row: CameraContainer, at: Any) -> int:
        if row.name == "甲_1":
            raise DiskFull("/vault")
        return real(row, at)

    with monkeypatch.context() as patch:
        patch.setattr(camera_sweep, "finish_container", troubled)
        assert finish_camera_deliveries(now()) == 1
    waiting = CameraContainer.objects.get(name="甲_1")
    assert waiting.finished_at is None and "存储空间不足" in waiting.fault
    assert finish_camera_deliveries(now()) == 0, "not at every turn"
    CameraContainer.objects.update(tried_at=now() - timedelta(minutes=5))
    assert finish_camera_deliveries(now()) == 1
    assert RecordingRow.objects.count() == 2


def test_a_clip_that_came_by_another_way_first_stays_one_recording(camera: Controller, clips: list[bytes]) -> None:
    for name in ("甲_1", "乙_2"):
        camera.recording(name, {"a.mp4": (clips[0], {}), "bookmark_1_1": (name.encode(), {})})
    assert finish_camera_deliveries(now()) == 2
    row = RecordingRow.objects.get()
    marks = Event.objects.filter(stream=f"recording:{row.uid}", type="recording.marked")
    assert marks.count() == 2


def test_a_body_is_streamed(camera: Controller, monkeypatch: pytest.MonkeyPatch) -> None:
    """The largest piece that is ever asked of the connection stays far below the size of the content."""
    begin(camera)
    asked: list[int] = []
    real = LocalVault.store

    def watched(self: LocalVault, source: Any, **more: Any) -> Any:
        read = source.read

        def counted(most: int) -> bytes:
            asked.append(most)
            return bytes(read(most))

        source.read = counted
        return real(self, source, **more)

    monkeypatch.setattr(LocalVault, "store", watched)
    body = io.BytesIO(b"\0" * (40 << 20)).getvalue()
    assert camera.call("PUT", CLIP, body).status == 201
    assert len(asked) > 8 and max(asked) <= 4 << 20
