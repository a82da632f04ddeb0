"""A recording that comes in as a stream: taken in once, set aside with its reason, never half, never outside its folder."""

import errno
import hashlib
import io
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import resolve

from liuhen.adapters.vault.local import LocalVault
from liuhen.flows.ingest import link_recording
from liuhen.flows.occasion import Occasion
from liuhen.flows.receive_recording import Upload, UploadCut, receive_recording
from liuhen.records.index.models import RecordingRow
from liuhen.records.ledger.models import Event
from tests.adapters.media.specimens import Recipe, encode
from tests.doors.api.conftest import ACT, Agency, Caller, ago, begun, event


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return encode(tmp_path_factory.mktemp("film") / "film.mp4", Recipe()).read_bytes()


def _left_behind() -> list[Path]:
    return [path for path in (Path(settings.DATA) / "uploads").rglob("*") if path.is_file()]


def test_a_film_is_stored_then_known_then_read(here: Agency, officer: Caller, film: bytes) -> None:
    first = officer.upload(film, name="现场检查.mp4", sha256=hashlib.sha256(film).hexdigest()).json()
    assert first["status"] == "stored" and first["path"] == "现场检查.mp4"
    assert first["sha256"] == hashlib.sha256(film).hexdigest()
    again = officer.upload(film, name="另一个名字.mp4").json()
    assert (again["status"], again["recording"]) == ("known", first["recording"])
    card = officer.get(f"/recordings/{first['recording']}").json()
    assert (card["name"], card["size"], card["sm3"]) == ("现场检查.mp4", len(film), first["sm3"])
    assert card["case"] is None and _left_behind() == []


def test_what_cannot_be_played_is_set_aside_with_its_reason(here: Agency, officer: Caller) -> None:
    row = officer.upload(b"not a film", name="坏文件.mp4").json()
    assert row["status"] == "quarantined" and row["reason"] and row["recording"] is None


def test_an_empty_file_is_set_aside_too(here: Agency) -> None:
    row = receive_recording(Occasion(here.officer, ago(), ago()), Upload("空.mp4", 0), lambda most: b"")
    assert row.status == "quarantined" and row.reason


def test_marks_belong_to_recordings_of_the_case(here: Agency, officer: Caller, film: bytes) -> None:
    uid = officer.upload(film, name="a.mp4").json()["recording"]
    mark = event(2, "recording.marked", {"second": "0.5", "topic": "出示证件"}, recording=uid)
    path = f"/cases/{here.case}/events"
    assert officer.post(path, {"events": [begun(1), mark]}).status_code == 422
    assert officer.post(path, {"events": [begun(1)]}).status_code == 200
    link_recording(here.case, Occasion(here.officer, ago(), ago()), recording=uid, act=ACT)
    answer = officer.post(path, {"events": [mark]}).json()
    assert answer["events"][0]["stream"] == f"recording:{uid}" and answer["version"] == 3
    assert officer.post(path, {"events": [mark]}).json()["events"][0]["status"] == "known"
    late = event(3, "recording.marked", {"second": "99999", "topic": "出示证件"}, recording=uid)
    assert officer.post(path, {"events": [late]}).json()["place"] == "events[0].content.second"
    assert officer.get(f"/recordings/{uid}").json()["case"] == here.case


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "..", ".", "a/b.mp4", "a\\b.mp4", "a\x00.mp4", "a\n.mp4", "片" * 100]
)
def test_a_name_leads_nowhere(here: Agency, officer: Caller, film: bytes, name: str) -> None:
    refused = officer.upload(film, name=name)
    assert refused.status_code == 422 and refused.json()["place"] == "name"
    assert not RecordingRow.objects.exists() and _left_behind() == []


def test_bytes_that_are_not_what_was_said_are_not_taken_in(here: Agency, officer: Caller, film: bytes) -> None:
    refused = officer.upload(film, name="a.mp4", sha256="0" * 64)
    assert refused.status_code == 422 and refused.json()["place"] == "sha256"
    assert not RecordingRow.objects.exists() and _left_behind() == []


@pytest.mark.parametrize("field", ["officer", "device"])
def test_people_and_devices_must_be_on_the_roll(here: Agency, officer: Caller, film: bytes, field: str) -> None:
    refused = officer.upload(film, name="a.mp4", **{field: "nobody"})
    assert refused.status_code == 422 and refused.json()["place"] == field


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded"])
def test_forms_are_refused(here: Agency, officer: Caller, kind: str) -> None:
    assert officer.upload(b"--x--", kind, name="a.mp4").status_code == 415


def test_a_length_must_be_stated_and_bounded(here: Agency, officer: Caller) -> None:
    def lengthy(length: str) -> Any:
        extra: dict[str, Any] = {"CONTENT_LENGTH": length}
        return officer.client.generic(
            "POST", "/api/v1/recordings?name=a.mp4", b"x", "video/mp4", headers=officer._headers(), **extra
        )

    assert lengthy("").status_code == 411
    assert lengthy(str((64 << 30) + 1)).status_code == 413


@pytest.mark.parametrize("breaks", [False, True])
def test_a_cut_stream_leaves_nothing(here: Agency, film: bytes, breaks: bool) -> None:
    source = io.BytesIO(film[:-1])

    def read(most: int) -> bytes:
        block = source.read(most)
        if not block and breaks:
            raise ConnectionResetError(errno.ECONNRESET, "reset")
        return block

    events = Event.objects.count()
    with pytest.raises(UploadCut, match="中断"):
        receive_recording(Occasion(here.officer, ago(), ago()), Upload("a.mp4", len(film)), read)
    assert Event.objects.count() == events and _left_behind() == []


def test_a_full_disk_is_told_without_naming_our_folders(
    here: Agency, officer: Caller, film: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    resolve("/")  # the site's addresses are imported at the first request, which needs a disk
    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", full)
        on_the_way = officer.upload(film, name="a.mp4")
    monkeypatch.setattr(LocalVault, "_publish", full)
    in_the_vault = officer.upload(film, name="a.mp4")
    for refused in (on_the_way, in_the_vault):
        assert refused.status_code == 507 and str(settings.DATA) not in refused.content.decode()
    assert not RecordingRow.objects.exists() and _left_behind() == []


def test_what_a_killed_process_left_is_removed_later(here: Agency, officer: Caller, film: bytes) -> None:
    import os

    left = Path(settings.DATA) / "uploads" / "left"
    left.mkdir(parents=True)
    (left / "half.mp4").write_bytes(b"half")
    os.utime(left, (0, 0))
    officer.upload(film, name="a.mp4")
    assert not left.exists()
