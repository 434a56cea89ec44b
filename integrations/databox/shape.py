"""What data boxes are to the rest of the application."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from integrations.ports import File

REFUSED, NO_BOX, OFF = "databox.refused", "databox.no-box", "databox.off"
#: What a message may hold in all, in bytes.
MOST_BYTES = 20_000_000
#: States of a message that matter here, by ISDS.
INFECTED, PLACED, BY_FICTION, BY_LOGIN, READ, UNDELIVERABLE = 3, 4, 5, 6, 7, 8


@dataclass(frozen=True, kw_only=True)
class NewMessage:
    """A data message to be sent. Its first file is the main one."""

    #: Id of the recipient's box, seven characters.
    box: str
    subject: str
    files: Sequence[File]
    #: Our reference number (č. j.) and file mark (sp. zn.).
    reference: str = ""
    file_mark: str = ""
    to_hands: str = ""
    #: Into the recipient's own hands.
    personal: bool = False
    #: Ten days without a login count as delivery.
    fiction: bool = True


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What ISDS says of a message that was sent."""

    id: str
    #: See INFECTED … UNDELIVERABLE.
    state: int
    #: When it was placed into the box (dodáno), and when it was accepted (doručeno).
    placed_at: datetime | None = None
    accepted_at: datetime | None = None
    fiction: bool = True


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A message in a list of sent or received ones."""

    id: str
    sender: str
    recipient: str
    subject: str = ""
    #: File mark of its sender.
    file_mark: str = ""


@dataclass(frozen=True, kw_only=True)
class Received:
    """A message that came."""

    id: str
    files: Sequence[File] = field(default_factory=tuple)


class DataBox(Protocol):
    """The boxes of the organisations here.

    Every call raises Temporary, Permanent, LockedOut or BusinessError ("databox.refused", "databox.no-box",
    "databox.off" for an organisation that has no box here).
    """

    def send(self, tenant: str, message: NewMessage) -> str:
        """Send a message and give its id. Not to be repeated where the line broke in the middle."""
        ...

    def standing(self, tenant: str, message_id: str) -> Standing:
        """Ask how a sent message stands."""
        ...

    def sent(self, tenant: str, since: datetime, until: datetime) -> Sequence[Listed]:
        """List what was sent."""
        ...

    def received(self, tenant: str, since: datetime, until: datetime) -> Sequence[Listed]:
        """List what came."""
        ...

    def download(self, tenant: str, message_id: str) -> Received:
        """Give a message that came."""
        ...
