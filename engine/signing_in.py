"""The verbs of coming in: every try is counted before anybody looks whether it is right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from engine.commands import Command
from engine.errors import EngineError


class LinkIsOver(EngineError):
    """The link that was mailed has been used, has run out, or never was."""


@dataclass(frozen=True, kw_only=True)
class Tried:
    """By what tries are counted, as keyed hashes of at most 64 characters: neither names nor addresses are kept."""

    #: Of the name that is tried, whether somebody has it or not.
    name: str
    #: Of the network address.
    address: str


@dataclass(frozen=True, kw_only=True)
class TrySignIn(Command[timedelta]):
    """Count a try to come in, before the password is looked at: several at once can't get past the count.

    Gives how long to wait; zero = go on. While one waits nothing is counted, so that a lock is never drawn out.
    """

    tried: Tried
    #: As it was typed, for the audit.
    username: str


@dataclass(frozen=True, kw_only=True)
class ForgetTries(Command[None]):
    """The try was no failure: the name begins anew, the address has one try less where one was counted."""

    tried: Tried
    address: bool = True


@dataclass(frozen=True, kw_only=True)
class PurgeTries(Command[None]):
    """Throw away what is counted no more, and links that have been over for a day."""


@dataclass(frozen=True, kw_only=True)
class AskForReset(Command[None]):
    """Promise a letter with a link to whoever has this username or e-mail and signs in by a password kept here.

    Nothing tells whether there is such a person.
    """

    typed: str


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A letter that is to be sent, with a secret that only its reader will have."""

    link_id: str
    name: str
    username: str
    email: str
    #: cs or en
    language: str
    secret: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class TakeLetters(Command[Sequence[Letter]]):
    """Give letters whose time to be sent has come; each with a new secret, of which only the hash is kept."""


@dataclass(frozen=True, kw_only=True)
class NoteLetterSent(Command[None]):
    """The mail server has it."""

    link_id: str


@dataclass(frozen=True, kw_only=True)
class ResetPassword(Command[str]):
    """Set a new password by a link that was mailed; gives the username. Raises LinkIsOver.

    The link, and all others of the person, end; so do their sessions, and the wait after wrong passwords.
    """

    secret: str = field(repr=False)
    #: argon2
    password_hash: str = field(repr=False)
