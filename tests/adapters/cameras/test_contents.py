"""Settings, bookmarks, tracks, key files and connection files, whole and broken."""

import base64
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuhen.adapters.cameras.connection import ConnectionFile, render_connection
from liuhen.adapters.cameras.contents import etag_of, read_bookmark, read_track, render_categories
from liuhen.adapters.cameras.encryption import DecryptionFailed, decrypt, new_key_pair, read_key_file, unwrap
from liuhen.core.kernel.errors import BadInput
from tests.doors.devices.controller import encrypt


def test_categories_and_their_check_sum() -> None:
    data = render_categories([("安禾罚〔2026〕3号 现场检查", "a" * 32)])
    assert json.loads(data) == [{"Name": "安禾罚〔2026〕3号 现场检查", "Id": "a" * 32}]
    assert etag_of(b"") == "d41d8cd98f00b204e9800998ecf8427e"


def test_a_bookmark_with_nothing_said_is_only_a_place() -> None:
    assert read_bookmark({}, b"") == read_bookmark({"tags": " ; "}, b"\n")
    mark = read_bookmark({"tags": "TriggerOn:Button;x:y", "endtime": "2022-08-23T11:48:10Z"}, b"a\x00\nb\xff")
    assert (mark.text, mark.tags) == ("a\ufffd\nb\ufffd", ("TriggerOn:Button", "x:y"))
    assert mark.starts is None and mark.ends is not None


def test_a_track_in_the_vendors_form() -> None:
    entry = {"LocationWKT": "POINT(13.221184 55.718409)", "SecondsFromStart": 64.0, "Timestamp": "2022-08-23T11:48:10Z"}
    (point,) = read_track(json.dumps({"CoordinateEntries": [entry]}).encode())
    assert (point.longitude, point.latitude, point.seconds) == (13.221184, 55.718409, 64.0)
    assert point.at is not None and point.at.minute == 48


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        b'{"CoordinateEntries": 5}',
        b'{"CoordinateEntries": [{"LocationWKT": "POINT(200 10)"}]}',
        b'{"CoordinateEntries": [{"LocationWKT": "LINE(1 2)"}]}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_track(data: bytes) -> None:
    with pytest.raises(BadInput, match="轨迹"):
        read_track(data)


@pytest.fixture(scope="module")
def pair() -> tuple[bytes, bytes]:
    return new_key_pair()


@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, (1 << 20) - 1, (1 << 20) + 16])
def test_content_comes_back_whole(pair: tuple[bytes, bytes], size: int) -> None:
    data = bytes(range(256)) * (size // 256 + 1)
    secret, key_file = encrypt(pair[1], data[:size], key_id="k1")
    wrapped = read_key_file(key_file)
    plain = io.BytesIO()
    decrypt(io.BytesIO(secret), plain.write, unwrap(pair[0], wrapped), wrapped.vector)
    assert plain.getvalue() == data[:size] and wrapped.key_id == "k1"


@pytest.mark.parametrize("change", [lambda secret: secret[:-1], lambda secret: secret[:-16], lambda secret: b""])
def test_a_cut_content_is_no_content(pair: tuple[bytes, bytes], change: Any) -> None:
    secret, key_file = encrypt(pair[1], b"x" * 1000)
    wrapped = read_key_file(key_file)
    with pytest.raises(DecryptionFailed):
        decrypt(io.BytesIO(change(secret)), lambda block: None, unwrap(pair[0], wrapped), wrapped.vector)


def test_a_key_wrapped_for_another_is_refused(pair: tuple[bytes, bytes]) -> None:
    _, key_file = encrypt(new_key_pair()[1], b"x")
    with pytest.raises(DecryptionFailed, match="公钥"):
        unwrap(pair[0], read_key_file(key_file))


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", b'{"EncryptedKey": "###", "ContentEncryptionIV": "AAAA"}', b'{"EncryptedKey": "AAAA"}', b"\xff"],
)
def test_broken_key_files(data: bytes) -> None:
    with pytest.raises(DecryptionFailed):
        read_key_file(data)


@given(st.binary(max_size=200))
def test_any_bytes_as_a_key_file_or_track(data: bytes) -> None:
    for read, refusal in ((read_key_file, DecryptionFailed), (read_track, BadInput)):
        try:
            read(data)
        except refusal:
            continue


def connection(**more: Any) -> ConnectionFile:
    said: dict[str, Any] = {
        "site": "安禾县应急管理局",
        "application": "Liuhen",
        "version": "0.1.0",
        "addresses": ("https://liuhen.example/cameras/auth/v1.0",),
        "user": "u" * 32,
        "key": "k" * 43,
    }
    return ConnectionFile(**said | more)


def test_a_connection_file() -> None:
    told = json.loads(render_connection(connection(certificates=(b"-----BEGIN CERTIFICATE-----",))))
    assert told["AuthenticationTokenURI"] == ["https://liuhen.example/cameras/auth/v1.0"]
    assert base64.b64decode(told["HTTPSCertificate"][0]).startswith(b"-----BEGIN")
    assert told["WantEncryption"] is False and "PublicKey" not in told and told["ContainerType"] == "mp4"


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"site": "啊" * 22}, "--site"),
        ({"addresses": ()}, "--url"),
        ({"addresses": ("ftp://x",)}, "--url"),
        ({"addresses": ("https://x/" + "a" * 600,)}, "--url"),
        ({"addresses": ("https://x",) * 11}, "--url"),
        ({"certificates": (b"x" * 20_000,)}, "--certificate"),
        ({"certificates": (b"",)}, "--certificate"),
        ({"certificates": (b"x",), "addresses": ("http://x",)}, "--url"),
        ({"certificates": (b"x" * 12_000,) * 5}, "连接文件"),
    ],
)
def test_what_a_camera_system_would_not_take_is_not_written(change: dict[str, Any], place: str) -> None:
    with pytest.raises(BadInput) as refusal:
        render_connection(connection(**change))
    assert refusal.value.place == place
