"""现场 in a real Chromium with a test picture for a camera: filming, ticking, no network, killed pages, cut requests.

The wire of the uploads' tests stands between the browser and the site wherever something has to go wrong.
"""

import os
import re
import signal
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, ViewportSize, expect

from liuhen.core.events.case import (
    ActBegun,
    ActEnded,
    CertificatesShown,
    InterruptionExplained,
    PartyTold,
    RecordingLinked,
)
from liuhen.core.events.recording import RecordingMarked, RecordingStored
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.records.index.models import RecordingRow
from tests.doors.uploads.wire import Wire
from tests.doors.web.on_site import (
    CACHED,
    FAST,
    FILL,
    IMPATIENT,
    PARTY,
    Scene,
    all_sent,
    begin,
    case_of_its_own,
    chromium_with_camera,
    do,
    end,
    film,
    filmed_bytes,
    filmed_until,
    kept_here,
    page_of,
    phone_of,
    stop,
    tick,
    visit,
)
from tests.doors.web.test_browser import DESK, PHONE, require_accessible
from tests.doors.web.world import World

pytestmark = pytest.mark.browser

OPENING = ("告知时间", "告知地点", "告知执法人员")


@pytest.fixture(scope="module")
def cameras() -> Iterator[Browser]:
    with chromium_with_camera() as browser:
        yield browser


@pytest.fixture(scope="module")
def case(cameras: Browser, world: World) -> str:
    return case_of_its_own()


@pytest.fixture
def phone(cameras: Browser, site: str) -> Iterator[BrowserContext]:
    context = phone_of(cameras, site)
    yield context
    context.close()


@pytest.fixture
def page(phone: BrowserContext) -> Iterator[Page]:
    with page_of(phone) as fresh:
        yield fresh


@pytest.fixture
def large(cameras: Browser, site: str) -> Iterator[Page]:
    """A page whose camera gives the picture that the page asks for."""
    context = phone_of(cameras, site, small=False)
    with page_of(context) as fresh:
        yield fresh
    context.close()


@pytest.fixture
def alone(cameras: Browser, site: str) -> Iterator[Page]:
    """A page that keeps no copy of itself, so that the room it takes is that of what it filmed."""
    context = phone_of(cameras, site, takes_along=False)
    with page_of(context) as fresh:
        yield fresh
    context.close()


def test_a_whole_act_arrives_once_and_plays(large: Page, case: str) -> None:
    page = large
    visit(page, case)
    scene = begin(page, case, "北街 1 号")
    before = datetime.now(SHANGHAI)
    film(page, 1)
    for topic in OPENING:
        tick(page, topic)
    page.get_by_role("button", name=re.compile("出示证件")).click()
    tick(page, "现场环境")
    filmed_until(page, 2)
    do(page, "photo")
    do(page, "break")
    page.get_by_role("button", name="电量不足").click()
    page.get_by_role("button", name="中断拍摄").click()
    expect(page.locator("#gap")).to_contain_text("电量不足")
    do(page, "resume")
    expect(page.locator("#explain-words")).to_contain_text("刚才因电量不足")
    filmed_until(page, 1)
    page.get_by_role("button", name="已说完").click()
    expect(page.locator("#explain")).to_be_hidden()
    end(page)
    all_sent(page)
    after = datetime.now(SHANGHAI)
    kinds = sorted((one.media.kind, one.way, one.officer, one.clock_doubt) for one in scene.recordings if one.media)
    assert kinds == [("photo", "手机", "web-officer", None), *[("video", "手机", "web-officer", None)] * 2]
    for one in scene.recordings:
        assert one.started and one.ended and before - timedelta(seconds=1) <= one.started <= one.ended <= after
    first, second = sorted(
        (one for one in scene.recordings if one.media and one.media.kind == "video"), key=lambda one: str(one.started)
    )
    assert [mark.topic for mark in first.marks] == [*OPENING, "出示执法证件", "现场环境"]
    assert first.started and first.ended
    seconds = [float(mark.second) for mark in first.marks]
    assert (
        seconds == sorted(seconds) and seconds[0] > 0 and seconds[-1] <= (first.ended - first.started).total_seconds()
    )
    (broken,) = scene.contents(InterruptionExplained)
    assert (broken.cause, broken.manner, broken.recording) == ("电量不足", "语音", second.uid)
    assert broken.second is not None and 0.5 < broken.second < 6
    assert (broken.stopped_at, broken.resumed_at) == (first.ended, second.started)
    assert len(scene.contents(CertificatesShown)) == len(scene.contents(ActBegun)) == len(scene.contents(ActEnded)) == 1
    assert kept_here(page).get("bytes", 0) == 0, "what the server has is let go here"
    plays(page, scene, first.uid, width=1280)


