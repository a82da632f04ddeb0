"""The whole protocol, as a controller speaks it: from the token to recordings with marks, track, labels and doubts."""

import hashlib
import json
from typing import Any

import pytest

from liuhen.core.facts.fold import fold
from liuhen.core.facts.model import Recording
from liuhen.flows.camera_completion import proposed_acts
from liuhen.flows.camera_sweep import finish_camera_deliveries
from liuhen.flows.check_index import check_index
from liuhen.flows.ground import open_kept
from liuhen.flows.office import office
from liuhen.records.cameras.models import CameraContainer
from liuhen.records.index.models import QuarantineRow, RecordingRow
from liuhen.records.ledger.read import sealed_events
from tests.doors.devices.conftest import CONTAINER, SERIAL, START, STATED, USER, Bureau, named, now, when
from tests.doors.devices.controller import Controller, meta

pytestmark = pytest.mark.django_db(transaction=True)


def facts_of(row: RecordingRow) -> Recording:
    return fold(open_kept(item, "") for item in sealed_events(f"recording:{row.uid}")).recordings[row.uid]


def recordings() -> list[Recording]:
    return [facts_of(row) for row in RecordingRow.objects.order_by("started_at", "name")]


def timed(first: float, last: float, **more: str) -> dict[str, str]:
    return {"Starttimeiso": when(first), "Stoptimeiso": when(last), **more}


def test_settings_carry_the_md5_of_their_body(here: Bureau, camera: Controller) -> None:
    for name in ("Capabilities.json", "Categories.json"):
        answer = camera.call("GET", f"System/{name}", headers={"Accept-Encoding": "gzip"})
        assert answer.status == 200 and "content-encoding" not in answer.headers
        assert answer.headers["etag"] == hashlib.md5(answer.body).hexdigest()
        assert camera.call("HEAD", f"System/{name}").headers["etag"] == answer.headers["etag"]
        assert camera.call("PUT", f"System/{name}", b"{}").status == 403
    told = json.loads(camera.call("GET", "System/Capabilities.json").body)
    assert told["StoreAndRead"] == {"StoreReadSystemID": True}
    assert told["Store"]["StoreRejectedContent"] is True and told["Read"]["ReadCategories"] is True


def test_open_cases_and_running_acts_are_categories_with_stable_ids(here: Bureau, camera: Controller) -> None:
    first = json.loads(camera.call("GET", "System/Categories.json").body)
    assert [row["Id"] for row in first] == [here.case, here.act]
    assert all(len(row["Id"].encode()) <= 32 and "恒达" not in row["Name"] for row in first)
    assert first[1]["Name"] == f"{first[0]['Name']} 现场检查"
    assert json.loads(camera.call("GET", "System/Categories.json").body) == first


def test_the_system_reads_back_who_it_is(camera: Controller) -> None:
    place = "System/0d9a6a1c-5e1f-4b36-9f0e-3a4c1f2b7d10"
    told = meta("Object", Connectionid="c-1", Systemname="安禾县局 一号柜+备用")
    assert camera.call("HEAD", place).status == 404
    assert camera.call("PUT", place, headers=told).status == 201
    for method in ("HEAD", "GET"):
        answer = camera.call(method, place)
        assert answer.status == 200 and answer.headers["x-object-meta-connectionid"] == "c-1"
        assert answer.headers["x-object-meta-systemname"].endswith("%2B%E5%A4%87%E7%94%A8")


def test_container_metadata_merge_and_an_empty_value_deletes(camera: Controller) -> None:
    assert camera.call("PUT", CONTAINER, headers=meta("Container", Status="Transferring", Triggeron="a")).status == 201
    again = {"X-Object-Meta-TriggerOn": "a%2Bb+c", "x-container-meta-FIRMWAREVERSION": "11.2"}
    assert camera.call("PUT", CONTAINER, headers=again).status == 202
    assert camera.call("POST", CONTAINER, headers=meta("Container", Firmwareversion="")).status == 204
    assert CameraContainer.objects.get(name=CONTAINER).metadata == {"status": "Transferring", "triggeron": "a+b+c"}
    answer = camera.call("HEAD", CONTAINER)
    assert answer.status == 200 and answer.headers["x-container-meta-status"] == "Transferring"


def test_object_metadata_are_replaced(camera: Controller) -> None:
    place = f"Users/{USER}"
    assert camera.call("POST", place, headers=meta("Container", Name="李 喆")).status == 202
    held = camera.call("HEAD", place).headers
    assert held["x-object-meta-name"] == "%E6%9D%8E %E5%96%86" and "x-object-meta-userid" not in held


