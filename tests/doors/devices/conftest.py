"""An agency with an officer, a camera on its register and an open case; and controllers that speak to the served site."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from liuhen.core.events.agency import DeviceRegistered
from liuhen.core.events.parts import Party, Source
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.flows.camera_connection import Terms, connect_cameras
from liuhen.flows.conduct_act import begin_act
from liuhen.flows.establish_agency import enrol_officer, establish_agency, settle
from liuhen.flows.occasion import Actor, Occasion
from liuhen.flows.open_case import register_case
from tests.adapters.media.specimens import Recipe, encode, real_clip
from tests.doors.devices.controller import Controller

USER = "6a3e8f56-4f0b-4b6a-9a53-0b7f0c5f2f11"
SERIAL = "B8A44F0A1B2C"
START = datetime(2026, 3, 2, 9, 10, 0, tzinfo=SHANGHAI)


def now() -> datetime:
    return datetime.now(SHANGHAI)


@dataclass(frozen=True)
class Bureau:
    """An agency, its administrator and its officer, a case and an act under way."""

    uid: str
    admin: Actor
    officer: Actor
    case: str
    act: str

    def occasion(self, actor: Actor | None = None) -> Occasion:
        return Occasion(actor or self.admin, now(), now())


def found(uid: str) -> Bureau:
    """Establish an agency with one officer, one registered camera, and one act under way."""
    admin = Actor(f"{uid}-admin", "许安", uid, frozenset({"系统管理员"}))
    officer = Actor(f"{uid}-officer", "李喆", uid, frozenset({"执法人员"}))
    day = Occasion(admin, now() - timedelta(days=3), now())
    establish_agency(day, name=f"{uid}应急管理局", short_name=uid, number_prefix=uid, region="130000", packs=("hebei",))
    enrol_officer(
        day, officer="officer-li", name="李喆", title="执法人员", certificate="03110226001", valid_from=date(2024, 1, 1)
    )
    settle(day, DeviceRegistered("camera-7", "7号记录仪", "执法记录仪", SERIAL))
    acting = Occasion(officer, now() - timedelta(hours=2), now())
    case = register_case(
        acting,
        kind="行政处罚",
        matter="涉嫌超许可范围储存烟花爆竹",
        source=Source("依职权", "举报", "库房大量存放"),
        party=Party("恒达经营部", "法人"),
    )
    act = begin_act(case, acting, kind="现场检查", place="城关镇", officers=("officer-li",))
    return Bureau(uid, admin, officer, case, act)


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    """Give every test a data folder of its own: a log remembers what an emptied database held."""
    settings.DATA, settings.VAULT = tmp_path, str(tmp_path / "vault")


@pytest.fixture
def here(transactional_db: None) -> Bureau:
    return found("here")


@pytest.fixture
def connecting(live_server: LiveServer) -> Callable[..., Controller]:
    """Connect a camera system to a bureau and give it, not yet signed in."""

    def connect(bureau: Bureau, label: str = "一号记录仪柜", **terms: Any) -> Controller:
        file = connect_cameras(bureau.occasion(), label, Terms((live_server.url,), **terms))
        return Controller(json.loads(file), live_server.url)

    return connect


@pytest.fixture
def camera(here: Bureau, connecting: Callable[..., Controller]) -> Controller:
    """A camera system of `here` that has signed in and announced its user and camera."""
    system = connecting(here)
    assert system.sign_in().status == 200
    introduce(system)
    return system


def introduce(system: Controller) -> None:
    """Create the lists and enter one user, with the certificate number as the user's id, and one camera."""
    from tests.doors.devices.controller import meta

    for name in ("System", "Users", "Devices"):
        assert system.call("PUT", name).status == 201
    told = meta("Object", Name="李喆", Userid="03110226001", Active="True")
    assert system.call("PUT", f"Users/{USER}", headers=told).status == 201
    told = meta("Object", Name="7号", Model="W101", Active="True")
    assert system.call("PUT", f"Devices/{SERIAL}", headers=told).status == 201


def when(seconds: float) -> str:
    """Write a moment of the recording as RFC 3339 in UTC."""
    from datetime import UTC

    return (START + timedelta(seconds=seconds)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def named(seconds: float, ident: str = "x7Qp", kind: str = "mp4") -> str:
    """Name a clip as a camera does."""
    return f"{when(seconds).replace('-', '').replace(':', '')}_{ident}.{kind}"


CONTAINER = f"{USER}_{SERIAL}_{when(0).replace('-', '').replace(':', '')}"
STATED = {"Userid": USER, "Bwcserialnumber": SERIAL, "Starttimeiso": when(0), "Triggeron": "Button"}


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """Three short recordings: two encoded for their known length, one real footage of others."""
    folder = tmp_path_factory.mktemp("clips")
    made = [encode(folder / f"{n}.mp4", Recipe(seconds=2 + n)).read_bytes() for n in range(2)]
    return [*made, real_clip("bikes.mp4").read_bytes()]
