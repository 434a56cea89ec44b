"""What a page is loading now, so that a test goes on when the page has come to rest, on a slow machine too."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Page, Request

#: Seconds within which everything comes, however busy the machine is.
PATIENCE = 60
#: Milliseconds without a request after which nothing more is on its way: scripts send at most this late.
QUIET = 400
STEP = 50


@dataclass
class Traffic:
    """Requests of one page; `wait_for_load_state("networkidle")` knows only those of the first load."""

    page: Page
    pending: set[Request] = field(default_factory=set)
    #: Monotonic time of the newest request or answer.
    moved: float = 0.0

    def __post_init__(self) -> None:
        self.page.on("request", self._begins)
        self.page.on("requestfinished", self._ends)
        self.page.on("requestfailed", self._ends)

    def _begins(self, request: Request) -> None:
        self.pending.add(request)
        self.moved = time.monotonic()

    def _ends(self, request: Request) -> None:
        self.pending.discard(request)
        self.moved = time.monotonic()

    def settles(self) -> None:
        """Wait until whatever has just been done brought what it brings."""
        self.moved = begun = time.monotonic()
        while self.pending or time.monotonic() - self.moved < QUIET / 1000:
            if time.monotonic() - begun > PATIENCE:
                raise AssertionError(f"still loading: {sorted(one.url for one in self.pending)}")
            self.page.wait_for_timeout(STEP)
        self.page.wait_for_load_state()


@contextmanager
def settled(page: Page) -> Iterator[None]:
    """Do something with a page and wait until it brought what it brings."""
    traffic = Traffic(page)
    yield
    traffic.settles()
