from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.failures import BusinessError
from integrations.mail import FileMailer, SmtpMailer, SmtpServer, address, compose, make_mailer, parse_smtp_url
from integrations.ports import File, Mail

MAIL = Mail(
    to=["starosta@obec.cz"],
    subject="Přijali jsme žádost",
    text="Dobrý den",
    html="<p>Dobrý den</p>",
    sender="urad@obec.cz",
    sender_name="Úřad, obec",
    attachments=[File(filename="návrh.pdf", media_type="application/pdf", content=b"%PDF-1.7")],
    key="i1:a7",
    sent_at=datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
)


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://localhost:1025", SmtpServer(host="localhost", port=1025, security="none")),
        ("smtp://mail.cz", SmtpServer(host="mail.cz", port=25, security="none")),
        (
            "smtp://u%40o:p%2Fw@mail.cz",
            SmtpServer(host="mail.cz", port=587, security="starttls", username="u@o", password="p/w"),
        ),
        ("smtp://mail.cz:26?tls=starttls", SmtpServer(host="mail.cz", port=26, security="starttls")),
        ("smtps://mail.cz", SmtpServer(host="mail.cz", port=465, security="implicit")),
    ],
)
def test_the_server_is_read_from_one_address(url: str, server: SmtpServer) -> None:
    assert parse_smtp_url(url) == server


@pytest.mark.parametrize("url", ["http://mail.cz", "smtp://", "smtp://mail.cz?tls=maybe"])
def test_a_wrong_address_of_the_server_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="SMTP"):
        parse_smtp_url(url)


def test_a_password_is_never_shown() -> None:
    assert "hunter2" not in repr(parse_smtp_url("smtp://u:hunter2@mail.cz"))


def test_a_mail_has_text_html_and_attachments() -> None:
    message = message_from_bytes(bytes(compose(MAIL)), policy=policy.default)
    assert message["Subject"] == "Přijali jsme žádost"
    assert message["From"].addresses[0].display_name == "Úřad, obec"
    assert message["Auto-Submitted"] == "auto-generated"
    kinds = [part.get_content_type() for part in message.walk() if not part.is_multipart()]
    assert kinds == ["text/plain", "text/html", "application/pdf"]
    assert [part.get_filename() for part in message.iter_attachments()] == ["návrh.pdf"]


@settings(max_examples=50)
@given(st.text(), st.text(), st.text())
def test_nothing_a_person_writes_adds_a_header(subject: str, name: str, filename: str) -> None:
    attachment = File(filename=filename, media_type="text/plain\r\nX: y", content=b"x")
    mail = replace(MAIL, subject=subject + "\r\nBcc: zlo@zlo.cz", sender_name=name, attachments=[attachment])
    message = message_from_bytes(bytes(compose(mail)), policy=policy.default)
    assert message["Bcc"] is None
    assert message["X"] is None
    assert message["To"] == "starosta@obec.cz"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nikdo",
        "a@b@c.cz",
        "a b@c.cz",
        "a@b.cz\r\nBcc: x@y.cz",
        "a@b.cz, c@d.cz",
        "<a@b.cz>",
        "@b.cz",
        "a@",
        "jiří@obec.cz",
        "ř" * 70 + "@b.cz",
    ],
)
def test_an_address_that_could_be_two_or_none_is_refused(text: str) -> None:
    with pytest.raises(BusinessError) as caught:
        address(text)
    assert caught.value.code == "mail.refused"
    assert str(caught.value) == "The address is not an e-mail address."


def test_a_czech_domain_is_written_in_ascii() -> None:
    assert address("info@háčky.cz").addr_spec == "info@xn--hky-ela4t.cz"


def test_a_mail_without_a_recipient_is_refused() -> None:
    with pytest.raises(BusinessError):
        compose(replace(MAIL, to=[]))


def test_the_same_key_writes_one_file(tmp_path: Path) -> None:
    mailer = FileMailer(tmp_path / "mail")
    first = mailer.send(MAIL)
    assert mailer.send(replace(MAIL, sent_at=datetime(2027, 1, 1, tzinfo=UTC))) == first
    assert mailer.send(replace(MAIL, key="i1:a8")) != first
    names = sorted(path.name for path in (tmp_path / "mail").iterdir())
    assert len(names) == 2
    assert names[0].startswith("20261123-090000-")


def test_settings_choose_between_files_and_a_server(tmp_path: Path) -> None:
    assert isinstance(make_mailer("", tmp_path), FileMailer)
    assert isinstance(make_mailer("smtp://localhost", tmp_path), SmtpMailer)
