"""Who may not: wrong and guessed keys, expired tokens, disabled systems, other agencies' storage, hostile names and headers."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from liuhen.flows.access import NotAllowed
from liuhen.flows.camera_arrivals import list_deliveries, list_systems
from liuhen.flows.camera_connection import Terms, connect_cameras, disable_connection, renew_connection
from liuhen.records.cameras.models import CameraConnection, CameraContainer, CameraRefusal, CameraToken
from liuhen.records.ledger.models import Event
from tests.doors.devices.conftest import CONTAINER, Bureau, found, now
from tests.doors.devices.controller import Controller, meta

pytestmark = pytest.mark.django_db(transaction=True)

Connecting = Callable[..., Controller]
CALLS = [
    ("GET", "System/Capabilities.json"),
    ("GET", "System/Categories.json"),
    ("PUT", CONTAINER),
    ("POST", CONTAINER),
    ("HEAD", CONTAINER),
    ("PUT", f"{CONTAINER}/a.mp4"),
    ("POST", f"{CONTAINER}/a.mp4"),
    ("HEAD", f"{CONTAINER}/a.mp4"),
    ("PUT", "RejectedContent_UnknownTime_1/a.mp4"),
]


def test_name_and_key_give_a_token_and_a_storage_address(here: Bureau, connecting: Connecting) -> None:
    system = connecting(here)
    answer = system.sign_in()
    assert answer.status == 200 and answer.headers["x-storage-url"].startswith(system.base)
    row = CameraConnection.objects.get()
    assert system.file["BlobAPIKey"] not in str(row.__dict__) and row.seen_at is not None
    assert system.token not in str(CameraToken.objects.get().__dict__)


@pytest.mark.parametrize(("user", "key"), [("nobody", None), (None, "wrong"), ("", ""), (None, ""), ("", None)])
def test_wrong_or_missing_keys_open_nothing(
    here: Bureau, connecting: Connecting, user: str | None, key: str | None
) -> None:
    answer = connecting(here).sign_in(user=user, key=key)
    assert answer.status == 401 and "x-auth-token" not in answer.headers


def test_other_methods_are_no_authentication(here: Bureau, connecting: Connecting) -> None:
    system = connecting(here)
    path = urlsplit(system.file["AuthenticationTokenURI"][0]).path
    for method in ("PUT", "POST", "DELETE"):
        assert system._send(method, path).status == 400


def test_who_guesses_is_slowed_down_and_then_may_try_again(here: Bureau, connecting: Connecting) -> None:
    system = connecting(here)
    assert [system.sign_in(key=f"guess-{n}").status for n in range(11)] == [401] * 10 + [429]
    assert system.sign_in().status == 429, "the right key does not help while guesses go on"
    CameraRefusal.objects.update(at=now() - timedelta(minutes=6))
    assert system.sign_in().status == 200


@pytest.mark.parametrize(("method", "place"), CALLS)
def test_every_call_needs_a_token(here: Bureau, connecting: Connecting, method: str, place: str) -> None:
    system = connecting(here)
    system.storage = f"/cameras/v1/{system.file['BlobAPIUserName']}"
    for token in ("", "x" * 43, "令牌".encode().decode("latin-1")):
        system.token = token
        assert system.call(method, place, b"bytes" if method == "PUT" else None).status == 401
    assert not CameraContainer.objects.exists()


@pytest.mark.parametrize(("method", "place"), CALLS)
def test_the_storage_of_another_agency_is_closed(
    here: Bureau, camera: Controller, connecting: Connecting, method: str, place: str
) -> None:
    other = connecting(found("elsewhere"), "另一套")
    other.sign_in()
    camera.storage = other.storage
    assert camera.call(method, place, b"bytes" if method == "PUT" else None).status == 403
    assert not CameraContainer.objects.filter(connection__agency="elsewhere").exists()


def test_two_systems_of_one_agency_have_containers_of_their_own(
    here: Bureau, camera: Controller, connecting: Connecting
) -> None:
    assert camera.call("PUT", CONTAINER).status == 201
    second = connecting(here, "二号记录仪柜")
    second.sign_in()
    assert second.call("HEAD", CONTAINER).status == 404
    assert second.call("PUT", CONTAINER).status == 201


def test_an_expired_token_is_refused_and_a_new_one_works(camera: Controller) -> None:
    CameraToken.objects.update(expires_at=now() - timedelta(seconds=1))
    assert camera.call("PUT", CONTAINER).status == 401
    assert camera.sign_in().status == 200 and CameraToken.objects.count() == 1
    assert camera.call("PUT", CONTAINER).status == 201


def test_a_disabled_system_is_out_at_once_and_what_it_brought_stays(here: Bureau, camera: Controller) -> None:
    assert camera.call("PUT", CONTAINER).status == 201
    disable_connection(here.occasion(), "一号记录仪柜")
    assert camera.call("PUT", "另一个").status == 401 and camera.sign_in().status == 401
    assert CameraContainer.objects.filter(name=CONTAINER).exists()
    types = Event.objects.filter(stream="agency:here").order_by("seq").values_list("type", flat=True)
    assert list(types)[-2:] == ["agency.device-registered", "agency.device-maintained"]


def test_renewing_ends_the_old_key_and_keeps_what_came(here: Bureau, camera: Controller) -> None:
    assert camera.call("PUT", CONTAINER).status == 201
    renew_connection(here.occasion(), "一号记录仪柜", Terms((camera.base,)))
    assert camera.call("HEAD", CONTAINER).status == 401 and camera.sign_in().status == 401


def test_only_who_manages_the_agency_connects_and_disables(here: Bureau, camera: Controller) -> None:
    officer, terms = here.occasion(here.officer), Terms((camera.base,))
    for attempt in (
        lambda: connect_cameras(officer, "私接", terms),
        lambda: renew_connection(officer, "一号记录仪柜", terms),
        lambda: disable_connection(officer, "一号记录仪柜"),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert CameraConnection.objects.count() == 1 and camera.sign_in().status == 200


def test_lists_show_the_own_agency_and_who_is_not_placed(here: Bureau, camera: Controller) -> None:
    told = meta("Object", Name="王玥", Userid="99999999999")
    assert camera.call("PUT", "Users/7c2d", headers=told).status == 201
    assert camera.call("PUT", CONTAINER).status == 201
    (system,) = list_systems(here.admin)
    assert {(entry.name, entry.uid) for entry in system.users} == {("李喆", "officer-li"), ("王玥", None)}
    assert [(entry.ident, entry.uid) for entry in system.devices] == [("B8A44F0A1B2C", "camera-7")]
    assert [delivery.state for delivery in list_deliveries(here.officer)] == ["接收中"]
    other = found("elsewhere")
    assert list_systems(other.admin) == [] and list_deliveries(other.admin) == []
    auditor = type(here.admin)("a", "审计", "here", frozenset({"审计管理员"}))
    for read in (list_systems, list_deliveries):
        with pytest.raises(NotAllowed):
            read(auditor)


@pytest.mark.parametrize(
    "place",
    [
        "..",
        "../..",
        "a/b/c",
        "a//b",
        "//",
        "%2e%2e/%2e%2e/etc",
        "a\\b",
        "a\x00b",
        "a\nb/c",
        f"{CONTAINER}/..",
        "a" * 256,
    ],
)
def test_hostile_names_are_refused_without_a_redirect(camera: Controller, place: str) -> None:
    before = CameraContainer.objects.count()
    answer = camera.call("PUT", place, b"x")
    assert answer.status in (400, 404) and CameraContainer.objects.count() == before


@pytest.mark.parametrize("path", ["", "/", "/System", "/System/"])
def test_no_address_redirects(camera: Controller, path: str) -> None:
    answer = camera._send("PUT", camera.storage + path, headers={"X-Auth-Token": camera.token})
    assert answer.status in (202, 400) and "location" not in answer.headers


@pytest.mark.parametrize(
    "headers", [{"X-Object-Meta-Long": "y" * 5000}, {f"X-Object-Meta-K{n}": "v" for n in range(80)}]
)
def test_outsized_metadata_are_refused_with_a_reason(
    camera: Controller, headers: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    assert camera.call("PUT", CONTAINER, headers=headers).status == 400
    assert "元数据" in caplog.text and not CameraContainer.objects.filter(name=CONTAINER).exists()


def test_values_with_control_characters_are_kept_without_them(camera: Controller) -> None:
    assert camera.call("PUT", CONTAINER, headers={"X-Container-Meta-Name": "a%00b%0d%0aX: y%FF"}).status == 201
    assert CameraContainer.objects.get(name=CONTAINER).metadata["name"] == "a\ufffdb\ufffd\ufffdX: y\ufffd"
    assert "%EF%BF%BD" in camera.call("HEAD", CONTAINER).headers["x-container-meta-name"]


def test_nothing_is_given_out_and_nothing_deleted(camera: Controller) -> None:
    assert camera.call("PUT", CONTAINER).status == 201
    assert camera.call("PUT", f"{CONTAINER}/a.mp4", b"bytes").status == 201
    for method, place in (
        ("GET", CONTAINER),
        ("GET", f"{CONTAINER}/a.mp4"),
        ("DELETE", CONTAINER),
        ("COPY", CONTAINER),
    ):
        assert camera.call(method, place).status == 403
    assert camera.call("HEAD", f"{CONTAINER}/a.mp4").status == 200


def test_missing_containers_and_objects_are_404(camera: Controller) -> None:
    assert camera.call("PUT", "nobody_made_this/a.mp4", b"x").status == 404
    for method in ("POST", "HEAD"):
        assert camera.call(method, "nobody_made_this").status == 404
        assert camera.call(method, "Users/nobody").status == 404
