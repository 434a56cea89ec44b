"""One page of a list, with the total."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Row, Select, func, literal_column, select
from sqlalchemy.orm import Session

Item = TypeVar("Item")

MOST_PER_PAGE = 500


@dataclass(frozen=True, kw_only=True)
class Page(Generic[Item]):
    """Some items of a list; pages are numbered from 1."""

    items: Sequence[Item]
    page: int
    page_size: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.page_size))


def page_of(
    session: Session,
    query: Select[*tuple[Any, ...]],
    read: Callable[[Row[*tuple[Any, ...]]], Item],
    page: int = 1,
    page_size: int = 50,
    total: int | None = None,
) -> Page[Item]:
    """Run an ordered query for one page; a page beyond the end is the last one. `total` where it is known already."""
    page_size = min(max(page_size, 1), MOST_PER_PAGE)
    if total is None:
        counted = query.order_by(None).with_only_columns(func.count(), maintain_column_froms=True)
        total = session.scalar(counted) or 0
    page = min(max(page, 1), max(1, -(-total // page_size)))
    rows = session.execute(query.limit(page_size).offset((page - 1) * page_size))
    return Page(items=[read(row) for row in rows], page=page, page_size=page_size, total=total)


def page_found(
    session: Session,
    query: Select[*tuple[Any, ...]],
    read: Callable[[Row[*tuple[Any, ...]]], Item],
    page: int = 1,
    page_size: int = 50,
) -> Page[Item]:
    """Run an ordered query for one page and count it on the way: of what is dear to find and little once found."""
    page, size = max(page, 1), min(max(page_size, 1), MOST_PER_PAGE)
    counted = query.add_columns(func.count().over().label("of_all"))
    rows = session.execute(counted.limit(size).offset((page - 1) * size)).all()
    if not rows and page > 1:
        return page_of(session, query, read, page, size)
    return Page(items=[read(row) for row in rows], page=page, page_size=size, total=rows[0].of_all if rows else 0)


def count_to(session: Session, query: Select[*tuple[Any, ...]], most: int) -> int:
    """Count the rows of a query, at most so many: counting a million takes seconds."""
    some: Select[int] = query.order_by(None).with_only_columns(literal_column("1"), maintain_column_froms=True)
    return session.scalar(select(func.count()).select_from(some.limit(most).subquery())) or 0
