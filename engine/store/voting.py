"""Votes. Who has voted, the sealed envelopes and the opened ballots are tables of their own (ADR 022).

None of the last three has a moment, an author, a running number or a key of another: nothing joins them. On SQLite they
are kept in the order of their random keys, so that not even the order of rows tells who came when.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.ids import new_id
from engine.store.base import Base, Owned


class PollRow(Owned, Base):
    """A vote: what stands on the ballot, when, and the result."""

    __tablename__ = "poll"
    __table_args__ = (UniqueConstraint("tenant", "key"), Index("ix_poll_instance_id", "instance_id"))
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    #: What stands in addresses.
    key: Mapped[str] = mapped_column(String(63))
    title: Mapped[str]
    #: The case that opened it.
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"))
    #: See engine.voting.rules
    rules: Mapped[dict[str, Any]]
    options: Mapped[list[Any]]
    classes: Mapped[list[Any]]
    #: codes: whoever has a letter with a code; email: whoever gets one by e-mail
    admission: Mapped[str] = mapped_column(String(20))
    #: The tally may be seen while the vote lasts.
    show_running: Mapped[bool]
    #: Paper ballots are entered by two people, each for themselves.
    two_entries: Mapped[bool]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    #: open, counted, cancelled
    state: Mapped[str] = mapped_column(String(20))
    #: Tells whether the installation still has the key that the envelopes were sealed with.
    key_check: Mapped[str] = mapped_column(String(64))
    #: Published before the vote: SHA-256 of the secret that lots are drawn from.
    commitment: Mapped[str] = mapped_column(String(64))
    sealed_secret: Mapped[bytes]
    #: The four are there when it is counted.
    secret: Mapped[str | None] = mapped_column(String(64))
    box: Mapped[str | None] = mapped_column(String(64))
    seed: Mapped[str | None] = mapped_column(String(64))
    result: Mapped[dict[str, Any] | None]


class VoterRow(Owned, Base):
    """Somebody who may vote, and whether they have. No name, no address: keyed hashes."""

    __tablename__ = "poll_voter"
    __table_args__ = (UniqueConstraint("poll_id", "code_hash"), {"sqlite_with_rowid": False})
    poll_id: Mapped[str] = mapped_column(ForeignKey("poll.id"), primary_key=True)
    identity: Mapped[str] = mapped_column(String(64), primary_key=True)
    #: None = a code is still to be mailed
    code_hash: Mapped[str | None] = mapped_column(String(64))
    #: "" = not yet; web, paper
    used: Mapped[str] = mapped_column(String(10))


class EnvelopeRow(Owned, Base):
    """A sealed ballot, while the vote lasts."""

    __tablename__ = "poll_envelope"
    __table_args__ = ({"sqlite_with_rowid": False},)
    poll_id: Mapped[str] = mapped_column(ForeignKey("poll.id"), primary_key=True)
    #: Keyed hash of the receipt.
    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    sealed: Mapped[bytes]


class BallotRow(Owned, Base):
    """What was on ballots of an opened box: the same ballot once, with how often it was there."""

    __tablename__ = "poll_ballot"
    __table_args__ = ({"sqlite_with_rowid": False},)
    poll_id: Mapped[str] = mapped_column(ForeignKey("poll.id"), primary_key=True)
    #: By the alphabet of the lines.
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: See engine.voting.published.line_of
    line: Mapped[str]
    times: Mapped[int]


class ReceiptRow(Owned, Base):
    """A receipt that was in an opened box; which ballot it lay with isn't kept."""

    __tablename__ = "poll_receipt"
    __table_args__ = ({"sqlite_with_rowid": False},)
    poll_id: Mapped[str] = mapped_column(ForeignKey("poll.id"), primary_key=True)
    receipt: Mapped[str] = mapped_column(String(40), primary_key=True)


class SheetRow(Owned, Base):
    """A paper ballot by the number stamped on it once it had left its envelope."""

    __tablename__ = "poll_sheet"
    __table_args__ = ({"sqlite_with_rowid": False},)
    poll_id: Mapped[str] = mapped_column(ForeignKey("poll.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entered_by: Mapped[str] = mapped_column(String(150))
    #: The first entry, sealed; None = the second one agreed and the ballot is in the box
    sealed: Mapped[bytes | None]


class CodeLetterRow(Owned, Base):
    """An e-mail with a code that is to be sent; gone when it was."""

    __tablename__ = "poll_letter"
    __table_args__ = (Index("ix_poll_letter_next_at", "next_at"), UniqueConstraint("poll_id", "email"))
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    poll_id: Mapped[str] = mapped_column(ForeignKey("poll.id"))
    email: Mapped[str]
    language: Mapped[str] = mapped_column(String(10))
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]
