"""文书格式 and 编号 in a real Chromium: wording changed, a field added, tried, published, and a document written with it."""

import re

import pytest
from playwright.sync_api import Browser, expect

from liuhen.core.events.case import DocumentMade
from liuhen.flows.adapt_formats import format_for
from liuhen.flows.ground import ground_of
from tests.doors.web.on_site import case_of_its_own
from tests.doors.web.test_browser import PHONE, pytestmark, require_accessible
from tests.doors.web.test_drafting_browser import _size, writer
from tests.doors.web.world import HERE, PEOPLE, World

__all__ = ["pytestmark"]
# A type of its own: what a browser publishes stays for the tests that come after.
CODE, FORM = "COK", "整改复查记录"


@pytest.fixture(scope="module")
def case(chromium: Browser, world: World) -> str:
    return case_of_its_own()


def test_a_clerk_changes_a_format_and_an_officer_writes_with_it(chromium: Browser, site: str, case: str) -> None:
    with writer(chromium, site, "system") as page:
        page.goto("/law/")
        page.get_by_role("link", name="本机关的文书格式").click()
        require_accessible(page)
        page.get_by_role("link", name=FORM).click()
        require_accessible(page)
        page.get_by_role("link", name="修改格式").click()
        require_accessible(page)
        row = page.locator(".format-row.spare").first
        row.get_by_label("名称").fill("陪同人员")
        row.get_by_label("顺序").fill("1")
        page.get_by_label("附注").fill("本记录一式两份。")
        page.get_by_role("button", name="存入草稿并看样张").click()
        expect(page.locator(".differences")).to_contain_text("陪同人员")
        expect(page.locator(".differences")).to_contain_text("本记录一式两份。")
        require_accessible(page)
        sample = page.request.get(f"/formats/{CODE}/preview/")
        assert sample.ok and sample.body()[:5] == b"%PDF-"
        page.get_by_role("button", name="发布为新版本").click()
        expect(page.get_by_role("alert")).to_contain_text("为什么改")
        page.get_by_label("为什么改、依据什么改").fill("按省厅范本")
        page.get_by_role("button", name="发布为新版本").click()
        expect(page.locator("h1")).to_contain_text("本机关第 1 版")
        expect(page.locator(".history")).to_contain_text("按省厅范本")
        require_accessible(page)
    standing = format_for(PEOPLE["officer"], CODE)
    assert (standing.version, standing.kind.fields[0].label, standing.kind.notes) == (
        1,
        "陪同人员",
        ("本记录一式两份。",),
    )
    with writer(chromium, site, "officer") as page:
        page.goto(f"/cases/{case}/write/{CODE}/")
        page.get_by_label("陪同人员").fill("街道办刘某")
        page.get_by_role("button", name="制作", exact=True).click()
        expect(page).to_have_url(re.compile(rf"/cases/{case}/documents/[0-9a-f]+/$"))
    (made,) = [one.content for one in ground_of(case, HERE).events if isinstance(one.content, DocumentMade)]
    assert made.fields["陪同人员"] == "街道办刘某" and made.template == f"{HERE}/{CODE}/1"


def test_a_phone_shows_formats_and_their_form(chromium: Browser, site: str) -> None:
    with writer(chromium, site, "system", _size(PHONE)) as page:
        for address in ("/formats/", f"/formats/{CODE}/", f"/formats/{CODE}/edit/"):
            page.goto(address)
            require_accessible(page)
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"), address


def test_numbers_are_reserved_given_back_and_a_document_voided(chromium: Browser, site: str, case: str) -> None:
    with writer(chromium, site, "head") as page:
        page.goto("/agency/")
        page.get_by_role("link", name="编号台账").click()
        page.get_by_text("预留编号", exact=True).click()
        page.get_by_label("文书种类").select_option("权利告知书")
        page.get_by_label("预留几个号").fill("2")
        page.get_by_label("由谁领用").select_option(PEOPLE["officer"].uid)
        page.get_by_label("为什么预留").fill("下乡执法")
        require_accessible(page)
        page.get_by_role("button", name="预留", exact=True).click()
        block = page.locator(".block").first
        expect(block).to_contain_text("张officer领用")
        require_accessible(page)
    with writer(chromium, site, "officer") as page:
        page.goto(f"/cases/{case}/write/")
        page.get_by_role("link", name="权利告知书").click()
        page.get_by_text("补录没有网络时填写的纸质文书").click()
        page.get_by_label("纸质文书上的文号").select_option(index=1)
        require_accessible(page)
        page.get_by_role("button", name="制作", exact=True).click()
        expect(page).to_have_url(re.compile(rf"/cases/{case}/documents/[0-9a-f]+/$"))
        document = page.url
    with writer(chromium, site, "head") as page:
        page.goto(document)
        page.get_by_role("link", name="作废", exact=True).click()
        require_accessible(page)
        page.get_by_label("作废的原因").fill("当事人名称写错")
        page.get_by_role("button", name="作废这份文书").click()
        expect(page.get_by_text("已作废的文书")).to_be_visible()
        require_accessible(page)
        page.goto("/numbers/")
        page.get_by_text("交回这一批").first.click()
        page.get_by_label("没有用掉的号为什么作废").fill("空白表格已销毁")
        page.get_by_role("button", name="交回并作废").click()
        expect(page.locator("tbody")).to_contain_text("空白作废")
        expect(page.locator("tbody")).to_contain_text("当事人名称写错")
        require_accessible(page)
