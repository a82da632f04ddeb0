"""The pages in a real Chromium: what a clerk does, by mouse, by keyboard, on a desk and on a phone; and axe on every page.

Invariant: nothing here waits for a fixed time; the Chinese seen is drawn with the shipped font, this machine having none.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from liuhen.core.kernel.digests import digests_of
from liuhen.flows.deliver import parcels
from liuhen.records.index.models import DocumentRow
from tests.doors.web.world import PASSWORD, PEOPLE, SECONDS, World

pytestmark = pytest.mark.browser

DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def page(request: pytest.FixtureRequest, chromium: Browser, site: str) -> Iterator[Page]:
    """A page of the size of a desk or a phone; anything the browser complains of fails the test."""
    context = chromium.new_context(viewport=request.param, locale="zh-CN", base_url=site)
    fresh = context.new_page()
    complaints: list[str] = []
    fresh.on("pageerror", lambda error: complaints.append(str(error)))
    fresh.on("console", lambda said: complaints.append(said.text) if _is_complaint(said) else None)
    yield fresh
    context.close()
    assert complaints == []


def _is_complaint(said: ConsoleMessage) -> bool:
    """A form sent back with its errors is an answer, not a fault, whatever the browser writes of its status."""
    return said.type == "error" and "status of 400" not in said.text


def sign_in(page: Page, name: str) -> None:
    page.goto("/sign-in/")
    page.get_by_label("账号").fill(f"web-{name}")
    page.get_by_label("口令").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="工作台")).to_be_visible()


def require_accessible(page: Page) -> None:
    """Fail on anything that axe calls serious or critical, naming the rule and the element."""
    page.wait_for_load_state()  # a page that is on its way out has no document to look at
    found = Axe().run(page).response["violations"]
    grave = [
        (rule["id"], node["html"][:120])
        for rule in found
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]
    assert grave == []
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"the page is {wide} px wider than the screen"


def test_sign_in_search_and_open_a_case(page: Page, world: World) -> None:
    page.goto("/cases/")
    require_accessible(page)
    sign_in(page, "officer")
    require_accessible(page)
    page.get_by_role("link", name="案件", exact=True).click()
    require_accessible(page)
    page.get_by_label("查找案件").fill("恒达")
    expect(page.get_by_text("共 1 件")).to_be_visible()
    assert "q=%E6%81%92" in page.url
    page.locator("#rows a").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("恒达烟花爆竹经营部")
    require_accessible(page)


def test_the_administrators_have_a_desk_of_their_own(page: Page, world: World) -> None:
    sign_in(page, "security")
    require_accessible(page)
    page.get_by_role("main").get_by_role("link", name="安全").click()
    expect(page.get_by_role("heading", name="办案人员的动态口令")).to_be_visible()
    require_accessible(page)
    page.get_by_label("签署审批意见时用").select_option("口令和动态口令")
    page.get_by_label("依据").fill("局务会 2026 年第 8 次会议")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("签署审批意见用口令和动态口令（依据：局务会")).to_be_visible()
    page.get_by_label("签署审批意见时用").select_option("口令")
    page.get_by_label("依据").fill("局务会 2026 年第 9 次会议")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("签署审批意见用口令（依据：局务会")).to_be_visible()


def test_a_rare_character_of_a_name_is_drawn(page: Page, world: World) -> None:
    sign_in(page, "officer")
    page.goto("/cases/?q=䶮喆")
    page.wait_for_load_state("networkidle")
    loaded = "[...document.fonts].filter((one) => one.family.includes('Liuhen Rare')).map((one) => one.status)"
    page.evaluate("document.fonts.load('16px \"Liuhen Rare\"', '䶮')")
    assert page.evaluate(loaded) == ["loaded"]
    assert page.evaluate("document.fonts.load('16px \"Liuhen Rare\"', '留痕').then((all) => all.length)") == 0


def test_a_finding_opens_at_the_right_and_closes(page: Page, world: World) -> None:
    sign_in(page, "officer")
    page.goto(f"/cases/{world.cases['open']}/")
    page.locator("#panel .finding a").first.click()
    expect(page.get_by_role("heading", name="理由")).to_be_visible()
    assert "/findings/" in page.url
    assert page.evaluate("document.activeElement.closest('#panel') !== null")
    require_accessible(page)
    page.keyboard.press("Escape")
    expect(page.locator("#panel").get_by_role("heading", name="合规")).to_be_visible()
    assert page.url.endswith(f"/cases/{world.cases['open']}/")
    page.go_back()
    expect(page.get_by_role("heading", name="理由")).to_be_visible()


def test_acts_documents_and_records_open(page: Page, world: World) -> None:
    sign_in(page, "officer")
    page.goto(f"/cases/{world.cases['open']}/")
    page.locator(".row").get_by_role("link", name="现场检查", exact=True).click()
    expect(page.locator("#panel")).to_contain_text("东街 18 号")
    require_accessible(page)
    page.locator("#panel").get_by_role("link", name="现场检查笔录").click()
    expect(page.locator("#panel")).to_contain_text("SHA-256")
    page.locator("#panel .events a").first.click()
    expect(page.locator("#panel")).to_contain_text("内容承诺 SM3")


@pytest.mark.parametrize("page", [DESK], ids=["desk"], indirect=True)
def test_a_document_is_read_in_place(page: Page, world: World) -> None:
    sign_in(page, "officer")
    with page.expect_response(lambda answer: answer.url.endswith("/file/")) as answered:
        page.goto(f"/cases/{world.cases['open']}/documents/{world.documents['sealed']}/")
        page.locator(".preview").scroll_into_view_if_needed()
    assert answered.value.headers["content-type"] == "application/pdf"


def _media(page: Page, script: str) -> Any:
    return page.evaluate(f"(() => {{ const media = document.getElementById('media'); return {script}; }})()")


def _wait_for_media(page: Page, script: str) -> None:
    """Wait until something is true of the player; the browser's own waiting would evaluate strings, which our policy forbids."""
    for _ in range(200):
        if _media(page, script):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"not true within ten seconds: {script}, at {_media(page, 'media.currentTime')}")


