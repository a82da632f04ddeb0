"""What the tests of the on-site page share: a Chromium with a test picture for a camera, a case of their own, what became of it.

Invariant: a test begins its own act and looks at nothing but that act, so that tests share a case without disturbing each other.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeVar

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from liuhen.core.events.parts import Party, Source
from liuhen.core.facts.model import Act, Facts, Recording
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.flows.ground import ground_of
from liuhen.flows.occasion import Occasion
from liuhen.flows.open_case import register_case
from tests.doors.web.conftest import CHROMIUM
from tests.doors.web.world import HERE, PASSWORD, PEOPLE

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--use-fake-device-for-media-stream=fps=5",
    "--use-fake-ui-for-media-stream",
)
SIZE = ViewportSize(width=390, height=844)
# The page asks for 1280 x 720. Coding that in software takes a core for itself and shows nothing more than a small picture.
_SMALL = """const own = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices), video = { width: 320, height: 180 };
if (own) navigator.mediaDevices.getUserMedia = (asked) => own(asked.video ? { ...asked, video } : asked);"""
# The page waits longer after every failure. Where a test cuts on purpose, what counts is what comes after the pause.
IMPATIENT = """const patient = window.setTimeout;
window.setTimeout = (work, pause, ...said) => patient(work, [5000, 15000].includes(pause) ? 300 : pause, ...said);"""
# A clock of the device that is three minutes fast.
FAST = """const ahead = 180000, Real = Date;
window.Date = class extends Real {
  constructor(...said) { if (said.length) super(...said); else super(Real.now() + ahead); }
  static now() { return Real.now() + ahead; }
};"""
# What the worker has put by.
CACHED = """async () => {
  const held = [];
  for (const name of await caches.keys()) held.push(...(await (await caches.open(name)).keys()).map((one) => one.url));
  return held;
}"""
# Something else takes the room of the device: its bytes are counted at once, those of films only when it looks anew.
FILL = """async (bytes) => {
  const done = (r) => new Promise((yes, no) => { r.onsuccess = () => yes(r.result); r.onerror = () => no(r.error); });
  const opening = indexedDB.open("other");
  opening.onupgradeneeded = () => opening.result.createObjectStore("other");
  const db = await done(opening), { usage } = await navigator.storage.estimate();
  const noise = new Uint8Array(bytes - usage);
  for (let at = 0; at < noise.length; at += 65536) crypto.getRandomValues(noise.subarray(at, Math.min(at + 65536, noise.length)));
  await done(db.transaction("other", "readwrite").objectStore("other").put(noise, 1));
  db.close();
}"""
PARTY = "河畔纸业有限公司"
_T = TypeVar("_T")


@contextmanager
def chromium_with_camera() -> Iterator[Browser]:
    """A Chromium whose camera shows a test picture and whose microphone beeps."""
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM}: install the Debian package `chromium` to run browser tests")
    from playwright.sync_api import sync_playwright

    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(ARGUMENTS))
        yield browser
        browser.close()


def case_of_its_own() -> str:
    """Register a case now and give its uid."""
    now = datetime.now(SHANGHAI)
    return register_case(
        Occasion(PEOPLE["officer"], now, now),
        kind="行政处罚",
        matter="涉嫌超标排放",
        source=Source("依职权", "巡查", "巡查发现"),
        party=Party(PARTY, "企业"),
    )


@dataclass(frozen=True, slots=True)
class Scene:
    """An act that a test has begun, and how it stands in the ledger."""

    case: str
    act: str

    @property
    def facts(self) -> Facts:
        return ground_of(self.case, HERE).facts

    @property
    def now(self) -> Act:
        return self.facts.case.acts[self.act]

    @property
    def recordings(self) -> list[Recording]:
        facts = self.facts
        return [facts.recordings[uid] for uid in facts.case.acts[self.act].recordings]

    def contents(self, kind: type[_T]) -> list[_T]:
        """Give what events of a kind say of this act, or of its recordings."""
        events = ground_of(self.case, HERE).events
        own = {f"recording:{uid}" for uid in self.now.recordings} if self.act in self.facts.case.acts else set()
        found = [event.content for event in events if isinstance(event.content, kind)]
        streams = [event.content for event in events if isinstance(event.content, kind) and event.header.stream in own]
        return [one for one in found if getattr(one, "act", None) == self.act or one in streams]


def visit(page: Page, case: str, name: str = "officer", *, takes_along: bool = False) -> None:
    """Open the on-site page of a case as somebody; where it `takes_along`, until it would open without network too."""
    _sign_in(page, name)
    page.goto(f"/cases/{case}/on-site/")
    expect(page.locator("#choose, #act").filter(visible=True)).to_be_visible(timeout=20_000)
    if takes_along:
        expect(page.locator("#ready")).to_be_visible(timeout=20_000)


def _sign_in(page: Page, name: str) -> None:
    """Sign in through the same door as people, without drawing its pages."""
    wire = page.context.request
    assert wire.get("/sign-in/").ok
    token = next(one["value"] for one in page.context.cookies() if one["name"] == "csrftoken")
    said: dict[str, str | float | bool] = {
        "csrfmiddlewaretoken": token,
        "username": f"web-{name}",
        "password": PASSWORD,
    }
    assert wire.post("/sign-in/", form=said, max_redirects=0).status == 302


def begin(page: Page, case: str, place: str) -> Scene:
    """Begin an inspection by the two officers on the page that chooses an act."""
    page.get_by_label("执法活动", exact=True).select_option("现场检查")
    page.get_by_label("地点").fill(place)
    page.get_by_label(re.compile("张second")).check()
    page.get_by_role("button", name="开始", exact=True).click()
    expect(page.get_by_role("heading", name="现场检查", exact=True)).to_be_visible()
    found = re.search(r"/acts/([0-9a-f]{32})/on-site/$", page.url)
    assert found
    return Scene(case, found[1])


def do(page: Page, what: str) -> None:
    """Press one of the big buttons at the foot."""
    page.locator(f"[data-do={what}]").click()


def film(page: Page, seconds: float, kind: str = "video") -> None:
    """Film until so many seconds are on the page's own clock of the film."""
    do(page, kind)
    expect(page.locator("#filming")).to_be_visible()
    filmed_until(page, seconds)


