"""Imports into registers: how far they are, what became of each row, which records the rows mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import NotAllowed, NotFound
from engine.model import Actor, Json, Variables
from engine.queries.registers import register
from engine.registering import CHECKING, COLUMNS, OF_WORKER, REFUSED
from engine.registers.definitions import Register
from engine.store.imports import ImportLineRow, ImportRow
from engine.store.record_values import unique_hash
from engine.store.registers import RecordRow, RecordUniqueRow

_AT_ONCE = 500
#: Imports whose columns are remembered.
_REMEMBERED = 20


@dataclass(frozen=True, kw_only=True)
class ImportFacts:
    """An import as its page tells of it."""

    id: str
    register: str
    filename: str
    state: str
    columns: Mapping[str, str]
    mode: str
    only_good: bool
    counts: Mapping[str, int]
    problem: Mapping[str, Json]
    begun_at: datetime
    begun_by: str
    changed_at: datetime
    sha256: str
    language: str

    @property
    def works(self) -> bool:
        """Whether a worker is at it."""
        return self.state in OF_WORKER

    @property
    def total(self) -> int:
        """How many rows were tried."""
        return sum(self.counts.get(fate, 0) for fate in ("new", "change", "same", "bad"))


@dataclass(frozen=True, kw_only=True)
class LineFacts:
    """A row of the table."""

    number: int
    fate: str
    problems: Sequence[tuple[str, str]]
    data: Variables
    record_id: str | None
    undone: str


@dataclass(frozen=True, kw_only=True)
class Target:
    """The record that a row means."""

    record_id: str
    version: int
    data: Variables


def import_of(session: Session, tenant: str, key: str, import_id: str, actor: Actor) -> ImportFacts:
    """Give an import to who may write the register and see all its columns. Raises NotFound, NotAllowed."""
    kept = register(session, tenant, key)
    if not kept.may_write(actor):
        raise NotAllowed
    row = _row(session, tenant, import_id)
    if row.register != key:
        raise NotFound
    seen = kept.readable(actor, dict.fromkeys(kept.properties))
    if any(name and name in kept.properties and name not in seen for name in row.columns.values()):
        raise NotAllowed
    return _facts(row)


def import_by_id(session: Session, tenant: str, import_id: str) -> ImportFacts:
    """Give an import to the worker. Raises NotFound."""
    return _facts(_row(session, tenant, import_id))


def content_of(session: Session, tenant: str, import_id: str) -> bytes:
    """Give the file of an import; b"" where it is thrown away. Raises NotFound."""
    return _row(session, tenant, import_id).content


def imports(session: Session, tenant: str, key: str, limit: int = 20) -> Sequence[ImportFacts]:
    """List the imports into a register, the newest first."""
    query = select(ImportRow).where(ImportRow.tenant == tenant, ImportRow.register == key)
    rows = session.scalars(query.order_by(ImportRow.begun_at.desc(), ImportRow.id).limit(limit))
    return [_facts(row) for row in rows]


def remembered(session: Session, tenant: str, key: str) -> Mapping[str, str]:
    """Give the field to which a column of this title went last time, by title."""
    query = select(ImportRow.columns).where(
        ImportRow.tenant == tenant, ImportRow.register == key, ImportRow.state.not_in((COLUMNS, CHECKING, REFUSED))
    )
    newest = session.scalars(query.order_by(ImportRow.begun_at.desc(), ImportRow.id).limit(_REMEMBERED)).all()
    return {title: name for columns in reversed(newest) for title, name in columns.items()}


def waiting(session: Session, limit: int = 10) -> Sequence[tuple[str, str]]:
    """Give tenants and ids of imports that wait for a worker, the oldest first."""
    query = select(ImportRow.tenant, ImportRow.id).where(ImportRow.state.in_(OF_WORKER))
    return [(row.tenant, row.id) for row in session.execute(query.order_by(ImportRow.changed_at).limit(limit))]


def lines(
    session: Session, tenant: str, import_id: str, fate: str = "", after: int = 0, limit: int = 100
) -> Sequence[LineFacts]:
    """List rows of the table in its order, those behind a number."""
    query = select(ImportLineRow).where(
        ImportLineRow.tenant == tenant, ImportLineRow.import_id == import_id, ImportLineRow.number > after
    )
    if fate:
        query = query.where(ImportLineRow.fate == fate)
    return [_line(row) for row in session.scalars(query.order_by(ImportLineRow.number).limit(limit))]


def all_lines(session: Session, tenant: str, import_id: str) -> Iterator[LineFacts]:
    """Give every row, piece by piece."""
    last = 0
    while piece := lines(session, tenant, import_id, after=last, limit=_AT_ONCE):
        yield from piece
        last = piece[-1].number
        session.expunge_all()


def targets(session: Session, tenant: str, kept: Register, rows: Sequence[Variables]) -> list[list[Target]]:
    """Give the records that have a unique value of each row; none, one, or several where the row means more."""
    claims = [list(_claims(kept, row)) for row in rows]
    hashes = sorted({value for each in claims for _fields, value in each})
    found: dict[tuple[str, str], str] = {}
    for at in range(0, len(hashes), _AT_ONCE):
        query = select(RecordUniqueRow.fields, RecordUniqueRow.value_hash, RecordUniqueRow.record_id).where(
            RecordUniqueRow.tenant == tenant,
            RecordUniqueRow.register == kept.key,
            RecordUniqueRow.value_hash.in_(hashes[at : at + _AT_ONCE]),
        )
        found |= {(row.fields, row.value_hash): row.record_id for row in session.execute(query)}
    records = _records(session, tenant, sorted(set(found.values())))
    wanted = [dict.fromkeys(found[one] for one in each if one in found) for each in claims]
    return [[records[one] for one in ids if one in records] for ids in wanted]


def _claims(kept: Register, row: Variables) -> Iterator[tuple[str, str]]:
    """The unique keys that a row has in full: what it doesn't say it doesn't mean."""
    for names in kept.unique:
        values = [row.get(name) for name in names]
        if not any(value in (None, "") for value in values):
            yield ",".join(names), unique_hash(values)


def _records(session: Session, tenant: str, ids: Sequence[str]) -> dict[str, Target]:
    found: dict[str, Target] = {}
    for at in range(0, len(ids), _AT_ONCE):
        query = select(RecordRow.id, RecordRow.version, RecordRow.data).where(
            RecordRow.tenant == tenant, RecordRow.id.in_(ids[at : at + _AT_ONCE]), RecordRow.state == "live"
        )
        found |= {
            row.id: Target(record_id=row.id, version=row.version, data=row.data) for row in session.execute(query)
        }
    return found


def _row(session: Session, tenant: str, import_id: str) -> ImportRow:
    row = session.scalar(select(ImportRow).where(ImportRow.tenant == tenant, ImportRow.id == import_id))
    if row is None:
        raise NotFound
    return row


def _facts(row: ImportRow) -> ImportFacts:
    return ImportFacts(
        id=row.id,
        register=row.register,
        filename=row.filename,
        state=row.state,
        columns=row.columns,
        mode=row.mode,
        only_good=row.only_good,
        counts=row.counts,
        problem=row.problem,
        begun_at=row.begun_at,
        begun_by=row.begun_by,
        changed_at=row.changed_at,
        sha256=row.sha256,
        language=row.language,
    )


def _line(row: ImportLineRow) -> LineFacts:
    return LineFacts(
        number=row.number,
        fate=row.fate,
        problems=[(str(one[0]), str(one[1])) for one in row.problems],
        data=row.data,
        record_id=row.record_id,
        undone=row.undone,
    )
