"""Votes as their cases open and close them: the paper is set, the box is opened once, the count is kept."""

from __future__ import annotations

import re
import secrets
from collections import Counter

from sqlalchemy import delete, func, insert, select

from engine.calendar import parse_moment
from engine.errors import DuplicateRecord, Invalid, NotFound
from engine.handlers.work import Work
from engine.ids import new_id
from engine.model import Json, Variables
from engine.store.base import table_of
from engine.store.cases import InstanceRow
from engine.store.voting import BallotRow, CodeLetterRow, EnvelopeRow, PollRow, ReceiptRow, SheetRow, VoterRow
from engine.voting.counting import commitment_of
from engine.voting.envelopes import PollKey, WrongKey
from engine.voting.published import publication
from engine.voting.rules import Paper, read_paper

ADMISSIONS = ("codes", "email")
_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_BALLOT = {"rules", "options", "classes", "admission", "show_running", "two_entries"}
#: Rows written in one go.
_BATCH = 5_000


def open_vote(work: Work, instance: InstanceRow, parameters: Variables) -> Json:
    """Set a vote up `{key, title, opens, closes, ballot}`; its promise of lots is made now."""
    key, ballot = parameters["key"], parameters["ballot"]
    if not _KEY.fullmatch(key):
        raise Invalid("The key of a vote is made of small letters, digits and hyphens.", code="bad-key")
    if unknown := sorted(ballot.keys() - _BALLOT):
        raise Invalid(f"A ballot does not know {', '.join(unknown)}.", code="bad-ballot-paper")
    paper = read_paper(ballot.get("rules") or {}, ballot.get("options") or [], ballot.get("classes") or [])
    opens, closes = parse_moment(parameters["opens"]), parse_moment(parameters["closes"])
    if not opens < closes:
        raise Invalid("A vote ends after it begins.", code="bad-time")
    if (admission := ballot.get("admission", "codes")) not in ADMISSIONS:
        raise Invalid(f"A vote admits by {' or '.join(ADMISSIONS)}.", code="bad-admission")
    if work.session.scalar(select(PollRow.id).where(PollRow.tenant == work.tenant, PollRow.key == key)):
        raise DuplicateRecord(f"There is a vote {key!r} already.", code="duplicate-vote")
    secret, poll_id = secrets.token_hex(32), new_id()
    kept = PollKey(work.ballot_key(), work.tenant, poll_id)
    row = PollRow(
        id=poll_id,
        tenant=work.tenant,
        key=key,
        title=parameters["title"],
        instance_id=instance.id,
        rules=ballot.get("rules") or {},
        options=ballot["options"],
        classes=ballot["classes"],
        admission=admission,
        show_running=bool(ballot.get("show_running", False)),
        two_entries=bool(ballot.get("two_entries", True)),
        opens_at=opens,
        closes_at=closes,
        state="open",
        key_check=kept.check,
        commitment=commitment_of(secret),
        sealed_secret=kept.seal(secret),
    )
    work.session.add(row)
    work.session.flush()
    work.tell(instance, "vote-opened", vote=key, options=len(paper.options), commitment=row.commitment)
    return {"vote": key, "commitment": row.commitment, "options": len(paper.options)}


def close_vote(work: Work, instance: InstanceRow, parameters: Variables) -> Json:
    """Open the box of the vote `{key}` and count it. Before its end it is refused: nobody learns the tally early."""
    row = locked(work, instance, parameters["key"])
    if row.state != "open":
        raise Invalid("The vote was counted or cancelled already.", code="not-open")
    if work.now < row.closes_at:
        raise Invalid("The box stays closed until the vote is over.", code="too-early")
    kept = key_of(work, row)
    ballots, receipts = _opened(work, row, kept)
    secret = kept.open(row.sealed_secret)
    file = publication(
        key=row.key, title=row.title, paper=paper_of(row), ballots=ballots, receipts=receipts, secret=secret
    )
    _lay_out(work, row, ballots, receipts)
    row.state, row.secret, row.box, row.seed = "counted", secret, file["box"], file["seed"]
    row.result = file["result"]
    marked = _marked(work, row)
    work.tell(instance, "vote-counted", vote=row.key, ballots=file["result"]["ballots"], box=row.box)
    return {**file["result"], "seed": row.seed, "box": row.box, "voters": marked}


