"""`liuhen camera clock` and the silent transfers of `liuhen camera list`, as people and scripts run them."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from liuhen.core.events.agency import DeviceRegistered
from liuhen.core.kernel.moments import SHANGHAI, render_instant
from liuhen.doors.cli.main import main
from liuhen.flows.establish_agency import establish_agency
from liuhen.flows.ground import agency_facts
from liuhen.flows.occasion import Actor, Occasion
from liuhen.flows.writing import write_agency
from liuhen.records.cameras.models import CameraConnection, CameraContainer

pytestmark = pytest.mark.django_db

SAID = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def agency(settings: Any, tmp_path: Any) -> None:
    settings.DATA, settings.VAULT = tmp_path, str(tmp_path / "vault")
    then = datetime.now(SHANGHAI) - timedelta(days=40)
    admin = Occasion(Actor("admin", "许安", "here", frozenset({"系统管理员"})), then, then)
    establish_agency(admin, name="安禾县局", short_name="安禾", number_prefix="安", region="130000", packs=("hebei",))
    for number in (7, 8):
        write_agency(admin, DeviceRegistered(f"camera-{number}", "执法记录仪", "执法记录仪", f"DSJ-{number}"))


def ahead_of(device: str) -> int | None:
    return agency_facts("here").agency.devices[device].drift_ms


def test_what_a_device_shows_is_compared_and_listed(capsys: SAID) -> None:
    shown = render_instant(datetime.now(SHANGHAI) + timedelta(seconds=192))
    assert main(["camera", "clock", "dsj-7", "--shows", shown, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["device"] == "camera-7" and 180_000 < told["ahead_ms"] <= 192_000
    assert ahead_of("camera-7") == told["ahead_ms"]
    assert main(["camera", "clock", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(row["number"], row["due"], row["ahead_ms"]) for row in rows] == [
        ("DSJ-8", True, None),
        ("DSJ-7", False, told["ahead_ms"]),
    ]
    assert main(["camera", "clock", "camera-7", "--same"]) == 0
    assert capsys.readouterr().out == "已记下：camera-7 的时钟一致\n" and ahead_of("camera-7") == 0
    assert main(["camera", "clock"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == "执法记录仪 DSJ-8  从未比对" and second.startswith("执法记录仪 DSJ-7  一致  ")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["DSJ-7", "--shows", "1970-01-01T08:00:03+08:00"], "--shows: 设备显示 1970 年"),
        (
            ["DSJ-7", "--shows", render_instant(datetime.now(SHANGHAI) + timedelta(days=366))],
            "--shows: 填写的时间与本机相差",
        ),
        (["DSJ-9", "--same"], "没有找到该设备“DSJ-9”"),
        (["DSJ-7"], "--shows: say what the device shows"),
        (["--same"], "DEVICE: name the device"),
        (["DSJ-7", "--shows", "2026-03-02T09:12:05"], "has no offset"),
        (["DSJ-7", "--shows", "noon"], "is not a time"),
        (["DSJ-7", "--same", "--agency", "nowhere"], "no agency “nowhere”"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(capsys: SAID, words: list[str], sentence: str) -> None:
    assert main(["camera", "clock", *words]) == 2
    said = capsys.readouterr()
    assert sentence in said.err and len(said.err.splitlines()) == 1 and not said.out
    assert ahead_of("camera-7") is None


def test_two_answers_are_one_too_many(capsys: SAID) -> None:
    with pytest.raises(SystemExit) as end:
        main(["camera", "clock", "DSJ-7", "--same", "--shows", "2026-03-02T09:12:05+08:00"])
    assert end.value.code == 2 and ahead_of("camera-7") is None


def test_a_silent_transfer_is_named(capsys: SAID) -> None:
    began = datetime.now(SHANGHAI) - timedelta(hours=30)
    system = CameraConnection.objects.create(
        uid="c", agency="here", label="一号采集柜", key_digest="", created_at=began
    )
    CameraContainer.objects.create(
        connection=system, name="begun", kind="recording", metadata={}, created_at=began, changed_at=began
    )
    assert main(["camera", "list", "--json"]) == 0
    (one,) = json.loads(capsys.readouterr().out)["stuck"]
    assert (one["name"], one["objects"], one["silent_since"]) == ("begun", 0, render_instant(began))
    assert main(["camera", "list"]) == 0
    assert any(line.startswith("没有传完  ") for line in capsys.readouterr().out.splitlines())


def test_a_silent_transfer_is_sealed_with_a_reason(capsys: SAID) -> None:
    began = datetime.now(SHANGHAI) - timedelta(hours=30)
    for uid, label in (("c", "一号采集柜"), ("d", "二号采集柜")):
        system = CameraConnection.objects.create(uid=uid, agency="here", label=label, key_digest="", created_at=began)
        CameraContainer.objects.create(
            connection=system, name="begun", kind="recording", metadata={}, created_at=began, changed_at=began
        )
    for words, sentence in (
        (["begun", "--reason", "记录仪摔坏"], "by --system: c (一号采集柜)、d (二号采集柜)"),
        (["other", "--reason", "记录仪摔坏"], "liuhen camera list"),
        (["begun", "--system", "c", "--reason", " "], "--reason: 请写明为什么不再等待"),
    ):
        assert main(["camera", "seal", *words]) == 2
        said = capsys.readouterr()
        assert sentence in said.err and len(said.err.splitlines()) == 1 and not said.out
    assert main(["camera", "seal", "begun", "--system", "c", "--reason", "记录仪摔坏"]) == 0
    assert "已封口：begun，0 个文件" in capsys.readouterr().out
    assert main(["camera", "seal", "begun", "--reason", "记录仪摔坏", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["uid"] == "d"
    assert not CameraContainer.objects.filter(completed_at=None).exists()
