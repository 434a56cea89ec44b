"""Which cases a person of the staff may read: the one condition that lists, pages, files and commands share."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import Session

from engine.entitled import READING, RUNNING, STAFF, names
from engine.model import ROLE_AUDITOR, Absence, Actor
from engine.store.cases import IS_OPEN, HumanTaskRow, InstanceRow
from engine.store.definitions import AgendaGroupRow, DeploymentRow, ProcessDefinitionRow
from engine.store.searching import list_has

#: Said for the index of such tasks: they are few among all.
_NAMES_SOMEBODY = HumanTaskRow.candidates.is_not(None)


def may_read(session: Session, tenant: str, actor: Actor) -> ColumnElement[bool]:
    """Of InstanceRow: cases that this person may read."""
    return _sees(session, tenant, actor, READING)


def may_take_part(session: Session, tenant: str, actor: Actor) -> ColumnElement[bool]:
    """Of InstanceRow: cases into which this person may write: a note, a file, a message."""
    return _sees(session, tenant, actor, RUNNING)


def may_read_task(session: Session, tenant: str, actor: Actor) -> ColumnElement[bool]:
    """Of HumanTaskRow, without its case: tasks of agendas of theirs, and those that are theirs anywhere."""
    if _is_one_of(actor, READING):
        return true()
    if actor.kind not in STAFF:
        return false()
    return or_(HumanTaskRow.process_key.in_(own_processes(tenant, actor)), *_own_tasks(session, actor))


def own_processes(tenant: str, actor: Actor) -> Select[str]:
    """Give the keys of all processes of the agendas that this person works in, or somebody for whom they stand in."""
    # Where an agenda names no group, all its work is everybody's; whoever only examines has no part in it.
    own = [_names_one_of(tenant, actor.groups)]
    own += [] if ROLE_AUDITOR in actor.groups else [~_groups(tenant).exists()]
    own += [_names_one_of(tenant, each.groups) & _is_meant(each, ProcessDefinitionRow) for each in actor.stands_in]
    return (
        select(ProcessDefinitionRow.process_key)
        .join(DeploymentRow, DeploymentRow.id == ProcessDefinitionRow.deployment_id)
        .where(ProcessDefinitionRow.tenant == tenant, or_(*own))
    )


def _sees(session: Session, tenant: str, actor: Actor, roles: frozenset[str]) -> ColumnElement[bool]:
    if _is_one_of(actor, roles):
        return true()
    if actor.kind not in STAFF:
        return false()
    tasks = select(HumanTaskRow.instance_id).where(HumanTaskRow.tenant == tenant)
    return or_(
        InstanceRow.process_key.in_(own_processes(tenant, actor)),
        # Whoever enters what comes on paper sees what became of it.
        InstanceRow.started_by == actor.username,
        *[InstanceRow.id.in_(tasks.where(own)) for own in _own_tasks(session, actor)],
    )


def _groups(tenant: str) -> Select[str]:
    groups = select(AgendaGroupRow.id).where(AgendaGroupRow.tenant == tenant).correlate(DeploymentRow)
    return groups.where(AgendaGroupRow.agenda == DeploymentRow.agenda)


def _names_one_of(tenant: str, groups: Collection[str]) -> ColumnElement[bool]:
    return _groups(tenant).where(AgendaGroupRow.group_key.in_(sorted(groups))).exists()


def _is_meant(absence: Absence, row: type[ProcessDefinitionRow | HumanTaskRow]) -> ColumnElement[bool]:
    return true() if absence.processes is None else row.process_key.in_(sorted(absence.processes))


def _own_tasks(session: Session, actor: Actor) -> Iterator[ColumnElement[bool]]:
    """Tasks that were handed to the person, or that a case gives to people or to a group that it computes."""
    live = and_(IS_OPEN, HumanTaskRow.audience == "staff")
    yield HumanTaskRow.assignee.in_(sorted(names(actor)))
    yield live & HumanTaskRow.candidate_group.in_(sorted(actor.groups))
    for name in sorted(names(actor)):
        yield and_(live, _NAMES_SOMEBODY, list_has(session, HumanTaskRow.candidates, name))
    for away in actor.stands_in:
        listed = and_(_NAMES_SOMEBODY, list_has(session, HumanTaskRow.candidates, away.username))
        named = or_(HumanTaskRow.assignee == away.username, listed)
        yield and_(live, named, _is_meant(away, HumanTaskRow))


def _is_one_of(actor: Actor, roles: frozenset[str]) -> bool:
    return actor.kind == "system" or (actor.kind in STAFF and bool(actor.groups & roles))
