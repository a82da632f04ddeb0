"""Encrypted content: decrypted with the connection's own key, the encrypted original kept; what cannot be opened is set aside."""

import base64
import hashlib
import json
from collections.abc import Callable

import pytest

from liuhen.adapters.cameras.encryption import new_key_pair
from liuhen.core.kernel.errors import BadInput
from liuhen.flows.camera_connection import Terms, renew_connection
from liuhen.flows.camera_sweep import finish_camera_deliveries
from liuhen.flows.office import office
from liuhen.records.cameras.models import CameraContainer
from liuhen.records.index.models import QuarantineRow, RecordingRow
from tests.doors.devices.conftest import CONTAINER, SERIAL, STATED, Bureau, introduce, named, now, when
from tests.doors.devices.controller import Controller, encrypt
from tests.doors.devices.test_protocol import recordings

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def secret_camera(here: Bureau, connecting: Callable[..., Controller]) -> Controller:
    system = connecting(here, encrypted=True)
    assert system.sign_in().status == 200
    introduce(system)
    return system


def public_key(system: Controller) -> bytes:
    return base64.b64decode(system.file["PublicKey"])


def test_the_connection_file_asks_for_encryption(secret_camera: Controller) -> None:
    assert secret_camera.file["WantEncryption"] is True and secret_camera.file["PublicKeyId"]
    assert public_key(secret_camera).startswith(b"-----BEGIN PUBLIC KEY-----")
    assert len(secret_camera.file["PublicKey"]) <= 2048


def test_clips_and_tracks_are_decrypted_by_either_name_of_the_key(
    secret_camera: Controller, clips: list[bytes]
) -> None:
    track = json.dumps({"CoordinateEntries": [{"LocationWKT": "POINT(113.28 35.77)", "SecondsFromStart": 0}]}).encode()
    (one, one_key), (two, two_key), (path, path_key) = (
        encrypt(public_key(secret_camera), data) for data in (clips[0], clips[1], track)
    )
    trail = f"20260302_091000_x7Qp_{SERIAL}_gpstrail"
    delivered = {
        named(0).replace(".mp4", ".key"): (one_key, {"Filetype": "key"}),
        named(0): (one, {"Starttimeiso": when(0), "Stoptimeiso": when(2)}),
        named(2): (two, {"Starttimeiso": when(2), "Stoptimeiso": when(5)}),
        f"{named(2)}.key": (two_key, {}),
        f"{trail}.json": (path, {"Filetype": "json"}),
        f"{trail}.key": (path_key, {"Filetype": "key"}),
    }
    secret_camera.recording(CONTAINER, delivered, **STATED)
    assert finish_camera_deliveries(now()) == 1
    first, second = recordings()
    assert [row and row.sha256 for row in (first.file, second.file)] == [
        hashlib.sha256(data).hexdigest() for data in clips[:2]
    ]
    kept = {companion.kind: companion.file for companion in second.companions}
    assert kept["加密原件"].sha256 == hashlib.sha256(two).hexdigest()
    assert kept["密钥"].sha256 == hashlib.sha256(two_key).hexdigest()
    trails = [companion for companion in first.companions if companion.kind == "轨迹"]
    assert [companion.note for companion in trails] == ["1 个定位点"]
    with office().vault.open(trails[0].file.sha256) as file:
        assert file.read() == track
    assert not QuarantineRow.objects.exists()
    assert not list((office().data / "uploads").iterdir()), "no plain copy stays behind"


def test_what_was_encrypted_for_another_key_or_cut_is_set_aside(secret_camera: Controller, clips: list[bytes]) -> None:
    foreign, foreign_key = encrypt(new_key_pair()[1], clips[0])
    short, short_key = encrypt(public_key(secret_camera), clips[1])
    delivered: dict[str, tuple[bytes, dict[str, str]]] = {
        "a_1.mp4": (foreign, {}),
        "a_1.key": (foreign_key, {}),
        "b_2.mp4": (short[:-7], {}),
        "b_2.mp4.key": (short_key, {}),
        "c_3.mp4": (clips[2], {}),
        "c_3.key": (b"no json", {}),
    }
    secret_camera.recording(CONTAINER, delivered, **STATED)
    assert finish_camera_deliveries(now()) == 1
    reasons = dict(QuarantineRow.objects.values_list("sha256", "reason"))
    assert "公钥" in reasons[hashlib.sha256(foreign).hexdigest()]
    assert "不完整" in reasons[hashlib.sha256(short[:-7]).hexdigest()]
    assert "不是 JSON" in reasons[hashlib.sha256(clips[2]).hexdigest()]
    assert not RecordingRow.objects.exists()
    assert CameraContainer.objects.get(name=CONTAINER).finished_at is not None


def test_renewing_keeps_the_key_pair_and_cannot_drop_encryption(here: Bureau, secret_camera: Controller) -> None:
    terms = Terms((secret_camera.base,), encrypted=True)
    renewed = json.loads(renew_connection(here.occasion(), "一号记录仪柜", terms))
    assert renewed["PublicKey"] == secret_camera.file["PublicKey"]
    assert renewed["BlobAPIKey"] != secret_camera.file["BlobAPIKey"]
    with pytest.raises(BadInput, match="--encrypt"):
        renew_connection(here.occasion(), "一号记录仪柜", Terms((secret_camera.base,)))
    with pytest.raises(BadInput, match="--container"):
        renew_connection(here.occasion(), "一号记录仪柜", Terms((secret_camera.base,), "mkv", encrypted=True))
