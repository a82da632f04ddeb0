"""拟制文书 in a real Chromium: nothing typed is lost, whatever the network does and whoever else writes."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from liuhen.adapters.packfiles.documents import shipped_documents
from liuhen.core.events.case import DocumentMade
from liuhen.flows.ground import ground_of
from liuhen.records.drafts.models import DraftRow
from tests.doors.web.on_site import case_of_its_own
from tests.doors.web.test_browser import DESK, PHONE, pytestmark, require_accessible, sign_in
from tests.doors.web.world import HERE, World

__all__ = ["pytestmark"]
KIND = shipped_documents()["行政处罚事先告知书"]


@pytest.fixture(scope="module")
def case(chromium: Browser, world: World) -> str:
    return case_of_its_own()


def _size(of: dict[str, int]) -> ViewportSize:
    return ViewportSize(width=of["width"], height=of["height"])


@contextmanager
def writer(chromium: Browser, site: str, name: str, size: ViewportSize | None = None) -> Iterator[Page]:
    """A person at a desk of their own; a script of ours that fails fails the test."""
    context = chromium.new_context(viewport=size or _size(DESK), locale="zh-CN", base_url=site)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    sign_in(page, name)
    yield page
    context.close()
    assert faults == []


@pytest.fixture
def page(chromium: Browser, site: str) -> Iterator[Page]:
    with writer(chromium, site, "officer") as fresh:
        yield fresh


def saved(page: Page) -> None:
    expect(page.locator("#draft-state")).to_contain_text("草稿已保存", timeout=15_000)


def kept(page: Page, name: str, text: str) -> None:
    """Wait until the server itself has the text: the page may still say that an earlier one was saved."""
    until = time.monotonic() + 20
    while texts_of(page).get(name) != text:
        assert time.monotonic() < until, texts_of(page)
        page.wait_for_timeout(100)


def begin(page: Page, case: str, code: str = "NOT") -> None:
    page.goto(f"/cases/{case}/write/{code}/")


def texts_of(page: Page) -> dict[str, str]:
    uid = page.url.rstrip("/").rpartition("/")[2]
    return {name: one["text"] for name, one in DraftRow.objects.get(uid=uid).texts.items()}


def test_a_document_is_written_left_and_made(page: Page, case: str) -> None:
    begin(page, case)
    expect(page.get_by_label("当事人", exact=True)).to_have_value("河畔纸业有限公司")
    page.get_by_label("违法事实").fill("超标排放\n两次")
    saved(page)
    expect(page).to_have_url(re.compile(r"/drafts/[0-9a-f]+/$"))
    require_accessible(page)
    page.reload()
    expect(page.get_by_label("违法事实")).to_have_value(re.compile("超标排放"))
    page.goto(f"/cases/{case}/write/")
    expect(page.locator(".drafts")).to_contain_text(KIND.name)
    require_accessible(page)
    page.locator(".drafts").get_by_role("link", name=KIND.name).first.click()
    page.get_by_label("拟处罚内容").fill("罚款 20000 元")
    page.get_by_role("button", name="制作", exact=True).click()
    expect(page).to_have_url(re.compile(rf"/cases/{case}/documents/[0-9a-f]+/$"))
    made = [event.content for event in ground_of(case, HERE).events if isinstance(event.content, DocumentMade)]
    assert len(made) == 1 and made[0].fields["拟处罚内容"] == "罚款 20000 元"
    assert "超标排放" in made[0].fields["违法事实"]


def test_without_network_it_is_said_and_kept_when_it_returns(page: Page, case: str) -> None:
    begin(page, case)
    page.get_by_label("违法事实").fill("第一句")
    saved(page)
    page.context.set_offline(True)
    page.get_by_label("违法事实").fill("第一句。第二句")
    expect(page.locator("#draft-state")).to_contain_text("没有网络")
    page.context.set_offline(False)
    saved(page)
    assert texts_of(page)["f-违法事实"] == "第一句。第二句"


def test_two_write_at_once_and_neither_loses_a_word(chromium: Browser, site: str, page: Page, case: str) -> None:
    begin(page, case)
    page.get_by_label("违法事实").fill("甲写的事实")
    saved(page)
    with writer(chromium, site, "second") as other:
        other.goto(page.url)
        # Else it may look at what the other wrote before it writes itself.
        page.route("**/save/", lambda route: route.abort())
        other.get_by_label("拟处罚内容").fill("乙写的内容")
        other.get_by_label("违法事实").fill("乙改的事实")
        kept(other, "f-违法事实", "乙改的事实")
        page.get_by_label("违法事实").fill("甲又改的事实")
        expect(page.locator("#draft-state")).to_have_text("有改动，停笔后自动保存")
        page.unroute("**/save/")
        clash = page.locator(".clash")
        expect(clash).to_contain_text("张second同时改了这里", timeout=30_000)
        expect(clash).to_contain_text("乙改的事实")
        expect(page.get_by_label("拟处罚内容")).to_have_value("乙写的内容")
        expect(page.get_by_label("违法事实")).to_have_value("甲又改的事实")
        require_accessible(page)
        page.get_by_role("button", name="制作", exact=True).click()
        expect(page.locator("#draft-state")).to_contain_text("请选择留下哪一个")
        clash.get_by_role("button", name="用我的").click()
        expect(clash).to_have_count(0)
        saved(page)
        expect(other.get_by_label("违法事实")).to_have_value("甲又改的事实", timeout=25_000)
    assert texts_of(page)["f-违法事实"] == "甲又改的事实" and texts_of(page)["f-拟处罚内容"] == "乙写的内容"


def test_what_was_typed_last_before_leaving_is_kept(page: Page, case: str) -> None:
    begin(page, case)
    page.get_by_label("违法事实").fill("先写的")
    saved(page)
    draft = page.url
    page.get_by_label("违法事实").fill("走前写的")
    page.goto("/")
    page.goto(draft)
    expect(page.get_by_label("违法事实")).to_have_value("走前写的")


def test_questions_are_added_on_a_phone(chromium: Browser, site: str, case: str) -> None:
    with writer(chromium, site, "officer", _size(PHONE)) as page:
        begin(page, case, "ASK")
        before = page.locator(".pair").count()
        page.get_by_role("button", name="再加一问").click()
        added = page.locator(".pair").nth(before)
        added.get_by_label("问").fill("还有要补充的吗？")
        added.get_by_label("答").fill("没有。")
        saved(page)
        require_accessible(page)
        page.reload()
        expect(page.locator(".pair").nth(before).get_by_label("答")).to_have_value("没有。")


def test_a_session_that_ended_is_said_and_goes_on_after_signing_in(page: Page, case: str) -> None:
    begin(page, case)
    page.get_by_label("违法事实").fill("先写的")
    saved(page)
    page.context.clear_cookies(name="sessionid")
    page.get_by_label("违法事实").fill("后写的")
    expect(page.locator("#draft-state")).to_contain_text("登录已经失效", timeout=15_000)
    again = page.context.new_page()
    sign_in(again, "officer")
    saved(page)
    assert texts_of(page)["f-违法事实"] == "后写的"
