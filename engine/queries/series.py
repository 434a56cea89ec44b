"""Rows in time and what they count, for a person who may read their register."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import false, func, select
from sqlalchemy.orm import Session

from engine.errors import NotAllowed, NotFound
from engine.model import Actor, RowPhoto, Variables
from engine.queries.paging import Page, page_of
from engine.queries.registers import register
from engine.registers.definitions import Register
from engine.registers.series import plain
from engine.store.series import RowPhotoRow, SeriesRow, SeriesTotalRow


@dataclass(frozen=True, kw_only=True)
class RowFacts:
    """A row in time with the fields that its reader may see."""

    id: str
    record_id: str
    channel: str
    at: datetime
    value: int | float
    #: counted, held, refused, superseded
    state: str
    #: Why it was held back.
    reason: str
    #: "", rollover or reset
    mark: str
    supersedes: str | None
    written_at: datetime
    written_by: str
    data: Variables
    #: Whether there is a picture of it.
    photo: bool = False


@dataclass(frozen=True, kw_only=True)
class Total:
    """What rows count in one period."""

    #: 2026-03-02, 2026-03 or 2026
    period: str
    channel: str
    total: int | float


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which rows to list, the newest first."""

    since: datetime | None = None
    until: datetime | None = None
    #: One state; "" = those that stand, "all" = those too that another one stands for.
    state: str = ""
    page: int = 1
    page_size: int = 50


def rows(session: Session, tenant: str, key: str, record_id: str, wanted: Wanted, actor: Actor) -> Page[RowFacts]:
    """List rows under a record. Raises NotFound, NotAllowed."""
    kept = _of(session, tenant, key, actor)
    query = select(SeriesRow).where(
        SeriesRow.tenant == tenant, SeriesRow.record_id == record_id, SeriesRow.register == key
    )
    if wanted.state != "all":
        query = query.where(SeriesRow.state == wanted.state if wanted.state else SeriesRow.state != "superseded")
    if wanted.since is not None:
        query = query.where(SeriesRow.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(SeriesRow.at < wanted.until)
    query = query.order_by(SeriesRow.at.desc(), SeriesRow.id)
    found = page_of(session, query, lambda row: _facts(kept, actor, row[0]), wanted.page, wanted.page_size)
    pictured = set(
        session.scalars(select(RowPhotoRow.row_id).where(RowPhotoRow.row_id.in_([one.id for one in found.items])))
    )
    return replace(found, items=[replace(one, photo=one.id in pictured) for one in found.items])


def totals(  # noqa: PLR0913 as the other questions of registers
    session: Session, tenant: str, key: str, records: Collection[str], span: str, actor: Actor, since: str = ""
) -> Sequence[Total]:
    """Add up what the rows under these records count, by period and channel, from the period `since` on."""
    _of(session, tenant, key, actor)
    return public_totals(session, tenant, key, records, span, since)


def public_totals(
    session: Session, tenant: str, key: str, records: Collection[str], span: str, since: str = ""
) -> Sequence[Total]:
    """Give totals to whoever may see them by other rights than those of the rows."""
    row = SeriesTotalRow
    query = (
        select(row.period, row.channel, func.sum(row.total))
        .where(row.tenant == tenant, row.register == key, row.record_id.in_(records))
        .where(row.span == span, row.period >= since)
        .group_by(row.period, row.channel)
        .order_by(row.period, row.channel)
    )
    found = session.execute(query)
    return [Total(period=period, channel=channel, total=plain(int(total))) for period, channel, total in found]


def last_row(session: Session, tenant: str, key: str, record_id: str, channel: str = "") -> SeriesRow | None:
    """Give the newest row that counts, for whoever may see it by other rights."""
    query = select(SeriesRow).where(
        SeriesRow.tenant == tenant,
        SeriesRow.record_id == record_id,
        SeriesRow.register == key,
        SeriesRow.channel == channel,
        SeriesRow.state == "counted",
    )
    return session.scalar(query.order_by(SeriesRow.at.desc()).limit(1))


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How the rows of one record stand."""

    #: Newest row that counts or is held back, by channel.
    newest: Sequence[RowFacts] = ()
    #: How many are held back.
    held: int = 0


def standings(
    session: Session, tenant: str, key: str, records: Collection[str], actor: Actor
) -> Mapping[str, Standing]:
    """Say how the rows of these records stand, by id; who has none is missing. Raises NotFound, NotAllowed."""
    kept, row = _of(session, tenant, key, actor), SeriesRow
    standing = (row.tenant == tenant, row.register == key, row.record_id.in_(records)) if records else (false(),)
    newest = (
        select(row.record_id, row.channel, func.max(row.at).label("at"))
        .where(*standing, row.state.in_(("counted", "held")))
        .group_by(row.record_id, row.channel)
        .subquery()
    )
    query = (
        select(row)
        .join(newest, (newest.c.record_id == row.record_id) & (newest.c.channel == row.channel))
        .where(*standing, row.at == newest.c.at, row.state.in_(("counted", "held")))
        # Where two say otherwise of one moment, the one that counts.
        .order_by(row.record_id, row.channel, row.state, row.id)
    )
    found: dict[str, dict[str, RowFacts]] = {}
    for one in session.scalars(query):
        found.setdefault(one.record_id, {}).setdefault(one.channel, _facts(kept, actor, one))
    waiting = session.execute(
        select(row.record_id, func.count()).where(*standing, row.state == "held").group_by(row.record_id)
    )
    held = {record_id: count for record_id, count in waiting}
    return {one: Standing(newest=[*rows.values()], held=held.get(one, 0)) for one, rows in found.items()}


def row(session: Session, tenant: str, key: str, row_id: str, actor: Actor) -> RowFacts:
    """Give one row. Raises NotFound, NotAllowed."""
    kept = _of(session, tenant, key, actor)
    found = session.scalar(
        select(SeriesRow).where(SeriesRow.tenant == tenant, SeriesRow.register == key, SeriesRow.id == row_id)
    )
    if found is None:
        raise NotFound
    return _facts(kept, actor, found)


def photo(session: Session, tenant: str, key: str, row_id: str, actor: Actor) -> RowPhoto:
    """Give the picture of a row. Raises NotFound, NotAllowed."""
    found = session.get(RowPhotoRow, row(session, tenant, key, row_id, actor).id)
    if found is None:
        raise NotFound
    return RowPhoto(media_type=found.media_type, content=found.content)


def _of(session: Session, tenant: str, key: str, actor: Actor) -> Register:
    kept = register(session, tenant, key)
    if kept.series is None:
        raise NotFound(f"The register {key!r} has no rows in time.")
    if not kept.may_read(actor):
        raise NotAllowed
    return kept


def _facts(kept: Register, actor: Actor, row: SeriesRow) -> RowFacts:
    return RowFacts(
        id=row.id,
        record_id=row.record_id,
        channel=row.channel,
        at=row.at,
        value=plain(row.value),
        state=row.state,
        reason=row.reason,
        mark=row.mark,
        supersedes=row.supersedes,
        written_at=row.written_at,
        written_by=row.written_by,
        data=kept.readable(actor, row.data),
    )
