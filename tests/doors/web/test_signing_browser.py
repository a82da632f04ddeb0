"""签名与盖章 in a real Chromium: from the form of a document to its seal, by a hand on the pad; and a hand that cannot be sent."""

import io
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from liuhen.core.events.parts import SignerPlace
from liuhen.flows.ground import ground_of
from liuhen.flows.write_document import Content, make_document
from tests.doors.web.test_browser import page, pytestmark, require_accessible, sign_in
from tests.doors.web.world import HERE, PEOPLE, World

__all__ = ["page", "pytestmark"]
SIDEWAYS: ViewportSize = {"width": 844, "height": 390}
UPRIGHT: ViewportSize = {"width": 390, "height": 844}


def write(page: Page) -> None:
    """Write something like a name on the pad, with the mouse."""
    box = page.locator("#pad-canvas").bounding_box()
    assert box is not None
    left, top = box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.4
    for stroke in (((0, 0), (60, 6), (50, 40)), ((20, -20), (26, 50)), ((70, 0), (90, 30), (120, 4))):
        page.mouse.move(left + stroke[0][0], top + stroke[0][1])
        page.mouse.down()
        for x, y in stroke[1:]:
            page.mouse.move(left + x, top + y, steps=6)
        page.mouse.up()


def fetched(page: Page) -> bytes:
    """The document as it is served now."""
    link = page.get_by_role("link", name="打开文书（PDF）", include_hidden=True).get_attribute("href")
    assert link is not None
    return page.request.get(link).body()


def test_from_the_form_to_the_seal(page: Page, world: World, tmp_path: Path) -> None:
    sign_in(page, "officer")
    page.goto(f"/cases/{world.cases['open']}/write/MEL/")
    page.get_by_label("当事人签名").fill("刘大勇")
    page.get_by_label("执法人员签名").fill("张officer、张second")
    page.get_by_label("见证人签名").fill("")
    page.get_by_role("button", name="制作").click()
    page.get_by_role("link", name="下一步：签名").click()
    expect(page.get_by_text("还有 3 处没有签名")).to_be_visible()
    require_accessible(page)
    versions = [fetched(page)]
    page.locator(".to-sign", has_text="刘大勇").locator("summary", has_text="拒签").click()
    require_accessible(page)
    page.get_by_role("button", name="登记拒签").first.click()
    expect(page.get_by_role("alert")).to_contain_text("请选择情形")
    page.get_by_label("情形").first.select_option("当事人拒绝签名")
    page.get_by_role("button", name="登记拒签").first.click()
    expect(page.locator(".to-sign.refused")).to_contain_text("当事人拒绝签名")
    for name in ("张officer", "张second"):
        page.get_by_role("button", name=f"下一步：请 {name} 签名").click()
        expect(page.locator("#pad")).to_contain_text(f"执法人员 {name} 签名")
        expect(page.locator("#pad")).to_contain_text("共 1 页")
        expect(page.get_by_role("button", name="确认签名")).to_be_disabled()
        write(page)
        require_accessible(page)
        page.get_by_role("button", name="确认签名").click()
        expect(page.locator(".to-sign.signed", has_text=name)).to_contain_text("已签")
    page.get_by_role("button", name="定稿").click()
    expect(page.get_by_text("已定稿")).to_be_visible()
    versions.append(fetched(page))
    require_accessible(page)
    page.get_by_role("button", name="加盖印章").click()
    expect(page.get_by_text("已盖章 2")).to_be_visible()
    require_accessible(page)
    versions.append(fetched(page))
    require_sealed(versions, tmp_path)
    page.get_by_role("link", name="完成，回到案件").click()
    expect(page.locator("#panel")).to_contain_text("刘大勇 拒绝签名：当事人拒绝签名")


def require_sealed(versions: list[bytes], folder: Path) -> None:
    """Each version begins with the one before; the last can be opened, and its one signature is good and covers all."""
    assert versions[1].startswith(versions[0]) and versions[2].startswith(versions[1])
    assert len(versions[0]) < len(versions[1]) < len(versions[2])
    with pikepdf.open(io.BytesIO(versions[2])) as pdf:
        assert len(pdf.pages) == 1
    if shutil.which("pdfsig"):
        (folder / "sealed.pdf").write_bytes(versions[2])
        told = subprocess.run(
            ["pdfsig", "-nocert", "sealed.pdf"], cwd=folder, capture_output=True, text=True, check=True
        )
        assert "Signature is Valid" in told.stdout and "Total document signed" in told.stdout, told.stdout


