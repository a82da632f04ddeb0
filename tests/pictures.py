"""`python -m tests.pictures ADDRESS`: take the README's pictures from a running demonstration (`./dev up`).

Run by hand when a screen changes; look at every picture before committing it.
"""

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

TARGET = Path(__file__).resolve().parent.parent / "docs" / "images"
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


def main(address: str) -> None:
    """Take the pictures that the README shows, at desktop size, and the case page at phone size."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        desk = browser.new_page(viewport={"width": 1440, "height": 900})
        _sign_in(desk, address)
        _take(desk, "desk")
        desk.goto(f"{address}/cases/?q=烟花")
        desk.get_by_role("link", name="安应急案〔2026〕1号").first.click()
        desk.wait_for_load_state("networkidle")
        case = desk.url
        _take(desk, "case")
        desk.locator("a[href*='/play/']").nth(2).click()
        desk.wait_for_load_state("networkidle")
        desk.wait_for_timeout(1500)
        _take(desk, "player")
        desk.goto(f"{address}/law/hebei/?q=24.1")
        desk.wait_for_load_state("networkidle")
        _take(desk, "law")
        desk.goto(f"{case}before/?act=查封扣押&trait=直接涉及重大财产权益")
        _take(desk, "before")
        desk.goto(f"{address}/check/")
        _check_a_document(desk, address, case)
        _take(desk, "check")
        phone = browser.new_page(viewport={"width": 390, "height": 844}, device_scale_factor=2)
        _sign_in(phone, address)
        phone.goto(case)
        _take(phone, "case-phone")
        phone.goto(f"{case}before/?act=查封扣押")
        _take(phone, "before-phone")
        browser.close()


def _sign_in(page: Page, address: str) -> None:
    page.goto(f"{address}/sign-in/")
    page.fill("input[name=username]", "li")
    page.fill("input[name=password]", "liuhen-demo")
    page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")


def _check_a_document(page: Page, address: str, case: str) -> None:
    page.goto(case)
    page.get_by_role("link", name="行政处罚决定书").first.click()
    page.wait_for_load_state("networkidle")
    link = page.locator("a[href$='/file/']").first.get_attribute("href")
    document = page.context.request.get(f"{address}{link}").body()
    page.goto(f"{address}/check/")
    page.set_input_files(
        "input[type=file]", {"name": "行政处罚决定书.pdf", "mimeType": "application/pdf", "buffer": document}
    )
    page.get_by_role("button", name="核验").first.click()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1000)


def _take(page: Page, name: str) -> None:
    page.screenshot(path=TARGET / f"{name}.png")
    print(f"{name}.png  {page.url}")


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
