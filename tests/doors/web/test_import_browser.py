"""音像入库台 in a real Chromium: two real clips, pause and resume, a wire cut in the middle, a closed page, an altered file.

The wire of the uploads' tests stands between the browser and the site wherever something has to go wrong.
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request, ViewportSize, expect

from liuhen.core.kernel.moments import SHANGHAI
from liuhen.flows.occasion import Occasion
from liuhen.records.index.models import QuarantineRow, RecordingRow
from tests.adapters.media.specimens import real_clip
from tests.doors.uploads.wire import Wire
from tests.doors.web.test_browser import page, pytestmark, require_accessible, sign_in
from tests.doors.web.test_import_desk import film
from tests.doors.web.world import PEOPLE, World

__all__ = ["page", "pytestmark"]

ACCEPTED = re.compile("已入库|存疑")


@pytest.fixture
def wire(site: str) -> Iterator[Wire]:
    host, port = site.removeprefix("http://").split(":")
    with Wire(host, int(port)) as made:
        yield made


@pytest.fixture
def context(chromium: Browser, wire: Wire) -> Iterator[BrowserContext]:
    """A browser that reaches the site by the wire; what it complains of while the wire is cut is expected."""
    made = chromium.new_context(viewport=ViewportSize(width=1440, height=900), locale="zh-CN", base_url=wire.url)
    yield made
    made.close()


def clip_of_its_own(folder: Path, name: str, source: str = "bigbuckbunny.mp4") -> Path:
    """Copy a real clip and let it end otherwise, so that no other test has brought it in; it plays all the same."""
    data = real_clip(source).read_bytes()
    tail = name.encode() + hashlib.sha256(str(folder).encode()).digest()
    path = folder / name
    path.write_bytes(data + (len(tail) + 8).to_bytes(4, "big") + b"free" + tail)  # a box that players skip
    return path


def arrival(page: Page, path: Path) -> Locator:
    return page.locator("#arrivals tbody tr").filter(has_text=path.name)


def stored(path: Path) -> bool:
    return RecordingRow.objects.filter(sha256=hashlib.sha256(path.read_bytes()).hexdigest()).exists()


def at_the_desk(page: Page, name: str = "officer") -> None:
    sign_in(page, name)
    page.goto("/import/")
    expect(page.get_by_role("heading", name="音像入库")).to_be_visible()


def sent_to_the_middle(page: Page, wire: Wire, clip: Path) -> Locator:
    """Choose a clip and wait until the wire has gone dead with 400,000 bytes of it at the site; give its row."""
    wire.stall_after = 400_000
    page.locator("#files").set_input_files(clip)
    line = arrival(page, clip)
    expect(line.locator(".standing")).to_have_text("上传中", timeout=15_000)
    assert wire.stalled.wait(15)
    return line


def offsets_of(page: Page) -> list[int]:
    """Collect from which offset each piece of the page is sent."""
    offsets: list[int] = []

    def note(asked: Request) -> None:
        if asked.method == "PATCH":
            offsets.append(int(asked.headers["upload-offset"]))

    page.on("request", note)
    return offsets


def test_two_real_clips_arrive(page: Page, world: World, tmp_path: Path) -> None:
    at_the_desk(page)
    require_accessible(page)
    clips = [
        clip_of_its_own(tmp_path, "大兔.mp4"),
        clip_of_its_own(tmp_path, "自行车.mp4", "bikes.mp4"),
    ]
    page.locator("#files").set_input_files(clips)
    for clip in clips:
        expect(arrival(page, clip).locator(".standing")).to_have_text(ACCEPTED, timeout=30_000)
        assert stored(clip)
    expect(page.locator("#total")).to_contain_text("共 2 个，2 个已有结果")
    expect(page.locator("#unmatched")).to_contain_text("大兔.mp4")
    require_accessible(page)
    row = RecordingRow.objects.get(name="大兔.mp4", sha256=hashlib.sha256(clips[0].read_bytes()).hexdigest())
    assert (row.way, row.officer) == ("网页", "web-officer")
    page.locator("#files").set_input_files(clips[0])
    expect(page.locator("#arrivals tbody tr").last.locator(".standing")).to_have_text("已有", timeout=30_000)


def test_what_does_not_play_is_set_aside_and_said(page: Page, world: World, tmp_path: Path) -> None:
    at_the_desk(page)
    bad = tmp_path / "坏文件.mp4"
    bad.write_bytes(b"no film at all " + str(tmp_path).encode())
    page.locator("#files").set_input_files(bad)
    expect(arrival(page, bad).locator(".standing")).to_have_text("已隔离", timeout=30_000)
    expect(arrival(page, bad).locator(".remark")).to_contain_text("重新导出")
    expect(page.locator("#aside")).to_contain_text("坏文件.mp4")
    require_accessible(page)


def test_pause_and_resume_by_keyboard(context: BrowserContext, wire: Wire, world: World, tmp_path: Path) -> None:
    page, clip = context.new_page(), clip_of_its_own(tmp_path, "休息.mp4")
    at_the_desk(page)
    line = sent_to_the_middle(page, wire, clip)
    require_accessible(page)
    line.get_by_role("button", name="暂停").focus()
    page.keyboard.press("Enter")
    expect(line.locator(".standing")).to_have_text("已暂停")
    expect(page.get_by_role("button", name="全部继续")).to_be_visible()
    assert page.evaluate("document.activeElement.dataset.do") == "resume", "focus stays in the row"
    require_accessible(page)
    wire.release()
    offsets = offsets_of(page)
    assert not stored(clip)
    page.keyboard.press("Enter")
    expect(line.locator(".standing")).to_have_text(ACCEPTED, timeout=30_000)
    assert stored(clip) and offsets[0] > 300_000


def test_a_wire_cut_in_the_middle(context: BrowserContext, wire: Wire, world: World, tmp_path: Path) -> None:
    page = context.new_page()
    at_the_desk(page)
    clip, offsets = clip_of_its_own(tmp_path, "断线.mp4"), offsets_of(page)
    wire.cut_after = [300_000, 400_000]
    page.locator("#files").set_input_files(clip)
    expect(arrival(page, clip).locator(".standing")).to_have_text(ACCEPTED, timeout=60_000)
    assert wire.cut_after == [] and stored(clip)
    assert offsets == sorted(offsets) and offsets[-1] > 200_000, "what was kept was not sent again"


def test_a_closed_page_goes_on_where_it_was(context: BrowserContext, wire: Wire, world: World, tmp_path: Path) -> None:
    first, clip = context.new_page(), clip_of_its_own(tmp_path, "关页.mp4")
    at_the_desk(first)
    sent_to_the_middle(first, wire, clip)
    first.close(run_before_unload=False)
    wire.release()
    second = context.new_page()
    offsets = offsets_of(second)
    second.goto("/import/")
    expect(second.locator("#unfinished")).to_contain_text("关页.mp4")
    require_accessible(second)
    second.locator("#files").set_input_files(clip)
    expect(arrival(second, clip).locator(".standing")).to_have_text(ACCEPTED, timeout=30_000)
    assert stored(clip) and offsets[0] > 300_000
    expect(second.locator("#unfinished")).not_to_contain_text("关页.mp4")


def test_another_browser_goes_on_by_the_digest(
    context: BrowserContext, chromium: Browser, wire: Wire, world: World, tmp_path: Path
) -> None:
    first, clip = context.new_page(), clip_of_its_own(tmp_path, "换机.mp4")
    at_the_desk(first, "second")
    sent_to_the_middle(first, wire, clip)
    first.close(run_before_unload=False)
    wire.release()
    other = chromium.new_context(viewport=ViewportSize(width=390, height=844), locale="zh-CN", base_url=wire.url)
    second = other.new_page()
    at_the_desk(second, "second")
    require_accessible(second)
    offsets = offsets_of(second)
    second.locator("#files").set_input_files(clip)
    expect(arrival(second, clip).locator(".standing")).to_have_text(ACCEPTED, timeout=30_000)
    assert stored(clip) and offsets[0] > 300_000
    other.close()


def test_a_file_altered_on_its_way_is_set_aside_and_sent_again(
    context: BrowserContext, wire: Wire, world: World, tmp_path: Path
) -> None:
    page = context.new_page()
    at_the_desk(page)
    clip = clip_of_its_own(tmp_path, "改动.mp4")
    wire.alter_at = 5000
    page.locator("#files").set_input_files(clip)
    line = arrival(page, clip)
    expect(line.locator(".standing")).to_have_text("已隔离", timeout=30_000)
    expect(line.locator(".remark")).to_contain_text("与发送前算出的 SHA-256 不一致")
    assert not stored(clip) and QuarantineRow.objects.filter(name="改动.mp4", reason__contains="SHA-256").exists()
    expect(page.locator("#aside")).to_contain_text("改动.mp4")
    require_accessible(page)
    line.get_by_role("button", name="重新上传").click()
    expect(line.locator(".standing")).to_have_text(ACCEPTED, timeout=30_000)
    assert stored(clip)


def test_giving_up_takes_two_presses(context: BrowserContext, wire: Wire, world: World, tmp_path: Path) -> None:
    page, clip = context.new_page(), clip_of_its_own(tmp_path, "不要了.mp4")
    at_the_desk(page, "archivist")
    line = sent_to_the_middle(page, wire, clip)
    line.locator('[data-do="drop"]').click()
    expect(line.locator('[data-do="drop"]')).to_have_text("确认放弃")
    line.locator('[data-do="drop"]').click()
    expect(line).to_have_count(0)
    wire.release()
    page.goto("/import/")
    expect(page.locator("#unfinished")).to_be_hidden()
    assert not stored(clip)


def test_an_upload_that_waits_is_given_up(context: BrowserContext, wire: Wire, world: World, tmp_path: Path) -> None:
    page, clip = context.new_page(), clip_of_its_own(tmp_path, "忘了.mp4")
    at_the_desk(page, "archivist")
    sent_to_the_middle(page, wire, clip)
    page.close(run_before_unload=False)
    wire.release()
    page = context.new_page()
    page.goto("/import/")
    forget = page.locator("#unfinished li").filter(has_text="忘了.mp4").get_by_role("button", name="放弃")
    forget.click()
    page.get_by_role("button", name="确认放弃").click()
    expect(page.locator("#unfinished")).to_be_hidden()
    page.reload()
    expect(page.locator("#unfinished")).to_be_hidden()


def test_the_certain_are_accepted_while_files_are_on_their_way(
    context: BrowserContext, wire: Wire, world: World, tmp_path: Path
) -> None:
    now = datetime.now(SHANGHAI)
    uid = film(world, name="确定的.mp4", occasion=Occasion(PEOPLE["officer"], now, now))
    page, clip = context.new_page(), clip_of_its_own(tmp_path, "路上.mp4")
    at_the_desk(page)
    line = sent_to_the_middle(page, wire, clip)
    match = page.locator(f"#match-{uid}")
    expect(match).to_contain_text("拍摄人是本次活动的执法人员")
    match.get_by_role("button", name="确认").click()
    expect(page.locator("#lists .done")).to_have_text("已关联到所选的执法活动。")
    expect(page.locator(f"#match-{uid}")).to_have_count(0)
    assert RecordingRow.objects.get(uid=uid).act_uid == world.act
    assert line.count() == 1, "the page was not left"
    wire.release()
    expect(line.locator(".standing")).to_have_text(ACCEPTED, timeout=30_000)
