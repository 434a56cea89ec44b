"""What records are tied to: both ways, now and before, as far as the reader sees the other registers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.model import Actor, Variables
from engine.queries.registers import register, registers
from engine.registers.definitions import Link, Register
from engine.store.links import LinkRow
from engine.store.registers import RecordRow


@dataclass(frozen=True, kw_only=True)
class Tie:
    """One record tied to another."""

    other_id: str
    caption: str
    #: The other one has left its register.
    gone: bool
    data: Variables
    made_at: datetime
    made_by: str
    ended_at: datetime | None
    ended_by: str


@dataclass(frozen=True, kw_only=True)
class Ties:
    """The ties of a record by one link."""

    link: Link
    #: The register at the other end.
    other: Register
    #: Seen from the other end: the other records name this one.
    backwards: bool
    now: Sequence[Tie] = field(default_factory=tuple)
    before: Sequence[Tie] = field(default_factory=tuple)


def ties_of(session: Session, tenant: str, kept: Register, record_id: str, actor: Actor) -> list[Ties]:
    """Give the ties of a record by each link of its register, and by links of others that lead here."""
    found = []
    for link in kept.links.values():
        other = _seen(session, tenant, link.to, actor)
        if other is not None:
            found.append(_ties(session, tenant, link, other, record_id, backwards=False))
    for other in registers(session, tenant, actor):
        for link in other.links.values():
            if link.to == kept.key:
                ties = _ties(session, tenant, link, other, record_id, backwards=True)
                found += [ties] if ties.now or ties.before else []
    return found


def _seen(session: Session, tenant: str, key: str, actor: Actor) -> Register | None:
    try:
        other = register(session, tenant, key)
    except NotFound:
        return None
    return other if other.may_read(actor) else None


def _ties(session: Session, tenant: str, link: Link, other: Register, record_id: str, *, backwards: bool) -> Ties:
    here, there = (LinkRow.other_id, LinkRow.record_id) if backwards else (LinkRow.record_id, LinkRow.other_id)
    owner = LinkRow.register == other.key if backwards else LinkRow.other_register == other.key
    query = (
        select(LinkRow, RecordRow.id, RecordRow.caption, RecordRow.state)
        .join(RecordRow, RecordRow.id == there)
        .where(LinkRow.tenant == tenant, LinkRow.name == link.name, here == record_id, owner)
        .order_by(LinkRow.ended_at.desc(), RecordRow.sort_key, RecordRow.id)
    )
    ties = [
        Tie(
            other_id=other_id,
            caption=caption,
            gone=state != "live",
            data=row.data,
            made_at=row.made_at,
            made_by=row.made_by,
            ended_at=row.ended_at,
            ended_by=row.ended_by,
        )
        for row, other_id, caption, state in session.execute(query)
    ]
    return Ties(
        link=link,
        other=other,
        backwards=backwards,
        now=[one for one in ties if one.ended_at is None],
        before=[one for one in ties if one.ended_at is not None],
    )