def cancel_vote(work: Work, instance: InstanceRow, parameters: Variables) -> Json:
    """Call a vote off `{key}`: its envelopes are destroyed unopened."""
    row = locked(work, instance, parameters["key"])
    if row.state != "open":
        raise Invalid("The vote was counted or cancelled already.", code="not-open")
    row.state = "cancelled"
    for part in (EnvelopeRow, SheetRow, CodeLetterRow, VoterRow):
        work.session.execute(delete(part).where(part.tenant == work.tenant, part.poll_id == row.id))
    work.tell(instance, "vote-cancelled", vote=row.key)
    return {"vote": row.key}


def withdraw_option(work: Work, instance: InstanceRow, parameters: Variables) -> Json:
    """Take an option `{key, option}` off the ballot; votes it was given count for nothing. Repeated: nothing."""
    row = locked(work, instance, parameters["key"])
    if row.state != "open":
        raise Invalid("The vote was counted or cancelled already.", code="not-open")
    if parameters["option"] not in {one["id"] for one in row.options}:
        raise Invalid(f"The ballot has no {parameters['option']!r}.", code="unknown-option")
    row.options = [{**one, "withdrawn": True} if one["id"] == parameters["option"] else one for one in row.options]
    work.tell(instance, "vote-option-withdrawn", vote=row.key, option=parameters["option"])
    return {"vote": row.key, "option": parameters["option"]}


def locked(work: Work, instance: InstanceRow, key: str) -> PollRow:
    """Give the case's own vote, locked against ballots that come meanwhile."""
    row = work.session.scalar(
        select(PollRow)
        .where(PollRow.tenant == work.tenant, PollRow.key == key, PollRow.instance_id == instance.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound(f"This case has no vote {key!r}.", code="unknown-vote")
    return row


def paper_of(row: PollRow) -> Paper:
    """Give what stands on the ballot."""
    return read_paper(row.rules, row.options, row.classes)


def key_of(work: Work, row: PollRow) -> PollKey:
    """Give the key of a vote. Raises WrongKey where the installation's own has changed since it began."""
    kept = PollKey(work.ballot_key(), work.tenant, row.id)
    if kept.check != row.key_check:
        raise WrongKey(code="wrong-key")
    return kept


def _opened(work: Work, row: PollRow, kept: PollKey) -> tuple[Counter[str], list[str]]:
    ballots, receipts = Counter[str](), []
    sealed = select(EnvelopeRow.sealed).where(EnvelopeRow.tenant == work.tenant, EnvelopeRow.poll_id == row.id)
    for envelope in work.session.scalars(sealed.execution_options(yield_per=_BATCH)):
        receipt, _, line = kept.open(envelope).partition("\n")
        receipts.append(receipt)
        ballots[line] += 1
    return ballots, sorted(receipts)


def _lay_out(work: Work, row: PollRow, ballots: Counter[str], receipts: list[str]) -> None:
    """Write ballots and receipts anew, each by its alphabet, and burn the envelopes: nothing tells what lay where."""
    base = {"tenant": work.tenant, "poll_id": row.id}
    lines = [base | {"number": at, "line": line, "times": ballots[line]} for at, line in enumerate(sorted(ballots), 1)]
    _write(work, BallotRow, lines)
    _write(work, ReceiptRow, [base | {"receipt": receipt} for receipt in receipts])
    for part in (EnvelopeRow, CodeLetterRow):
        work.session.execute(delete(part).where(part.tenant == work.tenant, part.poll_id == row.id))


def _write(work: Work, part: type[BallotRow] | type[ReceiptRow], rows: list[Variables]) -> None:
    for at in range(0, len(rows), _BATCH):
        work.session.execute(insert(table_of(part)), rows[at : at + _BATCH])


def _marked(work: Work, row: PollRow) -> Json:
    """Say how many people have voted by web and on paper, and how many might have."""
    by_channel = dict(
        work.session.execute(
            select(VoterRow.used, func.count())
            .where(VoterRow.tenant == work.tenant, VoterRow.poll_id == row.id)
            .group_by(VoterRow.used)
        ).all()
    )
    return {"web": by_channel.get("web", 0), "paper": by_channel.get("paper", 0), "all": sum(by_channel.values())}
