"""Who is asking: people of the staff. Their session is checked against the database at every request."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, Response, g, request
from flask import session as cookie
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.calendar import day_in_prague
from engine.errors import NotAllowed, NotFound
from engine.model import ROLE_AUDITOR, Actor
from engine.queries.substitutions import standing_in
from engine.signing_in import BeginSession, EndSession, Holder, SeeSession, Way
from engine.store.people import GroupMemberRow, PersonRow, TokenRow
from engine.store.signing_in import SESSION_LIFE, LiveSessionRow
from web.agents import agent_of
from web.db import close_session
from web.here import engine, now, session
from web.passwords import password_fits
from web.tenancy import tenant_key


class SignInFirst(Exception):
    """Only people of the staff come in here."""


ANYONE = Actor(kind="applicant")
#: Methods that change nothing.
SAFE = frozenset({"GET", "HEAD"})
View = TypeVar("View", bound=Callable[..., Any])


#: A session that is used is noted as seen so often.
SEEN_EVERY = timedelta(minutes=5)


def stamp(person: PersonRow) -> str:
    """Changes with the password, so that sessions end with it however it was changed."""
    return hashlib.sha256((person.password_hash or "").encode()).hexdigest()[:16]


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


def sign_in(person: PersonRow, way: Way, proven: bool = False) -> Actor:
    """Begin a session; whatever the cookie held before is gone. Gives the person as the giver of commands.

    `proven`: the second factor was asked for elsewhere.
    """
    by, key, known = actor_of(session(), person), person.tenant, stamp(person)
    holder = Holder(kind="person", id=person.id)
    close_session()
    begun = engine().execute(
        BeginSession(tenant=key, actor=by, holder=holder, way=way, agent=agent_of(request.user_agent.string))
    )
    cookie.clear()
    cookie.permanent = True
    cookie.update(person=holder.id, tenant=key, stamp=known, session=begun, proven=proven)
    g.pop("actor", None)
    return by


def go_on(person: PersonRow) -> None:
    """This session outlives a change of the password."""
    cookie["stamp"] = stamp(person)
    g.pop("actor", None)


def sign_out() -> None:
    """End the session."""
    if is_signed_in():
        ending = EndSession(tenant=tenant_key(), actor=actor(), holder=holder(), session_id=session_id())
        close_session()
        with suppress(NotFound):
            engine().execute(ending)
    cookie.clear()
    g.pop("actor", None)


def holder() -> Holder:
    """Whose the session of this request is, when somebody is signed in."""
    return Holder(kind="person", id=str(cookie.get("person", "")))


def is_proven() -> bool:
    """Whether the second factor was asked for elsewhere when this session began."""
    return bool(cookie.get("proven"))


def session_id() -> str:
    """The session of this request; "" where nobody is signed in."""
    return str(cookie.get("session", "")) if is_signed_in() else ""


def signed_in(session: Session) -> Actor | None:
    """The person of the cookie, if the session lives, the account is active, of this tenant, its password the same."""
    if cookie.get("tenant") != tenant_key():
        return None
    live = (LiveSessionRow.id == cookie.get("session", ""), LiveSessionRow.seen_at > now() - SESSION_LIFE)
    found = session.execute(
        select(PersonRow, LiveSessionRow.seen_at)
        .join(LiveSessionRow, LiveSessionRow.holder_id == PersonRow.id)
        .where(PersonRow.id == cookie["person"], PersonRow.tenant == tenant_key(), PersonRow.active, *live)
    ).first()
    if found is None or stamp(found[0]) != cookie["stamp"]:
        return None
    g.unseen = now() - found[1] > SEEN_EVERY
    return actor_of(session, found[0])


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
    if not is_of(*groups):
        raise NotAllowed()


def require_group_or_reading(*groups: str) -> None:
    """Refuse a person who is in none of the groups; whoever examines may read there and do nothing."""
    require_group(*groups, *[ROLE_AUDITOR] if request.method in SAFE else [])


def is_of(*groups: str) -> bool:
    """Whether the person is in one of the groups: pages show by it what may be done."""
    return bool(actor().groups & set(groups))


def let_in_only(*groups: str) -> Callable[[], None]:
    """Give the guard of a room: strangers sign in first, others work in it, read it as auditors, or are refused."""

    def guard() -> None:
        if not is_signed_in():
            raise SignInFirst
        require_group_or_reading(*groups)

    return guard


def note_seen(response: Response) -> Response:
    """Remember that the session is used, now and then."""
    if g.pop("unseen", False) and "session" in cookie:
        close_session()
        engine().execute(SeeSession(tenant=tenant_key(), actor=ANYONE, session_id=cookie["session"]))
    return response


def install(app: Flask) -> None:
    app.jinja_env.globals.update(actor=actor, is_of=is_of, is_signed_in=is_signed_in)
    app.after_request(note_seen)
