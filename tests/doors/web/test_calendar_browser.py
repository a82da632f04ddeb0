"""节假日安排 in a real Chromium, at a desk and on a phone: the picture, the form, the preview; and axe on each.

Invariant: nothing is confirmed here, for what a browser writes is not rolled back.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.doors.web.test_browser import DESK, PHONE, require_accessible, sign_in
from tests.doors.web.world import World

pytestmark = pytest.mark.browser
# Where to leave pictures for a person to look at; nothing is left without it.
PICTURES = os.environ.get("LIUHEN_PICTURES")


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def sheet(request: pytest.FixtureRequest, chromium: Browser, site: str) -> Iterator[Page]:
    """A page of either size; a script or style that the policy forbids fails the test."""
    context = chromium.new_context(viewport=request.param, locale="zh-CN", base_url=site)
    fresh = context.new_page()
    complaints: list[str] = []

    def hear(said: ConsoleMessage) -> None:
        if said.type == "error" and "status of 400" not in said.text:
            complaints.append(said.text)

    fresh.on("console", hear)
    yield fresh
    context.close()
    assert complaints == []


def look(page: Page, name: str) -> None:
    if PICTURES:
        width = (page.viewport_size or {"width": 0})["width"]
        page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)


def test_a_year_is_seen_entered_and_previewed(sheet: Page, world: World) -> None:
    sign_in(sheet, "system")
    sheet.get_by_role("navigation", name="主导航").get_by_role("link", name="节假日", exact=True).click()
    expect(sheet.get_by_role("heading", name="节假日安排")).to_be_visible()
    sheet.goto("/calendar/?year=2026")
    expect(sheet.get_by_role("table", name="2 月", exact=True)).to_contain_text("14班")
    look(sheet, "calendar")
    require_accessible(sheet)
    sheet.goto("/calendar/?year=2027")
    expect(sheet.get_by_text("涉及这一年的期限均为暂定")).to_be_visible()
    sheet.get_by_role("link", name="录入 2027 年安排").click()
    require_accessible(sheet)
    row = sheet.locator(".span-row").first
    row.get_by_label("起").fill("2027-01-01")
    row.get_by_label("止").fill("2027-01-03")
    sheet.get_by_label("第 1 天").fill("2027-01-15")
    look(sheet, "form")
    sheet.get_by_role("button", name="检查并预览").click()
    expect(sheet.get_by_role("alert")).to_contain_text("2027-01-15 不是周六或周日")
    require_accessible(sheet)
    look(sheet, "mistakes")
    sheet.get_by_label("第 1 天").fill("2027-01-16")
    sheet.get_by_role("button", name="检查并预览").click()
    expect(sheet.get_by_role("heading", name="核对 2027 年安排")).to_be_visible()
    expect(sheet.get_by_role("table", name="1 月", exact=True)).to_contain_text("16班")
    require_accessible(sheet)
    look(sheet, "preview")
    sheet.get_by_role("link", name="不采用").click()
    expect(sheet.get_by_role("heading", name="节假日安排")).to_be_visible()


def test_a_file_with_mistakes_is_answered_in_sentences(sheet: Page, world: World) -> None:
    sign_in(sheet, "system")
    sheet.goto("/calendar/")
    data = "年度,类别,起,止,名称,依据\n2027,休假,2027-01-01,,元旦,\n".encode()
    sheet.get_by_label("JSON、YAML 或 CSV 文件").set_input_files(
        {"name": "安排.csv", "mimeType": "text/csv", "buffer": data}
    )
    sheet.get_by_role("button", name="导入").click()
    expect(sheet.get_by_role("alert")).to_contain_text("类别“休假”应为放假、上班、地方休息之一")
    require_accessible(sheet)
    look(sheet, "import")
