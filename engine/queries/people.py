"""People, groups, tokens, the organisation itself. Password hashes are given only to the sign-in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.model import Variables
from engine.store.people import GroupMemberRow, GroupRow, PersonRow, TenantRow, TokenRow


@dataclass(frozen=True, kw_only=True)
class TenantFacts:
    """An organisation."""

    key: str
    name: str
    settings: Variables


@dataclass(frozen=True, kw_only=True)
class PersonFacts:
    """Somebody of the staff."""

    id: str
    username: str
    name: str
    email: str
    active: bool
    groups: frozenset[str]
    #: None = never.
    signed_in_at: datetime | None = None
    #: They sign in by the organisation's directory; their password is kept there.
    of_directory: bool = False


@dataclass(frozen=True, kw_only=True)
class GroupFacts:
    """A candidate group with its members' usernames."""

    key: str
    title: Mapping[str, str]
    members: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class TokenFacts:
    """An API token, without the token."""

    id: str
    username: str
    label: str
    created_at: datetime
    used_at: datetime | None


def tenants(session: Session) -> Sequence[TenantFacts]:
    """Give all organisations of the installation."""
    rows = session.scalars(select(TenantRow).order_by(TenantRow.key))
    return [TenantFacts(key=row.key, name=row.name, settings=row.settings) for row in rows]


def tenant_of(session: Session, key: str) -> TenantFacts:
    """Give an organisation. Raises NotFound."""
    row = session.get(TenantRow, key)
    if row is None:
        raise NotFound
    return TenantFacts(key=row.key, name=row.name, settings=row.settings)


def person(session: Session, tenant: str, username: str) -> PersonFacts | None:
    """Give somebody by username."""
    found = people(session, tenant, PersonRow.username == username)
    return found[0] if found else None


def credentials(session: Session, tenant: str, username: str) -> tuple[PersonFacts, str] | None:
    """Give an active person with the argon2 hash of the password, for the sign-in; None for everybody else."""
    row = session.scalar(
        select(PersonRow).where(PersonRow.tenant == tenant, PersonRow.username == username, PersonRow.active)
    )
    facts = person(session, tenant, username) if row else None
    return (facts, row.password_hash) if row and facts and row.password_hash else None


def person_by_token(session: Session, tenant: str, token_hash: str) -> PersonFacts | None:
    """Give the active person of an API token's SHA-256."""
    found = people(
        session,
        tenant,
        PersonRow.active.is_(True),
        PersonRow.id.in_(
            select(TokenRow.person_id).where(TokenRow.tenant == tenant, TokenRow.token_hash == token_hash)
        ),
    )
    return found[0] if found else None


def people(session: Session, tenant: str, *which: ColumnElement[bool]) -> Sequence[PersonFacts]:
    """Give the staff by name."""
    rows = session.scalars(
        select(PersonRow).where(PersonRow.tenant == tenant, *which).order_by(PersonRow.name, PersonRow.username)
    ).all()
    groups: dict[str, set[str]] = {row.id: set() for row in rows}
    members = select(GroupMemberRow.person_id, GroupMemberRow.group_key).where(
        GroupMemberRow.tenant == tenant, GroupMemberRow.person_id.in_(groups)
    )
    for person_id, group in session.execute(members):
        groups[person_id].add(group)
    return [
        PersonFacts(
            id=row.id,
            username=row.username,
            name=row.name,
            email=row.email,
            active=row.active,
            groups=frozenset(groups[row.id]),
            signed_in_at=row.signed_in_at,
            of_directory=row.directory_id is not None,
        )
        for row in rows
    ]


def groups(session: Session, tenant: str) -> Sequence[GroupFacts]:
    """Give the groups with their members; one that has members and no name yet is there too."""
    named = session.execute(select(GroupRow.key, GroupRow.title).where(GroupRow.tenant == tenant))
    titles: dict[str, Mapping[str, str]] = {key: title for key, title in named}
    rows = session.execute(
        select(GroupMemberRow.group_key, PersonRow.username)
        .join(PersonRow, PersonRow.id == GroupMemberRow.person_id)
        .where(GroupMemberRow.tenant == tenant)
        .order_by(PersonRow.username)
    )
    members: dict[str, list[str]] = {key: [] for key in titles}
    for key, username in rows:
        members.setdefault(key, []).append(username)
    return [GroupFacts(key=key, title=titles.get(key, {}), members=members[key]) for key in sorted(members)]


def tokens(session: Session, tenant: str) -> Sequence[TokenFacts]:
    """Give the API tokens, the newest first."""
    rows = session.execute(
        select(TokenRow, PersonRow.username)
        .join(PersonRow, PersonRow.id == TokenRow.person_id)
        .where(TokenRow.tenant == tenant)
        .order_by(TokenRow.created_at.desc())
    )
    return [
        TokenFacts(id=row.id, username=username, label=row.label, created_at=row.created_at, used_at=row.used_at)
        for row, username in rows
    ]
