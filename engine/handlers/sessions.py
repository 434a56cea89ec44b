"""Sessions: begun, used, ended by whose they are or by an administrator."""

from __future__ import annotations

from sqlalchemy import delete, select, update

from engine.errors import NotAllowed, NotFound
from engine.handlers.auditing import note
from engine.handlers.registry import handles
from engine.handlers.work import Work
from engine.ids import new_id
from engine.model import ROLE_ADMIN
from engine.signing_in import BeginSession, EndSession, EndSessions, Holder, SeeSession
from engine.store.people import PersonRow
from engine.store.signing_in import LiveSessionRow


@handles(BeginSession)
def begin_session(work: Work, command: BeginSession) -> str:
    """Write it down, and when the person came."""
    if command.holder.kind == "person":
        person = _person(work, command.holder)
        if not person.active or person.username != work.actor.username:
            raise NotAllowed
        person.signed_in_at = work.now
    row = LiveSessionRow(
        id=new_id(),
        tenant=work.tenant,
        holder_kind=command.holder.kind,
        holder_id=command.holder.id,
        way=command.way,
        agent=command.agent[:60],
        began_at=work.now,
        seen_at=work.now,
    )
    work.session.add(row)
    return row.id


@handles(SeeSession)
def see_session(work: Work, command: SeeSession) -> None:
    """Remember when; one that has ended meanwhile stays so."""
    which = (LiveSessionRow.tenant == work.tenant, LiveSessionRow.id == command.session_id)
    work.session.execute(update(LiveSessionRow).where(*which).values(seen_at=work.now))


@handles(EndSession)
def end_session(work: Work, command: EndSession) -> None:
    """End it."""
    whose = _whose(work, command.holder)
    found = work.session.execute(
        delete(LiveSessionRow)
        .where(LiveSessionRow.tenant == work.tenant, LiveSessionRow.id == command.session_id)
        .where(LiveSessionRow.holder_id == command.holder.id)
        .returning(LiveSessionRow.id)
    )
    if not found.all():
        raise NotFound("This session has ended.")
    note(work, "session-ended", command.holder.kind, whose)


@handles(EndSessions)
def end_sessions(work: Work, command: EndSessions) -> int:
    """End them."""
    whose = _whose(work, command.holder)
    ended = end_all(work, command.holder.id, command.keep)
    note(work, "sessions-ended", command.holder.kind, whose, {"number": ended})
    return ended


def end_all(work: Work, holder_id: str, keep: str = "") -> int:
    """End all sessions of somebody but one; gives how many."""
    theirs = (LiveSessionRow.tenant == work.tenant, LiveSessionRow.holder_id == holder_id)
    ended = delete(LiveSessionRow).where(*theirs, LiveSessionRow.id != keep).returning(LiveSessionRow.id)
    return len(work.session.execute(ended).all())


def _whose(work: Work, holder: Holder) -> str:
    """The name of whoever has the session, where the actor may end it."""
    if holder.kind == "account":
        # Whose account it is the page has seen; nobody of the staff has any business there.
        if work.actor.kind != "applicant":
            raise NotAllowed
        return holder.id
    person = _person(work, holder)
    own = person.username == work.actor.username
    if work.actor.kind != "person" or not (own or ROLE_ADMIN in work.actor.groups):
        raise NotAllowed
    return person.username


def _person(work: Work, holder: Holder) -> PersonRow:
    found = select(PersonRow).where(PersonRow.tenant == work.tenant, PersonRow.id == holder.id)
    person = work.session.scalar(found)
    if person is None:
        raise NotFound
    return person
