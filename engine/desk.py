"""How somebody of the staff arranges their desk: views of the inbox, mails of what concerns them, a calendar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from engine.commands import Command
from engine.ids import new_id


@dataclass(frozen=True, kw_only=True)
class KeepView(Command[str]):
    """Keep a list of the inbox under a name; gives its id. The same name of the same person is kept anew.

    Raises Invalid (`reason`: name, group, many): no name, a group that the person is not in, too many views.
    """

    name: str
    #: Parameters of the list by the names that its address gives them; they mean what they do for whoever looks.
    given: Mapping[str, str]
    #: Everybody of this group finds it among theirs; None = only the person.
    group: str | None = None


@dataclass(frozen=True, kw_only=True)
class ForgetView(Command[None]):
    """Keep a view no more: one's own; the administrator any that is shared."""

    view_id: str


#: Whether what a person is told comes by mail too: not, each thing at once, or once on each working day.
MailChoice = Literal["none", "at_once", "daily"]
MAIL_CHOICES: tuple[MailChoice, ...] = ("none", "at_once", "daily")


@dataclass(frozen=True, kw_only=True)
class ChooseNoticeMails(Command[None]):
    """Say whether what the acting person is told comes by mail too. Raises Invalid where they have no address."""

    mail: MailChoice


@dataclass(frozen=True, kw_only=True)
class OpenCalendar(Command[None]):
    """Let whoever knows the token read the acting person's deadlines; the one before is good no more."""

    #: SHA-256 in hex; the token itself is never stored.
    token_hash: str


@dataclass(frozen=True, kw_only=True)
class CloseCalendar(Command[None]):
    """Let nobody read the acting person's deadlines by a token."""


@dataclass(frozen=True, kw_only=True)
class NoticeMail:
    """One thing told, to be mailed."""

    id: str
    username: str
    #: How often it has been tried before.
    attempts: int


@dataclass(frozen=True, kw_only=True)
class TakeNoticeMails(Command[Sequence[NoticeMail]]):
    """Give what is to be mailed now and keep others off it for a while; what isn't reported comes again."""


@dataclass(frozen=True, kw_only=True)
class ReportNoticeMail(Command[None]):
    """A mail went out, or could not; then it is tried again later, at last no more."""

    notification_id: str
    sent: bool


@dataclass(frozen=True, kw_only=True)
class Digest:
    """A day's mail that somebody wants."""

    username: str
    #: What was told before `since` is in an earlier one, from `until` on in a later one.
    since: datetime
    until: datetime


@dataclass(frozen=True, kw_only=True)
class TakeDigests(Command[Sequence[Digest]]):
    """Give the people whose mail of this day has not gone out, each once a day."""


@dataclass(frozen=True, kw_only=True)
class ReportDigest(Command[None]):
    """A day's mail went out or there was nothing in it; or it could not, then it is tried again the same day."""

    digest: Digest
    sent: bool


@dataclass(frozen=True, kw_only=True)
class ReadNotifications(Command[None]):
    """The actor has read what they were told until a moment."""

    until: datetime


#: What can be done with many tasks at once.
BatchAct = Literal["claim", "delegate", "complete"]


@dataclass(frozen=True, kw_only=True)
class BeginBatch(Command[str]):
    """Promise to do the same with many tasks, one after another, in the name of the actor; gives the batch's id."""

    act: BatchAct
    task_ids: Sequence[str]
    #: To whom they are handed.
    recipient: str = ""
    #: Parameters of the list they were chosen from.
    given: Mapping[str, str]
    batch_id: str = field(default_factory=new_id)

    @property
    def number(self) -> int:
        """How many tasks, as the audit tells."""
        return len(self.task_ids)


@dataclass(frozen=True, kw_only=True)
class BatchPart:
    """What a worker is to do next of a batch."""

    username: str
    act: BatchAct
    recipient: str
    task_ids: Sequence[str]
    #: How many tasks had had their turn before it.
    begun: int
    #: Another worker had this part and didn't report: what was done of it since then is done. None where nobody had it.
    since: datetime | None


@dataclass(frozen=True, kw_only=True)
class TakeBatch(Command[BatchPart | None]):
    """Give the next tasks of a batch and keep other workers off it for a while; None where there is nothing to do."""

    batch_id: str


@dataclass(frozen=True, kw_only=True)
class ReportBatch(Command[None]):
    """Count a part that was done, unless another worker was given the same part and has reported it already."""

    batch_id: str
    #: As the part says.
    begun: int
    done: int
    #: Of those, reason → how many stayed as they were.
    refused: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class StopBatch(Command[None]):
    """Leave the rest of one's own batch as it is. Raises NotFound."""

    batch_id: str


@dataclass(frozen=True, kw_only=True)
class ForgetBatches(Command[None]):
    """Throw away what is told of batches that ended long ago, and what nobody has brought to an end for as long."""
