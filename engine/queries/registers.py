"""Registers: lists, search and detail with rights; the public part for everybody."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.orm import Session

from engine.errors import NotAllowed, NotFound
from engine.expressions import names_in
from engine.model import Actor, Json, Variables
from engine.queries.paging import Page, page_of
from engine.registers.definitions import Register, read_register
from engine.store.cases import InstanceRow
from engine.store.published import is_public
from engine.store.record_values import has_value
from engine.store.registers import RecordRow, RecordVersionRow, RegisterRow
from engine.store.searching import every_word, field_is, field_value
from engine.store.session import today_of


@dataclass(frozen=True, kw_only=True)
class RecordFacts:
    """A record with the fields that its reader may see."""

    id: str
    caption: str
    data: Variables
    version: int
    changed_at: datetime
    #: It was taken out; this is what it was.
    gone: bool = False


@dataclass(frozen=True, kw_only=True)
class VersionFacts:
    """A version of a record."""

    version: int
    #: None: the record was deleted.
    data: Variables | None
    changed_at: datetime
    changed_by: str
    #: The case that wrote it.
    business_key: str | None
    #: Why, in the words of who did it.
    reason: str = ""
    #: The import that wrote it.
    import_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which records to list."""

    q: str = ""
    #: Field → exact value.
    where: Mapping[str, Json] = field(default_factory=dict)
    #: Field to sort by, with `-` before it downwards; None = by caption, accents aside.
    sort: str | None = None
    page: int = 1
    page_size: int = 50


def registers(session: Session, tenant: str, actor: Actor | None = None) -> Sequence[Register]:
    """Give the registers a person may read; without a person those with a public part."""
    rows = session.scalars(select(RegisterRow).where(RegisterRow.tenant == tenant).order_by(RegisterRow.key))
    found = [read_register(row.definition) for row in rows]
    return [one for one in found if (one.may_read(actor) if actor else one.public_fields is not None)]


def registers_of_rows(session: Session, tenant: str) -> Sequence[Register]:
    """Give the registers of rows in time, whoever asks."""
    rows = session.scalars(select(RegisterRow).where(RegisterRow.tenant == tenant).order_by(RegisterRow.key))
    return [one for one in (read_register(row.definition) for row in rows) if one.series is not None]


def caption_is_public(kept: Register) -> bool:
    """Say whether captions of records are made of public fields only."""
    made_of = names_in(kept.caption) if kept.caption else kept.search[:1]
    return bool(made_of) and set(made_of) <= set(kept.public_fields or ())


def thing(session: Session, tenant: str, key: str, record_id: str) -> RecordFacts | None:
    """Give a live record to whoever holds the signed code on its label; None where there is none any more."""
    row = session.scalar(
        select(RecordRow).where(
            RecordRow.tenant == tenant,
            RecordRow.register == key,
            RecordRow.id == record_id,
            RecordRow.state == "live",
        )
    )
    return None if row is None else facts_of(row, tuple(row.data))


def register(session: Session, tenant: str, key: str) -> Register:
    """Give a register's definition. Raises NotFound."""
    row = session.scalar(select(RegisterRow).where(RegisterRow.tenant == tenant, RegisterRow.key == key))
    if row is None:
        raise NotFound(f"There is no register {key!r} here.")
    return read_register(row.definition)


def register_deployment(session: Session, tenant: str, key: str) -> str:
    """Give the deployment that published a register's definition. Raises NotFound."""
    query = select(RegisterRow.deployment_id).where(RegisterRow.tenant == tenant, RegisterRow.key == key)
    found = session.scalar(query)
    if found is None:
        raise NotFound(f"There is no register {key!r} here.")
    return found


def records(session: Session, tenant: str, key: str, wanted: Wanted, actor: Actor) -> Page[RecordFacts]:
    """List live records for a person. Raises NotAllowed; also for a filter or sort by a field that they may not see."""
    kept = register(session, tenant, key)
    if not kept.may_read(actor):
        raise NotAllowed
    visible = kept.readable(actor, dict.fromkeys(kept.properties))
    if len(visible) < len(kept.properties) and wanted.q.strip() and not set(kept.search) <= visible.keys():
        raise NotAllowed("This register can't be searched without seeing all the fields that are searched.")
    return _page(session, tenant, kept, wanted, tuple(visible))


def public_records(session: Session, tenant: str, key: str, wanted: Wanted) -> Page[RecordFacts]:
    """List the public part: public records, public fields. Raises NotFound where nothing is public."""
    kept = register(session, tenant, key)
    if kept.public_fields is None:
        raise NotFound
    # Searching where not everything is public would tell what is in the rest.
    which = [is_public(today_of(session)), every_word([RecordRow.public_search], wanted.q)]
    return _page(session, tenant, kept, replace(wanted, q=""), kept.public_fields, *which)


