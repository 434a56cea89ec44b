"""Takes the pictures of docs/form-builder.md by following it: `python -m tests.browser.builder_pictures`."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.conftest import FLAGS, chromium
from tests.browser.test_builder import adds, asks_only_when_exempt, begins
from tests.browser.test_office import desk
from tests.browser.town import open_town
from tests.browser.visitor import Visitor

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"


def take(author: Visitor, name: str) -> None:
    """Take a picture in few colours, so that the repository stays small."""
    taken = Image.open(BytesIO(author.page.screenshot()))
    taken.convert("RGB").quantize(48).save(PICTURES / name, optimize=True)


def main() -> None:
    """Build the beginning of the dog fee and take two pictures of it."""
    with TemporaryDirectory() as folder, open_town(Path(folder)) as town, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        with desk(browser, town, "autor") as author:
            author.page.set_viewport_size({"width": 1280, "height": 720})
            begins(author, "Poplatek ze psa")
            take(author, "builder-empty.png")
            adds(author, "Držitel psa", "Osoba: jméno, datum narození")
            asks_only_when_exempt(author)
            author.page.locator("#kdy").scroll_into_view_if_needed()
            take(author, "builder-condition.png")


if __name__ == "__main__":
    main()
