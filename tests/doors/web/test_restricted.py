"""Closed recordings and what leaves the agency, at every door of the web."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from liuhen.core.events.case import CaseConsulted
from liuhen.core.events.catalogue import open_sealed
from liuhen.core.events.incidents import AccessDecided, AccessGiven, AccessRequested
from liuhen.core.events.recording import RecordingClassified
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.flows.deliver import parcels
from liuhen.flows.occasion import Occasion
from liuhen.flows.writing import write_case, write_recording
from liuhen.records.index.models import RecordingRow
from liuhen.records.ledger.read import sealed_events
from liuhen.records.people.models import User
from tests.doors.web.world import HERE, PEOPLE, World

pytestmark = pytest.mark.django_db

Visit = Callable[[str | None], Client]
DOORS = ("play", "recording-bytes", "poster", "mark")


def _now(name: str) -> Occasion:
    at = datetime.now(SHANGHAI)
    return Occasion(PEOPLE[name], at, at)


@pytest.fixture
def colleague(world: World) -> str:
    """An officer of the same agency who does not work on the case."""
    user = User.objects.create_user("web-colleague", agency=HERE, display_name="邻座", actor="web-colleague")
    user.groups.set([Group.objects.get_or_create(name="执法人员")[0]])
    return user.username


@pytest.fixture
def closed(world: World) -> str:
    write_recording(world.recording, _now("archivist"), RecordingClassified("个人隐私", "涉及未成年人"))
    return world.recording


def _ask(client: Client, world: World, door: str, recording: str) -> Any:
    address = reverse(door, args=[world.cases["open"], recording])
    return client.post(address, {"second": "3", "topic": "试"}) if door == "mark" else client.get(address)


@pytest.mark.parametrize("door", DOORS)
def test_a_closed_recording_is_like_none(world: World, visit: Visit, closed: str, colleague: str, door: str) -> None:
    outside = visit(colleague)
    answers = [_ask(outside, world, door, uid) for uid in (closed, "0" * 32)]
    assert [answer.status_code for answer in answers] == [404, 404]
    plain = [re.sub(rb'value="[0-9A-Za-z]{64}"', b"", answer.content) for answer in answers]
    assert plain[0] == plain[1]
    inside = _ask(visit("web-officer"), world, door, closed)
    assert inside.status_code == (302 if door == "mark" else 200)


def test_the_pages_of_a_case_do_not_know_it(world: World, visit: Visit, closed: str, colleague: str) -> None:
    case = world.cases["open"]
    addresses = [
        reverse("case", args=[case]),
        reverse("case-part", args=[case, "acts", world.act]),
        reverse("archive", args=[case]),
        *("/", "/cases/", "/cases/?q=恒达"),
    ]
    for address in addresses:
        answer = visit(colleague).get(address)
        assert answer.status_code == 200
        page = answer.content.decode()
        assert closed not in page and "现场检查.mp4" not in page, address
    assert "没有符合条件的案件" in visit(colleague).get(f"/cases/?q={closed}").content.decode()
    assert closed in visit("web-officer").get(addresses[0]).content.decode()
    for part in (("recordings", closed), *(("events", event) for event in _events_naming(case, closed))):
        address = reverse("case-part", args=[case, *part])
        assert visit(colleague).get(address).status_code == 404, part
        assert visit("web-officer").get(address).status_code == 200, part


def _events_naming(case: str, recording: str) -> list[str]:
    own = [open_sealed(item) for item in sealed_events(f"case:{case}")]
    about = [open_sealed(item) for item in sealed_events(f"recording:{recording}")]
    found = [event.id for event in own if recording in repr(event.content)] + [event.id for event in about]
    assert len(found) > 3
    return found


def test_the_count_of_recordings_is_that_of_the_others(world: World, visit: Visit, closed: str, colleague: str) -> None:
    address = reverse("case", args=[world.cases["open"]])
    assert 'id="recordings"' not in visit(colleague).get(address).content.decode()
    assert 'id="recordings"' in visit("web-head").get(address).content.decode()


def test_posters_drawn_before_stay_closed(world: World, visit: Visit, colleague: str) -> None:
    assert _ask(visit(colleague), world, "poster", world.recording).status_code == 200
    write_recording(world.recording, _now("archivist"), RecordingClassified("商业秘密"))
    assert _ask(visit(colleague), world, "poster", world.recording).status_code == 404


def _package(world: World, **query: str) -> str:
    found = next(item for item in parcels(PEOPLE["archivist"], world.cases["archived"]) if item.form == "zip")
    address = reverse("package", args=[world.cases["archived"], found.manifest, "zip"])
    return f"{address}?{'&'.join(f'{key}={value}' for key, value in query.items())}"


def _close_one_of_the_archived(world: World, word: str) -> None:
    """Put a closed recording into the archived case, as the index knows it."""
    RecordingRow.objects.filter(uid=world.recording).update(case_uid=world.cases["archived"], classification=word)


def test_a_package_with_closed_recordings_is_like_none(world: World, visit: Visit, colleague: str) -> None:
    address = _package(world)
    assert visit(colleague).get(address).status_code == 200
    _close_one_of_the_archived(world, "个人隐私")
    assert visit(colleague).get(address).status_code == 404
    page = visit(colleague).get(reverse("archive", args=[world.cases["archived"]])).content.decode()
    assert "还没有归档包" in page
    assert visit("web-archivist").get(address).status_code == 200


def test_state_secrets_leave_in_no_package(world: World, visit: Visit, colleague: str) -> None:
    address = _package(world)
    _close_one_of_the_archived(world, "国家秘密")
    assert visit(colleague).get(address).status_code == 404
    for client, method in ((visit("web-archivist"), "get"), (visit("web-head"), "get")):
        refused = getattr(client, method)(address)
        assert refused.status_code == 409 and "国家秘密" in refused.content.decode()
    made = visit("web-archivist").post(reverse("make-package", args=[world.cases["archived"]]))
    assert made.status_code == 409 and "专用设备" in made.content.decode()


def _contents(case: str, kind: type) -> list[Any]:
    events = [open_sealed(item).content for item in sealed_events(f"case:{case}")]
    return [content for content in events if isinstance(content, kind)]


def _request(world: World, *, case: str, purpose: str = "对外提供", granted: bool | None = True) -> str:
    access = "d" * 32
    write_case(world.cases[case], _now("officer"), AccessRequested(access, purpose, "县法院", "其他机关", "全卷"))
    if granted is not None:
        decided = AccessDecided(access, granted, "负责人", PEOPLE["head"].name, "负责人同意")
        write_case(world.cases[case], _now("head"), decided)
    return access


def test_what_leaves_needs_a_granted_request(world: World, visit: Visit) -> None:
    archivist, case = visit("web-archivist"), world.cases["archived"]
    for query in ({"purpose": "对外提供"}, {"access": "none"}, {"purpose": "复制", "access": "none"}):
        refused = archivist.get(_package(world, **query))
        assert refused.status_code == 409, query
    assert _contents(case, AccessGiven) == []
    access = _request(world, case="archived")
    before = len(_contents(case, CaseConsulted))
    assert archivist.get(_package(world, access=access)).status_code == 200
    assert archivist.get(_package(world, access=access)).status_code == 200
    (given,) = _contents(case, AccessGiven)
    assert (given.access, given.purpose, given.to, given.manner) == (access, "对外提供", "县法院", "导出")
    assert "归档包" in given.what and len(_contents(case, CaseConsulted)) == before
    assert archivist.get(_package(world, access=access, purpose="公开发布")).status_code == 409


@pytest.mark.parametrize("granted", [None, False])
def test_an_open_or_refused_request_lets_nothing_out(world: World, visit: Visit, granted: bool | None) -> None:
    access = _request(world, case="archived", granted=granted)
    refused = visit("web-archivist").get(_package(world, access=access))
    assert refused.status_code == 409 and _contents(world.cases["archived"], AccessGiven) == []


def test_only_the_archivist_hands_out(world: World, visit: Visit) -> None:
    access = _request(world, case="archived")
    for name in ("officer", "head"):
        assert visit(f"web-{name}").get(_package(world, access=access)).status_code == 403
    page = visit("web-archivist").get(reverse("archive", args=[world.cases["archived"]])).content.decode()
    assert f"?access={access}" in page and "县法院" in page
    page = visit("web-head").get(reverse("archive", args=[world.cases["archived"]])).content.decode()
    assert f"?access={access}" not in page and "县法院" in page


def test_documents_and_recordings_leave_by_the_same_rule(world: World, visit: Visit) -> None:
    case, archivist = world.cases["open"], visit("web-archivist")
    film = reverse("recording-bytes", args=[case, world.recording]) + "?download=1"
    paper = reverse("document-file", args=[case, world.documents["sealed"]]) + "?download=1"
    for address in (film, paper):
        assert archivist.get(f"{address}&purpose=复制").status_code == 409
    access = _request(world, case="open", purpose="复制")
    for address in (film, paper):
        assert archivist.get(f"{address}&access={access}").status_code == 200
    assert [given.to for given in _contents(case, AccessGiven)] == ["县法院", "县法院"]
    write_recording(world.recording, _now("archivist"), RecordingClassified("国家秘密", "定密决定"))
    assert archivist.get(f"{film}&access={access}").status_code == 409
    refused = archivist.get(film)
    assert refused.status_code == 409 and "国家秘密" in refused.content.decode(), (
        "nor does it leave as a file for oneself"
    )
    assert archivist.get(film.removesuffix("?download=1")).status_code == 200, "who may know may look"
