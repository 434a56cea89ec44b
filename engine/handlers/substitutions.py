"""Substitution: arranged by the absent person or the head of the office, called off by the same."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, select

from engine.commands import ArrangeSubstitution, CancelSubstitution
from engine.entitled import STAFF
from engine.errors import Conflict, Invalid, NotAllowed, NotFound
from engine.handlers.registry import handles
from engine.handlers.work import Work
from engine.ids import new_id
from engine.model import ROLE_ADMIN
from engine.store.definitions import DeploymentRow
from engine.store.people import PersonRow
from engine.store.substitutions import SubstitutionRow


@handles(ArrangeSubstitution)
def arrange_substitution(work: Work, command: ArrangeSubstitution) -> str:
    """Let a colleague stand in for somebody; the same arrangement twice is one."""
    _must_arrange(work, command.absent)
    _must_make_sense(work, command)
    facts = {
        "absent": command.absent,
        "substitute": command.substitute,
        "agenda": command.agenda,
        "begins_on": command.begins_on,
        "ends_on": command.ends_on,
    }
    same = select(SubstitutionRow.id).filter_by(tenant=work.tenant, cancelled_at=None, **facts)
    if known := work.session.scalar(same):
        return known
    row = SubstitutionRow(
        id=new_id(), tenant=work.tenant, arranged_at=work.now, arranged_by=work.actor.username, **facts
    )
    work.session.add(row)
    return row.id


@handles(CancelSubstitution)
def cancel_substitution(work: Work, command: CancelSubstitution) -> None:
    """Call a substitution off; what was done under it stays done."""
    row = work.session.scalar(
        select(SubstitutionRow)
        .where(SubstitutionRow.tenant == work.tenant, SubstitutionRow.id == command.substitution_id)
        .with_for_update()
    )
    if row is None:
        raise NotFound
    _must_arrange(work, row.absent)
    if row.cancelled_at is None and row.ends_on < work.today:
        raise Conflict("The substitution is over.")
    if row.cancelled_at is None:
        row.cancelled_at, row.cancelled_by = work.now, work.actor.username


def _must_arrange(work: Work, absent: str) -> None:
    actor = work.actor
    own = actor.kind in STAFF and actor.username == absent
    if actor.kind != "system" and not own and ROLE_ADMIN not in actor.groups:
        raise NotAllowed


def _must_make_sense(work: Work, command: ArrangeSubstitution) -> None:
    # Whoever left without handing over can still be stood in for; nobody who left can stand in.
    _must_be_known(work, PersonRow.username == command.absent, command.absent)
    _must_be_known(work, and_(PersonRow.username == command.substitute, PersonRow.active), command.substitute)
    if command.absent == command.substitute:
        raise Invalid("Nobody stands in for themselves.", reason="self")
    if command.ends_on < command.begins_on:
        raise Invalid("The period ends before it begins.", reason="period")
    if command.ends_on < work.today:
        raise Invalid("The period is over already.", reason="past")
    if command.agenda is not None and not _has_agenda(work, command.agenda):
        raise NotFound(f"There is no agenda {command.agenda!r} here.", agenda=command.agenda)


def _must_be_known(work: Work, who: ColumnElement[bool], username: str) -> None:
    if work.session.execute(select(PersonRow.id).where(PersonRow.tenant == work.tenant, who)).first() is None:
        raise NotFound(f"There is nobody called {username!r} here.", username=username)


def _has_agenda(work: Work, agenda: str) -> bool:
    known = select(DeploymentRow.id).where(DeploymentRow.tenant == work.tenant, DeploymentRow.agenda == agenda)
    return work.session.execute(known.limit(1)).first() is not None
