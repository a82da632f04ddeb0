"""The player in a real Chromium with real clips: copies of an AVI and an H.265 film, one reel, ticks, keys, map, watermark.

Invariant: nothing waits for a fixed time but the watermark, whose wandering is what is looked at.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, ViewportSize, expect
from pytest_django.plugin import DjangoDbBlocker

from liuhen.core.events.recording import RecordingClassified
from liuhen.flows.ingest import mark_recording
from tests.doors.web.test_browser import DESK, PHONE, page, pytestmark, require_accessible
from tests.doors.web.test_player import FIRST, SECOND, Story, lay_track, places, study, tell_story
from tests.doors.web.world import PASSWORD, World

__all__ = ["page", "pytestmark"]

only_desk = pytest.mark.parametrize("page", [DESK], ids=["desk"], indirect=True)


@pytest.fixture(scope="module")
def story(
    world: World, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Story]:
    """The story with everything that the worker makes, a track on its first file, and both its files studied."""
    told = tell_story(tmp_path_factory.mktemp("player"))
    at = told.now("officer").at
    for uid in (told.first, told.second, told.loose):
        study(uid, at)
    lay_track(told, told.first, places())
    yield told


def enter(page: Page, story: Story, name: str = "officer") -> None:
    page.goto("/sign-in/")
    page.get_by_label("账号").fill(story.account(name))
    page.get_by_label("口令").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="工作台")).to_be_visible()


def play(page: Page, story: Story, uid: str, more: str = "") -> None:
    page.goto(f"{reverse('play', args=[story.case, uid])}{more}")
    expect(page.locator("#controls, .waiting, .picture").first).to_be_visible()


def media(page: Page, script: str) -> Any:
    return page.evaluate(f"(() => {{ const media = document.getElementById('media'); return {script}; }})()")


def wait_for(page: Page, script: str) -> None:
    """The browser's own waiting would evaluate strings, which our policy forbids."""
    for _ in range(200):
        if media(page, script):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"not true within ten seconds: {script}; at {media(page, 'media.currentTime')}")


def picture(page: Page, name: str) -> None:
    """Keep a picture for a person to look at, where asked to."""
    folder = os.environ.get("LIUHEN_TEST_PICTURES")
    if folder:
        assert page.viewport_size
        width = page.viewport_size["width"]
        page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)


def test_the_whole_page_is_readable_and_accessible(page: Page, story: Story) -> None:
    enter(page, story)
    play(page, story, story.first)
    expect(page.locator("#waveform")).to_be_visible()
    expect(page.get_by_role("heading", name="开拍时说明")).to_be_visible()
    require_accessible(page)
    page.get_by_text("说明这段缺口").first.click()
    page.get_by_text("校正时间").click()
    page.get_by_text("撤销关联").click()
    require_accessible(page)
    picture(page, "player")


def test_an_avi_plays_as_its_copy_second_for_second(page: Page, story: Story) -> None:
    enter(page, story)
    statuses: list[int] = []
    page.on("response", lambda answer: statuses.append(answer.status) if "/copy/" in answer.url else None)
    play(page, story, story.second)
    expect(page.locator("#copy-note")).to_have_text("播放副本，原件未改动")
    assert statuses == [], "opening the page is no play"
    page.get_by_role("button", name="播放", exact=True).click()
    wait_for(page, "media.currentTime > 0.5")
    assert abs(media(page, "media.duration") - SECOND) < 0.2 and set(statuses) == {206}
    page.get_by_role("button", name="暂停").click()
    wait_for(page, "media.paused")
    require_accessible(page)


@only_desk
def test_a_copy_that_is_made_meanwhile_opens_by_itself(page: Page, story: Story, tmp_path: Path) -> None:
    from liuhen.flows.claims import Claims
    from liuhen.flows.ingest import ingest_file
    from tests.adapters.media.faults import Fault, film

    made = film(tmp_path / "h265.mp4", Fault(seconds=5, codec="libx265"))
    made.write_bytes(made.read_bytes() + b"\0\0\0\x18free" + os.urandom(16))
    taken = ingest_file(made, story.now("officer"), Claims(officer=f"{story.tag}-officer"))
    assert taken.recording
    enter(page, story)
    page.goto(reverse("recording", args=[taken.recording]))
    expect(page.locator(".waiting")).to_contain_text("正在生成播放副本")
    picture(page, "waiting")
    require_accessible(page)
    study(taken.recording, story.now("officer").at)
    expect(page.locator("#media")).to_be_visible(timeout=12_000)
    page.keyboard.press("k")
    wait_for(page, "media.currentTime > 0.5")
    assert abs(media(page, "media.duration") - 5) < 0.2


