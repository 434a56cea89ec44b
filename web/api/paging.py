"""A page of a list as an answer: the items, and the total in X-Total-Count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from engine.queries.paging import Page

Item = TypeVar("Item")


def listed(page: Page[Item]) -> tuple[Sequence[Item], dict[str, str]]:
    """The items with the header that flask-smorest adds."""
    return page.items, {"X-Total-Count": str(page.total)}
