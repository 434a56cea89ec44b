"""A page of a list as an answer: the items, and the total in X-Total-Count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from flask import request

from engine.queries.paging import Page

Item = TypeVar("Item")


def listed(page: Page[Item]) -> tuple[Sequence[Item], dict[str, str]]:
    """The items with the header that flask-smorest adds; beyond the end there is nothing, so that a reader stops."""
    beyond = request.args.get("page", 1, type=int) > page.page
    return () if beyond else page.items, {"X-Total-Count": str(page.total)}
