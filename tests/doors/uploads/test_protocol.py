"""tus 1.0.0, sentence by sentence: what each header must be, what each status means, and who may not."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from liuhen.core.kernel.digests import sm3
from liuhen.records.index.models import QuarantineRow, RecordingRow
from liuhen.records.ledger.models import Event
from tests.doors.api.conftest import Agency
from tests.doors.uploads.conftest import PIECE, Sender, account, checksum


def _bytes_left() -> list[Path]:
    return [path for path in (Path(settings.DATA) / "resumable").rglob("body/*") if path.is_file()]


def test_the_server_tells_what_it_can(db: None) -> None:
    answer = Client().options("/uploads/")
    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == answer.headers["Tus-Resumable"] == "1.0.0"
    assert set(answer.headers["Tus-Extension"].split(",")) == {
        "creation",
        "creation-with-upload",
        "checksum",
        "termination",
        "expiration",
    }
    assert answer.headers["Tus-Checksum-Algorithm"] == "sha256,sha1,md5"
    assert answer.headers["Tus-Max-Size"] == str(64 << 30)


def test_a_film_arrives_in_pieces_and_is_stored(sender: Sender, film: bytes) -> None:
    place = sender.send("现场检查.mp4", film, sm3=sm3(film))
    begun = sender.call("HEAD", place)
    assert (begun.headers["Upload-Offset"], begun.headers["Upload-Length"]) == ("0", str(len(film)))
    assert begun.headers["Cache-Control"] and "no-store" in begun.headers["Cache-Control"]
    assert "GMT" in begun.headers["Upload-Expires"] and "filename " in begun.headers["Upload-Metadata"]
    half = len(film) // 2
    first = sender.patch(place, 0, film[:half])
    assert (first.status_code, first.headers["Upload-Offset"]) == (204, str(half))
    assert sender.call("GET", place).json()["status"] == "arriving"
    last = sender.patch(place, half, film[half:])
    assert (last.status_code, last.headers["Upload-Offset"]) == (204, str(len(film)))
    report = sender.call("GET", place).json()
    row = RecordingRow.objects.get(uid=report["recording"])
    assert (report["status"], row.name, row.way, row.sha256) == (
        "stored",
        "现场检查.mp4",
        "接口",
        hashlib.sha256(film).hexdigest(),
    )
    assert sender.call("HEAD", place).headers["Upload-Offset"] == str(len(film))
    assert _bytes_left() == [], "the bytes stand in the vault, and only there"


def test_the_same_film_again_is_known(sender: Sender, film: bytes) -> None:
    for expected in ("stored", "known"):
        place = sender.send("a.mp4", film)
        assert sender.patch(place, 0, film).status_code == 204
        assert sender.call("GET", place).json()["status"] == expected
    assert RecordingRow.objects.count() == 1


def test_creation_with_upload(sender: Sender, film: bytes) -> None:
    answer = sender.begin(len(film), {"filename": "a.mp4"}, film)
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, str(len(film)))
    assert sender.call("GET", answer.headers["Location"]).json()["status"] == "stored"
    part = sender.begin(len(film), {"filename": "a.mp4"}, film[:100])
    assert part.headers["Upload-Offset"] == "100"


def test_an_empty_file_is_set_aside_with_its_reason(sender: Sender) -> None:
    answer = sender.begin(0, {"filename": "空.mp4"})
    report = sender.call("GET", answer.headers["Location"]).json()
    assert report["status"] == "quarantined" and report["reason"]


@pytest.mark.parametrize("algorithm", ["sha256", "sha1", "md5"])
def test_a_piece_with_its_checksum(sender: Sender, film: bytes, algorithm: str) -> None:
    place = sender.send("a.mp4", film)
    spoiled = b"X" + film[1:1000]
    refused = sender.patch(place, 0, spoiled, **{"Upload-Checksum": checksum(algorithm, film[:1000])})
    assert refused.status_code == 460 and "校验不符" in refused.content.decode()
    assert sender.call("HEAD", place).headers["Upload-Offset"] == "0", "nothing of an altered piece counts"
    taken = sender.patch(place, 0, film[:1000], **{"Upload-Checksum": checksum(algorithm, film[:1000])})
    assert taken.headers["Upload-Offset"] == "1000"


@pytest.mark.parametrize("said", ["crc32 AAAA", "sha256 AAAA", "sha256", "sha256 ***", ""])
def test_a_checksum_nobody_can_check(sender: Sender, film: bytes, said: str) -> None:
    place = sender.send("a.mp4", film)
    answer = sender.client.generic(
        "PATCH",
        place,
        film[:10],
        content_type=PIECE,
        headers={
            "Tus-Resumable": "1.0.0",
            "Authorization": f"Bearer {sender.token}",
            "Upload-Offset": "0",
            "Upload-Checksum": said,
        },
    )
    assert answer.status_code == 400 and "sha256、sha1、md5" in answer.content.decode()


@pytest.mark.parametrize("digest", ["sha256", "sm3"])
def test_a_file_altered_on_its_way_is_set_aside_and_never_accepted(sender: Sender, film: bytes, digest: str) -> None:
    right = {"sha256": hashlib.sha256(film).hexdigest(), "sm3": sm3(film)}
    altered = film[:500] + bytes([film[500] ^ 1]) + film[501:]
    answer = sender.begin(len(film), {"filename": "a.mp4", digest: right[digest]})
    place = answer.headers["Location"]
    refused = sender.patch(place, 0, altered)
    assert refused.status_code == 460 and "不一致" in refused.content.decode()
    assert RecordingRow.objects.count() == 0
    aside = QuarantineRow.objects.get()
    assert aside.sha256 == hashlib.sha256(altered).hexdigest() and "重新上传" in aside.reason
    assert sender.call("GET", place).json()["status"] == "altered"
    assert sender.call("HEAD", place).status_code == 410
    assert sender.patch(place, len(film), b"x").status_code == 410
    good = sender.send("a.mp4", film)
    assert sender.patch(good, 0, film).status_code == 204
    assert sender.call("GET", good).json()["status"] == "stored"


def test_offsets_lengths_and_kinds_that_do_not_fit(sender: Sender, film: bytes) -> None:
    place = sender.send("a.mp4", film)
    sender.patch(place, 0, film[:100])
    for offset in (0, 99, 101):
        moved = sender.patch(place, offset, film[offset : offset + 10])
        assert (moved.status_code, moved.headers["Upload-Offset"]) == (409, "100")
    assert sender.patch(place, 100, film).status_code == 413
    assert sender.patch(place, 100, film[100:], **{"Upload-Offset": "-1"}).status_code == 400
    plain = sender.client.generic(
        "PATCH", place, b"x", headers={"Tus-Resumable": "1.0.0", "Authorization": f"Bearer {sender.token}"}
    )
    assert plain.status_code in (400, 415)
    assert sender.call("HEAD", place).headers["Upload-Offset"] == "100"


def test_a_body_without_its_length_is_refused(sender: Sender, film: bytes) -> None:
    place = sender.send("a.mp4", film)
    surroundings: dict[str, Any] = {"CONTENT_TYPE": PIECE, "CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"}
    headers = {"Tus-Resumable": "1.0.0", "Authorization": f"Bearer {sender.token}", "Upload-Offset": "0"}
    answer = sender.client.generic("PATCH", place, b"", headers=headers, **surroundings)
    assert answer.status_code == 411


@pytest.mark.parametrize("version", ["", "0.2.2"])
def test_another_version_is_refused(sender: Sender, film: bytes, version: str) -> None:
    place = sender.send("a.mp4", film)
    for answer in (
        sender.begin(10, {"filename": "a.mp4"}, None, **{"Tus-Resumable": version}),
        sender.patch(place, 0, film[:1], **{"Tus-Resumable": version}),
        sender.call("HEAD", place, **{"Tus-Resumable": version}),
        sender.call("DELETE", place, **{"Tus-Resumable": version}),
    ):
        assert (answer.status_code, answer.headers["Tus-Version"]) == (412, "1.0.0")


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ({}, "filename"),
        ({"filename": "../../etc/passwd"}, "filename"),
        ({"filename": ".."}, "filename"),
        ({"filename": "a\\b.mp4"}, "filename"),
        ({"filename": "a\x00.mp4"}, "filename"),
        ({"filename": "片" * 100}, "filename"),
        ({"filename": "a.mp4", "sha256": "zz"}, "sha256"),
        ({"filename": "a.mp4", "sm3": "A" * 64}, "sm3"),
        ({"filename": "a.mp4", "officer": "nobody"}, "officer"),
        ({"filename": "a.mp4", "device": "no-device"}, "device"),
        ("filename ***", "Upload-Metadata"),
        ("filename YQ==,filename Yg==", "Upload-Metadata"),
        ("文件 YQ==", "Upload-Metadata"),
        ("filename /w==", "Upload-Metadata"),
        ("a" * 9000, "Upload-Metadata"),
    ],
)
def test_words_that_cannot_be_used(sender: Sender, said: Any, word: str) -> None:
    answer = sender.begin(10, said)
    assert answer.status_code == 400 and answer.content.decode().startswith(word)
    assert _bytes_left() == []


@pytest.mark.parametrize(("size", "status"), [("", 400), ("-1", 400), ("1.5", 400), (str((64 << 30) + 1), 413)])
def test_sizes_that_cannot_be(sender: Sender, size: str, status: int) -> None:
    assert sender.begin(size, {"filename": "a.mp4"}).status_code == status


def test_an_officer_of_the_roll_is_noted(sender: Sender, film: bytes) -> None:
    place = sender.send("a.mp4", film, officer="officer-li")
    sender.patch(place, 0, film)
    assert RecordingRow.objects.get().officer == "officer-li"


def test_a_method_in_disguise(sender: Sender, film: bytes) -> None:
    place = sender.send("a.mp4", film)
    headers = {
        "Tus-Resumable": "1.0.0",
        "Authorization": f"Bearer {sender.token}",
        "X-HTTP-Method-Override": "PATCH",
        "Upload-Offset": "0",
    }
    answer = sender.client.generic("POST", place, film, content_type=PIECE, headers=headers)
    assert answer.status_code == 204 and RecordingRow.objects.count() == 1
    assert sender.call("PUT", place).status_code == 405


def test_giving_up(sender: Sender, film: bytes) -> None:
    place = sender.send("a.mp4", film)
    sender.patch(place, 0, film[:10])
    assert sender.call("DELETE", place).status_code == 204
    assert sender.call("HEAD", place).status_code == sender.patch(place, 10, film[10:]).status_code == 404
    assert _bytes_left() == [] and Event.objects.filter(type="recording.stored").count() == 0


def test_what_was_stored_stays_when_its_upload_is_dropped(sender: Sender, film: bytes) -> None:
    place = sender.send("a.mp4", film)
    sender.patch(place, 0, film)
    assert sender.call("DELETE", place).status_code == 204
    assert sender.call("HEAD", place).status_code == 404 and RecordingRow.objects.count() == 1


def _every_request(other: Sender, place: str, film: bytes) -> list[int]:
    return [
        other.call("HEAD", place).status_code,
        other.call("GET", place).status_code,
        other.patch(place, 0, film[:10]).status_code,
        other.call("DELETE", place).status_code,
    ]


def test_nobody_reaches_the_upload_of_another(
    here: Agency, elsewhere: Agency, sender: Sender, token_of: Callable[[str], str], film: bytes
) -> None:
    place = sender.send("a.mp4", film)
    account("here", "colleague", "执法人员")
    account("here", "auditor", "审计管理员")
    for username, expected in (("here-colleague", 404), ("elsewhere-officer", 404), ("here-auditor", 403)):
        other = Sender(Client(), token_of(username))
        assert set(_every_request(other, place, film)) == {expected}
    for stranger in (Sender(Client(), None), Sender(Client(), "liuhen_made-up")):
        assert set(_every_request(stranger, place, film)) == {401}
        assert stranger.begin(10, {"filename": "a.mp4"}).status_code == 401
    assert sender.call("HEAD", place).headers["Upload-Offset"] == "0"
    assert sender.call("HEAD", f"/uploads/{'0' * 32}").status_code == 404


def test_who_may_not_bring_recordings_in_begins_nothing(here: Agency, token_of: Callable[[str], str]) -> None:
    account("here", "head", "机关负责人")
    answer = Sender(Client(), token_of("here-head")).begin(10, {"filename": "a.mp4"})
    assert answer.status_code == 403 and "音像入库" in answer.content.decode()


def test_a_session_needs_its_csrf_token(here: Agency, film: bytes) -> None:
    from liuhen.records.people.models import User

    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(username="here-officer"), backend="django.contrib.auth.backends.ModelBackend")
    session = Sender(client, None)
    assert session.begin(10, {"filename": "a.mp4"}).status_code == 403
    client.cookies["csrftoken"] = token = "t" * 32
    answer = session.begin(len(film), {"filename": "a.mp4"}, None, **{"X-CSRFToken": token})
    place = answer.headers["Location"]
    assert answer.status_code == 201 and session.call("HEAD", place).status_code == 200
    assert session.patch(place, 0, film).status_code == 403
    assert session.patch(place, 0, film, **{"X-CSRFToken": token}).status_code == 204
    assert RecordingRow.objects.get().way == "网页"
