"""Data boxes in memory: what is sent stays here, somebody else moves its state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from integrations.databox.envelope import create_message
from integrations.databox.shape import NO_BOX, PLACED, REFUSED, Listed, NewMessage, Received, Standing
from integrations.failures import BusinessError, Failure
from integrations.ports import File


@dataclass
class DataBoxInMemory:
    """Boxes of one installation; a box whose id begins with `x` takes no messages."""

    #: The organisation's own box.
    own: str = "abc2345"
    messages: dict[str, NewMessage] = field(default_factory=dict)
    standings: dict[str, Standing] = field(default_factory=dict)
    inbox: dict[str, tuple[Listed, Received]] = field(default_factory=dict)
    #: Raised by the next calls, in order.
    failures: list[Failure] = field(default_factory=list)

    def send(self, tenant: str, message: NewMessage) -> str:
        """Keep a message; it lies in the box once somebody says so."""
        self._may_fail()
        create_message(message)
        if message.box.startswith("x"):
            raise BusinessError(NO_BOX, "There is no such data box, or it takes no messages.")
        number = str(900_000_000 + len(self.messages))
        self.messages[number] = message
        self.standings[number] = Standing(id=number, state=1, fiction=message.fiction)
        return number

    def standing(self, tenant: str, message_id: str) -> Standing:
        """Tell how a message stands."""
        self._may_fail()
        if message_id not in self.standings:
            raise BusinessError(REFUSED, "The data-box system refused it (1219).")
        return self.standings[message_id]

    def sent(self, tenant: str, since: datetime, until: datetime) -> Sequence[Listed]:
        """List everything that was sent, whenever."""
        self._may_fail()
        return [
            Listed(id=number, sender=self.own, recipient=one.box, subject=one.subject, file_mark=one.file_mark)
            for number, one in self.messages.items()
        ]

    def received(self, tenant: str, since: datetime, until: datetime) -> Sequence[Listed]:
        """List everything that came, whenever."""
        self._may_fail()
        return [listed for listed, _ in self.inbox.values()]

    def download(self, tenant: str, message_id: str) -> Received:
        """Give what came."""
        self._may_fail()
        if message_id not in self.inbox:
            raise BusinessError(REFUSED, "The data-box system refused it (1219).")
        return self.inbox[message_id][1]

    def place(self, at: datetime, message_id: str = "") -> str:
        """Let a message lie in its box, the newest without an id; gives its id."""
        return self.move(PLACED, message_id, placed_at=at)

    def move(
        self,
        state: int,
        message_id: str = "",
        *,
        placed_at: datetime | None = None,
        accepted_at: datetime | None = None,
    ) -> str:
        """Let a message stand so, the newest without an id; gives its id."""
        number = message_id or next(reversed(self.standings))
        known = self.standings[number]
        moments = {"placed_at": placed_at or known.placed_at, "accepted_at": accepted_at or known.accepted_at}
        self.standings[number] = Standing(id=number, state=state, fiction=known.fiction, **moments)
        return number

    def come(self, sender: str, files: Sequence[File], subject: str = "") -> str:
        """Let a message come; gives its id."""
        number = str(800_000_000 + len(self.inbox))
        listed = Listed(id=number, sender=sender, recipient=self.own, subject=subject)
        self.inbox[number] = (listed, Received(id=number, files=tuple(files)))
        return number

    def _may_fail(self) -> None:
        if self.failures:
            raise self.failures.pop(0)
