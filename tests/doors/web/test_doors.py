"""Who may not: every address against nobody, another agency, and the three administrators."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import resolve, reverse

from liuhen.doors.web.urls import urlpatterns
from tests.doors.web.world import HERE, World

pytestmark = pytest.mark.django_db

Visit = Callable[[str | None], Client]

# What each address is called with; `public` addresses are for everybody.
GET = (
    "case",
    "evidence",
    "before",
    "archive",
    "document-file",
    "document-signature",
    "play",
    "recording-bytes",
    "poster",
    "case-part",
    "volume",
)
POST = ("make-package", "mark", "evidence-print", "extract")
OF_ANYBODY = ("desk", "cases")
PUBLIC = ("sign-in", "second-factor", "sign-out", "check", "check-digest", "check-code")
FETCHED_LATER = ("package", "extract-file")  # needs a package: see test_archive
CALENDAR = ("calendar", "calendar-entry", "calendar-import", "calendar-confirm")  # see test_calendar
LAW = ("law", "law-pack", "law-clause")  # see test_law
REGISTER = ("register", "register-entry")  # see test_register
LISTS = (  # see test_lists
    *("lists", "list-version", "list-export", "list-draft", "list-save"),
    *("list-change", "list-import", "list-preview", "list-publish"),
)
PLAYER = (  # see test_player
    *("recording", "recording-copy", "recording-preview", "recording-waveform", "retime", "unlink", "filming"),
    *("explain-gap", "loose-link", "loose-mark", "loose-poster"),
    *("loose-bytes", "loose-copy", "loose-preview", "loose-waveform"),
)
# Pages with tests of their own for who may not: by the beginning of their addresses' names.
# See test_agency, test_second_factor, test_people, test_seals, test_security, test_import_desk, test_on_site, test_marked,
# test_custody, test_drafting, test_signing, test_numbers, test_formats, test_approvals, test_serving, test_aftermath and
# test_handling.
ELSEWHERE = (
    *("account", "agency", "people", "seals", "security", "import", "on-site", "marked", "custody", "draft", "signing"),
    *("numbers", "document-void", "format", "service", "aftermath", "approval", "new-case", "handling"),
)


def _address(world: World, name: str) -> str:
    case = world.cases["open"]
    more = {
        "document-file": [world.documents["sealed"]],
        "document-signature": [world.documents["sealed"]],
        "play": [world.recording],
        "recording-bytes": [world.recording],
        "poster": [world.recording],
        "mark": [world.recording],
        "evidence": [world.recording],
        "evidence-print": [world.recording],
        "extract": [world.recording],
        "extract-file": [world.recording, "0" * 32],
        "case-part": ["acts", world.act],
        "package": ["0" * 64, "zip"],
    }
    return reverse(name, args=[case, *more.get(name, [])])


def test_every_address_is_tested_here() -> None:
    assert {name for pattern in urlpatterns if not (name := str(pattern.name)).startswith(ELSEWHERE)} == {
        *GET,
        *POST,
        *OF_ANYBODY,
        *PUBLIC,
        *FETCHED_LATER,
        *CALENDAR,
        *LAW,
        *LISTS,
        *PLAYER,
        *REGISTER,
    }


def _ask(client: Client, world: World, name: str) -> int:
    address = _address(world, name) if name not in OF_ANYBODY else reverse(name)
    return (client.post(address) if name in POST else client.get(address)).status_code


@pytest.mark.parametrize("name", [*GET, *POST, *OF_ANYBODY, *FETCHED_LATER])
def test_nobody_is_sent_to_sign_in(world: World, visit: Visit, name: str) -> None:
    assert _ask(visit(None), world, name) == 302


def test_nobody_gets_no_fragment(world: World, visit: Visit) -> None:
    answer = visit(None).get(_address(world, "case-part"), headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Refresh"], answer.content) == (401, "true", b"")


@pytest.mark.parametrize("name", [*GET, "mark", *FETCHED_LATER])
def test_another_agency_cannot_tell_it_from_what_does_not_exist(world: World, visit: Visit, name: str) -> None:
    stranger = visit("web-stranger")
    there = stranger.post if name in POST else stranger.get
    address = _address(world, name)
    missing = address.replace(world.cases["open"], "0" * 32)
    assert (there(address).status_code, there(missing).status_code) == (404, 404)


def test_another_agency_builds_no_package(world: World, visit: Visit) -> None:
    assert _ask(visit("web-stranger"), world, "make-package") == 403


@pytest.mark.parametrize("administrator", ["web-system", "web-security", "web-audit"])
@pytest.mark.parametrize("name", [*GET, *POST, *FETCHED_LATER, "cases"])
def test_administrators_see_no_case(world: World, visit: Visit, administrator: str, name: str) -> None:
    assert _ask(visit(administrator), world, name) == 403


@pytest.mark.parametrize("administrator", ["web-system", "web-security", "web-audit"])
def test_administrators_have_a_desk_without_cases(world: World, visit: Visit, administrator: str) -> None:
    page = visit(administrator).get("/").content.decode()
    assert "三员分立" in page and "恒达" not in page


@pytest.mark.parametrize("name", ["officer", "head"])
def test_only_the_archivist_builds_packages(world: World, visit: Visit, name: str) -> None:
    assert _ask(visit(f"web-{name}"), world, "make-package") == 403


def test_only_investigators_mark(world: World, visit: Visit) -> None:
    answer = visit("web-archivist").post(_address(world, "mark"), {"second": "3", "topic": "试"})
    assert answer.status_code == 403


@pytest.mark.parametrize("name", ["document-file", "play", "recording-bytes", "poster", "mark"])
def test_a_thing_is_not_reached_through_another_case(world: World, visit: Visit, name: str) -> None:
    address = _address(world, name).replace(world.cases["open"], world.cases["ended"])
    officer = visit("web-officer")
    answer = officer.post(address, {"second": "3", "topic": "试"}) if name in POST else officer.get(address)
    assert answer.status_code == 404


def test_signed_in_people_see_their_own_agency_only(world: World, visit: Visit) -> None:
    page = visit("web-stranger").get("/cases/?q=恒达").content.decode()
    assert "恒达别处分部" in page and "恒达烟花爆竹经营部" not in page
    assert HERE not in page


def test_sign_out_is_by_post_only(world: World, visit: Visit) -> None:
    client = visit("web-officer")
    assert client.get("/sign-out/").status_code == 405
    assert client.get("/").status_code == 200
    assert client.post("/sign-out/").status_code == 302
    assert client.get("/").status_code == 302


def test_forms_demand_the_token(world: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    for name in ("sign-in", "check", "check-digest", "check-code"):
        answer = strict.post(reverse(name), {"file": "x"})
        assert answer.status_code == 403, name
        assert "页面已过期" in answer.content.decode()


def test_no_address_stands_in_the_way_of_another() -> None:
    plain = [one.name for one in urlpatterns if "<" not in str(one.pattern)]
    assert [name for name in plain if resolve(reverse(name)).url_name != name] == []
