"""Somebody with a browser: what they type, what they see, and whether everybody could see it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from tests.browser.town import Town
from tests.browser.traffic import PATIENCE, Traffic

AXE = Path(__file__).resolve().parents[2] / "web" / "static" / "vendor" / "axe.min.js"
#: Rules of WCAG 2.2 AA and what axe recommends besides.
RUN_AXE = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations"]});
  return found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" | ")}`);
}"""
DESKTOP, PHONE, NARROW = 1280, 360, 320

REACHING_OVER = """() => [...document.querySelectorAll("body *")]
  .filter((one) => one.getBoundingClientRect().right > window.innerWidth && !one.closest(".scroll, .tabs"))
  .map((one) => `${one.tagName}.${one.className} ${one.textContent.trim().slice(0, 60)}`).slice(0, 12)"""


@dataclass
class Visitor:
    """One browser window with a profile of its own."""

    page: Page
    context: BrowserContext
    town: Town
    width: int
    scripted: bool
    traffic: Traffic
    #: What the browser complained about: scripts refused by the policy, missing files.
    complaints: list[str] = field(default_factory=list)

    @classmethod
    @contextmanager
    def comes(
        cls, browser: Browser, town: Town, *, width: int = DESKTOP, scripted: bool = True, dark: bool = False
    ) -> Iterator[Visitor]:
        """Open a window."""
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            java_script_enabled=scripted,
            color_scheme="dark" if dark else "light",
            locale="cs-CZ",
        )
        context.set_default_timeout(PATIENCE * 1000)
        page = context.new_page()
        visitor = cls(page=page, context=context, town=town, width=width, scripted=scripted, traffic=Traffic(page))
        visitor.page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
        visitor.page.on("console", visitor.hears)
        try:
            yield visitor
        finally:
            context.close()

    def hears(self, message: ConsoleMessage) -> None:
        """Remember what the browser refused."""
        if "Content Security Policy" in message.text or "status of 404" in message.text:
            self.complaints.append(message.text)

    def goes(self, path: str) -> None:
        """Open an address of the town."""
        self.page.goto(path if path.startswith("http") else self.town.url + path)

    def signs_in(self, username: str, to: str = "/prace/ukoly") -> None:
        """Sign in and come to a page, or fail there and then: an answer that is late or refuses is no sign-in."""
        self.goes(f"/prihlaseni?next={to}")
        for name in ("username", "password"):
            self.page.locator(f'[name="{name}"]').fill(username)
        with self.page.expect_navigation():
            self.page.locator('[name="password"]').press("Enter")
        assert urlsplit(self.page.url).path == to, f"{username} was not let in: {self.reads()}"
        self.settles()

    def looks(self, title: str) -> None:
        """Check that this is the page, that nothing on it is cut off, and that axe finds nothing wrong."""
        self.page.wait_for_load_state()
        if title:
            expect(self.page).to_have_title(re.compile(re.escape(title)))
        assert not self.complaints, self.complaints
        if self.scripted:
            faults = self.faults()
            assert not faults, f"{self.page.url}: {faults}"
            assert self.overflow() <= 0, f"{self.page.url} is {self.overflow()} px too wide: {self.widest()}"

    def faults(self) -> list[str]:
        """What axe finds wrong with the page."""
        if not self.page.evaluate("() => Boolean(window.axe)"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found: list[str] = self.page.evaluate(RUN_AXE)
        return found

    def overflow(self) -> int:
        """By how many pixels the page is wider than the window."""
        return int(self.page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth"))

    def widest(self) -> list[str]:
        """What reaches over the right side, the innermost last."""
        return list(self.page.evaluate(REACHING_OVER))

    def presses(self, name: str) -> None:
        """Press a button by the beginning of its name, and wait for what comes."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name).first.click()
        self.settles()

    def follows(self, name: str) -> None:
        """Follow a link by the beginning of its name."""
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=name).first.click()
        self.settles()

    def settles(self) -> None:
        """Wait until nothing is loading, swapped parts too."""
        self.traffic.settles()

    def types(self, pointer: str, text: str) -> None:
        """Fill a text field of a form by its JSON pointer."""
        self.page.locator(f'[name="{pointer}"]').fill(text)

    def picks(self, pointer: str, value: str) -> None:
        """Choose a radio or a line of a select by its JSON pointer."""
        control = self.page.locator(f'[name="{pointer}"]')
        if control.first.evaluate("e => e.tagName") == "SELECT":
            control.select_option(value)
        else:
            self.page.locator(f'[name="{pointer}"][value="{value}"]').check()
        self.settles()

    def attaches(self, pointer: str, name: str, content: bytes) -> None:
        """Choose a file."""
        upload = {"name": name, "mimeType": "application/pdf", "buffer": content}
        self.page.locator(f'[name="{pointer}"][type=file]').set_input_files(upload)

    def downloads(self, name: str) -> bytes:
        """Get the file behind a link."""
        href = self.page.get_by_role("link", name=name).first.get_attribute("href") or ""
        response = self.context.request.get(self.town.url + href)
        assert response.ok, (href, response.status)
        return response.body()

    def reads(self) -> str:
        """All text of the page."""
        return self.page.inner_text("body")
