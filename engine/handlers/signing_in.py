"""Counting tries to come in. The delay doubles with every further failure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select

from engine.errors import NotAllowed
from engine.handlers.auditing import note
from engine.handlers.registry import handles
from engine.handlers.work import Work
from engine.ids import new_id
from engine.signing_in import ForgetTries, PurgeTries, Tried, TrySignIn
from engine.store.base import table_of
from engine.store.signing_in import SESSION_LIFE, LiveSessionRow, MailedLinkRow, SignInTriesRow
from engine.store.upsert import insert_new

NO_WAIT = timedelta(0)


@dataclass(frozen=True, kw_only=True)
class Patience:
    """What one kind of counting bears."""

    #: Tries that cost nothing; the last of them begins the first lock.
    free: int
    #: Time after the last try in which the count is forgotten.
    memory: timedelta
    first: timedelta = timedelta(minutes=1)
    longest: timedelta = timedelta(hours=1)

    def lock(self, failures: int) -> timedelta:
        """How long to wait after so many failures."""
        beyond = failures - self.free
        # Past twelve doublings of a minute the longest is reached anyway.
        return min(self.first * 2 ** min(beyond, 12), self.longest) if beyond >= 0 else NO_WAIT


#: A whole office comes from one address, so that one bears more and forgets sooner. A name bears what its owner can't
#: have mistyped: strangers who guess at it from one place are stopped there, and its owner isn't.
PATIENCE: Mapping[str, Patience] = {
    "browser": Patience(free=5, memory=timedelta(hours=24)),
    "name": Patience(free=50, memory=timedelta(hours=24)),
    "place": Patience(free=5, memory=timedelta(hours=24)),
    "address": Patience(free=40, memory=timedelta(hours=1)),
}
_KEYS = ("tenant", "kind", "key_hash")


@handles(TrySignIn)
def try_sign_in(work: Work, command: TrySignIn) -> timedelta:
    """Count it with the browser, or with the name, the place and the address; or say how long to wait."""
    # Everybody locks the name first and the address last: two tries never wait for each other.
    counted = [_counted(work, kind, key) for kind, key in _kinds(command.tried).items()]
    wait = max((row.locked_until - work.now for row in counted if row.locked_until), default=NO_WAIT)
    if wait > NO_WAIT:
        return wait
    for row in counted:
        _count(work, row, command.username)
    return NO_WAIT


@handles(ForgetTries)
def forget_tries(work: Work, command: ForgetTries) -> None:
    """Take the count of browser or place away, and one try from those that others share."""
    for kind, key in _kinds(command.tried, both=command.anew).items():
        row = _counted(work, kind, key)
        if kind in ("browser", "place") or command.anew:
            work.session.delete(row)
            continue
        # Whoever has an account here could otherwise guess at the others between their own successes,
        # and strangers at a name whenever its owner has come in.
        row.failures = max(row.failures - 1, 0)
        row.locked_until = None if row.failures < PATIENCE[kind].free else row.locked_until


@handles(PurgeTries)
def purge_tries(work: Work, command: PurgeTries) -> None:
    """Delete rows whose memory is over."""
    if work.actor.kind != "system":
        raise NotAllowed
    for kind, patience in PATIENCE.items():
        forgotten = (SignInTriesRow.kind == kind, SignInTriesRow.last_at < work.now - patience.memory)
        work.session.execute(delete(SignInTriesRow).where(SignInTriesRow.tenant == work.tenant, *forgotten))
    over = MailedLinkRow.expires_at < work.now - timedelta(days=1)
    work.session.execute(delete(MailedLinkRow).where(MailedLinkRow.tenant == work.tenant, over))
    unused = LiveSessionRow.seen_at <= work.now - SESSION_LIFE
    work.session.execute(delete(LiveSessionRow).where(LiveSessionRow.tenant == work.tenant, unused))


def _kinds(tried: Tried, both: bool = False) -> dict[str, str]:
    """What counts a try; `both`: all that counts anything of this name, and not the address."""
    known = {"browser": tried.browser} if tried.browser else {}
    strange = {"name": tried.name, "place": tried.place}
    return known | strange if both else known or strange | {"address": tried.address}


def _counted(work: Work, kind: str, key: str) -> SignInTriesRow:
    """The row of a name or an address, locked until this transaction ends; made where it is missing."""
    keys: dict[str, Any] = {"tenant": work.tenant, "kind": kind, "key_hash": key}
    row = keys | {"id": new_id(), "failures": 0, "last_at": work.now, "locked_until": None}
    insert_new(work.connection, table_of(SignInTriesRow), row, _KEYS)
    found = select(SignInTriesRow).filter_by(**keys).with_for_update()
    return work.session.scalars(found.execution_options(populate_existing=True)).one()


def _count(work: Work, row: SignInTriesRow, username: str) -> None:
    patience = PATIENCE[row.kind]
    row.failures = 1 if work.now - row.last_at > patience.memory else row.failures + 1
    row.last_at = work.now
    lock = patience.lock(row.failures)
    row.locked_until = work.now + lock if lock else None
    if lock:
        facts = {"by": row.kind, "number": row.failures, "seconds": int(lock.total_seconds())}
        note(work, "sign-in-locked", "person", username, facts)