def public_with(session: Session, tenant: str, key: str, name: str, values: Collection[str]) -> Sequence[RecordFacts]:
    """Give a public record for each of these texts that a public field has somewhere. Raises NotFound, NotAllowed."""
    kept = register(session, tenant, key)
    if kept.public_fields is None:
        raise NotFound
    fields = kept.public_fields
    wanted = [field_is(session, RecordRow.data, _seen(name, fields), value) for value in values]
    # One record of each text, however many have it.
    ones = (
        select(func.min(RecordRow.id))
        .where(RecordRow.tenant == tenant, RecordRow.register == key, RecordRow.state == "live")
        .where(is_public(today_of(session)), or_(false(), *wanted))
        .group_by(field_value(session, RecordRow.data, name))
    )
    query = select(RecordRow).where(RecordRow.tenant == tenant, RecordRow.id.in_(ones))
    return [facts_of(row, fields) for row in session.scalars(query)]


def record(
    session: Session, tenant: str, key: str, record_id: str, actor: Actor, *, even_gone: bool = False
) -> RecordFacts:
    """Give one live record, or one that was taken out too. Raises NotFound, NotAllowed."""
    kept = register(session, tenant, key)
    if not kept.may_read(actor):
        raise NotAllowed
    row = _row(session, tenant, key, record_id, *([] if even_gone else [RecordRow.state == "live"]))
    return facts_of(row, tuple(kept.readable(actor, row.data)))


def public_record(session: Session, tenant: str, key: str, record_id: str) -> RecordFacts:
    """Give one public record. Raises NotFound."""
    kept = register(session, tenant, key)
    if kept.public_fields is None:
        raise NotFound
    return facts_of(_row(session, tenant, key, record_id, is_public(today_of(session))), kept.public_fields)


def public_by_id(session: Session, tenant: str, key: str, ids: Collection[str]) -> Mapping[str, RecordFacts]:
    """Give those of these records that are public, by id. Raises NotFound where nothing is public."""
    kept = register(session, tenant, key)
    if kept.public_fields is None:
        raise NotFound
    query = select(RecordRow).where(RecordRow.tenant == tenant, RecordRow.register == key, RecordRow.id.in_(ids))
    rows = session.scalars(query.where(RecordRow.state == "live", is_public(today_of(session))))
    return {row.id: facts_of(row, kept.public_fields) for row in rows}


def versions(session: Session, tenant: str, key: str, record_id: str, actor: Actor) -> Sequence[VersionFacts]:
    """Give the history of a record, deleted ones too, the newest first."""
    kept = register(session, tenant, key)
    if not kept.may_read(actor):
        raise NotAllowed
    _row(session, tenant, key, record_id)
    rows = session.execute(
        select(RecordVersionRow, InstanceRow.business_key)
        .outerjoin(InstanceRow, InstanceRow.id == RecordVersionRow.instance_id)
        .where(RecordVersionRow.tenant == tenant, RecordVersionRow.record_id == record_id)
        .order_by(RecordVersionRow.version.desc())
    )
    return [
        VersionFacts(
            version=row.version,
            data=None if row.data is None else kept.readable(actor, row.data),
            changed_at=row.changed_at,
            changed_by=row.changed_by,
            business_key=business_key,
            reason=row.reason,
            import_id=row.import_id,
        )
        for row, business_key in rows
    ]


def _page(
    session: Session,
    tenant: str,
    kept: Register,
    wanted: Wanted,
    fields: tuple[str, ...],
    *which: ColumnElement[bool],
) -> Page[RecordFacts]:
    query = (
        select(RecordRow)
        .where(RecordRow.tenant == tenant, RecordRow.register == kept.key, RecordRow.state == "live", *which)
        .where(*_filters(session, tenant, kept, wanted, fields))
        .order_by(*_order(session, wanted, fields), RecordRow.search, RecordRow.id)
    )
    return page_of(session, query, lambda row: facts_of(row[0], fields), wanted.page, wanted.page_size)


def _filters(
    session: Session, tenant: str, kept: Register, wanted: Wanted, fields: tuple[str, ...]
) -> list[ColumnElement[bool]]:
    filters = [has_value(session, tenant, kept, _seen(name, fields), value) for name, value in wanted.where.items()]
    return [*filters, every_word([RecordRow.search], wanted.q)] if wanted.q.strip() else filters


def _order(session: Session, wanted: Wanted, fields: tuple[str, ...]) -> list[ColumnElement[Any]]:
    if not wanted.sort:
        return []
    column = field_value(session, RecordRow.data, _seen(wanted.sort.removeprefix("-"), fields))
    return [(column.desc() if wanted.sort.startswith("-") else column.asc()).nulls_last()]


def _seen(name: str, fields: tuple[str, ...]) -> str:
    if name not in fields:
        raise NotAllowed(f"The list can't be narrowed or sorted by {name!r}.")
    return name


def _row(session: Session, tenant: str, key: str, record_id: str, *which: ColumnElement[bool]) -> RecordRow:
    row = session.scalar(
        select(RecordRow).where(
            RecordRow.tenant == tenant, RecordRow.register == key, RecordRow.id == record_id, *which
        )
    )
    if row is None:
        raise NotFound
    return row


def facts_of(row: RecordRow, fields: tuple[str, ...]) -> RecordFacts:
    """Give what is seen of a record."""
    return RecordFacts(
        id=row.id,
        caption=row.caption,
        data={name: row.data[name] for name in fields if name in row.data},
        version=row.version,
        changed_at=row.changed_at,
        gone=row.state != "live",
    )