@only_desk
def test_the_parts_play_on_as_one(page: Page, story: Story) -> None:
    enter(page, story)
    play(page, story, story.first)
    expect(page.locator("#time")).to_have_text("0:00 / 0:32")
    page.locator("#seek").evaluate(
        "(seek) => { seek.value = 38.8; seek.dispatchEvent(new Event('input', { bubbles: true })); }"
    )
    wait_for(page, "media.currentTime > 18.5")
    page.keyboard.press("k")
    wait_for(page, "media.currentSrc.endsWith('/copy/') && media.currentTime > 0.3")
    expect(page.locator("#copy-note")).to_be_visible()
    head = float(page.locator("#head").get_attribute("x") or 0)
    assert 1000 * 50 / 120 <= head < 1000 * 62 / 120, "on the act's clock, after the break"
    page.keyboard.press("k")
    wait_for(page, "media.paused")
    page.keyboard.press("j")
    wait_for(page, "media.currentSrc.endsWith('/bytes/') && media.currentTime > 8")
    assert media(page, "media.currentTime") < FIRST


@only_desk
def test_keys(page: Page, story: Story) -> None:
    mark_recording(story.now("officer"), story.first, *_marks())
    enter(page, story)
    play(page, story, story.first, "#t=3")
    wait_for(page, "media.currentTime === 3")
    for key, place in (("ArrowRight", 8), ("ArrowLeft", 3), ("l", 13), ("j", 3)):
        page.keyboard.press(key)
        wait_for(page, f"media.currentTime === {place}")
    page.keyboard.press(".")
    wait_for(page, "media.currentTime > 3 && media.currentTime < 3.2")
    page.keyboard.press(",")
    wait_for(page, "Math.abs(media.currentTime - 3) < 0.001")
    page.keyboard.press("]")
    wait_for(page, "media.currentTime === 14.5")
    page.keyboard.press("]")
    wait_for(page, "Math.abs(media.currentTime - 18) < 0.1")
    page.keyboard.press("[")
    wait_for(page, "media.currentTime === 14.5")
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="快捷键")).to_be_visible()
    require_accessible(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="快捷键")).to_be_hidden()
    page.locator("#speed").select_option("4")
    assert media(page, "media.playbackRate") == 4
    page.locator("body").click(position={"x": 5, "y": 300})
    page.keyboard.press("m")
    assert page.evaluate("document.activeElement.id") == "mark-topic"
    page.keyboard.type("货架")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="货架")).to_contain_text("0:14")
    assert media(page, "media.currentTime") == 14.5, "the film is not lost by marking"


def _marks() -> Any:
    from decimal import Decimal

    from liuhen.core.events.recording import RecordingMarked

    return (RecordingMarked(Decimal("14.5"), "柜台"),)


def test_one_click_ticks_an_item_at_this_second(page: Page, story: Story) -> None:
    enter(page, story)
    play(page, story, story.second, "#t=4.25")
    wait_for(page, "media.currentTime === 4.25")
    assert page.viewport_size
    width = page.viewport_size["width"]
    topic = {DESK["width"]: "告知地点", PHONE["width"]: "告知时间"}[width]
    page.locator(".tick-now", has_text=topic).click()
    jump = page.locator(".tick-line.done .mark-jump", has_text=topic)
    expect(jump).to_contain_text("0:04")
    assert jump.get_attribute("data-second") == "4.25"
    page.keyboard.press("k")
    wait_for(page, "media.currentTime > 4.6")
    page.keyboard.press("k")
    jump.click()
    wait_for(page, "media.currentTime < 4.6 && !media.paused")
    require_accessible(page)


def test_pointing_at_the_bar_shows_the_picture_of_that_second(page: Page, story: Story) -> None:
    enter(page, story)
    play(page, story, story.first)
    box = page.locator("#seek").bounding_box()
    assert box
    with page.expect_response(lambda answer: "/preview/" in answer.url):
        page.mouse.move(box["x"] + box["width"] * 28 / 120, box["y"] + 10)
    expect(page.locator("#hover")).to_be_visible()
    expect(page.locator("#hover-what")).to_contain_text("静音")
    expect(page.locator("#tile")).to_be_visible()
    expect(page.locator("#hover-time")).to_contain_text("（0:0")
    for _ in range(100):
        if page.locator("#tile").evaluate("(tile) => tile.getContext('2d').getImageData(80, 40, 1, 1).data[3]") == 255:
            break
        page.wait_for_timeout(50)
    else:
        raise AssertionError("no picture was drawn")
    picture(page, "hover")


