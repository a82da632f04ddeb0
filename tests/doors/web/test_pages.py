"""What the pages say, and the headers they say it under."""

import re
from collections.abc import Callable

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from liuhen.core.crypto.detached import parse_detached
from liuhen.core.events.case import CaseConsulted
from liuhen.core.events.catalogue import open_sealed
from liuhen.flows.ground import agency_facts
from liuhen.records.ledger.read import sealed_events
from tests.doors.web.world import HERE, PASSWORD, PEOPLE, SECONDS, World

pytestmark = pytest.mark.django_db

Visit = Callable[[str | None], Client]


def _page(client: Client, address: str, status: int = 200, *, fragment: bool = False) -> str:
    answer = client.get(address, headers={"HX-Request": "true"} if fragment else None)
    assert answer.status_code == status
    return answer.content.decode()


def _consulted(case: str, person: str) -> list[tuple[str, str]]:
    events = [open_sealed(item) for item in sealed_events(f"case:{case}")]
    return [
        (event.content.manner, event.content.what)
        for event in events
        if isinstance(event.content, CaseConsulted) and event.header.actor == PEOPLE[person].uid
    ]


@pytest.mark.parametrize("address", ["/sign-in/", "/check/", "/nowhere/"])
def test_policy_on_every_page(world: World, address: str) -> None:
    answer = Client().get(address)
    policy = answer.headers["Content-Security-Policy"]
    assert (
        "default-src 'none'" in policy
        and "unsafe-inline" not in policy
        and "unsafe-eval'" not in policy.replace("wasm-unsafe-eval'", "")
    )
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_pages_hold_no_inline_script_or_style(world: World, visit: Visit) -> None:
    officer = visit("web-officer")
    for address in ("/", "/cases/", reverse("case", args=[world.cases["open"]]), "/check/"):
        page = _page(officer, address)
        assert not re.search(r"<script(?![^>]*\bsrc=)", page), address
        assert not re.search(r"\sstyle=|\son\w+=|<style", page), address


def test_party_names_stay_text(world: World, visit: Visit) -> None:
    officer = visit("web-officer")
    for address in ("/", "/cases/", reverse("case", args=[world.cases["script"]])):
        page = _page(officer, address)
        assert "<script>document" not in page and "<b>无证" not in page
        assert "&lt;script&gt;document" in page


@pytest.mark.parametrize("words", ["恒达", "烟花", "安应急案"])
def test_search_by_two_characters(world: World, visit: Visit, words: str) -> None:
    page = _page(visit("web-officer"), f"/cases/?q={words}")
    assert "恒达烟花爆竹经营部" in page
    assert ("宏远建材" in page) == (words == "安应急案")


def test_list_fragment_is_the_rows_alone(world: World, visit: Visit) -> None:
    page = _page(visit("web-officer"), "/cases/?q=恒达", fragment=True)
    assert "<html" not in page and "恒达烟花爆竹经营部" in page


def test_filters(world: World, visit: Visit) -> None:
    officer = visit("web-officer")
    assert "宏远建材" in _page(officer, "/cases/?stage=结案&stage=归档")
    assert "宏远建材" not in _page(officer, "/cases/?stage=启动")
    assert "没有符合条件的案件" in _page(officer, "/cases/?q=查无此人")
    assert "翻页位置无效" in _page(officer, "/cases/?cursor=zzz", 400)


def test_case_page(world: World, visit: Visit) -> None:
    page = _page(visit("web-officer"), reverse("case", args=[world.cases["open"]]))
    for words in ("现场检查笔录", "行政处罚事先告知书", "立案审批", "应录 1 分，实录 50%", "1 处没有说明", "河北"):
        assert words in page
    assert re.search(r"封存至第.\d+.条", page)


def test_every_finding_opens_by_its_address_and_as_a_fragment(world: World, visit: Visit) -> None:
    officer = visit("web-officer")
    page = _page(officer, reverse("case", args=[world.cases["open"]]))
    found = sorted(set(re.findall(r'href="(/cases/[^"]+/(?:findings|acts|documents|approvals)/[^"]+)"', page)))
    assert len(found) > 20
    for address in found:
        fragment = _page(officer, address, fragment=True)
        assert "<html" not in fragment and "← 合规" in fragment, address
    whole = _page(officer, next(address for address in found if "/findings/" in address))
    assert "<html" in whole and "全过程" in whole and "理由" in whole


def test_every_record_can_be_read(world: World, visit: Visit) -> None:
    officer = visit("web-officer")
    for item in sealed_events(f"case:{world.cases['open']}"):
        page = _page(officer, reverse("case-part", args=[world.cases["open"], "events", item.header.id]))
        assert item.header.content_sm3 in page


