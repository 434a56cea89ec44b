"""Ballots: a person is marked and an envelope is put into the box in one transaction, in tables that nothing joins."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Literal

from sqlalchemy import ColumnElement, and_, delete, func, select, update

from engine.entitled import STAFF
from engine.errors import Conflict, Invalid, NotAllowed, NotFound
from engine.handlers.polls import key_of, paper_of
from engine.handlers.registry import handles
from engine.handlers.rights import must_take_part
from engine.handlers.work import Work
from engine.ids import new_id
from engine.store.base import table_of
from engine.store.upsert import insert_new
from engine.store.voting import CodeLetterRow, EnvelopeRow, PollRow, SheetRow, VoterRow
from engine.voting.commands import (
    AskForCode,
    BadBallot,
    CastBallot,
    CodeLetter,
    EnterSheet,
    IssueCodes,
    IssuedCode,
    MarkPaperVoter,
    NoSuchCode,
    NoteCodeLetterSent,
    ReplaceCode,
    TakeCodeLetters,
    VotedAlready,
    VoteIsOver,
)
from engine.voting.envelopes import PollKey, new_code, new_receipt, plain_code
from engine.voting.published import line_of
from engine.voting.rules import Marks

MOST_CODES = 200_000
MOST_TRIES = 5
#: After the first failure; each further one waits twice as long.
PAUSE = timedelta(seconds=30)
_MOST_AT_ONCE = 50


@handles(IssueCodes)
def issue_codes(work: Work, command: IssueCodes) -> Sequence[IssuedCode]:
    """Make codes of a roll, or nobody's."""
    row, kept = _of_office(work, command.poll)
    if row.admission != "codes":
        raise Invalid("This vote sends codes by e-mail.", code="no-codes")
    wanted = [reference.strip() for reference in command.references if reference.strip()]
    if len(wanted) + command.count > MOST_CODES:
        raise Invalid(f"At most {MOST_CODES} codes are made at once.", code="too-many")
    references = [*dict.fromkeys(wanted), *("" for _ in range(command.count))]
    known = set(work.session.scalars(select(VoterRow.identity).where(_voters(row))))
    issued, rows = [], []
    for reference in references:
        identity = kept.mark("voter", _same(reference) or new_id())
        if identity in known:
            continue
        one = IssuedCode(reference=reference, code=new_code())
        issued.append(one)
        rows.append(
            {
                "tenant": work.tenant,
                "poll_id": row.id,
                "identity": identity,
                "code_hash": kept.mark("code", one.code),
                "used": "",
            }
        )
    if rows:
        work.session.execute(table_of(VoterRow).insert(), sorted(rows, key=lambda each: each["identity"]))
    return issued


@handles(ReplaceCode)
def replace_code(work: Work, command: ReplaceCode) -> IssuedCode:
    """Make the former one void."""
    row, kept = _of_office(work, command.poll)
    identity = kept.mark("voter", _same(command.reference))
    one = IssuedCode(reference=command.reference, code=new_code())
    _change(work, row, VoterRow.identity == identity, code_hash=kept.mark("code", one.code))
    return one


@handles(AskForCode)
def ask_for_code(work: Work, command: AskForCode) -> None:
    """Promise it once, however often it is asked for."""
    row = _open_now(work, command.poll)
    if row.admission != "email":
        raise Invalid("This vote sends codes in letters.", code="no-email")
    letter = {
        "id": new_id(),
        "tenant": work.tenant,
        "poll_id": row.id,
        "email": _same(command.email),
        "language": command.language,
        "attempts": 0,
        "next_at": work.now,
    }
    insert_new(work.connection, table_of(CodeLetterRow), letter, ("poll_id", "email"))