def filmed_until(page: Page, seconds: float) -> None:
    page.wait_for_function(
        "least => document.getElementById('filming-time').textContent.split(':').reduce((s, n) => s * 60 + +n, 0) >= least",
        arg=seconds,
    )


def tick(page: Page, topic: str) -> None:
    page.locator(f"[data-topic='{topic}']").click()
    expect(page.locator(f"[data-topic='{topic}']")).to_have_attribute("aria-pressed", "true")


def end(page: Page) -> None:
    page.locator("#end").click()
    page.locator("#end").click()
    expect(page.get_by_role("heading", name="活动已结束")).to_be_visible()


def filmed_bytes(page: Page, least: int) -> None:
    """Wait until so many bytes of films are kept here."""
    deadline = time.monotonic() + 30
    while kept_here(page).get("bytes", 0) < least:
        assert time.monotonic() < deadline, f"no {least} bytes were filmed in half a minute"
        page.wait_for_timeout(200)


def stop(page: Page) -> None:
    """Stop filming and wait until the film stands in the queue."""
    do(page, "stop")
    expect(page.locator("#filming")).to_be_hidden()


def all_sent(page: Page) -> None:
    expect(page.locator("#queue-words")).to_have_text("没有待发送的", timeout=120_000)


def kept_here(page: Page) -> dict[str, Any]:
    """Say what the databases of the browser hold: how many of each, and how many bytes of films."""
    found: dict[str, Any] = page.evaluate(
        """async () => {
          const done = (r) => new Promise((yes, no) => { r.onsuccess = () => yes(r.result); r.onerror = () => no(r.error); });
          const held = {};
          for (const { name } of await indexedDB.databases()) {
            const db = await done(indexedDB.open(name));
            for (const store of db.objectStoreNames) {
              const all = await done(db.transaction(store).objectStore(store).getAll());
              held[store] = (held[store] ?? 0) + all.length;
              if (store === "chunks") held.bytes = (held.bytes ?? 0) + all.reduce((sum, one) => sum + one.piece.size, 0);
            }
            db.close();
          }
          return held;
        }"""
    )
    return found


def phone_of(browser: Browser, address: str, *, small: bool = True, takes_along: bool = True) -> BrowserContext:
    """A phone of its own; `small`: its camera gives a small picture; `takes_along`: the page may keep a copy of itself."""
    workers: Literal["allow", "block"] = "allow" if takes_along else "block"
    context = browser.new_context(viewport=SIZE, locale="zh-CN", base_url=address, service_workers=workers)
    if small:
        context.add_init_script(_SMALL)
    return context


@contextmanager
def page_of(phone: BrowserContext) -> Iterator[Page]:
    """A page of a phone; a script of ours that fails fails the test."""
    fresh = phone.new_page()
    faults: list[str] = []
    fresh.on("pageerror", lambda fault: faults.append(str(fault)))
    yield fresh
    assert faults == []