def test_what_is_not_there_is_said_to_be_not_there(world: World, visit: Visit) -> None:
    officer = visit("web-officer")
    for kind in (
        "findings",
        "acts",
        "documents",
        "recordings",
        "approvals",
        "services",
        "decisions",
        "evidence",
        "events",
    ):
        page = _page(officer, reverse("case-part", args=[world.cases["open"], kind, "nothing"]), 404)
        assert "没有找到" in page


def test_opening_a_document_leaves_one_trace_a_day(world: World, visit: Visit) -> None:
    head = visit("web-head")
    address = reverse("document-file", args=[world.cases["open"], world.documents["sealed"]])
    for _ in range(2):
        answer = head.get(address)
        assert b"".join(answer.streaming_content).startswith(b"%PDF-")  # type: ignore[attr-defined]
    head.get(address, {"download": "1"})
    traces = [manner for manner, what in _consulted(world.cases["open"], "head") if "文书" in what]
    assert sorted(traces) == ["下载", "查看"]
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]


def test_the_signature_beside_a_seal_is_offered_and_sent(world: World, visit: Visit) -> None:
    head, case = visit("web-head"), world.cases["open"]
    address = reverse("document-signature", args=[case, world.documents["sealed"]])
    assert address in _page(head, reverse("case-part", args=[case, "documents", world.documents["sealed"]]))
    answer = head.get(address)
    assert parse_detached(answer.content).public_key.hex() in agency_facts(HERE).agency.seal_keys
    assert answer.headers["Content-Disposition"].endswith(".pdf.sm2.json")
    elsewhere = reverse("document-signature", args=[world.cases["ended"], world.documents["sealed"]])
    assert head.get(elsewhere).status_code == 404


def test_playing_leaves_one_trace_and_opening_the_page_none(world: World, visit: Visit) -> None:
    second = visit("web-second")
    page = _page(second, reverse("play", args=[world.cases["open"], world.recording]))
    assert 'preload="none"' in page and "重要物品" in page and 'data-second="20.0"' in page
    assert _consulted(world.cases["open"], "second") == []
    address = reverse("recording-bytes", args=[world.cases["open"], world.recording])
    sizes = [
        second.get(address, headers={"Range": span}).headers["Content-Length"] for span in ("bytes=0-99", "bytes=5-9")
    ]
    assert sizes == ["100", "5"]
    assert second.head(address).status_code == 200
    assert [manner for manner, _ in _consulted(world.cases["open"], "second")] == ["播放"]


def test_two_plays_at_once_leave_one_trace(world: World, visit: Visit) -> None:
    """The session is no proof: a second session of the same person asks the ledger, which already knows."""
    address = reverse("recording-bytes", args=[world.cases["open"], world.recording])
    for _ in range(2):
        assert visit("web-archivist").get(address, headers={"Range": "bytes=0-9"}).status_code == 206
    assert len(_consulted(world.cases["open"], "archivist")) == 1


def test_marking(world: World, visit: Visit) -> None:
    officer, mark = visit("web-officer"), reverse("mark", args=[world.cases["open"], world.recording])
    assert officer.post(mark, {"second": "12.5", "topic": "告知权利"}).status_code == 302
    assert "告知权利" in _page(officer, reverse("play", args=[world.cases["open"], world.recording]))
    for wrong in ({"second": "-1", "topic": "x"}, {"second": "nan", "topic": "x"}, {"second": "1"}, {}):
        assert officer.post(mark, wrong).status_code == 400


def test_poster(world: World, visit: Visit) -> None:
    answer = visit("web-officer").get(reverse("poster", args=[world.cases["open"], world.recording]))
    assert answer.content.startswith(b"\xff\xd8\xff")
    assert SECONDS == 30


def test_sign_in_and_lockout(world: World) -> None:
    client = Client()
    wrong = client.post("/sign-in/", {"username": "web-second", "password": "wrong"})
    assert "账号或者口令不对" in wrong.content.decode()
    for _ in range(4):
        last = client.post("/sign-in/", {"username": "web-second", "password": "wrong"})
    assert last.status_code == 429 and "暂停登录三十分钟" in last.content.decode()
    right = client.post("/sign-in/", {"username": "web-second", "password": PASSWORD})
    assert right.status_code == 429
    other = client.post("/sign-in/", {"username": "web-officer", "password": PASSWORD})
    assert (other.status_code, other.headers["Location"]) == (302, "/")


def test_demonstration_accounts_are_shown_in_a_demonstration_only(world: World) -> None:
    assert "演示账号" not in Client().get("/sign-in/").content.decode()


@override_settings(DEBUG=False)
def test_fault_pages_are_chinese(world: World, visit: Visit) -> None:
    assert "没有找到" in _page(Client(), "/nowhere/", 404)
    client = Client(raise_request_exception=False)
    with override_settings(CHECK_UPLOAD_LIMIT=None):
        assert "系统出错" in client.post("/check/", {"file": "x"}).content.decode()
