"""办理 in a real Chromium: from the complaint to the end of a case, at a desk and on a phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from liuhen.flows.approve import give_opinion
from liuhen.flows.ground import ground_of
from liuhen.flows.hear_and_decide import review_legally
from liuhen.flows.occasion import Actor, Occasion
from liuhen.flows.write_document import Content, make_document
from tests.doors.web.test_browser import DESK, page, pytestmark, require_accessible, sign_in
from tests.doors.web.world import HERE, PEOPLE, World

__all__ = ["page", "pytestmark"]
LAWYER = Actor("web-lawyer-outside", "法制员", HERE, frozenset({"法制审核人员"}))


def register(page: Page) -> str:
    """Register a case by hand and give its uid."""
    page.goto("/")
    page.get_by_role("link", name="登记新案件").first.click()
    require_accessible(page)
    page.get_by_role("button", name="登记案件").click()
    expect(page.get_by_role("alert")).to_contain_text("请写明案由")
    require_accessible(page)
    page.get_by_label("案由").fill("涉嫌超许可范围储存烟花爆竹")
    page.get_by_label("来源", exact=True).select_option("举报")
    page.get_by_label("来源的内容").fill("后院库房大量存放烟花\n毗邻居民住宅")
    page.get_by_label("举报人、申请人或者移送机关").select_option("实名")
    page.get_by_label("姓名或者名称").fill("何某")
    page.get_by_label("当事人", exact=True).fill("兴隆烟花商行")
    page.get_by_label("当事人类型").select_option("个体工商户")
    page.get_by_label("法定代表人").fill("罗进")
    page.get_by_label("住所或者经营场所").fill("东街 18 号")
    page.get_by_label("重大违法行为").check()
    page.get_by_label("执法类别").select_option("行政许可")
    expect(page.locator("#law")).to_contain_text("河北")
    page.get_by_label("执法类别").select_option("行政处罚")
    expect(page.get_by_label("重大违法行为")).to_be_checked()
    page.get_by_role("button", name="登记案件").click()
    expect(page.get_by_role("heading", name="下一步：立案")).to_be_visible()
    found = re.search(r"/cases/([0-9a-f]{32})/handling/", page.url)
    assert found
    return found[1]


def approve(world: World, case: str, matter: str, minutes: float) -> None:
    """The approvals have a page of their own; here they are given by the flow, at the time that the log has come to."""
    for name, step in (("officer", "承办"), ("head", "批准")):
        occasion = _now(world, PEOPLE[name], minutes)
        give_opinion(case, occasion, matter=matter, step=step, opinion="同意", reasons="属实")


def _now(world: World, actor: Actor, minutes: float) -> Occasion:
    occasion = world.on(actor, minutes)
    return Occasion(actor, occasion.recorded_at, occasion.recorded_at)


def next_is(page: Page, title: str) -> None:
    """The page names this as the next step, with one filled button, and anybody can use it."""
    expect(page.get_by_role("heading", name=f"下一步：{title}")).to_be_visible()
    expect(page.locator("main .button.filled")).to_have_count(1)
    require_accessible(page)


def test_from_the_complaint_to_the_end(page: Page, world: World) -> None:
    sign_in(page, "officer")
    case = register(page)
    expect(page.locator(".waits")).to_contain_text("还没有机关负责人的批准")
    expect(page.get_by_role("link", name="拟制《立案审批表》")).to_be_visible()
    require_accessible(page)
    approve(world, case, "立案", 100)
    page.reload()
    next_is(page, "立案")
    page.get_by_role("button", name="立案并取案号").click()
    next_is(page, "执法活动")
    investigate(page)
    next_is(page, "告知")
    for topic in ("陈述", "申辩", "申请回避", "申请听证"):
        page.get_by_label(topic, exact=True).check()
    page.get_by_label("怎样告知", exact=True).select_option("书面")
    page.get_by_label("被告知人的回应").fill("要求陈述申辩")
    page.get_by_role("button", name="登记告知").click()
    next_is(page, "法制审核")
    expect(page.locator(".waits")).to_contain_text("由法制审核人员登记")
    hear(page)
    expect(page.get_by_role("heading", name="下一步：法制审核")).to_be_visible()
    review_legally(case, _now(world, LAWYER, 102), opinion="合法", passed=True, document=None)
    page.reload()
    next_is_council(page, world, case)
    decide(page, world, case)
    page.locator("summary", has_text="已经办完，登记结案").click()
    require_accessible(page)
    page.get_by_label("结案的理由", exact=True).select_option("其他")
    page.get_by_label("结案的理由：写明其他").fill("已经移走，罚款缴清")
    page.get_by_role("button", name="结案").click()
    expect(page.get_by_text("案件已经结案；下一步由档案管理员归档。")).to_be_visible()
    require_accessible(page)
    facts = ground_of(case, HERE).facts
    assert facts.case.number and facts.case.concluded and facts.oddities == []
    assert [str(one.amount) for one in facts.case.decisions.values()] == ["12000.00"]
    assert facts.case.source and facts.case.source.summary.count("\n") == 1


def investigate(page: Page) -> None:
    """An act by two officers, begun and ended at the desk."""
    page.get_by_label("活动种类", exact=True).select_option("现场检查")
    expect(page.get_by_label("地点")).to_have_value("东街 18 号")
    expect(page.get_by_label("张officer（03110226001）")).to_be_checked()
    page.get_by_label("张second（03110226002）").check()
    page.get_by_label("当事人在场").select_option("在场")
    page.get_by_role("button", name="开始活动").click()
    next_is(page, "结束执法活动")
    _open(page, "certificates-shown")
    expect(page.get_by_label("向谁出示")).to_have_value("罗进")
    require_accessible(page)
    page.get_by_role("button", name="登记出示执法证件").click()
    page.get_by_label("结果").fill("存放 86 箱，超过核定的 20 箱")
    page.get_by_role("button", name="结束活动").click()


def _open(page: Page, kind: str) -> None:
    """Open the form of a step, from its line or from the further ones of its stage."""
    link = page.locator(f".stages a[href$='/handling/{kind}/']")
    if not link.is_visible():
        inside = page.locator(f"a[href$='/handling/{kind}/']")
        page.locator(".stages details").filter(has=inside).locator("summary").click()
    link.click()


def hear(page: Page) -> None:
    """What the party said, and its review."""
    _open(page, "statement-heard")
    page.get_by_label("陈述申辩的内容").fill("首次违法，请求从轻")
    page.get_by_role("button", name="登记陈述申辩").click()
    next_is(page, "陈述申辩复核")
    page.get_by_label("复核的结论").fill("裁量时已经考虑，维持")
    page.get_by_role("button", name="登记陈述申辩复核").click()


def next_is_council(page: Page, world: World, case: str) -> None:
    """A grave case is discussed by the heads; the officer sees whom it waits for, the head has the form."""
    next_is_waiting(page, "集体讨论", "由负责人登记")
    page.context.clear_cookies()
    sign_in(page, "head")
    page.goto(f"/cases/{case}/handling/")
    page.get_by_label("参加的人和意见").fill("张officer：同意罚款")
    page.get_by_label("讨论的结论").fill("一致同意罚款")
    page.get_by_role("button", name="登记集体讨论").click()
    expect(page.get_by_role("alert")).to_contain_text("不少于 2 人")
    require_accessible(page)
    page.get_by_label("参加的人和意见").fill("张officer：同意罚款\n张second：同意")
    page.get_by_role("button", name="登记集体讨论").click()
    expect(page.get_by_role("heading", name="下一步：作出决定")).to_be_visible()
    page.context.clear_cookies()
    sign_in(page, "officer")
    page.goto(f"/cases/{case}/handling/")


def next_is_waiting(page: Page, title: str, words: str) -> None:
    expect(page.get_by_role("heading", name=f"下一步：{title}")).to_be_visible()
    expect(page.locator(".next-step .waits")).to_contain_text(words)


def decide(page: Page, world: World, case: str) -> None:
    """The decision waits for its approval, then for its document, then for the clerk."""
    next_is_waiting(page, "作出决定", "“行政处罚决定”还没有机关负责人的批准")
    approve(world, case, "行政处罚决定", 105)
    page.reload()
    next_is_waiting(page, "作出决定", "还没有决定书；请先拟制")
    expect(page.get_by_role("link", name="拟制《行政处罚决定书》")).to_be_visible()
    occasion = _now(world, PEOPLE["officer"], 106)
    make_document(case, occasion, form="行政处罚决定书", content=Content(body=("罚款 12000 元。",)))
    page.reload()
    next_is(page, "作出决定")
    page.get_by_label("决定种类", exact=True).select_option("罚款")
    page.get_by_label("决定的内容").fill("责令停止违法行为，处罚款 12000 元")
    page.get_by_label("金额").fill("12000")
    page.get_by_role("button", name="登记决定").click()
    expect(page.get_by_role("heading", name="下一步：结案")).to_be_visible()
    expect(page.locator(".next-step .waits").first).to_contain_text("送达")


@pytest.mark.parametrize("page", [DESK], ids=["desk"], indirect=True)
def test_a_word_of_ones_own_is_asked_for_where_it_is_wanted(page: Page, world: World) -> None:
    sign_in(page, "officer")
    page.goto(f"/cases/{world.cases['open']}/handling/act-begun/")
    own = page.get_by_label("活动种类：写明其他")
    expect(own).to_be_hidden()
    page.get_by_label("活动种类", exact=True).select_option("其他")
    expect(own).to_be_visible()
    page.get_by_role("button", name="开始活动").click()
    expect(page.get_by_role("alert")).to_contain_text("请写明活动种类")
    expect(own).to_be_visible()