@handles(TakeCodeLetters)
def take_code_letters(work: Work, command: TakeCodeLetters) -> Sequence[CodeLetter]:
    """Give each to one worker and set when it is tried again should this not succeed."""
    _must_be_system(work)
    rows = work.session.execute(
        select(CodeLetterRow, PollRow)
        .join(PollRow, PollRow.id == CodeLetterRow.poll_id)
        .where(CodeLetterRow.tenant == work.tenant, CodeLetterRow.next_at <= work.now, PollRow.state == "open")
        .where(CodeLetterRow.attempts < MOST_TRIES)
        .order_by(CodeLetterRow.next_at)
        .limit(_MOST_AT_ONCE)
        .with_for_update(of=CodeLetterRow, skip_locked=True)
    ).all()
    return [_letter(work, letter, poll) for letter, poll in rows]


@handles(NoteCodeLetterSent)
def note_code_letter_sent(work: Work, command: NoteCodeLetterSent) -> None:
    """Delete its row: an address has no place beside a vote."""
    _must_be_system(work)
    which = (CodeLetterRow.tenant == work.tenant, CodeLetterRow.id == command.letter_id)
    work.session.execute(delete(CodeLetterRow).where(*which))


@handles(CastBallot)
def cast_ballot(work: Work, command: CastBallot) -> str:
    """Check the ballot, then the person, then put it in."""
    row = _open_now(work, command.poll)
    if faults := paper_of(row).faults(command.marks):
        raise BadBallot(faults)
    kept = key_of(work, row)
    code = kept.mark("code", plain_code(command.code))
    whose = VoterRow.code_hash == code
    _change(work, row, whose, used="web")
    return _put_in(work, row, kept, command.marks)


@handles(MarkPaperVoter)
def mark_paper_voter(work: Work, command: MarkPaperVoter) -> None:
    """Mark them, by whatever of the two they have; whoever votes by e-mail needn't have asked for a code."""
    row, kept = _of_office(work, command.poll)
    if not command.voter.strip():
        raise NoSuchCode
    identity = kept.mark("voter", _same(command.voter))
    whose = VoterRow.identity == identity
    if row.admission == "email":
        voter = {"tenant": work.tenant, "poll_id": row.id, "identity": identity, "code_hash": None, "used": ""}
        _insert_voter(work, voter)
    else:
        whose |= VoterRow.code_hash == kept.mark("code", plain_code(command.voter))
    _change(work, row, whose, used="paper")


@handles(EnterSheet)
def enter_sheet(work: Work, command: EnterSheet) -> Literal["first", "counted", "differs"]:
    """Keep the first entry sealed; the second one by somebody else must be the same."""
    row, kept = _of_office(work, command.poll)
    if faults := [fault for fault in paper_of(row).faults(command.marks) if fault.code != "empty"]:
        raise BadBallot(faults)
    sheet = work.session.get(SheetRow, (row.id, command.number), with_for_update=True)
    if sheet is None:
        _must_have_voter(work, row)
        sheet = SheetRow(
            tenant=work.tenant, poll_id=row.id, number=command.number, entered_by=work.actor.username, sealed=None
        )
        work.session.add(sheet)
        if not row.two_entries:
            _put_in(work, row, kept, command.marks)
            return "counted"
        sheet.sealed = kept.seal(line_of(command.marks))
        return "first"
    if sheet.sealed is None:
        raise Conflict("The sheet of this number is in the box already.", code="sheet-counted")
    if sheet.entered_by == work.actor.username:
        raise NotAllowed("The same person must not do both: four eyes are asked for.", code="same-person")
    if kept.open(sheet.sealed) != line_of(command.marks):
        # Nobody knows which of the two is right, so both look again.
        work.session.delete(sheet)
        return "differs"
    sheet.sealed = None
    _put_in(work, row, kept, command.marks)
    return "counted"


def _put_in(work: Work, row: PollRow, kept: PollKey, marks: Marks) -> str:
    receipt = new_receipt()
    envelope = {
        "tenant": work.tenant,
        "poll_id": row.id,
        "mark": kept.mark("receipt", receipt),
        "sealed": kept.seal(f"{receipt}\n{line_of(marks)}"),
    }
    work.session.execute(table_of(EnvelopeRow).insert(), envelope)
    return receipt


