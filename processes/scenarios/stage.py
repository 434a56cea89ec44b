"""What a scenario is played on: a whole office with a clock that can be turned. `web.stage` builds one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.orm import Session, sessionmaker

from engine.calendar import SettableClock
from engine.facade import Engine
from engine.model import Actor, Json


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody of the staff, as `demo/people.yaml` names them."""

    username: str
    name: str
    groups: Sequence[str] = ()

    def actor(self) -> Actor:
        """Give the person as who gives a command."""
        return Actor(kind="person", username=self.username, name=self.name, groups=frozenset(self.groups))


class SentMail(Protocol):
    """A mail that would have gone out."""

    @property
    def to(self) -> Sequence[str]:
        """Addresses."""
        ...

    @property
    def subject(self) -> str:
        """The subject line."""
        ...

    @property
    def text(self) -> str:
        """The body as plain text."""
        ...


class Stage(Protocol):
    """A fresh office where nothing leaves the machine."""

    engine: Engine
    sessions: sessionmaker[Session]
    clock: SettableClock
    tenant: str
    #: Account that statements are of.
    account: str
    people: Mapping[str, Person]

    @property
    def mails(self) -> Sequence[SentMail]:
        """Mails so far, the oldest first."""
        ...

    def card(self, state: str) -> str:
        """Let the newest payment of the gateway stand so (`paid`, `cancelled` …); gives its number."""
        ...

    @property
    def calls(self) -> Sequence[str]:
        """Calls of other systems so far, `POST https://… {…}`."""
        ...

    def prepare(self, url: str, status: int, body: Json) -> None:
        """Let other systems answer so at addresses that begin with this one."""
        ...

    def data_message(self, fate: str) -> None:
        """Let the newest data message be placed, read or lost, and tell whoever waits for it."""
        ...

    def deliver(self, job_id: str) -> None:
        """Do an outside action, remembering instead of sending."""
        ...
