"""Takes the pictures of docs/form-builder.md by following it: `python -m tests.browser.builder_pictures`."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.conftest import FLAGS, chromium
from tests.browser.test_builder import (
    asks_only_when_exempt,
    asks_who_keeps_the_dog,
    begins,
    chooses,
    counts_by_age,
    fills_the_trial,
    forbids_the_future,
    sums_up,
)
from tests.browser.test_office import desk
from tests.browser.town import open_town
from tests.browser.visitor import Visitor

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"


def take(author: Visitor, name: str) -> None:
    """Take a picture in few colours, so that the repository stays small."""
    taken = Image.open(BytesIO(author.page.screenshot()))
    taken.convert("RGB").quantize(48).save(PICTURES / name, optimize=True)


def main() -> None:
    """Build the dog fee as the guide tells and take the guide's pictures on the way."""
    with TemporaryDirectory() as folder, open_town(Path(folder)) as town, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        with desk(browser, town, "autor") as author:
            author.page.set_viewport_size({"width": 1280, "height": 720})
            begins(author, "Poplatek ze psa")
            take(author, "builder-empty.png")
            asks_who_keeps_the_dog(author)
            chooses(author, "Kdo psa drží")
            take(author, "builder-alternatives.png")
            counts_by_age(author)
            asks_only_when_exempt(author)
            author.page.locator("#kdy").scroll_into_view_if_needed()
            take(author, "builder-condition.png")
            sums_up(author)
            take(author, "builder-price.png")
            forbids_the_future(author)
            take(author, "builder-rule.png")
            author.follows("Zkusit vyplnit")
            fills_the_trial(author)
            author.page.locator('[name="/prukaz_nebo_potvrzeni"]').first.scroll_into_view_if_needed()
            take(author, "builder-trial.png")


if __name__ == "__main__":
    main()
