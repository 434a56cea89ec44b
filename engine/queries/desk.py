"""What people of the staff arranged for themselves: views of the inbox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from engine.model import ROLE_ADMIN, ROLES, Actor
from engine.store.desk import SavedViewRow
from engine.store.people import GroupRow, PersonRow


@dataclass(frozen=True, kw_only=True)
class SavedViewFacts:
    """A list of the inbox under a name."""

    id: str
    name: str
    #: Parameters of the list as its address has them.
    given: Mapping[str, str]
    #: Title of the group that finds it among theirs: {"cs", "en"}; None = only whoever keeps it.
    group: Mapping[str, str] | None
    #: Who keeps it, where that is somebody else.
    kept_by: str | None
    may_forget: bool


def saved_views(session: Session, tenant: str, actor: Actor) -> Sequence[SavedViewFacts]:
    """Give the views that a person keeps, and behind them those that are shared with them."""
    rows = session.execute(
        select(SavedViewRow, GroupRow.title, PersonRow.name)
        .outerjoin(GroupRow, and_(GroupRow.tenant == SavedViewRow.tenant, GroupRow.key == SavedViewRow.group_key))
        .outerjoin(
            PersonRow, and_(PersonRow.tenant == SavedViewRow.tenant, PersonRow.username == SavedViewRow.username)
        )
        .where(SavedViewRow.tenant == tenant)
        .where(
            or_(SavedViewRow.username == actor.username, SavedViewRow.group_key.in_(sorted(_shared_with(actor)))),
        )
        .order_by(SavedViewRow.username != actor.username, SavedViewRow.name, SavedViewRow.id)
    )
    return [_facts(row, title, name, actor) for row, title, name in rows]


def _shared_with(actor: Actor) -> frozenset[str]:
    """Own groups, and those of colleagues for whom the person stands in."""
    return actor.groups.union(*(away.groups for away in actor.stands_in)) - ROLES


def _facts(row: SavedViewRow, title: Mapping[str, str] | None, name: str | None, actor: Actor) -> SavedViewFacts:
    own = row.username == actor.username
    return SavedViewFacts(
        id=row.id,
        name=row.name,
        given=row.given,
        group=None if row.group_key is None else title or {"cs": row.group_key},
        kept_by=None if own else name or row.username,
        may_forget=own or ROLE_ADMIN in actor.groups,
    )
