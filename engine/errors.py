"""What the engine can refuse. The docstring of a class is the sentence a person reads."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from typing import Any

#: What the standard library raises of a damaged zip, whether its list or what is packed in it.
BROKEN_ZIP = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(RuntimeError, EOFError, OSError, ValueError, IndexError),
)


class EngineError(Exception):
    """The engine refused the request."""

    def __init__(self, message: str | None = None, **facts: Any) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())
        #: What a program may want to know; never personal data.
        self.facts = facts


class NotFound(EngineError):
    """There is nothing with this identifier here."""


class NotAllowed(EngineError):
    """You are not allowed to do this."""


class AnswersOfOthers(NotAllowed):
    """The file tells answers that only other groups may read."""


class AgendaOfOthers(NotAllowed):
    """It belongs to an agenda in which you don't work."""


class TooMuchKept(EngineError):
    """More than may be kept of what strangers haven't sent yet."""


class Conflict(EngineError):
    """Somebody was faster: the thing has changed meanwhile."""


class HumanTaskNotOpen(Conflict):
    """The human task was completed or cancelled before this command arrived."""


class HumanTaskTaken(Conflict):
    """Somebody else has claimed this human task."""


class InstanceNotRunning(Conflict):
    """The case is suspended or has already ended."""


class NothingWaits(Conflict):
    """Nobody in this case waits for this timer, message, signal or retry any more."""


class CannotMove(Conflict):
    """The token can't be moved there."""


class CannotMigrate(Conflict):
    """What the case is doing has no place in that version."""


class CannotUndo(Conflict):
    """The case has moved on since, so this can't be taken back any more."""


class StaleRecord(Conflict):
    """The record was changed by somebody else since you read it."""


class RecordRefused(EngineError):
    """A rule of the register doesn't let the record be so."""

    def sentences(self, lang: str) -> list[tuple[str, str]]:
        """Give the fields and what the rules' authors say there, in this language as far as they wrote it."""
        found: list[tuple[str, str]] = []
        for one in self.facts.get("broken", ()):
            said = one["said"]
            found.append((one["at"], said.get(lang) or next(iter(said.values()))))
        return found


class DuplicateRecord(Conflict):
    """There is a record with the same unique value already."""


class StaleProposal(Conflict):
    """Somebody else has changed this since you opened it."""


class PublishedMeanwhile(Conflict):
    """Another version of the same file was published since you began to change it."""


class ReviewWanted(Conflict):
    """The organisation publishes only what somebody who took no part in the change has approved."""


class OwnChange(Conflict):
    """You took part in this change, so somebody else has to approve it."""


class DraftAlreadySent(Conflict):
    """This draft was sent already."""


class DraftChanged(Conflict):
    """The draft was saved from another window or by another person since this page was made."""


class Invalid(EngineError):
    """The request contains something that can't be accepted."""


class RowsInTime(Invalid):
    """The register keeps rows in time; they are sent, and none is written as a record."""


class UnreadableModel(Invalid):
    """The file can't be read as BPMN or DMN."""


class RefusedModel(Invalid):
    """The agenda has errors and was not deployed."""


class NoSuchStart(Invalid):
    """The process isn't there, or doesn't begin like this."""


class Spinning(EngineError):
    """The process did not come to rest within its budget of steps."""


class ScriptError(EngineError):
    """The expression could not be read, failed, or went over its limits."""


class DecisionError(ScriptError):
    """The decision table gives no clear answer for these values."""


class BadTime(Invalid):
    """The text is neither an ISO 8601 date, duration nor repeating interval."""


class StatementRefused(Invalid):
    """The bank statement was refused as a whole."""
