"""A line on which what a page asks comes late."""

from __future__ import annotations

from playwright.sync_api import Route

from tests.browser.visitor import Visitor


class SlowLine:
    """Holds back what a page asks to work out, until it is let go."""

    def __init__(self, visitor: Visitor, address: str) -> None:
        self._visitor = visitor
        self._held: list[Route] = []
        visitor.page.route(f"**{address}**", self._takes)

    def _takes(self, route: Route) -> None:
        if route.request.headers.get("hx-request"):
            self._held.append(route)
        else:
            route.continue_()

    def holds(self) -> None:
        """Wait until something is held back."""
        for _turn in range(600):
            if self._held:
                return
            self._visitor.page.wait_for_timeout(50)
        raise AssertionError("nothing was asked")

    def lets_go(self) -> None:
        """Answer whatever is asked, what was asked last first."""
        while self._held:
            for route in reversed(self._held):
                self._held.remove(route)
                with self._visitor.page.expect_response(lambda answer: bool(answer.request.headers.get("hx-request"))):
                    route.continue_()
            self._visitor.page.wait_for_timeout(500)
