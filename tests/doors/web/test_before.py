"""行前须知: what an act needs, before anybody leaves the office."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, expect

from tests.doors.web.test_browser import DESK, PHONE, require_accessible, sign_in
from tests.doors.web.world import World

Visit = Callable[[str | None], Client]


def _page(client: Client, world: World, **asked: Any) -> str:
    answer = client.get(reverse("before", args=[world.cases["open"]]), asked)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.mark.django_db
def test_it_lists_what_to_bring_say_film_make_and_have_signed(world: World, visit: Visit) -> None:
    page = _page(visit("web-officer"), world, act="现场检查")
    for heading in ("带上", "做文书", "请签名"):
        assert f">{heading}</h3>" in page
    assert "《现场检查笔录》" in page and "河北 9.3" in page


@pytest.mark.django_db
def test_another_act_asks_for_other_things(world: World, visit: Visit) -> None:
    seizure = _page(visit("web-officer"), world, act="查封扣押")
    assert "《查封（扣押）财物清单》" in seizure and "《现场检查笔录》" not in seizure


@pytest.mark.django_db
def test_a_trait_brings_its_duties(world: World, visit: Visit) -> None:
    officer = visit("web-officer")
    plain, grave = _page(officer, world, act="现场检查"), _page(officer, world, act="现场检查", trait="容易引发争议")
    assert plain != grave


@pytest.mark.django_db
@pytest.mark.parametrize("asked", [{"act": "<script>"}, {"trait": ["x"] * 500}, {"act": "没有这种活动"}, {}])
def test_words_that_no_rule_knows_change_nothing(asked: dict[str, Any], world: World, visit: Visit) -> None:
    page = _page(visit("web-officer"), world, **asked)
    assert "<script>alert" not in page and "行前须知" in page and "&lt;script&gt;：行前须知" not in page


@pytest.mark.browser
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_an_officer_asks_by_hand(chromium: Browser, site: str, world: World, size: dict[str, int]) -> None:
    page = chromium.new_context(viewport=size, locale="zh-CN", base_url=site).new_page()  # type: ignore[arg-type]
    sign_in(page, "officer")
    page.goto(f"/cases/{world.cases['open']}/")
    page.get_by_role("link", name="行前须知").click()
    require_accessible(page)
    page.get_by_label("要进行的执法活动").select_option("查封扣押")
    page.get_by_role("button", name="列出要求").click()
    expect(page.get_by_role("heading", name="查封扣押：行前须知")).to_be_visible()
    require_accessible(page)
    page.context.close()
