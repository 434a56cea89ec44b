"""Takes the pictures of docs/studio.md by following its guide: `python -m tests.browser.studio_pictures`."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, sync_playwright

from tests.browser import test_quarter_hour as guide
from tests.browser.builder_pictures import take
from tests.browser.conftest import FLAGS, chromium
from tests.browser.test_office import desk
from tests.browser.town import Town, open_town

SIZE = {"width": 1280, "height": 720}


def main() -> None:
    """Found the agenda as the guide tells and take its pictures on the way."""
    with TemporaryDirectory() as folder, open_town(Path(folder)) as town, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        follow(browser, town)
        browser.close()


def follow(browser: Browser, town: Town) -> None:
    """Steps 1 to 4 as an author takes them."""
    with desk(browser, town, "autor") as author:
        author.page.set_viewport_size(SIZE)
        guide.founds(author)
        take(author, "studio-agenda.png")
        guide.asks_how_much(author)
        guide.publishes_the_form(author)
        guide.draws(author)
        take(author, "studio-drawing.png")
        guide.tries(author)
        take(author, "studio-trial.png")
        guide.keeps_the_story(author)
        author.page.evaluate("() => window.scrollTo(0, 0)")
        take(author, "studio-release.png")
        guide.publishes_the_diagram(author)
        guide.offers(author)


if __name__ == "__main__":
    main()
