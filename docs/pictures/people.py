"""Takes pictures of the four people's pages from a running demo: `.venv/bin/python docs/pictures/people.py http://127.0.0.1:8000`."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.machine import CHROMIUM, wanted

FOLDER = Path(__file__).parent
DESK, PHONE = (1280, 720), (360, 740)


@contextmanager
def window(browser: Browser, url: str, who: str = "", size: tuple[int, int] = DESK) -> Iterator[Page]:
    """A window of this size, signed in as somebody of the demo."""
    width, height = size
    context = browser.new_context(viewport={"width": width, "height": height}, locale="cs-CZ", base_url=url)
    context.set_default_timeout(90_000)
    page = context.new_page()
    if who:
        page.goto("/prihlaseni")
        for name in ("username", "password"):
            page.fill(f"[name={name}]", who)
        with page.expect_navigation():
            page.press("[name=password]", "Enter")
    yield page
    context.close()


def keep(page: Page, name: str) -> None:
    """Keep what the window shows, in few colours."""
    page.wait_for_load_state("networkidle")
    taken = Image.open(io.BytesIO(page.screenshot()))
    taken.convert("RGB").quantize(64).save(FOLDER / f"{name}.png", optimize=True)


def applicant(browser: Browser, url: str) -> None:
    """A service, its form with what is wrong, the same on a phone."""
    with window(browser, url) as page:
        page.goto("/")
        keep(page, "applicant-home")
        page.goto("/sluzby/membership/membership")
        keep(page, "applicant-service")
    with window(browser, url, size=PHONE) as page:
        page.goto("/sluzby/membership/membership/zadost")
        page.fill('[name="/ico"]', "12345678")
        page.get_by_role("button", name="Pokračovat").click()
        keep(page, "applicant-errors")


def clerk(browser: Browser, url: str) -> None:
    """The inbox with a task beside it, the story of its case, the inbox on a phone."""
    with window(browser, url, "sekretarka") as page:
        page.goto("/prace/ukoly?view=groups")
        item = page.locator(".item", has_text="Zkontrolovat").first
        number = re.findall(r"PRI-\d+-\d+", item.inner_text())[0]
        item.click()
        page.wait_for_selector(".task-pane h1, .task-pane h2")
        keep(page, "clerk-inbox")
        page.goto(f"/prace/pripady/{number}")
        keep(page, "clerk-case")
        page.goto(f"/prace/pripady/{number}/lhuty")
        keep(page, "clerk-deadlines")
    with window(browser, url, "sekretarka", PHONE) as page:
        page.goto("/prace/ukoly?view=all")
        keep(page, "clerk-phone")


def author(browser: Browser, url: str) -> None:
    """The agendas of the studio, one agenda, its diagram in the modeller."""
    with window(browser, url, "autor") as page:
        page.goto("/studio")
        keep(page, "author-home")
        page.goto("/studio/membership")
        keep(page, "author-agenda")
        page.goto("/studio/membership/diagramy/membership")
        if (edit := page.get_by_role("button", name="Upravit")).count():
            edit.first.click()
        page.wait_for_selector("#modeler[data-open]")
        keep(page, "author-modeller")


def operator(browser: Browser, url: str) -> None:
    """What needs them, how a process goes, what a move would do, the audit."""
    with window(browser, url, "spravce") as page:
        page.goto("/velin")
        keep(page, "operator-cockpit")
        page.goto("/velin/procesy/membership")
        page.evaluate("() => document.querySelector('.sheet').scrollIntoView({block: 'center'})")
        keep(page, "operator-process")
        page.goto("/velin/audit")
        keep(page, "operator-audit")


PEOPLE: tuple[Callable[[Browser, str], None], ...] = (applicant, clerk, author, operator)


def main() -> None:
    """Take them all."""
    url = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=wanted(CHROMIUM, "chromium"), args=["--no-sandbox"])
        for person in PEOPLE:
            person(browser, url)
        browser.close()


if __name__ == "__main__":
    main()
