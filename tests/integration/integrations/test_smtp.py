import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from integrations.failures import BusinessError, Failure, Permanent, Temporary
from integrations.mail import SmtpMailer, SmtpServer, make_mailer
from tests.machine import free_port
from tests.unit.integrations.test_mail import MAIL


class Post:
    """What the server at the other end does with a mail."""

    def __init__(self, rcpt: str = "250 OK", data: str = "250 OK") -> None:
        self.rcpt, self.data = rcpt, data
        self.received: list[EmailMessage] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        message = message_from_bytes(envelope.content, policy=policy.default)
        self.received.append(cast(EmailMessage, message))
        return self.data


@contextmanager
def a_server(post: Post, **options: Any) -> Iterator[int]:
    controller = Controller(post, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def test_a_mail_arrives_whole(tmp_path: Any) -> None:
    post = Post()
    with a_server(post) as port:
        sent = make_mailer(f"smtp://127.0.0.1:{port}", tmp_path).send(MAIL)
    (message,) = post.received
    assert (message["Message-ID"], message["Subject"]) == (sent, "Přijali jsme žádost")
    assert [part.get_filename() for part in message.iter_attachments()] == ["návrh.pdf"]


@pytest.mark.parametrize(
    ("post", "failure"),
    [
        (Post(rcpt="550 no such person"), BusinessError),
        (Post(rcpt="450 try later"), Temporary),
        (Post(data="554 spam"), Permanent),
        (Post(data="451 try later"), Temporary),
    ],
)
def test_answers_of_the_server_become_failures_of_their_kind(post: Post, failure: type[Failure], tmp_path: Any) -> None:
    with a_server(post) as port, pytest.raises(failure) as caught:
        make_mailer(f"smtp://127.0.0.1:{port}", tmp_path).send(MAIL)
    assert "starosta" not in str(caught.value)


def test_a_server_that_is_away_may_be_tried_later(tmp_path: Any) -> None:
    with pytest.raises(Temporary):
        make_mailer(f"smtp://127.0.0.1:{free_port()}", tmp_path).send(MAIL)


def test_a_wrong_password_is_told_once_and_not_tried_again() -> None:
    def nobody(server: SMTP, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=False, handled=False)

    options = {"authenticator": nobody, "auth_require_tls": False}
    with a_server(Post(), **options) as port:
        server = SmtpServer(host="127.0.0.1", port=port, security="none", username="u", password="p")
        with pytest.raises(Permanent):
            SmtpMailer(server).send(MAIL)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate that the server at 127.0.0.1 has made for itself, with its key."""
    folder = tmp_path_factory.mktemp("tls")
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem")]
    subprocess.run([*made, *names, *files], check=True, capture_output=True)
    return folder


def of_server(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate / "certificate.pem", certificate / "key.pem")
    return context


def trusting(certificate: Path) -> ssl.SSLContext:
    """What our side believes: this one certificate."""
    return ssl.create_default_context(cafile=str(certificate / "certificate.pem"))


class Doorkeeper:
    """Lets one name with one password in and remembers who asked."""

    def __init__(self, password: str = "tajné") -> None:
        self.password = password
        self.asked: list[tuple[bytes, bytes]] = []

    def __call__(self, server: SMTP, session: Any, envelope: Any, mechanism: str, data: LoginPassword) -> AuthResult:
        self.asked.append((data.login, data.password))
        return AuthResult(success=(data.login, data.password) == (b"radnice", self.password.encode()), handled=False)


def safe(post: Post, door: Doorkeeper, certificate: Path) -> Any:
    return a_server(post, tls_context=of_server(certificate), authenticator=door, require_starttls=True)


@pytest.mark.parametrize("password", ["tajne", "tajné"])
def test_a_mail_goes_over_starttls_with_name_and_password(certificate: Path, password: str) -> None:
    post, door = Post(), Doorkeeper(password)
    with safe(post, door, certificate) as port:
        server = SmtpServer(host="127.0.0.1", port=port, security="starttls", username="radnice", password=password)
        sent = SmtpMailer(server, tls=lambda: trusting(certificate)).send(MAIL)
    assert [message["Message-ID"] for message in post.received] == [sent]
    assert door.asked == [(b"radnice", password.encode())]


def test_a_wrong_password_over_starttls_is_not_tried_again(certificate: Path) -> None:
    post, door = Post(), Doorkeeper()
    with safe(post, door, certificate) as port:
        server = SmtpServer(host="127.0.0.1", port=port, security="starttls", username="radnice", password="jiné")
        with pytest.raises(Permanent, match="name or password"):
            SmtpMailer(server, tls=lambda: trusting(certificate)).send(MAIL)
    assert post.received == []


def test_a_server_nobody_vouches_for_gets_no_password_and_no_mail(certificate: Path) -> None:
    post, door = Post(), Doorkeeper()
    with safe(post, door, certificate) as port:
        server = SmtpServer(host="127.0.0.1", port=port, security="starttls", username="radnice", password="tajné")
        with pytest.raises(Temporary):
            SmtpMailer(server).send(MAIL)
    assert (post.received, door.asked) == ([], [])


def test_a_server_without_starttls_gets_no_password(certificate: Path) -> None:
    post, door = Post(), Doorkeeper()
    with a_server(post, authenticator=door, auth_require_tls=False) as port:
        server = SmtpServer(host="127.0.0.1", port=port, security="starttls", username="radnice", password="tajné")
        with pytest.raises(Temporary):
            SmtpMailer(server, tls=lambda: trusting(certificate)).send(MAIL)
    assert (post.received, door.asked) == ([], [])


def test_a_mail_goes_over_tls_from_the_first_byte(certificate: Path) -> None:
    post = Post()
    with a_server(post, ssl_context=of_server(certificate)) as port:
        server = SmtpServer(host="127.0.0.1", port=port, security="implicit")
        SmtpMailer(server, tls=lambda: trusting(certificate)).send(MAIL)
    assert len(post.received) == 1
