"""Views of the inbox, kept and forgotten."""

from __future__ import annotations

from sqlalchemy import func, select

from engine.desk import ForgetView, KeepView
from engine.entitled import STAFF
from engine.errors import Invalid, NotAllowed, NotFound
from engine.handlers.registry import handles
from engine.handlers.work import Work
from engine.ids import new_id
from engine.model import ROLE_ADMIN, ROLES
from engine.store.desk import SavedViewRow

#: Longest name of a view, and how many one person keeps.
LONGEST_NAME, MOST_VIEWS = 60, 30


@handles(KeepView)
def keep_view(work: Work, command: KeepView) -> str:
    """Keep it; one of the same name gives way."""
    _must_be_staff(work)
    name = " ".join(command.name.split())
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(f"A view has a name of at most {LONGEST_NAME} characters.", reason="name")
    if command.group is not None and command.group not in work.actor.groups - ROLES:
        raise Invalid("A view is shared with a group of one's own.", reason="group")
    own = select(SavedViewRow).filter_by(tenant=work.tenant, username=work.actor.username)
    row = work.session.scalar(own.filter_by(name=name).with_for_update())
    if row is None:
        if (work.session.scalar(select(func.count()).select_from(own.subquery())) or 0) >= MOST_VIEWS:
            raise Invalid(f"One person keeps at most {MOST_VIEWS} views.", reason="many")
        row = SavedViewRow(id=new_id(), tenant=work.tenant, username=work.actor.username, name=name)
        work.session.add(row)
    row.given, row.group_key, row.kept_at = dict(command.given), command.group, work.now
    return row.id


@handles(ForgetView)
def forget_view(work: Work, command: ForgetView) -> None:
    """Take it from everybody who had it."""
    _must_be_staff(work)
    row = work.session.scalar(select(SavedViewRow).filter_by(tenant=work.tenant, id=command.view_id))
    actor = work.actor
    if row is None or (row.username != actor.username and not _is_seen_by_admin(work, row)):
        # One that belongs to somebody else is not told of, unless it is shared with the person anyway.
        raise NotAllowed if row is not None and row.group_key in actor.groups else NotFound
    work.session.delete(row)


def _is_seen_by_admin(work: Work, row: SavedViewRow) -> bool:
    return ROLE_ADMIN in work.actor.groups and row.group_key is not None


def _must_be_staff(work: Work) -> None:
    if work.actor.kind not in STAFF:
        raise NotAllowed
