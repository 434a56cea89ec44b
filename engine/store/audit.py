"""What the audit keeps: events that no case tells, and seals over events and history. Triggers forbid changing any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import Base, JsonText, Owned, table_of
from engine.store.cases import HistoryRow, Serial

#: An entry in a seal: its number, then its digest.
_NUMBER, _DIGEST = 8, 32


class AuditEventRow(Owned, Base):
    """Something that was done or read outside the story of a case. Names no applicant, only objects by their keys."""

    __tablename__ = "audit_event"
    __table_args__ = (Index("ix_audit_event_tenant", "tenant", "id"),)
    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    #: Words joined by hyphens: add-person, signed-in, read-sensitive, exported, erased …
    kind: Mapped[str] = mapped_column(String(60))
    actor_kind: Mapped[str] = mapped_column(String(10))
    actor: Mapped[str] = mapped_column(String(150), default="")
    acting_for: Mapped[str | None] = mapped_column(String(150))
    #: person, case, task, agenda, register …
    object_kind: Mapped[str] = mapped_column(String(30), default="")
    object_id: Mapped[str] = mapped_column(String(255), default="")
    facts: Mapped[dict[str, Any] | None] = mapped_column(JsonText)


class AuditSealRow(Owned, Base):
    """A handful of entries of one tenant and source, sealed together onto the seal before."""

    __tablename__ = "audit_seal"
    __table_args__ = (UniqueConstraint("tenant", "number"), Index("ix_audit_seal_upto", "source", "upto"))
    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    #: 1, 2, 3 … in each tenant
    number: Mapped[int]
    #: history or event
    source: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime]
    #: Number of its first entry in the tenant's chain.
    first: Mapped[int] = mapped_column(BigInteger)
    count: Mapped[int]
    #: The biggest number among its entries.
    upto: Mapped[int] = mapped_column(BigInteger)
    #: Numbers and digests of its entries, packed.
    entries: Mapped[bytes] = mapped_column(LargeBinary)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditMarkRow(Base):
    """Up to which row everything is sealed; whoever seals holds it. Of all tenants: one look finds what is new."""

    __tablename__ = "audit_mark"
    source: Mapped[str] = mapped_column(String(10), primary_key=True)
    upto: Mapped[int] = mapped_column(BigInteger)


class AuditPermitRow(Owned, Base):
    """There only within the transaction of an erasure: the one case in which rows of the history may go."""

    __tablename__ = "audit_permit"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)


def packed(entries: list[tuple[int, str]]) -> bytes:
    """Give entries as a seal keeps them."""
    return b"".join(number.to_bytes(_NUMBER, "big") + bytes.fromhex(known) for number, known in entries)


def unpacked(content: bytes) -> list[tuple[int, str]]:
    """Give the entries of a seal: number and digest."""
    size = _NUMBER + _DIGEST
    pieces = (content[begin : begin + size] for begin in range(0, len(content), size))
    return [(int.from_bytes(piece[:_NUMBER], "big"), piece[_NUMBER:].hex()) for piece in pieces]


#: What is sealed, each by its own numbers.
SOURCES: Mapping[str, Any] = {"history": table_of(HistoryRow), "event": table_of(AuditEventRow)}


def content(source: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """Give an entry as it is sealed and exported."""
    told = {name: value for name, value in row.items() if name != "tenant"}
    return told | {"source": source, "at": moment(row["at"])}


def moment(at: datetime) -> str:
    """Give a moment in the one way it is written in the chain."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def as_told(
    number: int, at: datetime, source: str, first: int, previous: str, entries: Sequence[tuple[int, str]]
) -> dict[str, Any]:
    """Give a seal as it is hashed and exported, without its hash."""
    listed = [[each, known] for each, known in entries]
    words = {"seal": number, "at": moment(at), "source": source, "first": first}
    return words | {"previous": previous, "entries": listed}