def test_a_recording_of_three_clips_with_all_that_comes_beside(
    here: Bureau, camera: Controller, clips: list[bytes]
) -> None:
    track = {
        "CoordinateEntries": [{"LocationWKT": "POINT(113.28 35.77)", "SecondsFromStart": 1.0, "Timestamp": when(1)}]
    }
    json.loads(camera.call("GET", "System/Categories.json").body)
    delivered: dict[str, tuple[bytes, dict[str, str]]] = {
        named(0): (clips[0], timed(0, 2)),
        named(2): (clips[1], timed(2, 5)),
        named(5): (clips[2], timed(5, 15)),
        f"bookmark_{when(3)}_1": (
            "库房门口：未上锁".encode(),
            {"Starttime": when(3), "Categoryid": here.act, "Tags": "a:b"},
        ),
        f"bookmark_{when(4)}_2": (b"", {"Starttime": when(4), "Categoryid": "old-7", "Categoryname": "旧类别"}),
        f"20260302_091000_x7Qp_{SERIAL}_gpstrail.json": (json.dumps(track).encode(), {"Filetype": "json"}),
    }
    camera.recording(CONTAINER, delivered, **STATED, Stoptimeiso=when(15))
    assert RecordingRow.objects.count() == 0, "the door only takes in"
    assert finish_camera_deliveries(now()) == 1 and finish_camera_deliveries(now()) == 0
    first, second, third = recordings()
    assert [one.started for one in (first, second, third)] == [START.replace(second=s) for s in (0, 2, 5)]
    assert [(one.whole, one.part, one.way) for one in (first, second, third)] == [
        (CONTAINER, part, "摄像机系统") for part in (1, 2, 3)
    ]
    assert {(one.officer, one.device) for one in (first, second, third)} == {("officer-li", "camera-7")}
    assert [one.file and one.file.sha256 for one in (first, second, third)] == [
        hashlib.sha256(clip).hexdigest() for clip in clips
    ]
    assert [(str(mark.second), mark.topic[-4:], mark.note) for mark in second.marks] == [
        ("1", "现场检查", "库房门口：未上锁；a:b"),
        ("2", "旧类别", "类别编号 old-7 不是本机关发布的"),
    ]
    kinds = {companion.kind: companion for companion in first.companions}
    assert kinds["轨迹"].note == "1 个定位点" and kinds.keys() == {"轨迹", "说明"}
    with office().vault.open(kinds["说明"].file.sha256) as file:
        assert json.load(file)["metadata"]["triggeron"] == "Button"
    assert all(one.labels["案号"] for one in (first, second, third)), "the first bookmark names the case"
    assert proposed_acts("here", second.uid) == ((here.case, here.act),)
    row = CameraContainer.objects.get(name=CONTAINER)
    assert (row.doubts, row.officer, row.device) == ([], "officer-li", "camera-7")
    assert list(check_index()) == [], "the index says what the events say"


def test_a_missing_clip_is_noticed_and_its_reason_asked_for(camera: Controller, clips: list[bytes]) -> None:
    delivered = {named(0): (clips[0], timed(0, 2)), named(10): (clips[1], timed(10, 13))}
    camera.recording(CONTAINER, delivered, **STATED, Stoptimeiso=when(20))
    assert finish_camera_deliveries(now()) == 1
    first, second = recordings()
    assert [(str(mark.second), mark.topic) for mark in first.marks] == [("2", "中断")]
    assert "8.0 秒" in str(first.marks[0].note) and "请说明中断原因" in str(first.marks[0].note)
    assert [(str(mark.second), mark.topic) for mark in second.marks] == [("3", "中断")]
    assert len(CameraContainer.objects.get(name=CONTAINER).doubts) == 2


def test_unknown_people_and_cameras_are_taken_in_and_named(camera: Controller, clips: list[bytes]) -> None:
    stranger = "11111111-2222-3333-4444-555555555555"
    name = f"{stranger}_UNKNOWN99_2026-03-02_09:10:00"
    camera.recording(name, {named(0): (clips[0], timed(0, 2))})
    assert finish_camera_deliveries(now()) == 1
    (one,) = recordings()
    assert (one.officer, one.device) == (None, None)
    doubts = CameraContainer.objects.get(name=name).doubts
    assert stranger in doubts[0] and "UNKNOWN99" in doubts[1]
    assert doubts[0] in str(one.companions[0].note)


def test_what_cannot_be_played_is_set_aside_and_the_rest_taken_in(camera: Controller, clips: list[bytes]) -> None:
    delivered = {named(0): (b"", timed(0, 0)), named(2): (clips[0], timed(2, 4))}
    camera.recording(CONTAINER, delivered, **STATED)
    assert finish_camera_deliveries(now()) == 1
    assert len(recordings()) == 1
    aside = QuarantineRow.objects.get()
    assert aside.sha256 == hashlib.sha256(b"").hexdigest() and aside.reason


def test_a_sealed_recording_without_a_clip_is_set_aside_whole(camera: Controller) -> None:
    camera.recording(CONTAINER, {"bookmark_1_1": ("只有书签".encode(), {})}, **STATED)
    assert finish_camera_deliveries(now()) == 1
    reasons = sorted(QuarantineRow.objects.values_list("reason", flat=True))
    assert len(reasons) == 2 and any("没有任何可以入库的片段" in reason for reason in reasons)


@pytest.mark.parametrize("name", ["录像:甲 乙_x", "a" * 255])
def test_names_are_kept_as_they_come(camera: Controller, clips: list[bytes], name: str) -> None:
    camera.recording(name, {"09:10:00_x7Qp.mp4": (clips[0], {})})
    assert finish_camera_deliveries(now()) == 1
    (one,) = recordings()
    assert one.original_name == "09:10:00_x7Qp.mp4"
    assert one.whole == name or (len(name) > 128 and one.whole and one.whole.startswith(name[:63]))


def test_answers_of_the_settings_are_left_alone_by_the_site(settings: Any) -> None:
    assert not any("gzip" in name.lower() or "conditional" in name.lower() for name in settings.MIDDLEWARE)
