"""Who is asking. Local accounts; the session is checked against the database at every request."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, g
from flask import session as cookie
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.calendar import day_in_prague
from engine.errors import NotAllowed
from engine.model import Actor
from engine.queries.substitutions import standing_in
from engine.store.people import GroupMemberRow, PersonRow, TokenRow
from web.here import now, session
from web.passwords import password_fits
from web.tenancy import tenant_key


class SignInFirst(Exception):
    """Only people of the staff come in here."""


ANYONE = Actor(kind="applicant")
View = TypeVar("View", bound=Callable[..., Any])


def stamp(person: PersonRow) -> str:
    """Changes with the password and when sessions are ended, so that others end with it."""
    ended = person.sessions_ended_at.isoformat() if person.sessions_ended_at else ""
    return hashlib.sha256(f"{person.password_hash or ''}{ended}".encode()).hexdigest()[:16]


def groups_of(session: Session, person: PersonRow) -> frozenset[str]:
    """Groups and roles of a person, as they are now."""
    found = select(GroupMemberRow.group_key).where(
        GroupMemberRow.person_id == person.id, GroupMemberRow.tenant == person.tenant
    )
    return frozenset(session.scalars(found))


def actor_of(session: Session, person: PersonRow, at: datetime | None = None) -> Actor:
    """A person as the giver of commands, now or at another moment."""
    return Actor(
        kind="person",
        username=person.username,
        name=person.name,
        groups=groups_of(session, person),
        stands_in=standing_in(session, person.tenant, person.username, day_in_prague(at or now())),
    )


def find_person(session: Session, tenant: str, username: str) -> PersonRow | None:
    """An active person of the tenant."""
    found = select(PersonRow).where(PersonRow.tenant == tenant, PersonRow.username == username, PersonRow.active)
    return session.scalar(found)


def find_bearer(session: Session, tenant: str, token_hash: str) -> PersonRow | None:
    """The active person of the tenant to whom a token was given."""
    found = select(PersonRow).join(TokenRow, TokenRow.person_id == PersonRow.id)
    return session.scalar(found.where(TokenRow.token_hash == token_hash, TokenRow.tenant == tenant, PersonRow.active))


def authenticate(session: Session, tenant: str, username: str, password: str) -> PersonRow | None:
    """The person whose name and password these are."""
    person = find_person(session, tenant, username)
    fits = password_fits(person.password_hash if person else None, password)
    return person if fits else None


def sign_in(person: PersonRow) -> None:
    """Begin a session; whatever the cookie held before is gone."""
    cookie.clear()
    cookie.permanent = True
    cookie.update(person=person.id, tenant=person.tenant, stamp=stamp(person))
    g.pop("actor", None)


def sign_out() -> None:
    """End the session."""
    cookie.clear()
    g.pop("actor", None)


def signed_in(session: Session) -> Actor | None:
    """The person of the cookie, if the account still is active, of this tenant, and its password the same."""
    if cookie.get("tenant") != tenant_key():
        return None
    person = session.get(PersonRow, cookie.get("person") or "")
    valid = person is not None and person.active and person.tenant == tenant_key() and stamp(person) == cookie["stamp"]
    return actor_of(session, cast(PersonRow, person)) if valid else None


def actor() -> Actor:
    """Who is asking: a person, or an applicant without an account."""
    if "actor" not in g:
        g.actor = (signed_in(session()) if "person" in cookie else None) or ANYONE
    return cast(Actor, g.actor)


def is_signed_in() -> bool:
    """Whether a person of the staff is asking."""
    return actor().kind == "person"


def sign_in_required(view: View) -> View:
    """Send strangers to the sign-in page and back."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if not is_signed_in():
            raise SignInFirst
        return view(*args, **kwargs)

    return cast(View, guarded)


def require_group(*groups: str) -> None:
    """Refuse a person who is in none of the groups."""
    if not actor().groups & set(groups):
        raise NotAllowed()


def install(app: Flask) -> None:
    app.jinja_env.globals.update(actor=actor, is_signed_in=is_signed_in)
