"""What may be read of votes. The tally of an open one only where the call shows it; who voted how, nowhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.errors import NotAllowed, NotFound
from engine.model import Json
from engine.store.voting import BallotRow, CodeLetterRow, EnvelopeRow, PollRow, ReceiptRow, SheetRow, VoterRow
from engine.voting.counting import Result, count
from engine.voting.envelopes import PollKey, plain_code
from engine.voting.published import marks_of, publication, read_result
from engine.voting.rules import Paper, read_paper


@dataclass(frozen=True, kw_only=True)
class PollFacts:
    """A vote as pages see it."""

    id: str
    key: str
    title: str
    instance_id: str
    paper: Paper
    admission: str
    show_running: bool
    two_entries: bool
    opens_at: datetime
    closes_at: datetime
    #: open, counted, cancelled
    state: str
    commitment: str
    #: The two and the result are there when it was counted.
    seed: str
    box: str
    result: Result | None

    @property
    def last_moment(self) -> datetime:
        """The last minute in which one may vote: whoever reads midnight may think of the day that begins."""
        return self.closes_at - timedelta(minutes=1)

    def is_open(self, now: datetime) -> bool:
        """Say whether ballots are taken now."""
        return self.state == "open" and self.opens_at <= now < self.closes_at


@dataclass(frozen=True, kw_only=True)
class Turnout:
    """How many people have voted, and how many may."""

    web: int
    paper: int
    everybody: int

    @property
    def voted(self) -> int:
        """People who have voted."""
        return self.web + self.paper


@dataclass(frozen=True, kw_only=True)
class Sheets:
    """Paper ballots that were entered."""

    counted: int
    #: Numbers that wait for their second entry.
    waiting: Sequence[int]


def polls(session: Session, tenant: str) -> list[PollFacts]:
    """Give all votes but those called off, the newest first."""
    query = select(PollRow).where(PollRow.tenant == tenant, PollRow.state != "cancelled")
    return [_facts(row) for row in session.scalars(query.order_by(PollRow.opens_at.desc(), PollRow.key))]


def poll(session: Session, tenant: str, key: str) -> PollFacts:
    """Give one vote. Raises NotFound."""
    row = session.scalar(select(PollRow).where(PollRow.tenant == tenant, PollRow.key == key))
    if row is None or row.state == "cancelled":
        raise NotFound
    return _facts(row)


def polls_of_case(session: Session, tenant: str, instance_id: str) -> list[PollFacts]:
    """Give the votes that a case opened, also those called off."""
    query = select(PollRow).where(PollRow.tenant == tenant, PollRow.instance_id == instance_id)
    return [_facts(row) for row in session.scalars(query.order_by(PollRow.opens_at))]


def turnout(session: Session, tenant: str, one: PollFacts) -> Turnout:
    """Count voters by how they voted."""
    query = select(VoterRow.used, func.count()).where(VoterRow.tenant == tenant, VoterRow.poll_id == one.id)
    found: Mapping[str, int] = {used: number for used, number in session.execute(query.group_by(VoterRow.used))}
    return Turnout(web=found.get("web", 0), paper=found.get("paper", 0), everybody=sum(found.values()))


def sheets(session: Session, tenant: str, one: PollFacts) -> Sheets:
    """Give how far the entering of paper ballots is."""
    own = (SheetRow.tenant == tenant, SheetRow.poll_id == one.id)
    waiting = session.scalars(select(SheetRow.number).where(*own, SheetRow.sealed.is_not(None))).all()
    counted = session.scalar(select(func.count()).select_from(SheetRow).where(*own, SheetRow.sealed.is_(None)))
    return Sheets(counted=counted or 0, waiting=sorted(waiting))


def where_is(
    session: Session, tenant: str, one: PollFacts, receipt: str, installation: bytes
) -> Literal["box", "counted"] | None:
    """Say whether the ballot of a receipt lies in the box or was counted; None: there is no such receipt."""
    plain = plain_code(receipt)
    if session.get(ReceiptRow, (one.id, plain)):
        return "counted"
    mark = PollKey(installation, tenant, one.id).mark("receipt", plain)
    return "box" if session.get(EnvelopeRow, (one.id, mark)) else None


def running(session: Session, tenant: str, one: PollFacts, installation: bytes) -> Result:
    """Give the tally so far, without lots. Raises NotAllowed where the call doesn't show it before the end."""
    if one.state != "open" or not one.show_running:
        raise NotAllowed
    kept = PollKey(installation, tenant, one.id)
    query = select(EnvelopeRow.sealed).where(EnvelopeRow.tenant == tenant, EnvelopeRow.poll_id == one.id)
    lines = Counter(kept.open(sealed).partition("\n")[2] for sealed in session.scalars(query))
    return count(one.paper, ((marks_of(line), times) for line, times in lines.items()), seed="")


def published_file(session: Session, tenant: str, key: str) -> Mapping[str, Json]:
    """Give everything that whoever counts again needs. Raises NotFound before it was counted."""
    row = session.scalar(select(PollRow).where(PollRow.tenant == tenant, PollRow.key == key))
    if row is None or row.state != "counted" or row.secret is None:
        raise NotFound
    ballots = session.execute(select(BallotRow.line, BallotRow.times).where(BallotRow.poll_id == row.id)).all()
    receipts = session.scalars(select(ReceiptRow.receipt).where(ReceiptRow.poll_id == row.id)).all()
    return publication(
        key=row.key,
        title=row.title,
        paper=read_paper(row.rules, row.options, row.classes),
        ballots={line: times for line, times in ballots},
        receipts=receipts,
        secret=row.secret,
    )


def tenants_with_code_letters(session: Session, now: datetime) -> Sequence[str]:
    """Give the organisations whose voters wait for an e-mail with a code."""
    query = select(CodeLetterRow.tenant).where(CodeLetterRow.next_at <= now).distinct()
    return session.scalars(query).all()


def _facts(row: PollRow) -> PollFacts:
    return PollFacts(
        id=row.id,
        key=row.key,
        title=row.title,
        instance_id=row.instance_id,
        paper=read_paper(row.rules, row.options, row.classes),
        admission=row.admission,
        show_running=row.show_running,
        two_entries=row.two_entries,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        state=row.state,
        commitment=row.commitment,
        seed=row.seed or "",
        box=row.box or "",
        result=read_result(row.result) if row.result else None,
    )