def _letter(work: Work, letter: CodeLetterRow, poll: PollRow) -> CodeLetter:
    kept, code = key_of(work, poll), new_code()
    identity = kept.mark("voter", letter.email)
    _insert_voter(
        work, {"tenant": work.tenant, "poll_id": poll.id, "identity": identity, "code_hash": None, "used": ""}
    )
    changed = _changed(work, poll, VoterRow.identity == identity, code_hash=kept.mark("code", code))
    letter.next_at = work.now + PAUSE * 2**letter.attempts
    letter.attempts += 1
    return CodeLetter(
        letter_id=letter.id,
        poll=poll.key,
        title=poll.title,
        email=letter.email,
        language=letter.language,
        code=code if changed else "",
    )


def _insert_voter(work: Work, voter: dict[str, str | None]) -> None:
    known = (VoterRow.tenant == work.tenant, VoterRow.poll_id == voter["poll_id"])
    if work.session.scalar(select(VoterRow.used).where(*known, VoterRow.identity == voter["identity"])) is None:
        work.session.execute(table_of(VoterRow).insert(), voter)


def _change(work: Work, row: PollRow, whose: ColumnElement[bool], **values: str) -> None:
    """Change one voter who hasn't voted, or say why it can't be. Raises NoSuchCode, VotedAlready."""
    if _changed(work, row, whose, **values):
        return
    if work.session.scalar(select(VoterRow.used).where(_voters(row), whose)) is None:
        raise NoSuchCode(code="no-such-code")
    raise VotedAlready(code="voted-already")


def _changed(work: Work, row: PollRow, whose: ColumnElement[bool], **values: str) -> bool:
    one = update(VoterRow).where(_voters(row), whose, VoterRow.used == "").values(**values)
    # No voter is ever an object of the session, so nothing in it is to be brought in line.
    changed = one.returning(VoterRow.identity).execution_options(synchronize_session=False)
    return work.session.scalar(changed) is not None


def _must_have_voter(work: Work, row: PollRow) -> None:
    """Refuse more paper ballots than people who were marked as voting on paper."""
    marked = select(func.count()).select_from(VoterRow).where(_voters(row), VoterRow.used == "paper")
    entered = select(func.count()).select_from(SheetRow)
    entered = entered.where(SheetRow.tenant == work.tenant, SheetRow.poll_id == row.id)
    if (work.session.scalar(entered) or 0) >= (work.session.scalar(marked) or 0):
        raise Invalid("There are not so many people who vote on paper: mark the person first.", code="nobody-marked")


def _voters(row: PollRow) -> ColumnElement[bool]:
    return and_(VoterRow.tenant == row.tenant, VoterRow.poll_id == row.id)


def _of_office(work: Work, key: str) -> tuple[PollRow, PollKey]:
    """Give an open vote to somebody of the office who works in its agenda, for as long as the box is closed."""
    row = _found(work, key)
    if work.actor.kind not in (*STAFF, "system"):
        raise NotAllowed
    must_take_part(work, row.instance_id)
    return row, key_of(work, row)


def _open_now(work: Work, key: str) -> PollRow:
    row = _found(work, key)
    if not row.opens_at <= work.now < row.closes_at:
        raise VoteIsOver(code="vote-closed")
    return row


def _found(work: Work, key: str) -> PollRow:
    """Give a vote that isn't counted yet; it can't be while ballots are on their way in."""
    query = select(PollRow).where(PollRow.tenant == work.tenant, PollRow.key == key)
    row = work.session.scalar(query.with_for_update(read=True).execution_options(populate_existing=True))
    if row is None:
        raise NotFound
    if row.state != "open":
        raise VoteIsOver(code="vote-closed")
    return row


def _same(text: str) -> str:
    """Give what stands for the same person however it is written."""
    return " ".join(text.lower().split())


def _must_be_system(work: Work) -> None:
    if work.actor.kind != "system":
        raise NotAllowed