@only_desk
def test_the_map_follows_and_is_clicked(page: Page, story: Story) -> None:
    enter(page, story)
    play(page, story, story.first, "#t=10")
    wait_for(page, "media.currentTime === 10")
    dots = page.evaluate("JSON.parse(document.getElementById('wire').textContent).dots")
    corner = dots[10]
    expect(page.locator("#dot")).to_have_attribute("cy", str(corner[3]).removesuffix(".0"))
    box = page.locator("#track").bounding_box()
    assert box
    scale = box["width"] / 360
    page.locator("#track").click(position={"x": dots[20][2] * scale, "y": dots[20][3] * scale})
    wait_for(page, "media.currentTime >= 19.9")


def test_a_gap_is_explained_beside_the_film(chromium: Browser, site: str, story: Story) -> None:
    # The form given back is a 400, of which htmx complains aloud: this page's complaints are not counted.
    context = chromium.new_context(viewport=ViewportSize(width=1440, height=900), locale="zh-CN", base_url=site)
    page = context.new_page()
    enter(page, story)
    play(page, story, story.second, "#t=1.5")
    wait_for(page, "media.currentTime === 1.5")
    gap = page.locator(".gap-list li").filter(has_text="缺 10.0 秒")
    gap.get_by_text("说明这段缺口").click()
    gap.get_by_label("没有拍摄的原因").fill("更换电池")
    gap.get_by_label("书面说明").check()
    gap.get_by_role("button", name="记下说明").click()
    expect(gap.get_by_role("alert")).to_contain_text("请选择书面说明")
    expect(gap.get_by_label("没有拍摄的原因")).to_have_value("更换电池")
    require_accessible(page)
    picture(page, "gap")
    gap.get_by_role("button", name="用当前这一秒").click()
    gap.get_by_role("button", name="记下说明").click()
    expect(gap).to_contain_text("已说明：更换电池（语音）")
    gap.get_by_role("link", name="听 0:01 的说明").click()
    wait_for(page, "media.currentTime === 1.5")
    context.close()


def test_the_acts_of_a_case_on_one_page(page: Page, story: Story) -> None:
    enter(page, story)
    page.goto(reverse("filming", args=[story.case]))
    expect(page.get_by_role("heading", name="应录与实录")).to_be_visible()
    expect(page.locator(".demands")).to_contain_text("河北 20.2")
    require_accessible(page)
    picture(page, "filming")


def test_a_recording_of_no_case(page: Page, story: Story) -> None:
    enter(page, story, "archivist")
    page.goto(reverse("recording", args=[story.loose]))
    expect(page.get_by_role("heading", name="可能是哪项执法活动")).to_be_visible()
    page.get_by_role("button", name="播放", exact=True).click()
    wait_for(page, "media.currentTime > 0.3")
    require_accessible(page)
    picture(page, "loose")


def test_the_viewer_wanders_over_a_closed_picture_also_when_it_fills_the_screen(
    chromium: Browser, site: str, world: World, tmp_path_factory: pytest.TempPathFactory
) -> None:
    told = tell_story(tmp_path_factory.mktemp("closed"))
    from liuhen.flows.writing import write_recording

    write_recording(told.first, told.now("archivist"), RecordingClassified("个人隐私", "涉及未成年人"))
    context = chromium.new_context(viewport=ViewportSize(width=1440, height=900), locale="zh-CN", base_url=site)
    screen = context.new_page()
    enter(screen, told)
    play(screen, told, told.first)
    screen.keyboard.press("k")
    wait_for(screen, "media.currentTime > 0.3")
    mark = screen.locator("#watermark span").first
    expect(mark).to_contain_text("赵officer")
    first = mark.inner_text()
    screen.get_by_role("button", name="全屏").click()
    for _ in range(100):
        if screen.evaluate("document.fullscreenElement?.id") == "stage":
            break
        screen.wait_for_timeout(50)
    assert screen.evaluate("document.fullscreenElement.contains(document.getElementById('watermark'))")
    expect(mark).to_be_visible()
    expect(mark).not_to_have_text(first)
    before = mark.evaluate("(one) => one.style.left")
    screen.wait_for_timeout(1500)
    assert mark.evaluate("(one) => one.style.left") != before, "it does not stand still"
    picture(screen, "watermark")
    context.close()
