"""The law and the lists in a real Chromium, on a desk and on a phone; axe on every page of theirs.

Invariant: as in `test_browser`; the one list that is published here stays, and no other test relies on its absence.
"""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from liuhen.flows.list_rows import COLUMNS
from tests.adapters.sheets.files import workbook
from tests.doors.web.test_browser import DESK, page, pytestmark, require_accessible, sign_in
from tests.doors.web.world import World

__all__ = ["page", "pytestmark"]

TITLES = [column.title for column in COLUMNS]
ROWS = [
    ["行政检查", "烟花爆竹经营检查", "现场检查", "摄像", "到达现场", "现场环境、人员、物品", "离开现场", "2年"],
    ["行政检查", "烟花爆竹经营检查", "询问", "录音", "告知权利", "告知与问答", "核对签字", "2 年"],
    ["行政强制", "查封场所、设施", "查封扣押", "全程摄像", "到达现场", "清点、加封、交付文书", "离开现场", "30 年"],
    ["行政处罚", "送达处罚决定", "留置送达", "全程摄像", "到达送达地点", "拒收情况、留置过程", "留置完毕", "永久"],
]


def _look(page: Page, name: str) -> None:
    """Check a page, and keep its picture where LIUHEN_PICTURES says, for people who look at what they changed."""
    require_accessible(page)
    if folder := os.environ.get("LIUHEN_PICTURES"):
        width = page.viewport_size["width"] if page.viewport_size else 0
        page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=width < 1000)


def test_the_law_is_found_filtered_and_read(page: Page, world: World) -> None:
    sign_in(page, "officer")
    page.get_by_role("link", name="规则", exact=True).click()
    expect(page.get_by_role("heading", name="规则", level=1)).to_be_visible()
    _look(page, "packs")
    page.get_by_role("link", name="河北省行政执法全过程记录办法").click()
    expect(page.locator("#clauses")).to_contain_text("共 71 条")
    _look(page, "pack")
    page.get_by_label("查找条款").fill("24.1")
    expect(page.locator("#clauses")).to_contain_text("找到")
    assert "q=24.1" in page.url
    page.locator("details.cases-of summary").first.click()
    expect(page.locator("details.cases-of li").first).to_be_visible()
    _look(page, "pack-narrowed")
    page.locator(".clause-entry a.clause").first.click()
    expect(page.get_by_role("heading", name="示例")).to_be_visible()
    page.locator("details.cases-of summary").first.click()
    _look(page, "clause")


@pytest.mark.parametrize("page", [DESK], ids=["desk"], indirect=True)
def test_paper_shows_every_worked_case(page: Page, world: World) -> None:
    sign_in(page, "officer")
    page.goto("/law/hebei/?q=24.1")
    expect(page.get_by_role("button", name="打印")).to_be_visible()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(page.locator("details.cases-of li").first).to_be_visible()
    expect(page.locator(".articles")).to_be_hidden()
    page.emulate_media(media="screen")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(page.locator("details.cases-of li").first).to_be_hidden()


def test_a_list_is_imported_corrected_published_and_fetched(page: Page, world: World, tmp_path: Path) -> None:
    sign_in(page, "archivist")
    page.goto("/lists/draft/")
    _look(page, "draft-before")
    bad = tmp_path / "清单.xlsx"
    bad.write_bytes(workbook([TITLES, ROWS[0], ["行政处罚", "", "询问", "录音", "", "", "", "很久"]]))
    page.locator("#file").set_input_files(bad)
    page.get_by_role("button", name="导入", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("第 3 行“执法事项”没有填写")
    _look(page, "import-bad")
    page.get_by_role("link", name="返回，重新选择文件").click()
    width = page.viewport_size["width"] if page.viewport_size else 0
    good = tmp_path / "清单.xlsx"
    good.write_bytes(workbook([TITLES, *ROWS, ["行政处罚", f"宽 {width} 的事项", "询问", "录音", "", "", "", ""]]))
    page.locator("#file").set_input_files(good)
    page.get_by_role("button", name="导入", exact=True).click()
    expect(page.get_by_role("heading", name="核对差异")).to_be_visible()
    _look(page, "preview")
    page.get_by_role("link", name="继续修改").click()
    page.get_by_role("link", name="修改第 2 行").click()
    page.get_by_label("执法事项").fill("")
    page.get_by_role("button", name="存入草稿").click()
    expect(page.get_by_role("alert")).to_contain_text("“执法事项”没有填写")
    _look(page, "row-wrong")
    page.get_by_label("执法事项").fill(f"经营检查（{width}）")
    page.get_by_role("button", name="存入草稿").click()
    expect(page.locator("#row-2")).to_contain_text(f"经营检查（{width}）")
    page.get_by_role("button", name="从草稿删去第 1 行").click()
    _look(page, "draft")
    page.get_by_role("link", name="核对并公布").click()
    page.get_by_role("button", name="公布为新版本").click()
    expect(page.locator("#rows")).to_contain_text(f"经营检查（{width}）")
    _look(page, "list")
    with page.expect_download() as fetched:
        page.get_by_role("link", name="导出 xlsx").click()
    fetched.value.save_as(tmp_path / "back.xlsx")
    assert (tmp_path / "back.xlsx").read_bytes()[:2] == b"PK"
    assert "音像记录事项清单" in fetched.value.suggested_filename