def _waiting(world: World) -> str:
    content = Content(body=("情况属实。",), signers=(SignerPlace("执法人员", "张officer"),))
    occasion = world.on(PEOPLE["officer"], 52)
    return make_document(world.cases["open"], occasion, form="现场检查笔录", content=content)


def _signed(world: World, document: str) -> int:
    return len(ground_of(world.cases["open"], HERE).facts.case.documents[document].signatures)


@pytest.fixture
def loose(chromium: Browser, site: str) -> Iterator[Page]:
    """A page on a phone whose network may fail."""
    context = chromium.new_context(viewport=UPRIGHT, locale="zh-CN", base_url=site, has_touch=True)
    yield context.new_page()
    context.close()


def test_what_cannot_be_sent_stays_on_the_pad(loose: Page, world: World) -> None:
    document = _waiting(world)
    sign_in(loose, "officer")
    loose.goto(f"/cases/{world.cases['open']}/documents/{document}/sign/")
    loose.get_by_role("button", name="下一步：请 张officer 签名").click()
    write(loose)
    loose.context.set_offline(True)
    loose.get_by_role("button", name="确认签名").click()
    expect(loose.get_by_role("alert")).to_contain_text("网络不通")
    assert _signed(world, document) == 0
    loose.get_by_role("button", name="返回").click()
    loose.get_by_role("button", name="下一步：请 张officer 签名").click()
    loose.set_viewport_size(SIDEWAYS)
    box, pad = loose.locator("#pad").bounding_box(), loose.locator("#pad-canvas").bounding_box()
    assert box and pad and (box["width"], box["height"]) == (844, 390) and pad["height"] > 200
    require_accessible(loose)
    loose.context.set_offline(False)
    loose.get_by_role("button", name="确认签名").click()
    expect(loose.locator(".to-sign.signed")).to_contain_text("已签")
    assert _signed(world, document) == 1


def test_writing_anew_empties_the_pad_and_a_slip_is_no_name(loose: Page, world: World) -> None:
    document = _waiting(world)
    sign_in(loose, "officer")
    loose.goto(f"/cases/{world.cases['open']}/documents/{document}/sign/")
    loose.get_by_role("button", name="下一步：请 张officer 签名").click()
    confirm, again = loose.get_by_role("button", name="确认签名"), loose.get_by_role("button", name="重写")
    write(loose)
    expect(confirm).to_be_enabled()
    again.click()
    expect(confirm).to_be_disabled()
    expect(loose.get_by_text("在此签名")).to_be_visible()
    loose.locator("#pad-canvas").click(position={"x": 80, "y": 80})
    expect(again).to_be_enabled()
    expect(confirm).to_be_disabled()
    loose.keyboard.press("Escape")
    expect(loose.locator("#pad")).to_be_hidden()
    assert _signed(world, document) == 0


def test_a_finger_writes_with_place_time_and_pressure(loose: Page, world: World) -> None:
    document = _waiting(world)
    sign_in(loose, "officer")
    loose.goto(f"/cases/{world.cases['open']}/documents/{document}/sign/")
    loose.get_by_role("button", name="下一步：请 张officer 签名").click()
    box = loose.locator("#pad-canvas").bounding_box()
    assert box is not None
    touch = loose.context.new_cdp_session(loose)
    for kind, x, y, force in (("touchStart", 60, 60, 0.3), ("touchMove", 120, 90, 0.9), ("touchMove", 180, 60, 0.6)):
        points = [{"x": box["x"] + x, "y": box["y"] + y, "force": force}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    with loose.expect_request(re.compile("/hand/")) as asked:
        loose.get_by_role("button", name="确认签名").click()
    (stroke,) = json.loads(asked.value.post_data or "")["strokes"]
    assert [point[:2] for point in (stroke[0], stroke[-1])] == [[60, 60], [180, 60]]
    assert [point[3] for point in stroke][:2] == [300, 900] and stroke[0][2] == 0 < stroke[-1][2]
    expect(loose.locator(".to-sign.signed")).to_contain_text("已签")
