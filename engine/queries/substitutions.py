"""Substitution: whom somebody stands in for today, along the chain; what is arranged; whose work nobody does."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.model import ROLES, Absence
from engine.store.definitions import DeploymentRow, ProcessDefinitionRow
from engine.store.people import GroupMemberRow, PersonRow
from engine.store.substitutions import SubstitutionRow

Rows = Sequence[SubstitutionRow]


@dataclass(frozen=True, kw_only=True)
class SubstitutionFacts:
    """One arrangement, by names."""

    id: str
    absent: str
    absent_name: str
    substitute: str
    substitute_name: str
    #: Key of the agenda; None = all.
    agenda: str | None
    begins_on: date
    ends_on: date
    arranged_by: str
    running: bool
    #: Names of those who do the work today, along the chain; empty while it runs = nobody does.
    stand_ins: Sequence[str]


def standing_in(session: Session, tenant: str, username: str, today: date) -> tuple[Absence, ...]:
    """Give whom somebody stands in for today: those who asked for it, and whoever those stand in for."""
    scopes: dict[str, set[str | None]] = {}
    for absent, agenda in _passed_on(running(session, tenant, today), username):
        scopes.setdefault(absent, set()).add(agenda)
    if not scopes:
        return ()
    groups = _groups(session, tenant, scopes)
    processes = _processes(session, tenant, {key for keys in scopes.values() for key in keys if key})
    return tuple(
        Absence(
            username=absent,
            groups=frozenset(groups.get(absent, ())) - ROLES,
            processes=None if None in keys else frozenset().union(*(processes.get(str(key), ()) for key in keys)),
        )
        for absent, keys in sorted(scopes.items())
    )


def running(session: Session, tenant: str, today: date) -> Rows:
    """Give what holds today."""
    return session.scalars(
        select(SubstitutionRow)
        .where(SubstitutionRow.tenant == tenant, SubstitutionRow.cancelled_at.is_(None))
        .where(SubstitutionRow.ends_on >= today, SubstitutionRow.begins_on <= today)
        .order_by(SubstitutionRow.absent, SubstitutionRow.id)
    ).all()


def substitutions(session: Session, tenant: str, today: date, of: str | None = None) -> Sequence[SubstitutionFacts]:
    """Give what runs and what is to come, of everybody or of one person: on either side, or at the end of the chain."""
    query = select(SubstitutionRow).where(SubstitutionRow.tenant == tenant, SubstitutionRow.cancelled_at.is_(None))
    if of is not None:
        passed_on = {absent for absent, _agenda in _passed_on(running(session, tenant, today), of)}
        theirs = or_(SubstitutionRow.absent == of, SubstitutionRow.substitute == of)
        query = query.where(or_(theirs, SubstitutionRow.absent.in_(sorted(passed_on))))
    query = query.where(SubstitutionRow.ends_on >= today).order_by(SubstitutionRow.begins_on, SubstitutionRow.id)
    rows = session.scalars(query).all()
    if not rows:
        return []
    people = session.execute(
        select(PersonRow.username, PersonRow.name, PersonRow.active).where(PersonRow.tenant == tenant)
    )
    names = {row.username: (row.name, row.active) for row in people}
    now, working = running(session, tenant, today), {name for name, (_, active) in names.items() if active}
    return [_facts(row, now, names, working, today) for row in rows]


def _facts(
    row: SubstitutionRow, now: Rows, names: dict[str, tuple[str, bool]], working: Collection[str], today: date
) -> SubstitutionFacts:
    holds = row.begins_on <= today
    found = sorted(_reached(row, now, working, frozenset({row.absent}))) if holds else []
    return SubstitutionFacts(
        id=row.id,
        absent=row.absent,
        absent_name=names.get(row.absent, (row.absent, False))[0],
        substitute=row.substitute,
        substitute_name=names.get(row.substitute, (row.substitute, False))[0],
        agenda=row.agenda,
        begins_on=row.begins_on,
        ends_on=row.ends_on,
        arranged_by=row.arranged_by,
        running=holds,
        stand_ins=[names[one][0] for one in found],
    )


def _passed_on(rows: Rows, username: str) -> Iterator[tuple[str, str | None]]:
    """Each absent person with the agenda, as it comes to `username` over colleagues who are away themselves."""
    waiting: list[tuple[str, str | None]] = [(username, None)]
    seen = set(waiting)
    while waiting:
        substitute, scope = waiting.pop()
        for row in rows:
            if row.substitute != substitute or row.absent == username:
                continue
            if scope is not None and row.agenda not in (None, scope):
                continue
            found = (row.absent, scope or row.agenda)
            if found not in seen:
                seen.add(found)
                waiting.append(found)
                yield found


def _reached(row: SubstitutionRow, rows: Rows, working: Collection[str], seen: frozenset[str]) -> set[str]:
    """Who does the work of a running substitution: the substitute, or those who stand in for them."""
    substitute = row.substitute
    if substitute in seen:
        return set()
    away = [one for one in rows if one.absent == substitute and _meet(one.agenda, row.agenda)]
    whole = any(one.agenda in (None, row.agenda) for one in away)
    here = {substitute} if substitute in working and not whole else set()
    return here.union(*(_reached(one, rows, working, seen | {substitute}) for one in away))


def _meet(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other


def _groups(session: Session, tenant: str, usernames: Collection[str]) -> dict[str, set[str]]:
    rows = session.execute(
        select(PersonRow.username, GroupMemberRow.group_key)
        .join(GroupMemberRow, GroupMemberRow.person_id == PersonRow.id)
        .where(PersonRow.tenant == tenant, GroupMemberRow.tenant == tenant, PersonRow.username.in_(usernames))
    )
    found: dict[str, set[str]] = {}
    for username, group in rows:
        found.setdefault(username, set()).add(group)
    return found


def _processes(session: Session, tenant: str, agendas: Collection[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    if not agendas:
        return found
    rows = session.execute(
        select(DeploymentRow.agenda, ProcessDefinitionRow.process_key)
        .join(ProcessDefinitionRow, ProcessDefinitionRow.deployment_id == DeploymentRow.id)
        .where(DeploymentRow.tenant == tenant, DeploymentRow.agenda.in_(agendas))
        .distinct()
    )
    for agenda, process in rows:
        found.setdefault(agenda, set()).add(process)
    return found