def test_the_player_seeks_by_range(page: Page, world: World) -> None:
    sign_in(page, "officer")
    statuses: list[tuple[int, str | None]] = []
    page.on(
        "response",
        lambda answer: (
            statuses.append((answer.status, answer.headers.get("content-range")))
            if answer.url.endswith("/bytes/")
            else None
        ),
    )
    page.goto(f"/cases/{world.cases['open']}/")
    page.locator(".film").click()
    expect(page.get_by_role("heading", name="标记")).to_be_visible()
    require_accessible(page)
    assert statuses == [], "opening the page is no play"
    page.get_by_role("button", name="重要物品").click()
    _wait_for_media(page, "media.currentTime >= 20")
    _wait_for_media(page, "media.currentTime > 20.3")
    assert {status for status, _ in statuses} == {206}
    assert all(span and span.startswith("bytes ") for _, span in statuses)
    assert abs(_media(page, "media.duration") - SECONDS) < 1
    head = float(page.locator("#head").get_attribute("x") or 0)
    assert 800 < head < 960, "the filmed half minute is the second half of the act's minute"


@pytest.mark.parametrize("page", [DESK], ids=["desk"], indirect=True)
def test_the_player_by_keyboard(page: Page, world: World) -> None:
    sign_in(page, "officer")
    page.goto(f"/cases/{world.cases['open']}/recordings/{world.recording}/play/")
    page.keyboard.press("l")
    _wait_for_media(page, "media.currentTime === 10")
    page.keyboard.press("ArrowRight")
    _wait_for_media(page, "media.currentTime === 15")
    page.keyboard.press("j")
    _wait_for_media(page, "media.currentTime === 5")
    page.keyboard.press("k")
    _wait_for_media(page, "!media.paused")
    page.keyboard.press("k")
    _wait_for_media(page, "media.paused")
    page.keyboard.press("m")
    assert page.evaluate("document.activeElement.id") == "mark-topic"
    page.keyboard.type("现场环境")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="现场环境")).to_be_visible()


