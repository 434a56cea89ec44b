"""The verbs of the second factor: codes of an application in one's phone (TOTP, RFC 6238), and codes on paper.

The engine never sees a secret or a code: it keeps what was sealed, and which step of time was used last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from engine.commands import Command
from engine.errors import EngineError, NotAllowed


class CodeIsOver(EngineError):
    """The code has been used, or isn't one of this person's."""


class FactorIsDemanded(NotAllowed):
    """The organisation wants a second factor of this person, so it can't be switched off."""


@dataclass(frozen=True, kw_only=True)
class StartSecondFactor(Command[None]):
    """Keep a secret of the acting person that isn't confirmed yet, instead of an earlier one of that kind.

    Raises Conflict where they have a second factor.
    """

    #: The secret as it is kept: encrypted.
    sealed: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class ConfirmSecondFactor(Command[None]):
    """The acting person has typed a right code: from now on one is asked for. Their other sessions end.

    Raises Conflict where nothing waits to be confirmed.
    """

    #: Number of the thirty seconds that the code was of.
    step: int
    #: SHA-256 of each recovery code.
    hashes: Sequence[str] = field(repr=False)
    #: The session that goes on.
    keep: str


@dataclass(frozen=True, kw_only=True)
class UseCode(Command[None]):
    """A code of this step was right; it won't do again, nor an earlier one. Raises CodeIsOver."""

    step: int
    #: The secret sealed with the newest key, where it was with an older one.
    sealed: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class UseRecoveryCode(Command[int]):
    """Use a recovery code of the acting person; gives how many are left. Raises CodeIsOver."""

    hashed: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class RenewRecoveryCodes(Command[None]):
    """Keep new recovery codes of the acting person instead of the old ones."""

    hashes: Sequence[str] = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class DropSecondFactor(Command[None]):
    """The acting person wants no second factor any more. Raises FactorIsDemanded."""


@dataclass(frozen=True, kw_only=True)
class ResetSecondFactor(Command[None]):
    """Take the second factor of a person who lost it away; their sessions end. Raises Invalid without a reason."""

    username: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Reseal(Command[None]):
    """Keep secrets encrypted with another key. Those that changed meanwhile stay."""

    #: What was kept → what is kept from now on.

    instead: Mapping[str, str] = field(repr=False)