def plays(page: Page, scene: Scene, recording: str, width: int = 320) -> None:
    """Play a recording in the player until a second of it has gone by."""
    page.goto(f"/cases/{scene.case}/recordings/{recording}/play/")
    page.wait_for_selector("video")
    page.evaluate("() => { const v = document.querySelector('video'); v.muted = true; return v.play(); }")
    page.wait_for_function(
        "width => { const v = document.querySelector('video'); return v.currentTime > 0.5 && v.videoWidth === width; }",
        arg=width,
    )


def test_filming_goes_on_without_network_and_arrives_when_it_returns(
    phone: BrowserContext, page: Page, case: str
) -> None:
    visit(page, case, takes_along=True)
    scene = begin(page, case, "南街 2 号")
    film(page, 1)
    all_sent(page)
    assert scene.now.kind == "现场检查"
    phone.set_offline(True)
    tick(page, "告知时间")
    filmed_until(page, 2)
    stop(page)
    expect(page.locator("#queue-words")).to_contain_text("没有网络")
    page.reload()
    expect(page.get_by_role("heading", name="现场检查", exact=True)).to_be_visible()
    expect(page.locator("[data-topic='告知时间']")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#queue-words")).to_contain_text(re.compile(r"待发送 2 件，\d+\.\d [KM]B"))
    assert scene.recordings == []
    require_accessible(page)
    phone.set_offline(False)
    all_sent(page)
    (found,) = scene.recordings
    assert (
        [mark.topic for mark in found.marks] == ["告知时间"] and found.media and (found.media.duration_ms or 0) > 1500
    )
    assert len(scene.contents(RecordingLinked)) == 1 and RecordingRow.objects.filter(act_uid=scene.act).count() == 1
    plays(page, scene, found.uid)


def test_an_act_is_begun_filmed_and_ended_where_there_is_no_network(
    phone: BrowserContext, page: Page, case: str
) -> None:
    visit(page, case, takes_along=True)
    phone.set_offline(True)
    page.reload()
    expect(page.get_by_role("heading", name="开始一项执法活动")).to_be_visible()
    scene = begin(page, case, "山里")
    page.reload()
    expect(page.get_by_role("heading", name="现场检查", exact=True)).to_be_visible()
    expect(page.locator("#asked")).to_contain_text("《现场检查笔录》")
    tick(page, "告知地点")
    film(page, 1, "audio")
    end(page)
    assert scene.act not in scene.facts.case.acts
    phone.set_offline(False)
    all_sent(page)
    (sound,) = scene.recordings
    assert sound.media and sound.media.kind == "audio"
    assert [one.topics for one in scene.contents(PartyTold)] == [("告知地点",)]
    assert scene.now.ended is not None and [one.name for one in scene.now.officers] == ["张officer", "张second"]


def kill_pages(browser: Browser) -> None:
    """SIGKILL to every process of this browser that draws a page: none of them can say good-bye.

    Returns when the browser has noticed: a new page given a process that is dead already would never answer.
    """
    killed = _drawing(browser)
    for process in killed:
        os.kill(process, signal.SIGKILL)
    end = time.monotonic() + 30
    while killed & _drawing(browser):
        assert time.monotonic() < end, "the browser does not notice that its pages are dead"
        time.sleep(0.02)


def _drawing(browser: Browser) -> set[int]:
    running = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    return {process["id"] for process in running if process["type"] == "renderer"}


def test_a_page_killed_while_filming_loses_no_more_than_seconds(
    cameras: Browser, phone: BrowserContext, page: Page, case: str
) -> None:
    visit(page, case, takes_along=True)
    scene = begin(page, case, "东街 3 号")
    film(page, 2)
    tick(page, "告知对象")
    filmed_bytes(page, 10_000)
    kept, address = kept_here(page)["bytes"], page.url
    with page.expect_event("crash"):
        kill_pages(cameras)
    again = phone.new_page()
    again.goto(address)
    expect(again.locator("#gap")).to_contain_text("浏览器意外关闭", timeout=20_000)
    again.locator("#queue-box summary").click()
    all_sent(again)
    (found,) = scene.recordings
    # What the browser had not handed over yet is lost: about a second, more on a busy machine. What it had is there.
    assert found.file and found.file.size >= kept
    assert found.media and found.media.duration_ms and found.media.duration_ms >= 500
    assert [mark.topic for mark in found.marks] == ["告知对象"]
    assert found.marks[0].second * 1000 <= found.media.duration_ms
    do(again, "resume")
    expect(again.locator("#explain-words")).to_contain_text("浏览器意外关闭")
    again.get_by_role("button", name="没有说，事后书面说明").click()
    end(again)
    all_sent(again)
    (broken,) = scene.contents(InterruptionExplained)
    assert (broken.manner, broken.second, broken.stopped_at) == ("书面", None, found.ended)
    plays(again, scene, found.uid)


def require_accessible_everywhere(page: Page) -> None:
    """Look at the state as a desk and as a phone show it."""
    for size in (DESK, PHONE):
        page.set_viewport_size(ViewportSize(width=size["width"], height=size["height"]))
        require_accessible(page)


def test_every_state_is_accessible(page: Page, case: str) -> None:
    visit(page, case)
    require_accessible_everywhere(page)
    page.get_by_role("button", name="开始", exact=True).click()
    expect(page.locator("#begin-errors")).to_have_text("请选择执法活动；请填写地点")
    require_accessible_everywhere(page)
    begin(page, case, "无障碍路")
    require_accessible_everywhere(page)
    film(page, 1)
    tick(page, "告知时间")
    require_accessible_everywhere(page)
    do(page, "break")
    page.get_by_role("button", name="设备故障").click()
    require_accessible_everywhere(page)
    page.get_by_role("button", name="中断拍摄").click()
    expect(page.locator("#gap")).to_be_visible()
    require_accessible_everywhere(page)
    do(page, "resume")
    expect(page.locator("#explain")).to_be_visible()
    require_accessible_everywhere(page)
    page.get_by_role("button", name="已说完").click()
    end(page)
    all_sent(page)
    page.locator("#queue-box summary").click()
    require_accessible_everywhere(page)


def test_requests_cut_after_they_were_heard_are_repeated_and_stand_once(
    phone: BrowserContext, page: Page, case: str
) -> None:
    phone.add_init_script(IMPATIENT)
    visit(page, case)
    heard = {"events": 0, "link": 0}

    def hear_and_cut(route: Route) -> None:
        kind = "link" if route.request.url.endswith("/link/") else "events"
        heard[kind] += 1
        if heard[kind] <= 2:
            assert route.fetch().ok
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route(re.compile(r"/events$|/link/$"), hear_and_cut)
    scene = begin(page, case, "断线巷")
    film(page, 1)
    tick(page, "告知事由")
    do(page, "break")
    page.get_by_label("其他原因").fill("对讲机干扰")
    page.get_by_role("button", name="中断拍摄").click()
    do(page, "resume")
    filmed_until(page, 1)
    page.get_by_role("button", name="已说完").click()
    end(page)
    all_sent(page)
    assert heard["events"] > 2 and heard["link"] > 2
    assert (
        len(scene.contents(ActBegun))
        == len(scene.contents(ActEnded))
        == len(scene.contents(InterruptionExplained))
        == 1
    )
    assert len(scene.contents(RecordingMarked)) == 1 and len(scene.contents(RecordingLinked)) == 2
    assert scene.contents(InterruptionExplained)[0].cause == "对讲机干扰"


def test_a_file_cut_in_the_middle_goes_on_where_it_was(cameras: Browser, site: str, case: str) -> None:
    host, port = site.removeprefix("http://").split(":")
    with Wire(host, int(port)) as wire:
        context = phone_of(cameras, wire.url)
        page = context.new_page()
        visit(page, case)
        scene = begin(page, case, "网线街")
        film(page, 1)
        filmed_bytes(page, 60_000)
        wire.cut_after = [20_000, 30_000]
        stop(page)
        all_sent(page)
        assert wire.cut_after == []
        (found,) = scene.recordings
        assert len(scene.contents(RecordingStored)) == 1 and found.file and found.file.size > 50_000
        context.close()


def test_a_file_altered_on_its_way_is_sent_anew(cameras: Browser, site: str, case: str) -> None:
    host, port = site.removeprefix("http://").split(":")
    with Wire(host, int(port)) as wire:
        context = phone_of(cameras, wire.url)
        page = context.new_page()
        visit(page, case)
        scene = begin(page, case, "改动街")
        film(page, 1)
        wire.alter_at = 5000
        stop(page)
        all_sent(page)
        assert len(scene.recordings) == 1 and wire.alter_at is None
        context.close()


def test_a_wrong_clock_is_said_and_what_is_noted_is_right(phone: BrowserContext, page: Page, case: str) -> None:
    phone.add_init_script(FAST)
    visit(page, case)
    expect(page.locator("#clock-wrong")).to_contain_text("手机时间比系统快 3 分钟，请校准")
    require_accessible(page)
    scene = begin(page, case, "钟楼")
    film(page, 1)
    stop(page)
    all_sent(page)
    now = datetime.now(SHANGHAI)
    (found,) = scene.recordings
    assert scene.now.begun and abs(now - scene.now.begun) < timedelta(seconds=60)
    assert found.started and abs(now - found.started) < timedelta(seconds=60) and found.clock_doubt is None
    (mark,) = found.marks
    assert (mark.second, mark.topic) == (Decimal(0), "本机时钟") and "快 3 分" in (mark.note or "")


def test_a_full_device_says_so_and_keeps_what_it_has(alone: Page, site: str, case: str) -> None:
    page, phone = alone, alone.context
    # From the beginning: what room the browser once found it believes for a while.
    control = phone.new_cdp_session(page)
    control.send("Storage.overrideQuotaForOrigin", {"origin": site, "quotaSize": 2_000_000})
    visit(page, case)
    scene = begin(page, case, "满仓")
    all_sent(page)
    film(page, 1)
    phone.set_offline(True)
    page.evaluate(FILL, 2_000_000 - 1_000)
    expect(page.locator("#trouble")).to_contain_text("本机存储已满，拍摄已停止", timeout=30_000)
    expect(page.locator("#trouble")).to_contain_text("留存着")
    expect(page.locator("#gap")).to_contain_text("存储空间不足")
    require_accessible(page)
    control.send("Storage.overrideQuotaForOrigin", {"origin": site})
    phone.set_offline(False)
    all_sent(page)
    (found,) = scene.recordings
    assert found.media and (found.media.duration_ms or 0) >= 500 and found.file and found.file.size > 1000


def test_signing_out_clears_what_was_taken_along_and_keeps_what_was_not_sent(
    phone: BrowserContext, page: Page, case: str, world: World
) -> None:
    visit(page, case, takes_along=True)
    scene = begin(page, case, "退出路")
    all_sent(page)
    names = page.evaluate("caches.keys()")
    held = page.evaluate(CACHED)
    assert names == [f"on-site:web-officer:{case}"]
    assert not [one for one in held if "/cases/" in one and case not in one], "nothing of other cases"
    assert not any(uid in one for uid in world.cases.values() for one in held)
    page.route("**/uploads/**", lambda route: route.abort())
    film(page, 1)
    stop(page)
    expect(page.locator("#queue-words")).to_contain_text("待发送 1 件")
    page.get_by_role("button", name="退出", exact=True).click()
    page.wait_for_function("() => document.documentElement.dataset.left === 'yes'")
    assert page.evaluate("caches.keys()") == []
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0
    held_now = kept_here(page)
    assert held_now["captures"] == 1 and held_now["bytes"] > 5_000
    page.unroute("**/uploads/**")
    visit(page, case, "second")
    expect(page.locator("#queue-words")).to_have_text("没有待发送的")
    assert scene.recordings == []
    page.get_by_role("button", name="退出", exact=True).click()
    visit(page, case)
    all_sent(page)
    assert [one.officer for one in scene.recordings] == ["web-officer"]
    page.get_by_role("button", name="退出", exact=True).click()
    page.wait_for_function("() => document.documentElement.dataset.left === 'yes'")
    assert sum(kept_here(page).get(store, 0) for store in ("acts", "events", "captures", "chunks")) == 0


SLOW_FILMS = """
const { set, ...rest } = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, "src");
const held = new Promise((resolve) => { window.letIn = resolve; });
Object.defineProperty(HTMLMediaElement.prototype, "src", { ...rest, set(address) { held.then(() => set.call(this, address)); } });
"""


def test_without_a_camera_of_the_browser_the_telephones_own_is_used(
    phone: BrowserContext, page: Page, case: str
) -> None:
    phone.add_init_script("Object.defineProperty(navigator, 'mediaDevices', { value: undefined });")
    phone.add_init_script(SLOW_FILMS)
    visit(page, case)
    scene = begin(page, case, "老手机")
    from tests.adapters.media.specimens import real_clip

    page.locator("#own-video").set_input_files(real_clip("bikes.mp4"))
    # A long film takes its time to be copied: the page must not say meanwhile that nothing waits.
    expect(page.locator("#queue-words")).to_contain_text("正在存入本机 1 件，请不要关闭页面")
    page.evaluate("letIn()")
    all_sent(page)
    (found,) = scene.recordings
    assert found.way == "手机" and found.file and found.file.name.endswith(".mp4")


def test_a_camera_that_is_refused_is_said_with_a_way_out(phone: BrowserContext, page: Page, case: str) -> None:
    phone.add_init_script(
        "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));"
    )
    visit(page, case)
    begin(page, case, "不许")
    do(page, "video")
    expect(page.locator("#trouble")).to_contain_text("没有使用摄像头或者麦克风的许可")
    expect(page.get_by_label("用手机的相机录像")).to_be_visible()
    require_accessible(page)


def test_what_the_server_refuses_stays_with_its_reason(phone: BrowserContext, page: Page, case: str) -> None:
    visit(page, case)
    scene = begin(page, case, "两台手机")
    all_sent(page)
    other = phone.new_page()
    other.goto(page.url)
    expect(other.locator("#end")).to_be_visible()
    end(other)
    all_sent(other)
    other.close()
    page.get_by_role("button", name=re.compile("出示证件")).click()
    expect(page.locator("#queue-words")).to_contain_text("1 件服务器没有接收", timeout=15_000)
    page.locator("#queue-box summary").click()
    expect(page.locator("#queue")).to_contain_text("这项执法活动已经结束")
    require_accessible(page)
    page.reload()
    expect(page.locator("#queue-words")).to_contain_text("1 件服务器没有接收")
    assert scene.contents(CertificatesShown) == []


def test_a_tick_by_mistake_is_taken_back_before_it_is_sent(page: Page, case: str) -> None:
    visit(page, case)
    scene = begin(page, case, "点错")
    film(page, 1)
    tick(page, "告知时间")
    tick(page, "告知地点")
    mistaken = page.locator("[data-topic='告知地点']")
    mistaken.click()
    expect(mistaken).to_contain_text("再点一次撤销")
    mistaken.click()
    expect(mistaken).to_have_attribute("aria-pressed", "false")
    stop(page)
    all_sent(page)
    assert [mark.topic for one in scene.recordings for mark in one.marks] == ["告知时间"]
    assert PARTY in page.content()


def test_an_expired_session_says_so_and_sends_after_signing_in(phone: BrowserContext, page: Page, case: str) -> None:
    visit(page, case)
    scene = begin(page, case, "过期")
    all_sent(page)
    phone.clear_cookies(name="sessionid")
    film(page, 1)
    stop(page)
    expect(page.locator("#signed-out")).to_contain_text("登录已经失效", timeout=15_000)
    require_accessible(page)
    page.get_by_role("link", name="重新登录").click()
    page.get_by_label("账号").fill("web-officer")
    page.get_by_label("口令").fill("correct horse battery")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="现场检查", exact=True)).to_be_visible()
    all_sent(page)
    assert len(scene.recordings) == 1
    expect(page.locator("#signed-out")).to_be_hidden()
