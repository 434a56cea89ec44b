"""The verbs of applicants' accounts: coming in by a link, cases that belong to them, a password, their end.

Whose account it is the web has seen; commands about one are given by an applicant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from engine.commands import Command

#: How a case came to an account: sent by it, by its secret, by the e-mail and the name that it was sent with.
How = Literal["sent", "secret", "email"]


@dataclass(frozen=True, kw_only=True)
class AskToEnter(Command[None]):
    """Promise a letter with a link to an e-mail, whether there is an account of it or not."""

    email: str
    #: SHA-256 of a secret of the browser that asks.
    browser: str = field(repr=False)
    #: cs or en
    language: str
    #: Where the person was going.
    target: str = ""
    #: The account that wants this e-mail as its own; "" = whoever has the e-mail comes in.
    account_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Enter(Command[str]):
    """Use a link that was mailed: its reader has the e-mail. Gives the id of the account, a new one where none is.

    Raises LinkIsOver, and NotAllowed where a link that gives an account an e-mail is used in another browser.
    """

    secret: str = field(repr=False)
    #: SHA-256 of the secret of the browser that uses it.
    browser: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class SetAccountPassword(Command[None]):
    """Keep a password of an account, None = none; its sessions end but for the one to `keep`."""

    account_id: str
    #: argon2
    password_hash: str | None = field(repr=False)
    keep: str


@dataclass(frozen=True, kw_only=True)
class ClaimCase(Command[None]):
    """Put a case whose secret was shown among those of an account."""

    account_id: str
    instance_id: str


@dataclass(frozen=True, kw_only=True)
class ClaimByEmail(Command[int]):
    """Put cases that were sent with the account's e-mail and this name among its own, but for those of others.

    Gives how many.
    """

    account_id: str
    name: str


@dataclass(frozen=True, kw_only=True)
class EndAccount(Command[Mapping[str, int]]):
    """Delete an account with its sessions, links, drafts and what it knows of the person; gives rows by table.

    Cases stay with the office. By the person, or by the system when personal data are erased.
    """

    account_id: str
    #: Of an erasure; "" = the person wants it.
    because: str = ""
