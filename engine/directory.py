"""The organisation's directory of people (LDAP, Active Directory): how it is reached, what it says, what it changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal

from engine.commands import Command
from engine.errors import EngineError

#: Active Directory, or any other server that speaks LDAP.
Kind = Literal["ad", "ldap"]
#: `none` only to this very machine.
Encryption = Literal["ldaps", "starttls", "none"]


class DirectoryAway(EngineError):
    """The directory can't be asked now."""


#: What the person's columns hold.
LONGEST_USERNAME, LONGEST_ID = 150, 200


@dataclass(frozen=True, kw_only=True)
class DirectorySettings:
    """How the directory of one organisation is reached and read. The password is in no place that a browser shows."""

    on: bool = False
    kind: Kind = "ldap"
    host: str = ""
    port: int = 636
    encryption: Encryption = "ldaps"
    #: Certificates (PEM) of whoever signed the server's; empty = those that the machine trusts.
    ca: str = ""
    #: Who searches.
    bind_dn: str = ""
    people_base: str = ""
    #: `{username}` stands for the escaped name; the nightly run puts `*` there.
    people_filter: str = "(&(objectClass=inetOrgPerson)(uid={username}))"
    groups_base: str = ""
    #: Group or role here → names (DN) of groups there. Whoever is in none of them does not get in.
    mapping: Mapping[str, Sequence[str]] = field(default_factory=dict)
    #: Per cent of the directory's people that one night may deactivate.
    threshold: int = 20

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> DirectorySettings:
        """From what the database keeps."""
        return cls(**kept)

    def kept(self) -> dict[str, Any]:
        """For the database."""
        return asdict(self)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One person as the directory says; `groups` are keys here."""

    #: Stays when the name changes: entryUUID or objectGUID.
    id: str
    username: str
    name: str
    email: str = ""
    groups: frozenset[str] = frozenset()

    @property
    def is_usable(self) -> bool:
        """Whether it can be kept: an administrator of the directory may write anything into it."""
        printable = all(text.isprintable() for text in (self.id, self.username, self.name, self.email))
        return printable and 0 < len(self.username) <= LONGEST_USERNAME and 0 < len(self.id) <= LONGEST_ID


@dataclass(frozen=True, kw_only=True)
class SyncReport:
    """What a nightly run did, as usernames."""

    at: datetime
    created: Sequence[str] = ()
    changed: Sequence[str] = ()
    deactivated: Sequence[str] = ()
    returned: Sequence[str] = ()
    #: Their name belongs to somebody else here: nothing was done.
    taken: Sequence[str] = ()
    #: Their entry says what can't be kept, as a name of 200 letters: nothing was done.
    unusable: Sequence[str] = ()
    #: Gone from the directory, but too many at once: nobody was deactivated.
    held: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class ConfigureDirectory(Command[None]):
    """Say how the directory is reached, or switch it off."""

    settings: DirectorySettings


@dataclass(frozen=True, kw_only=True)
class AdmitFromDirectory(Command[str]):
    """Create or update somebody whom the directory let in; gives the username here.

    Raises Conflict where the name belongs to somebody else, NotAllowed where an administrator deactivated them.
    """

    entry: Entry


@dataclass(frozen=True, kw_only=True)
class SyncDirectory(Command[SyncReport]):
    """Bring the directory's people up to date by all that it says now. Local accounts are left alone."""

    entries: Sequence[Entry]


@dataclass(frozen=True, kw_only=True)
class NoteDirectoryAway(Command[None]):
    """A nightly run could not read the directory."""

    problem: str
