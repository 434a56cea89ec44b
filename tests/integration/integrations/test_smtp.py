from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

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
