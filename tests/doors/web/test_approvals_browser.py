"""审批 in a real Chromium: three accounts walk a chain with one return, and the case gets its number; on a desk and on a phone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from liuhen.core.approvals.round import standing
from liuhen.flows.ground import ground_of
from tests.doors.web.test_approvals import join, new_case
from tests.doors.web.test_browser import DESK, PHONE, page, pytestmark, require_accessible, sign_in
from tests.doors.web.world import HERE, World

__all__ = ["page", "pytestmark"]


@pytest.fixture
def unit(chromium: Browser, site: str, page: Page) -> Iterator[Page]:
    """A second window of the same size, for the head of the unit."""
    context = chromium.new_context(viewport=page.viewport_size, locale="zh-CN", base_url=site)
    yield context.new_page()
    context.close()


@pytest.fixture
def head(chromium: Browser, site: str, page: Page) -> Iterator[Page]:
    """A third window, for the head of the agency."""
    context = chromium.new_context(viewport=page.viewport_size, locale="zh-CN", base_url=site)
    yield context.new_page()
    context.close()


def say(window: Page, result: str, opinion: str, name: str) -> None:
    """Take the step that is on the page."""
    if result:
        window.get_by_label(result, exact=True).check()
    window.get_by_label("意见", exact=True).fill(opinion)
    window.get_by_label("签名", exact=True).fill(name)
    window.get_by_role("button", name="签署意见").click()


def test_a_chain_with_one_return_by_three_people(page: Page, unit: Page, head: Page, world: World) -> None:
    join("chief", "承办机构负责人")
    party = f"往返商行{'宽' if page.viewport_size == DESK else '窄'}"
    case = new_case(world, party)
    sign_in(page, "officer")
    page.goto(f"/cases/{case}/")
    page.get_by_role("link", name="审批", exact=True).last.click()
    require_accessible(page)
    page.get_by_role("link", name="立案", exact=True).click()
    require_accessible(page)
    page.get_by_role("button", name="提请审批").click()
    expect(page.get_by_role("alert")).to_contain_text("请写明承办意见")
    page.get_by_label("承办意见").fill("建议立案")
    page.get_by_label("理由", exact=True).fill("有涉嫌违法的事实")
    page.get_by_label("签名", exact=True).fill("张officer")
    page.get_by_role("button", name="提请审批").click()
    expect(page.locator(".round")).to_contain_text("下一步：审核（承办机构负责人）")
    require_accessible(page)

    sign_in(unit, "chief")
    unit.locator(".desk-waiting").get_by_role("link", name=party).click()
    require_accessible(unit)
    say(unit, "退回修改", "请补充证据目录", "张某")
    expect(unit.get_by_role("alert")).to_contain_text("签名应与本人姓名一致")
    expect(unit.get_by_label("意见", exact=True)).to_have_value("请补充证据目录")
    unit.get_by_label("签名", exact=True).fill("张chief")
    unit.get_by_role("button", name="签署意见").click()
    expect(unit.locator(".round")).to_contain_text("退回修改")

    page.reload()
    expect(page.locator(".round")).to_contain_text("请补充证据目录")
    page.locator(".round").get_by_label("理由", exact=True).fill("已附证据目录")
    say(page, "", "补充后再报", "张officer")
    expect(page.locator(".round")).to_contain_text("下一步：审核")

    unit.reload()
    say(unit, "同意", "同意立案", "张chief")
    expect(unit.locator(".round")).to_contain_text("下一步：批准（机关负责人）")

    sign_in(head, "head")
    head.locator(".desk-waiting").get_by_role("link", name=party).click()
    say(head, "同意", "同意立案", "张head")
    expect(head.locator(".round.met")).to_contain_text("已批准")
    head.get_by_text("全部意见 5 条").click()
    require_accessible(head)
    expect(head.get_by_text("已附证据目录")).to_be_visible()

    page.reload()
    page.get_by_role("button", name="立案并取号").click()
    expect(page.get_by_role("button", name="立案并取号")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_contain_text("案〔")
    facts = ground_of(case, HERE).facts
    assert [standing(one).word for one in facts.case.rounds.values()] == ["已批准"] and facts.case.number


def test_the_head_lends_authority_and_sets_a_chain(page: Page, world: World) -> None:
    sign_in(page, "head")
    page.get_by_role("link", name="审批", exact=True).click()
    require_accessible(page)
    page.get_by_text("委托他人审批").click()
    page.get_by_role("button", name="委托", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("请选择受托人")
    require_accessible(page)
    page.goto("/approvals/chain/?matter=强制执行")
    require_accessible(page)
    page.get_by_label("环节", exact=True).nth(1).fill("分管审核")
    page.get_by_role("button", name="设定流程").click()
    expect(page.locator("#chains")).to_contain_text("分管审核")
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0 and page.viewport_size in (DESK, PHONE)
