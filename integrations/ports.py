"""What the outside world looks like from here. Real adapters and their fakes keep these shapes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from engine.model import Json, Variables


@dataclass(frozen=True, kw_only=True)
class File:
    """A file on its way out."""

    filename: str
    media_type: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A mail ready to be sent."""

    to: Sequence[str]
    subject: str
    text: str
    html: str = ""
    sender: str = ""
    sender_name: str = ""
    attachments: Sequence[File] = ()
    #: The same key twice is the same mail: it gives the Message-ID.
    key: str
    sent_at: datetime


class Mailer(Protocol):
    """Sends mail."""

    def send(self, mail: Mail) -> str:
        """Send a mail and give its Message-ID. Raises Temporary, Permanent or BusinessError("mail.refused")."""
        ...


class VirusScanner(Protocol):
    """Looks for viruses in files."""

    def scan(self, content: bytes) -> str | None:
        """Give the name of what was found, None when the file is clean. Raises Temporary."""
        ...


class PdfPrinter(Protocol):
    """Makes PDF of complete HTML pages."""

    def unavailable(self) -> str | None:
        """Say in one sentence why no PDF can be made here; None when it can."""
        ...

    def print(self, html: str) -> bytes:
        """Give the page as tagged PDF."""
        ...


@dataclass(frozen=True, kw_only=True)
class Company:
    """What the register of economic subjects says."""

    ico: str
    name: str
    #: The register's whole answer in its own names (obchodniJmeno, sidlo, pravniForma, …).
    answer: Mapping[str, Json]
    dissolved_on: date | None = None
    #: The answer was recorded earlier; the register itself was not asked.
    recorded: bool = False


class CompanyRegister(Protocol):
    """Knows economic subjects by IČO."""

    def find(self, ico: str) -> Company:
        """Give a subject. Raises BusinessError (ares.invalid-ico, ares.not-found), Temporary or Permanent."""
        ...


class RenderedText(Protocol):
    """Subject, plain text and HTML of a message."""

    @property
    def subject(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def html(self) -> str: ...


class Templates(Protocol):
    """The templates of the case's agenda."""

    def document(self, name: str, data: Variables) -> str:
        """Render a document as a complete HTML page."""
        ...

    def submission(self, data: Variables) -> str:
        """Render a form as it was sent."""
        ...

    def message(self, name: str, data: Variables) -> RenderedText:
        """Render a message of the agenda."""
        ...

    def mail(self, subject: str, markdown: str, data: Variables) -> RenderedText:
        """Give a subject and Markdown the looks of the office's mails."""
        ...


@dataclass(frozen=True, kw_only=True)
class Submission:
    """A form exactly as it was sent."""

    form: str
    #: What the template shows: {"title", "parts": [{"kind": "answers", "answers": [{"label", "lines"}]} |
    #: {"kind": "table", "label", "columns", "rows", "totals"} | {"kind": "heading", "label"}]}
    sections: Sequence[Mapping[str, Json]]
    sha256: str
    submitted_at: datetime
    submitter_name: str = ""
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class JobContext:
    """What an outside action may know of its case, gathered before the action begins."""

    #: Idempotency key of the job.
    key: str
    #: Key of the organisation whose case it is.
    tenant: str = ""
    now: datetime
    #: Variables of the case, with `case`, `tenant` and `today`: what templates see.
    data: Variables
    templates: Templates
    #: Files by the id of the document or attachment.
    files: Mapping[str, File] = field(default_factory=dict)
    submission: Submission | None = None
    #: Sender of mails.
    sender: str = ""
    sender_name: str = ""
