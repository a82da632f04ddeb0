"""送达 in a real Chromium: left with a witness, then another by mail that waits, comes back as a photograph; with axe."""

import io

from PIL import Image
from playwright.sync_api import Page, expect

from liuhen.core.facts.model import CaseFacts
from liuhen.flows.ground import ground_of
from liuhen.flows.write_document import Content, make_document
from tests.doors.web.test_browser import page, pytestmark, require_accessible, sign_in
from tests.doors.web.world import HERE, PEOPLE, World

__all__ = ["page", "pytestmark"]


def case(world: World) -> CaseFacts:
    return ground_of(world.cases["open"], HERE).facts.case


def written(world: World, form: str) -> str:
    return make_document(world.cases["open"], world.on(PEOPLE["officer"], 95), form=form, content=Content())


def test_left_then_mailed(page: Page, world: World) -> None:
    written(world, "送达回证")
    first, second = written(world, "行政处罚事先告知书"), written(world, "催告书")
    sign_in(page, "officer")
    page.goto(f"/cases/{world.cases['open']}/")
    page.get_by_role("link", name="送达", exact=True).first.click()
    require_accessible(page)
    expect(page.get_by_role("heading", name="件没有送达")).to_be_visible()
    page.locator(f".to-serve a[href*='{first}']").click()
    page.get_by_role("link", name="留置", exact=True).click()
    expect(page.locator(".way-law")).to_contain_text("送达人、见证人签字")
    require_accessible(page)
    page.get_by_role("button", name="记录留置送达").click()
    expect(page.get_by_role("alert")).to_contain_text("请填写留置处所")
    require_accessible(page)
    today = page.evaluate("new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10)")
    page.get_by_label("留置之日").fill(today)
    page.get_by_label("送达地点").fill("东街 18 号")
    page.get_by_role("textbox", name="事由").fill("经营者在场，拒绝接收和签字")
    page.get_by_label("留置处所").fill("东街 18 号经营场所")
    page.get_by_label("送达回证或者回执").select_option(index=1)
    page.get_by_role("textbox", name="见证人").fill("何某（东街居委会）")
    page.get_by_role("button", name="记录留置送达").click()
    expect(page.locator(".served-now")).to_contain_text(f"已送达（留置） {today}")
    expect(page.get_by_text("见证人 何某（东街居委会）")).to_be_visible()
    page.get_by_text("送达日怎样得出").click()
    expect(page.locator(".working")).to_contain_text("留置之日")
    require_accessible(page)
    mail(page, second, today)
    made = {one.document: one for one in case(world).services.values()}
    assert (made[first].manner, made[second].manner, made[second].post_number) == ("留置", "邮寄", "EA100")
    assert case(world).documents[made[second].receipt or ""].form == "邮寄回执"


def mail(page: Page, document: str, today: str) -> None:
    """The other document goes by mail: it waits for its receipt, which comes back as a photograph."""
    page.get_by_role("link", name="送达", exact=True).first.click()
    page.locator(f".to-serve a[href*='{document}']").click()
    page.get_by_text("没有送达到，或者已经寄出等待回执").click()
    attempt = page.locator(".not-served")
    attempt.get_by_label("送达方式").select_option("邮寄")
    attempt.get_by_label("结果").select_option("待回执")
    attempt.get_by_label("地点").fill("东街 18 号")
    attempt.get_by_label("没有送达的原因、经过").fill("当事人在外省")
    attempt.get_by_label("邮寄种类").fill("特快专递")
    attempt.get_by_label("邮寄单号").fill("EA100")
    require_accessible(page)
    attempt.get_by_role("button", name="记下这一次").click()
    expect(page.locator(".served-now")).to_contain_text("等待回执")
    expect(page.get_by_label("邮寄单号").first).to_have_value("EA100")
    photograph = io.BytesIO()
    Image.new("RGB", (600, 400), "white").save(photograph, "JPEG")
    page.get_by_label("回执上注明的收件日期").fill(today)
    page.get_by_label("回执、凭证的扫描件或者照片").set_input_files(
        {"name": "回执.jpg", "mimeType": "image/jpeg", "buffer": photograph.getvalue()}
    )
    page.get_by_role("button", name="记录邮寄送达").click()
    expect(page.locator(".served-now")).to_contain_text(f"已送达（邮寄） {today}")
    expect(page.get_by_text("回执已收回")).to_be_visible()
    require_accessible(page)


def test_what_comes_after_the_decision_can_be_read_and_typed(page: Page, world: World) -> None:
    sign_in(page, "officer")
    page.goto(f"/cases/{world.cases['open']}/aftermath/")
    require_accessible(page)
    page.get_by_text("记一条：提出异议").click()
    objections = page.locator("#objections")
    objections.get_by_role("button", name="记录提出异议").click()
    expect(page.get_by_role("alert")).to_contain_text("请填写异议的内容")
    require_accessible(page)
    objections.get_by_label("对什么有异议").fill("查封扣押")
    objections.get_by_label("异议的内容").fill("扣押的物品不属于本案")
    objections.get_by_role("button", name="记录提出异议").click()
    expect(page.locator("#objections")).to_contain_text("扣押的物品不属于本案")
    expect(page.get_by_text("记一条：异议处理")).to_be_visible()
