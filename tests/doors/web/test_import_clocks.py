"""设备时钟比对 and 记录仪没有传完 on the import desk: what is shown, what is refused, who may not."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from liuhen.core.events.agency import DeviceRegistered
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.flows.occasion import Actor
from liuhen.flows.tend_recordings import check_clock
from liuhen.flows.writing import write_agency
from liuhen.records.cameras.models import CameraConnection, CameraContainer, CameraObject
from liuhen.records.ledger.models import Event
from tests.doors.web.world import HERE, PEOPLE, STRANGER, World

pytestmark = pytest.mark.django_db

Visit = Callable[[str | None], Client]
HTMX = {"HX-Request": "true"}


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())).replace("\u2009", "")


def register(world: World, uid: str, number: str, *, actor: Actor = PEOPLE["archivist"]) -> str:
    write_agency(world.on(actor, 90), DeviceRegistered(uid, "执法记录仪", "执法记录仪", number))
    return uid


def shown(ahead: timedelta = timedelta()) -> str:
    return f"{datetime.now(SHANGHAI) + ahead:%Y-%m-%dT%H:%M:%S}"


def checks() -> int:
    return Event.objects.filter(type="agency.clock-checked").count()


def test_what_a_clock_shows_is_set_down_and_shown(visit: Visit, world: World) -> None:
    device = register(world, "fast", "DSJ-7")
    client = visit("web-officer")
    page = words(client.get("/import/"))
    assert "设备时钟比对" in page and "1 台需要比对" in page and "从未比对" in page
    answer = client.post("/import/clock/", {"device": device, "shown": shown(timedelta(seconds=192))}, headers=HTMX)
    assert answer.status_code == 200 and re.search(r"已记下：设备时钟快3分1[0-2]秒", words(answer).replace(" ", ""))
    assert "在设备上校准以后" in words(answer) and "台需要比对" not in words(answer)
    assert f'<option value="{device}" selected' in answer.content.decode()
    answer = client.post("/import/clock/", {"device": device, "same": "on", "shown": ""}, headers=HTMX)
    assert "已记下：设备时钟一致。" in words(answer) and "校准以后" not in words(answer)
    said = Event.objects.filter(type="agency.clock-checked", agency=HERE).order_by("seq")
    assert [one.actor for one in said] == ["web-officer"] * 2 and said[1].at - said[0].at < timedelta(minutes=1)


def test_never_compared_and_long_ago_stand_first_and_the_rest_on_demand(visit: Visit, world: World) -> None:
    for number in range(8):
        register(world, f"device-{number}", f"DSJ-{number}")
    for number in range(7):
        check_clock(
            world.on(PEOPLE["archivist"], 100 + number), f"device-{number}", world.on(STRANGER, 101 + number).at
        )
    page = visit("web-archivist").get("/import/").content.decode()
    table = page[page.index('<table class="dense"><caption class="hidden">各设备') :]
    numbers = re.findall(r'<th scope="row">执法记录仪 (DSJ-\d)</th>', table)
    assert numbers == ["DSJ-7", "DSJ-6", "DSJ-5", "DSJ-4", "DSJ-3", "DSJ-2", "DSJ-1", "DSJ-0"]
    assert "其余 2 台" in page and table.index("其余 2 台") < table.index("DSJ-1</th>")
    assert table.count("快 1 分".replace(" ", "\u2009")) + table.count("快 1 分") == 7


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"shown": "1970-01-01T08:00:03"}, "设备显示 1970 年，时钟已经复位"),
        ({"shown": "0001-01-01T00:00:00"}, "时间应写到秒"),
        ({"shown": "早上九点"}, "时间应写到秒"),
        ({"shown": shown(timedelta(days=366))}, "请核对年月日"),
        ({"shown": ""}, "没有填写设备显示的时间"),
        ({"shown": shown(), "device": ""}, "请选择要比对的设备"),
        ({"shown": shown(), "device": "nowhere"}, "没有找到该本机关登记的设备"),
        ({"shown": shown(), "device": "theirs"}, "没有找到该本机关登记的设备"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(
    visit: Visit, world: World, said: dict[str, str], sentence: str
) -> None:
    register(world, "ours", "DSJ-7")
    register(world, "theirs", "DSJ-7", actor=STRANGER)
    client, before = visit("web-officer"), checks()
    answer = client.post("/import/clock/", {"device": "ours", **said}, headers=HTMX)
    assert answer.status_code == 400 and sentence.replace(" ", "") in words(answer).replace(" ", "")
    assert 'role="alert"' in answer.content.decode() and "shown:" not in words(answer)
    whole = client.post("/import/clock/", {"device": "ours", **said})
    assert whole.status_code == 400 and "回到音像入库" in words(whole)
    assert checks() == before


def test_without_scripts_a_comparison_returns_to_the_desk(visit: Visit, world: World) -> None:
    device = register(world, "ours", "DSJ-7")
    answer = visit("web-archivist").post("/import/clock/", {"device": device, "same": "on"})
    assert answer.status_code == 302 and answer.headers["Location"] == "/import/" and checks() == 1


@pytest.mark.parametrize("name", ["head", "system", "security", "audit"])
def test_who_neither_brings_in_nor_keeps_registers_compares_nothing(visit: Visit, world: World, name: str) -> None:
    device = register(world, "ours", "DSJ-7")
    for headers in ({}, HTMX):
        answer = visit(f"web-{name}").post("/import/clock/", {"device": device, "same": "on"}, headers=headers)
        assert answer.status_code == 403
    assert checks() == 0


def test_strangers_compare_nothing(visit: Visit, world: World) -> None:
    device = register(world, "ours", "DSJ-7")
    assert visit(None).post("/import/clock/", {"device": device, "same": "on"}).status_code == 302
    assert Client(enforce_csrf_checks=True).post("/import/clock/").status_code == 403
    assert visit("web-officer").get("/import/clock/").status_code == 405
    answer = visit("web-stranger").post("/import/clock/", {"device": device, "same": "on"}, headers=HTMX)
    assert answer.status_code == 400 and checks() == 0 and "DSJ-7" not in words(answer)


def begun(agency: str, name: str, *, ago: timedelta, pieces: int = 0, **more: Any) -> CameraContainer:
    """A recording that a camera system began so long ago and has not sealed."""
    at = datetime.now(SHANGHAI) - ago
    system, _ = CameraConnection.objects.get_or_create(
        agency=agency, label="一号采集柜", defaults={"uid": f"{agency}-1", "key_digest": "", "created_at": at}
    )
    said = {"bwcserialnumber": "B8A44F0A1B2C"}
    row = CameraContainer.objects.create(
        connection=system, name=name, kind="recording", metadata=said, created_at=at, **({"changed_at": at} | more)
    )
    for piece in range(pieces):
        digest = f"{row.pk * 100 + piece:064x}"
        CameraObject.objects.create(
            container=row,
            name=f"{piece}.mp4",
            sha256=digest,
            sm3=digest,
            md5="0" * 32,
            size=1_000_000,
            begun_at=at,
            received_at=at + timedelta(minutes=piece),
        )
    return row


def test_a_transfer_that_fell_silent_is_listed_with_what_to_do(visit: Visit, world: World) -> None:
    client = visit("web-officer")
    assert "记录仪没有传完" not in words(client.get("/import/"))
    row = begun(HERE, "silent", ago=timedelta(hours=30), pieces=3)
    begun(HERE, "fresh", ago=timedelta(hours=23))
    begun(HERE, "still-coming", ago=timedelta(days=3), changed_at=datetime.now(SHANGHAI))
    begun(HERE, "sealed", ago=timedelta(days=3), completed_at=datetime.now(SHANGHAI) - timedelta(days=3))
    begun("web-elsewhere", "theirs", ago=timedelta(days=3))
    piece = begun(HERE, "late-piece", ago=timedelta(days=3), pieces=1)
    CameraObject.objects.filter(container=piece).update(received_at=datetime.now(SHANGHAI) - timedelta(hours=1))
    page = words(client.get("/import/"))
    listed = page[page.index("记录仪没有传完") : page.index("设备时钟比对")]
    assert "记录仪没有传完 1 " in listed and "silent" in listed and "B8A44F0A1B2C" in listed and "一号采集柜" in listed
    assert "3个文件（3.0MB）" in listed.replace(" ", "") and "放回采集柜" in listed and "在本页上传" in listed
    said = f"{row.created_at + timedelta(minutes=2):%Y-%m-%d%H:%M}"
    assert said in listed.replace(" ", ""), "silent since the last piece"
    assert not any(name in listed for name in ("fresh", "still-coming", "sealed", "theirs", "late-piece"))
    write_agency(
        world.on(PEOPLE["archivist"], 90), DeviceRegistered("seven", "7号记录仪", "执法记录仪", "b8a44f0a1b2c")
    )
    assert "7号记录仪" in words(client.get("/import/")).replace(" ", "")


def test_a_system_that_was_shut_out_is_said_to_send_no_more(visit: Visit, world: World) -> None:
    begun(HERE, "silent", ago=timedelta(hours=30))
    CameraConnection.objects.filter(agency=HERE).update(disabled_at=datetime.now(SHANGHAI))
    page = words(visit("web-archivist").get("/import/"))
    assert "接入已停用，不会再传送" in page and "已收到0个文件（0字节）" in page.replace(" ", "")


def silent(name: str, *, hours: float = 30) -> dict[str, str]:
    """Let a transfer of ours fall silent; gives what its form says."""
    row = begun(HERE, name, ago=timedelta(hours=hours), pieces=1)
    return {"system": row.connection.uid, "name": name, "reason": "记录仪摔坏，无法继续传送"}


def test_a_silent_transfer_is_sealed_by_who_brings_in(visit: Visit, world: World) -> None:
    form, client = silent("stuck-1"), visit("web-archivist")
    assert "以已收到的部分封口入库" in words(client.get("/import/"))
    answer = client.post("/import/transfer/", form, headers=HTMX)
    assert answer.status_code == 200 and "已封口" in words(answer) and "stuck-1" not in words(answer)
    event = Event.objects.get(type="agency.transfer-closed")
    assert (event.agency, event.actor) == (HERE, "web-archivist")
    again = client.post("/import/transfer/", form, headers=HTMX)
    assert again.status_code == 400 and "不需要人工封口" in words(again)
    other = client.post("/import/transfer/", silent("stuck-2"))
    assert other.status_code == 302 and other.headers["Location"] == "/import/"


def test_what_was_typed_stays_when_it_is_refused(visit: Visit, world: World) -> None:
    form = silent("stuck-3") | {"reason": "  "}
    answer = visit("web-officer").post("/import/transfer/", form, headers=HTMX)
    assert answer.status_code == 400 and "请写明为什么不再等待" in words(answer)
    assert "<details open>" in answer.content.decode() and 'role="alert"' in answer.content.decode()
    fresh = silent("stuck-4", hours=1)
    assert "不需要人工封口" in words(visit("web-officer").post("/import/transfer/", fresh, headers=HTMX))


def test_who_seals_nothing(visit: Visit, world: World) -> None:
    form = silent("stuck-5")
    for name in ("head", "system", "security", "audit"):
        assert visit(f"web-{name}").post("/import/transfer/", form, headers=HTMX).status_code == 403
    assert visit(None).post("/import/transfer/", form).status_code == 302
    assert Client(enforce_csrf_checks=True).post("/import/transfer/").status_code == 403
    assert visit("web-officer").get("/import/transfer/").status_code == 405
    assert "没有找到该记录仪传送" in words(visit("web-stranger").post("/import/transfer/", form, headers=HTMX))
    assert not Event.objects.filter(type="agency.transfer-closed").exists()
