"""What the keepers of data and security see, in a real Chromium, on a desk and on a phone; axe on every page, all unfolded.

Invariant: as in `test_browser`; what is set here stays, in an agency of its own where others would see it.
"""

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import Page, expect

from liuhen.flows.establish_agency import establish_agency
from liuhen.flows.ground import agency_facts
from liuhen.flows.occasion import Actor
from liuhen.records.people.models import User
from tests.doors.web.test_browser import page, pytestmark, require_accessible, sign_in
from tests.doors.web.world import PASSWORD, World

__all__ = ["page", "pytestmark"]
NATIONAL = "keepers-national"


def unfold(page: Page) -> None:
    """Open everything that is folded, so that axe sees it."""
    page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")


@pytest.mark.parametrize(
    ("name", "address", "heading"),
    [
        ("system", "/bureau/", "安禾县应急管理局"),
        ("system", "/people/", "人员"),
        ("system", "/seals/", "印章"),
        ("security", "/security/", "签署身份确认"),
        ("officer", "/bureau/", "安禾县应急管理局"),
    ],
)
def test_pages_of_keepers_can_be_used_by_everybody(
    page: Page, world: World, name: str, address: str, heading: str
) -> None:
    sign_in(page, name)
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
    unfold(page)
    require_accessible(page)


def keeper(world: World) -> str:
    """The keeper of the data of an agency under the national pack; founded by whichever test comes first."""
    actor = Actor(f"{NATIONAL}-system", "许管理", NATIONAL, frozenset({"系统管理员"}))
    if not agency_facts(NATIONAL).agency.name:
        day = world.on(actor, 0)
        establish_agency(
            day, name="试键县局", short_name="试键", number_prefix="键", region="130000", packs=("national",)
        )
        user = User.objects.create_user(f"web-{NATIONAL}", agency=NATIONAL, display_name="许管理", actor=actor.uid)
        user.set_password(PASSWORD)
        user.save()
        user.groups.add(Group.objects.get(name="系统管理员"))
    return NATIONAL


def test_a_value_that_the_law_leaves_open_is_adopted_in_the_browser(page: Page, world: World) -> None:
    sign_in(page, keeper(world))
    page.goto("/bureau/")
    entry = page.locator("#national-filing-term")
    entry.get_by_text("采用别的值").click()
    entry.get_by_label("采用", exact=True).fill("一个星期")
    entry.get_by_label("依据").fill("法制科意见 3 号")
    with page.expect_navigation():
        entry.get_by_role("button", name="采用").click()
    expect(entry.locator(".error")).to_contain_text("应为期限")
    require_accessible(page)
    entry.get_by_label("采用", exact=True).fill("10 工作日")
    with page.expect_navigation():
        entry.get_by_role("button", name="采用").click()
    expect(entry).to_contain_text("依据：法制科意见 3 号")
    expect(entry.get_by_role("heading")).to_contain_text("10")
    assert page.url.endswith("/bureau/#national-filing-term")
    unfold(page)
    require_accessible(page)