@pytest.mark.parametrize("page", [DESK], ids=["desk"], indirect=True)
def test_lists_by_keyboard(page: Page, world: World) -> None:
    sign_in(page, "officer")
    page.goto("/cases/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.locator("h1").click()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.closest('tr').rowIndex") == 1
    page.keyboard.press("Enter")
    expect(page.locator(".track")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "A"


@pytest.mark.parametrize("page", [DESK], ids=["desk"], indirect=True)
def test_the_first_stop_leads_past_the_navigation(page: Page, world: World) -> None:
    page.goto("/check/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "file"


def test_archive_and_download(page: Page, world: World, tmp_path: Path) -> None:
    sign_in(page, "archivist")
    page.goto(f"/cases/{world.cases['archived']}/")
    page.get_by_role("link", name="归档包与下载").click()
    expect(page.get_by_role("heading", name="归档包", exact=True)).to_be_visible()
    require_accessible(page)
    with page.expect_download() as fetched:
        page.get_by_role("link", name="压缩包（zip）").first.click()
    fetched.value.save_as(tmp_path / "package.zip")
    assert (tmp_path / "package.zip").read_bytes()[:2] == b"PK"
    page.goto(f"/cases/{world.cases['ended']}/archive/")
    page.get_by_role("button", name="归档").click()
    expect(page.get_by_role("alert")).to_contain_text("请填写档号")
    require_accessible(page)


def test_anyone_checks_a_package_and_a_document(page: Page, world: World, tmp_path: Path) -> None:
    page.goto("/check/")
    require_accessible(page)
    package = next(item for item in parcels(PEOPLE["officer"], world.cases["archived"]) if item.form == "zip")
    page.locator("#file").set_input_files(package.path)
    expect(page.locator("#sm3-text")).to_have_text(_sm3(package.path))
    page.get_by_role("button", name="核验", exact=True).click()
    expect(page.locator(".word")).to_have_text("一致", timeout=30_000)
    require_accessible(page)
    changed = tmp_path / "changed.zip"
    data = bytearray(package.path.read_bytes())
    data[len(data) // 2] ^= 1
    changed.write_bytes(data)
    page.locator("#file").set_input_files(changed)
    page.get_by_role("button", name="核验", exact=True).click()
    expect(page.locator(".word")).to_have_text("不一致", timeout=30_000)
    require_accessible(page)
    row = DocumentRow.objects.get(uid=world.documents["sealed"])
    page.get_by_label("文号").fill(row.number)
    page.get_by_label("核验码").fill(row.code)
    page.get_by_role("button", name="查询").click()
    expect(page.locator(".answer-card")).to_contain_text("安禾县应急管理局")


def _sm3(path: Path) -> str:
    return digests_of(path.read_bytes()).sm3


@pytest.mark.parametrize("page", [DESK], ids=["desk"], indirect=True)
def test_chinese_is_drawn_with_the_shipped_font(page: Page, world: World) -> None:
    page.goto("/check/")
    page.evaluate("document.fonts.ready")
    loaded = page.evaluate("[...document.fonts].filter(font => font.status === 'loaded').map(font => font.family)")
    assert any("Noto Sans SC" in family for family in loaded)


@pytest.mark.parametrize("page", [DESK], ids=["desk"], indirect=True)
def test_a_party_name_runs_nothing(page: Page, world: World) -> None:
    sign_in(page, "officer")
    page.goto(f"/cases/{world.cases['script']}/")
    assert "某某商贸" in page.title() and page.title() != "stolen"
    expect(page.get_by_role("heading", level=1)).to_contain_text("<script>")


@pytest.mark.parametrize("page", [DESK], ids=["desk"], indirect=True)
def test_without_script_every_part_has_its_page(page: Page, chromium: Browser, world: World, site: str) -> None:
    context = chromium.new_context(java_script_enabled=False, base_url=site)
    plain = context.new_page()
    sign_in(plain, "officer")
    plain.goto(f"/cases/{world.cases['open']}/")
    plain.locator("#panel .finding a").first.click()
    expect(plain.get_by_role("heading", name="理由")).to_be_visible()
    plain.goto("/cases/")
    plain.get_by_label("查找案件").fill("恒达")
    plain.get_by_role("button", name="查找").click()
    expect(plain.get_by_text("共 1 件")).to_be_visible()
    context.close()
