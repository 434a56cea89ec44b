"""Tenants, people, groups and tokens."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select

from engine.commands import AddPerson, AddTenant, AddToken, ChangeTenant
from engine.errors import Conflict, Invalid, NotAllowed, NotFound
from engine.handlers.registry import handles
from engine.handlers.sessions import end_all
from engine.handlers.work import Work
from engine.ids import new_id
from engine.model import ROLE_ADMIN, Actor
from engine.staffing import ChooseLanguage
from engine.store.people import GroupMemberRow, PersonRow, TenantRow, TokenRow


@handles(AddTenant)
def add_tenant(work: Work, command: AddTenant) -> None:
    """Write a new organisation down. Only the installation itself may."""
    if work.actor.kind != "system":
        raise NotAllowed
    if work.session.get(TenantRow, command.tenant):
        raise Conflict(f"There is an organisation {command.tenant!r} already.", tenant=command.tenant)
    work.session.add(
        TenantRow(key=command.tenant, name=command.name, settings=dict(command.settings), created_at=work.now)
    )


@handles(ChangeTenant)
def change_tenant(work: Work, command: ChangeTenant) -> None:
    """Write it down; its administrator may."""
    must_administer(work.actor)
    row = work.session.scalar(select(TenantRow).where(TenantRow.key == work.tenant).with_for_update())
    if row is None:
        raise NotFound
    if not command.name.strip():
        raise Invalid("An organisation has a name.")
    settings = {**row.settings, **command.settings}
    row.name, row.settings = command.name, {name: value for name, value in settings.items() if value is not None}


@handles(AddPerson)
def add_person(work: Work, command: AddPerson) -> str:
    """Add a person or bring one up to date; their groups are then exactly the given ones."""
    must_administer(work.actor)
    if not command.username.strip():
        raise Invalid("A person needs a username.")
    person = person_called(work, command.username)
    if person is None:
        person = PersonRow(id=new_id(), tenant=work.tenant, username=command.username, created_at=work.now)
        work.session.add(person)
    person.name, person.email = command.name, command.email
    if command.password_hash is not None:
        set_password(work, person, command.password_hash)
    work.session.flush()
    set_groups(work, person, command.groups)
    return person.id


def set_password(work: Work, person: PersonRow, password_hash: str, keep: str = "") -> None:
    """Keep a password; sessions end but for the one to `keep`.

    Those of the directory have theirs there: with another one here they would never leave.
    """
    if person.directory_id is not None:
        raise NotAllowed("They sign in with the password of the directory.")
    person.password_hash = password_hash
    end_all(work, person.id, keep)


@handles(ChooseLanguage)
def choose_language(work: Work, command: ChooseLanguage) -> None:
    """Remember a person's own language."""
    person = person_called(work, work.actor.username) if work.actor.kind == "person" else None
    if person is None:
        raise NotAllowed
    person.language = command.language[:2]


@handles(AddToken)
def add_token(work: Work, command: AddToken) -> None:
    """Give a person one more API token."""
    person = administered(work, command.username)
    work.session.add(
        TokenRow(
            id=new_id(),
            tenant=work.tenant,
            person_id=person.id,
            token_hash=command.token_hash,
            label=command.label,
            created_at=work.now,
        )
    )


def must_administer(actor: Actor) -> None:
    """Refuse whoever looks after no people here."""
    if actor.kind != "system" and ROLE_ADMIN not in actor.groups:
        raise NotAllowed


def person_called(work: Work, username: str) -> PersonRow | None:
    """Somebody of the tenant, active or not."""
    statement = select(PersonRow).where(PersonRow.tenant == work.tenant, PersonRow.username == username)
    return work.session.execute(statement).scalar_one_or_none()


def themselves(work: Work) -> PersonRow:
    """The acting person. Raises NotAllowed where they may not act any more."""
    person = person_called(work, work.actor.username) if work.actor.kind == "person" else None
    if person is None or not person.active:
        raise NotAllowed
    return person


def administered(work: Work, username: str) -> PersonRow:
    """Somebody whom the actor looks after. Raises NotFound."""
    must_administer(work.actor)
    person = person_called(work, username)
    if person is None:
        raise NotFound(f"There is nobody called {username!r} here.", username=username)
    return person


def set_groups(work: Work, person: PersonRow, groups: Sequence[str]) -> None:
    """Make the given groups a person's only ones."""
    work.session.execute(
        delete(GroupMemberRow).where(GroupMemberRow.person_id == person.id, GroupMemberRow.tenant == work.tenant)
    )
    work.session.add_all(
        GroupMemberRow(id=new_id(), tenant=work.tenant, person_id=person.id, group_key=key)
        for key in dict.fromkeys(groups)
    )
