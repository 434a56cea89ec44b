"""The verbs of coming in: every try is counted before anybody looks whether it is right."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from engine.commands import Command
from engine.errors import EngineError
from engine.model import Json


class LinkIsOver(EngineError):
    """The link that was mailed has been used, has run out, or never was."""


@dataclass(frozen=True, kw_only=True)
class Tried:
    """By what tries are counted, as keyed hashes of at most 64 characters: neither names nor addresses are kept."""

    #: Of the name that is tried, whether somebody has it or not.
    name: str
    #: Of the network address.
    address: str
    #: Of the name together with the address.
    place: str
    #: Of the name together with the browser in which whoever has it came in before; "" = the browser is a stranger's.
    browser: str = ""


@dataclass(frozen=True, kw_only=True)
class TrySignIn(Command[timedelta]):
    """Count a try to come in, before the password is looked at: several at once can't get past the count.

    Gives how long to wait; zero = go on. While one waits nothing is counted, so that a lock is never drawn out.
    A browser that is known is counted alone: strangers can't make its owner wait.
    """

    tried: Tried
    #: As it was typed, for the audit.
    username: str


@dataclass(frozen=True, kw_only=True)
class ForgetTries(Command[None]):
    """The try was no failure: browser and place begin anew, the name and the address have one try less."""

    tried: Tried
    #: What others tried under the name is forgotten too, and the address is left as it is: the password is a new one.
    anew: bool = False


@dataclass(frozen=True, kw_only=True)
class PurgeTries(Command[None]):
    """Throw away what is counted no more, links that have been over for a day, and sessions that nobody uses."""


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Whose a session is."""

    #: Somebody of the staff, or an applicant's account.
    kind: Literal["person", "account"]
    id: str


#: How somebody came in.
Way = Literal["password", "directory", "link", "oidc"]


@dataclass(frozen=True, kw_only=True)
class BeginSession(Command[str]):
    """Somebody has signed in; gives the id of their session. Raises NotAllowed where they may not."""

    holder: Holder
    way: Way
    #: By what they look at pages, in two words; "" = it doesn't say.
    agent: str = ""


@dataclass(frozen=True, kw_only=True)
class SeeSession(Command[None]):
    """The session is used."""

    session_id: str


@dataclass(frozen=True, kw_only=True)
class EndSession(Command[None]):
    """End one session; the holder's own, or any of the staff by an administrator. Raises NotFound."""

    holder: Holder
    session_id: str


@dataclass(frozen=True, kw_only=True)
class EndSessions(Command[int]):
    """End all sessions of somebody, by themselves or by an administrator; gives how many."""

    holder: Holder
    #: The one that goes on.
    keep: str = ""


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
    #: `reset` of a person's password, `enter` for an applicant, who has no username
    kind: Literal["reset", "enter"]
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


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Somebody as a provider knows them."""

    issuer: str
    subject: str


@dataclass(frozen=True, kw_only=True)
class AdmitByIdentity(Command[str]):
    """Create or update a person of the staff whom a provider let in; gives the id.

    Raises Conflict where the username is somebody else's, NotAllowed where an administrator deactivated them.
    """

    identity: Identity
    username: str
    name: str
    email: str
    groups: Collection[str]
    #: Groups that the provider decides about; others stay as administrators set them.
    mapped: Collection[str]


@dataclass(frozen=True, kw_only=True)
class EnterByIdentity(Command[str]):
    """Give the id of an applicant's account that has this identity, a new one where none has."""

    identity: Identity
    #: What the provider has verified: name, birthdate, address.
    claims: Mapping[str, Json] = field(default_factory=dict, repr=False)
    language: str = "cs"


@dataclass(frozen=True, kw_only=True)
class JoinIdentity(Command[None]):
    """Whoever is signed in has shown this identity: it lets them in, too. Raises Conflict where it is another's."""

    identity: Identity
    holder: Holder
    claims: Mapping[str, Json] = field(default_factory=dict, repr=False)
