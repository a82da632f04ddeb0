"""设备时钟比对 in a real Chromium: our clock runs, an answer is put right in its place, and the desk stays as it was."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from liuhen.core.events.agency import DeviceRegistered
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.flows.occasion import Occasion
from liuhen.flows.writing import write_agency
from liuhen.records.cameras.models import CameraConnection, CameraContainer
from tests.doors.web.test_browser import DESK, PHONE, pytestmark, require_accessible, sign_in
from tests.doors.web.world import HERE, PEOPLE, World

__all__ = ["pytestmark"]


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def page(request: pytest.FixtureRequest, chromium: Browser, site: str) -> Iterator[Page]:
    """A page of the size of a desk or a phone, for forms that come back with their errors: htmx writes of them in the console."""
    context = chromium.new_context(viewport=request.param, locale="zh-CN", base_url=site)
    fresh = context.new_page()
    complaints: list[str] = []
    fresh.on("pageerror", lambda error: complaints.append(str(error)))
    fresh.on(
        "console",
        lambda said: complaints.append(said.text) if said.type == "error" and "400" not in said.text else None,
    )
    yield fresh
    context.close()
    assert complaints == []


def _prepare(page: Page) -> str:
    """Register a device of its own, let a transfer fall silent, and open the desk; give the device's number."""
    now = datetime.now(SHANGHAI)
    number, began = f"DSJ-{now:%H%M%S%f}", now - timedelta(days=2)
    device = DeviceRegistered(number.casefold(), "执法记录仪", "执法记录仪", number)
    write_agency(Occasion(PEOPLE["archivist"], now, now), device)
    told = {"uid": f"browser-{number}"[:32], "key_digest": "", "created_at": began}
    system, _ = CameraConnection.objects.get_or_create(agency=HERE, label="浏览器采集柜", defaults=told)
    CameraContainer.objects.create(connection=system, name=number, kind="recording", created_at=began, changed_at=began)
    sign_in(page, "officer")
    page.goto("/import/")
    return number


def test_a_transfer_that_never_ended_is_sealed_on_the_desk(page: Page, world: World) -> None:
    number = _prepare(page)
    panel = page.locator("#stuck")
    entry = panel.get_by_role("listitem").filter(has_text=number)
    entry.get_by_text("以已收到的部分封口入库").first.click()
    entry.get_by_label("为什么不再等待").fill("记录仪摔坏，无法继续传送")
    require_accessible(page)
    entry.get_by_role("button", name="封口入库").click()
    expect(panel.get_by_role("status")).to_contain_text("已封口")
    expect(panel.get_by_role("status")).to_be_focused()
    expect(panel.get_by_text(number, exact=True)).to_have_count(0)
    require_accessible(page)


def test_a_clock_is_compared_beside_ours_and_a_slip_is_put_right(page: Page, world: World) -> None:
    number = _prepare(page)
    panel = page.locator("#clocks")
    expect(page.locator("#stuck")).to_contain_text(number)
    require_accessible(page)
    first = panel.locator("#our-clock time").inner_text()
    assert abs(datetime.fromisoformat(first).replace(tzinfo=SHANGHAI) - datetime.now(SHANGHAI)) < timedelta(seconds=5)
    expect(panel.locator("#our-clock time")).not_to_have_text(first)
    panel.get_by_label("设备", exact=True).select_option(label=f"执法记录仪 {number}")
    panel.get_by_role("button", name="记下").click()
    expect(panel.get_by_role("alert")).to_contain_text("没有填写设备显示的时间")
    expect(panel.get_by_role("alert")).to_be_focused()
    wrong = datetime.now(SHANGHAI) + timedelta(days=366)
    panel.get_by_label("设备现在显示的时间").fill(f"{wrong:%Y-%m-%dT%H:%M:%S}")
    panel.get_by_role("button", name="记下").click()
    expect(panel.get_by_role("alert")).to_contain_text("请核对年月日")
    expect(panel.get_by_label("设备现在显示的时间")).to_have_value(f"{wrong:%Y-%m-%dT%H:%M:%S}")
    require_accessible(page)
    expect(panel.locator("select option:checked")).to_have_text(f"执法记录仪 {number}")
    panel.get_by_role("button", name="与本机一致").click()
    expect(panel.get_by_role("status")).to_contain_text("已记下：设备时钟一致")
    expect(panel.get_by_role("status")).to_be_focused()
    expect(panel.locator("#our-clock")).to_be_visible()
    expect(panel.get_by_role("row", name=number)).to_contain_text("一致")
    require_accessible(page)
