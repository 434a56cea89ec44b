"""The commands of a vote that is open: codes for voters, ballots from the web and from paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from engine.commands import Command
from engine.errors import Conflict, Invalid
from engine.voting.rules import Fault


class NoSuchCode(Invalid):
    """Nobody may vote with this code."""


class VotedAlready(Conflict):
    """The person has voted already, on the web or on paper."""


class VoteIsOver(Conflict):
    """The vote has not begun yet, or it is over."""


class BadBallot(Invalid):
    """The ballot breaks the rules of the vote."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(code="bad-ballot", faults=[f"{fault.code} {fault.option}".strip() for fault in faults])
        self.faults = faults


@dataclass(frozen=True, kw_only=True)
class IssuedCode:
    """A code as it goes to the letter. It is said once and never again."""

    #: Whose it is: what the office wrote, a number in a roll. "" = nobody's in particular.
    reference: str
    code: str


@dataclass(frozen=True, kw_only=True)
class CodeLetter:
    """An e-mail with a code, for one worker."""

    letter_id: str
    poll: str
    title: str
    email: str
    language: str
    #: "" = whoever has this address has voted already
    code: str


@dataclass(frozen=True, kw_only=True)
class IssueCodes(Command[Sequence[IssuedCode]]):
    """Make codes for people of a roll, or so many for nobody in particular. Who has one keeps theirs and gets none."""

    poll: str
    references: Sequence[str] = ()
    count: int = 0


@dataclass(frozen=True, kw_only=True)
class ReplaceCode(Command[IssuedCode]):
    """Make another code for somebody of the roll whose letter was lost; the former one is void."""

    poll: str
    reference: str


@dataclass(frozen=True, kw_only=True)
class AskForCode(Command[None]):
    """Promise an e-mail with a code. Nobody is told whether there was one before."""

    poll: str
    email: str
    language: str = "cs"


@dataclass(frozen=True, kw_only=True)
class TakeCodeLetters(Command[Sequence[CodeLetter]]):
    """Give a worker the e-mails that are to be sent; each gets a new code."""


@dataclass(frozen=True, kw_only=True)
class NoteCodeLetterSent(Command[None]):
    """Forget an e-mail that was sent, its address too."""

    letter_id: str


@dataclass(frozen=True, kw_only=True)
class CastBallot(Command[str]):
    """Put a ballot from the web into the box; gives the receipt."""

    poll: str
    code: str
    marks: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class MarkPaperVoter(Command[None]):
    """Note that a person of this code, roll number or e-mail votes on paper: they can't on the web any more."""

    poll: str
    #: code, reference or e-mail, as the vote admits people
    voter: str


@dataclass(frozen=True, kw_only=True)
class EnterSheet(Command[Literal["first", "counted", "differs"]]):
    """Enter a paper ballot by its stamped number; two people enter each, and what agrees goes into the box."""

    poll: str
    number: int
    marks: Mapping[str, int]
