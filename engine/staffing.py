"""The verbs of whoever looks after the people of an organisation, and of a person about their own sign-in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.commands import Command


@dataclass(frozen=True, kw_only=True)
class HirePerson(Command[None]):
    """Add somebody new. Raises Conflict where the username is taken."""

    username: str
    name: str
    email: str = ""
    groups: Sequence[str] = ()
    #: argon2 hash; None = cannot sign in by password yet.
    password_hash: str | None = None


@dataclass(frozen=True, kw_only=True)
class ChangePerson(Command[None]):
    """Correct a person's name, address and groups; a password where one is given, which ends their sessions."""

    username: str
    name: str
    email: str
    groups: Sequence[str]
    password_hash: str | None = None


@dataclass(frozen=True, kw_only=True)
class Leaving:
    """What became of the work of somebody who left."""

    #: Tasks given back to their groups.
    returned: int
    #: Tasks that only they could do: somebody has to stand in.
    stranded: int
    #: Substitutions that ended.
    substitutions: int


@dataclass(frozen=True, kw_only=True)
class DeactivatePerson(Command[Leaving]):
    """Let a person sign in no more; their tasks go back to the groups, and they stand in for nobody."""

    username: str


@dataclass(frozen=True, kw_only=True)
class ReactivatePerson(Command[None]):
    """Let a person who came back sign in again. Nothing else of what they had comes back."""

    username: str


@dataclass(frozen=True, kw_only=True)
class ChangePassword(Command[None]):
    """The acting person's own new password, as an argon2 hash. Their other sessions end."""

    password_hash: str
    #: The session that goes on.
    keep: str = ""


@dataclass(frozen=True, kw_only=True)
class ChooseLanguage(Command[None]):
    """The language in which the acting person wants to see pages."""

    language: str
