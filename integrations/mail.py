"""Mail: over SMTP, or as .eml files where an installation has no server."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, unquote, urlsplit

from integrations.failures import BusinessError, Busy, LockedOut, Permanent, Temporary, Unreachable
from integrations.ports import File, Mail, Mailer

REFUSED = "mail.refused"
SECONDS = 30
_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[^\s@<>,;:\"()\[\]\\]{1,253}")

Security = Literal["none", "starttls", "implicit"]


@dataclass(frozen=True, kw_only=True)
class SmtpServer:
    """Where mail is handed over."""

    host: str
    port: int
    security: Security
    username: str = ""
    password: str = field(default="", repr=False)


def parse_smtp_url(url: str) -> SmtpServer:
    """Read `smtp://user:password@host:port?tls=starttls|none` or `smtps://…`. Raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError("The SMTP address reads smtp://user:password@host:port?tls=starttls")
    # Without a word about it a password is never sent in the clear.
    usual = "implicit" if parts.scheme == "smtps" else "starttls" if parts.username else "none"
    asked = parse_qs(parts.query).get("tls", [usual])[-1]
    security = {"none": "none", "starttls": "starttls", "implicit": "implicit"}.get(asked)
    if security is None:
        raise ValueError("tls= in the SMTP address is none, starttls or implicit")
    return SmtpServer(
        host=parts.hostname,
        port=parts.port or {"none": 25, "starttls": 587, "implicit": 465}[asked],
        security=security,  # type: ignore[arg-type]
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def address(text: str, name: str = "") -> Address:
    """Read one e-mail address. Raises BusinessError for one that can't be."""
    cleaned = text.strip()
    if not _ADDRESS.fullmatch(cleaned):
        raise BusinessError(REFUSED, "The address is not an e-mail address.")
    user, _, domain = cleaned.rpartition("@")
    if not user.isascii():
        raise BusinessError(REFUSED, "The address is not an e-mail address.")
    with suppress(UnicodeError):
        domain = domain.encode("idna").decode("ascii")
    try:
        return Address(display_name=_line(name), username=user, domain=domain)
    except (ValueError, MessageError) as error:
        raise BusinessError(REFUSED, "The address is not an e-mail address.") from error


def message_id(mail: Mail) -> str:
    """Give the Message-ID that the mail's key makes: the same mail sent again is recognised."""
    digest = hashlib.sha256(f"{mail.key}|{','.join(mail.to)}".encode()).hexdigest()[:40]
    domain = mail.sender.rpartition("@")[2] or "radnice.invalid"
    return f"<{digest}@{_line(domain)}>"


def compose(mail: Mail) -> EmailMessage:
    """Make the message; headers are one line each, whatever the data holds."""
    if not mail.to:
        raise BusinessError(REFUSED, "The mail has no recipient.")
    message = EmailMessage()
    message["Subject"] = _line(mail.subject)[:250]
    message["From"] = address(mail.sender, mail.sender_name)
    message["To"] = [address(one) for one in mail.to]
    message["Date"] = format_datetime(mail.sent_at)
    message["Message-ID"] = message_id(mail)
    # Nobody's out-of-office answer should come back to a machine (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
    for file in mail.attachments:
        _attach(message, file)
    return message


class SmtpMailer:
    """Hands mail over to a server."""

    def __init__(self, server: SmtpServer, tls: Callable[[], ssl.SSLContext] = ssl.create_default_context) -> None:
        self._server = server
        self._tls = tls

    def send(self, mail: Mail) -> str:
        """Send a mail and give its Message-ID. Raises Temporary, Permanent or BusinessError("mail.refused")."""
        message = compose(mail)
        try:
            with self._connect() as smtp:
                smtp.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            if all(code >= 500 for code, _ in error.recipients.values()):
                raise BusinessError(REFUSED, "The mail server refused the recipient.") from error
            raise Temporary("The mail server does not take the recipient now.") from error
        except smtplib.SMTPAuthenticationError as error:
            raise LockedOut("The mail server refused our name or password.") from error
        except smtplib.SMTPResponseException as error:
            if error.smtp_code >= 500:
                raise Permanent("The mail server refused the mail.") from error
            raise Busy("The mail server does not take mail now.") from error
        except (smtplib.SMTPException, OSError) as error:
            raise Unreachable("The mail server did not answer.") from error
        return str(message["Message-ID"])

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        if server.security == "implicit":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=self._tls())
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
        try:
            if server.security == "starttls":
                smtp.starttls(context=self._tls())
            if server.username:
                _sign_in(smtp, server)
        except BaseException:
            smtp.close()
            raise
        return smtp


def _sign_in(smtp: smtplib.SMTP, server: SmtpServer) -> None:
    if (server.username + server.password).isascii():
        smtp.login(server.username, server.password)
        return
    # smtplib writes names and passwords in ASCII only; RFC 4616 says UTF-8.
    smtp.ehlo_or_helo_if_needed()
    if not smtp.has_extn("auth"):
        raise smtplib.SMTPNotSupportedError("The server takes no passwords.")
    plain = f"\0{server.username}\0{server.password}".encode()
    code, answer = smtp.docmd("AUTH", f"PLAIN {base64.b64encode(plain).decode()}")
    if code != 235:
        raise smtplib.SMTPAuthenticationError(code, answer)


class FileMailer:
    """Writes mail as .eml files into a folder, each once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, mail: Mail) -> str:
        """Write a mail and give its Message-ID; the same mail again leaves the first file alone."""
        message = compose(mail)
        self._folder.mkdir(parents=True, exist_ok=True)
        name = message_id(mail)[1:17]
        if not any(self._folder.glob(f"*-{name}.eml")):
            path = self._folder / f"{mail.sent_at:%Y%m%d-%H%M%S}-{name}.eml"
            unfinished = path.with_suffix(".part")
            unfinished.write_bytes(bytes(message))
            os.replace(unfinished, path)
        return str(message["Message-ID"])


def make_mailer(smtp_url: str, folder: Path) -> Mailer:
    """Give the mailer that the settings ask for: a server, else files."""
    return SmtpMailer(parse_smtp_url(smtp_url)) if smtp_url else FileMailer(folder)


def _attach(message: EmailMessage, file: File) -> None:
    main, _, sub = file.media_type.partition("/")
    if not re.fullmatch(r"[\w.+-]+/[\w.+-]+", file.media_type) or main in {"multipart", "message"}:
        main, sub = "application", "octet-stream"
    message.add_attachment(file.content, maintype=main, subtype=sub, filename=_line(file.filename))


def _line(text: str) -> str:
    """Give a text as one line: what would end a header becomes a space."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
