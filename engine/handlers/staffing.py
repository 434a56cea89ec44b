"""People who come, change and leave; what a leaving person held goes back to those who may do it."""

from __future__ import annotations

from sqlalchemy import delete, or_, select, update

from engine.errors import Conflict, NotAllowed
from engine.handlers.auditing import note
from engine.handlers.notifying import notify
from engine.handlers.people import (
    administered,
    must_administer,
    person_called,
    set_groups,
    set_password,
    themselves,
)
from engine.handlers.registry import handles
from engine.handlers.sessions import end_all
from engine.handlers.tasks import take_from
from engine.handlers.work import Work
from engine.ids import new_id
from engine.model import ROLE_ADMIN
from engine.staffing import (
    ChangePassword,
    ChangePerson,
    DeactivatePerson,
    HirePerson,
    Leaving,
    ReactivatePerson,
)
from engine.store.cases import IS_OPEN, HumanTaskRow, InstanceRow
from engine.store.people import PersonRow, TokenRow
from engine.store.substitutions import SubstitutionRow


@handles(HirePerson)
def hire_person(work: Work, command: HirePerson) -> None:
    """Add somebody who isn't here yet."""
    must_administer(work.actor)
    if person_called(work, command.username) is not None:
        raise Conflict(f"There is somebody called {command.username!r} already.", username=command.username)
    person = PersonRow(
        id=new_id(),
        tenant=work.tenant,
        username=command.username,
        name=command.name,
        email=command.email,
        password_hash=command.password_hash,
        created_at=work.now,
    )
    work.session.add(person)
    work.session.flush()
    set_groups(work, person, command.groups)


@handles(ChangePerson)
def change_person(work: Work, command: ChangePerson) -> None:
    """Bring a person up to date. Administrators keep their own role: one at least always remains."""
    person = administered(work, command.username)
    if command.username == work.actor.username and ROLE_ADMIN not in command.groups:
        raise NotAllowed("Another administrator has to take your role away.")
    person.name, person.email = command.name, command.email
    if command.password_hash is not None:
        set_password(work, person, command.password_hash)
    set_groups(work, person, command.groups)


@handles(DeactivatePerson)
def deactivate_person(work: Work, command: DeactivatePerson) -> Leaving:
    """End a person's sign-in, tokens, tasks and the substitutions in which they stand in.

    Where they are the absent one the substitution stays: whoever stands in finishes what only they could do.
    """
    person = administered(work, command.username)
    if command.username == work.actor.username:
        raise NotAllowed("Another administrator has to deactivate you.")
    person.active = False
    end_all(work, person.id)
    work.session.execute(delete(TokenRow).where(TokenRow.tenant == work.tenant, TokenRow.person_id == person.id))
    ended = _end_substitutions(work, person)
    left = [take_from(work, task, command.username) for task in _held(work, command.username)]
    leaving = Leaving(returned=sum(left), stranded=len(left) - sum(left), substitutions=ended)
    if work.story.entries:
        # The stories of the cases tell of the tasks; the audit has to tell of the person.
        note(work, "deactivate-person", "person", command.username, {"number": leaving.returned})
    return leaving


@handles(ReactivatePerson)
def reactivate_person(work: Work, command: ReactivatePerson) -> None:
    """Let somebody in again."""
    administered(work, command.username).active = True


@handles(ChangePassword)
def change_password(work: Work, command: ChangePassword) -> None:
    """Keep the new hash."""
    set_password(work, themselves(work), command.password_hash, command.keep)


def _held(work: Work, username: str) -> list[str]:
    """Ids of open tasks that a person holds or waits to get back, case by case in one order for everybody."""
    theirs = or_(HumanTaskRow.assignee == username, HumanTaskRow.returns_to == username)
    held = select(HumanTaskRow.id).join(InstanceRow, InstanceRow.id == HumanTaskRow.instance_id)
    held = held.where(HumanTaskRow.tenant == work.tenant, IS_OPEN, theirs)
    held = held.where(InstanceRow.tenant == work.tenant)
    return list(work.session.scalars(held.order_by(HumanTaskRow.instance_id, HumanTaskRow.id)))


def _end_substitutions(work: Work, person: PersonRow) -> int:
    """Whoever is left without a substitute is told; give how many that were."""
    ended = work.session.execute(
        update(SubstitutionRow)
        .where(SubstitutionRow.tenant == work.tenant, SubstitutionRow.substitute == person.username)
        .where(SubstitutionRow.cancelled_at.is_(None), SubstitutionRow.ends_on >= work.today)
        .values(cancelled_at=work.now, cancelled_by=work.actor.username)
        .returning(SubstitutionRow.id, SubstitutionRow.absent)
    ).all()
    for username in sorted({row.absent for row in ended}):
        notify(work, username, "substitute-left", None, text=person.name)
    return len(ended)
