"""The verbs of coming in: every try is counted before anybody looks whether it is right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from engine.commands import Command


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
    """The try was no failure: the name begins anew, the address has one try less."""

    tried: Tried


@dataclass(frozen=True, kw_only=True)
class PurgeTries(Command[None]):
    """Throw away what is counted no more."""
