"""Draws docs/pictures/overview.png from a running demo: `.venv/bin/python docs/pictures/overview.py http://127.0.0.1:8000`."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.machine import CHROMIUM, wanted

INK, EDGE, GAP = "#e8ecf5", "#bcc6dc", 24
DESK, PHONE = (1180, 520), (390, 1066)


def page_of(browser: Browser, size: tuple[int, int]) -> Page:
    """A window of this size."""
    width, height = size
    return browser.new_context(viewport={"width": width, "height": height}, locale="cs-CZ").new_page()


def shot(page: Page) -> Image.Image:
    """What the window shows, with a frame."""
    page.wait_for_load_state("networkidle")
    taken = Image.open(io.BytesIO(page.screenshot()))
    framed = Image.new("RGB", (taken.width + 4, taken.height + 4), EDGE)
    framed.paste(taken, (2, 2))
    return framed


def at_work(browser: Browser, url: str) -> tuple[Image.Image, Image.Image]:
    """The clerk's inbox with a task open, and the diagram of its case where it stands."""
    page = page_of(browser, DESK)
    page.goto(f"{url}/prihlaseni?next=/prace/ukoly?view=groups")
    for name in ("username", "password"):
        page.fill(f"[name={name}]", "sekretarka")
    page.press("[name=password]", "Enter")
    item = page.locator(".item", has_text="Zkontrolovat").first
    number = re.findall(r"PRI-\d+-\d+", item.inner_text())[0]
    item.click()
    inbox = shot(page)
    page.goto(f"{url}/prace/pripady/{number}/diagram")
    page.locator(".sheet").first.scroll_into_view_if_needed()
    page.evaluate("() => { document.querySelector('.sheet').scrollIntoView(); scrollBy(0, 190); }")
    return inbox, shot(page)


def applying(browser: Browser, url: str) -> Image.Image:
    """The first step of the form on a phone, filled from the register."""
    page = page_of(browser, PHONE)
    page.goto(f"{url}/sluzby/membership/membership/zadost")
    page.fill('[name="/ico"]', "00276057")
    page.get_by_role("button", name="Načíst z ARES").click()
    return shot(page)


def main() -> None:
    """Take the three pictures and put them side by side."""
    url = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=wanted(CHROMIUM, "chromium"), args=["--no-sandbox"])
        inbox, diagram = at_work(browser, url)
        phone = applying(browser, url)
        browser.close()
    sheet = Image.new("RGB", (inbox.width + phone.width + 3 * GAP, inbox.height + diagram.height + 3 * GAP), INK)
    sheet.paste(inbox, (GAP, GAP))
    sheet.paste(diagram, (GAP, inbox.height + 2 * GAP))
    sheet.paste(phone, (inbox.width + 2 * GAP, GAP))
    sheet.quantize(128).save(Path(__file__).with_name("overview.png"), optimize=True)


if __name__ == "__main__":
    main()
