"""机关台账 in a real Chromium, on a desk and on a phone; and the archive page with a request on it."""

from playwright.sync_api import Page, expect

from tests.doors.web.test_browser import page, pytestmark, require_accessible, sign_in
from tests.doors.web.world import World

__all__ = ["page", "pytestmark"]


def test_the_custodian_enters_a_training(page: Page, world: World) -> None:
    sign_in(page, "archivist")
    page.get_by_role("link", name="台账").click()
    expect(page.get_by_role("heading", name="机关台账")).to_be_visible()
    require_accessible(page)
    page.locator("#trainings summary").click()
    require_accessible(page)
    page.locator("#trainings").get_by_role("button", name="记入台账").click()
    expect(page.get_by_role("alert")).to_contain_text("请填写内容")
    require_accessible(page)
    page.locator("#trainings").get_by_label("内容").fill("执法记录仪使用规范")
    page.locator("#trainings").get_by_label("参加人数").fill("12")
    page.locator("#trainings").get_by_role("button", name="记入台账").click()
    expect(page.locator("#trainings table")).to_contain_text("执法记录仪使用规范")
    require_accessible(page)
