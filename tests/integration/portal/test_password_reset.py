"""A forgotten password: who gets a link, what the link does, and what it does not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from engine.calendar import SettableClock
from engine.commands import AddPerson, AddTenant
from engine.model import SYSTEM
from engine.store.audit import AuditEventRow
from engine.store.people import PersonRow
from engine.store.session import TENANT
from engine.store.signing_in import MailedLinkRow
from engine.store.wall import EVERY, everybodys
from integrations.failures import Temporary
from integrations.ports import Mail
from tests.integration.portal.conftest import post, token_of
from web.bootstrap import Parts
from web.letters import write_letters
from web.outside import Outside
from web.passwords import hash_password

ASK, SET = "/prihlaseni/zapomenute-heslo", "/prihlaseni/nove-heslo"
NEW = "korektura jablek v lednu"
LINK = re.compile(r"http\S+/prihlaseni/nove-heslo\?k=(\S+)")
PERSON = {"tenant": "otevrenamesta", "actor": SYSTEM, "username": "eva", "name": "Eva Malá"}


@pytest.fixture
def eva(parts: Parts) -> str:
    """Somebody with a password and an e-mail; gives the address."""
    parts.engine.execute(AddPerson(**PERSON, email="eva@mesto.example", password_hash=hash_password("eva"), groups=[]))
    return "eva@mesto.example"


@pytest.fixture
def mails(parts: Parts) -> Iterator[list[Mail]]:
    """What the mail server gets."""
    sent: list[Mail] = []

    class Server:
        def send(self, mail: Mail) -> str:
            sent.append(mail)
            return mail.key

    object.__setattr__(parts.outside, "mailer", Server())
    yield sent


def asks(client: FlaskClient, typed: str) -> TestResponse:
    return post(client, ASK, {"typed": typed}, form_at=ASK)


def letters(parts: Parts, mails: list[Mail]) -> list[str]:
    """The worker comes by; gives the secrets of links sent so far."""
    write_letters(parts, parts.outside)
    return [found[1] for mail in mails if (found := LINK.search(mail.text))]


def sets(client: FlaskClient, secret: str, new: str = NEW, again: str = NEW) -> TestResponse:
    return post(client, SET, {"k": secret, "new": new, "again": again}, form_at=ASK)


def later(parts: Parts, by: timedelta) -> None:
    assert isinstance(parts.clock, SettableClock)
    parts.clock.advance(by)


@pytest.mark.parametrize("typed", ["eva", "EVA@mesto.example"])
def test_the_link_sets_a_new_password_once(
    client: FlaskClient, parts: Parts, eva: str, mails: list[Mail], typed: str
) -> None:
    asks(client, typed)
    (secret,) = letters(parts, mails)
    assert list(mails[0].to) == [eva]
    assert "účtu eva" in mails[0].text
    assert "Uživatelské jméno" in client.get(f"{SET}?k={secret}").get_data(as_text=True)
    assert sets(client, secret).location == "/prihlaseni"
    assert post(client, "/prihlaseni", {"username": "eva", "password": "eva"}).status_code == 422
    assert post(client, "/prihlaseni", {"username": "eva", "password": NEW}).status_code == 303
    assert client.get(f"{SET}?k={secret}").status_code == 410
    assert sets(app_client(client), secret).status_code == 410
    with parts.sessions(info={TENANT: EVERY}) as session:
        told = [(row.kind, row.object_id) for row in session.query(AuditEventRow).order_by(AuditEventRow.id)]
    assert [one for one in told if "reset" in one[0]] == [("password-reset-asked", "eva"), ("password-reset", "eva")]


def test_the_page_says_the_same_whether_there_is_somebody_or_not(
    client: FlaskClient, parts: Parts, eva: str, mails: list[Mail]
) -> None:
    known, unknown = asks(client, "eva"), asks(client, "nikdo")
    assert known.status_code == unknown.status_code == 200
    plain = [re.sub(r'name="csrf_token" value="[^"]+"', "", one.get_data(as_text=True)) for one in (known, unknown)]
    assert plain[0].replace("eva", "X") == plain[1].replace("nikdo", "X")
    assert len(letters(parts, mails)) == 1


def test_people_of_the_directory_without_a_password_or_gone_get_nothing(
    client: FlaskClient, parts: Parts, eva: str, mails: list[Mail]
) -> None:
    for values in ({"directory_id": "x"}, {"directory_id": None, "active": False}, {"active": True, "email": ""}):
        with everybodys(parts.database).begin() as connection:
            connection.execute(update(PersonRow).where(PersonRow.username == "eva").values(**values))
        asks(client, "eva")
    asks(client, "")
    assert letters(parts, mails) == []


def test_a_link_is_over_after_an_hour_and_for_who_changed_the_address(
    client: FlaskClient, parts: Parts, eva: str, mails: list[Mail]
) -> None:
    asks(client, "eva")
    (secret,) = letters(parts, mails)
    parts.engine.execute(AddPerson(**PERSON, email="jina@mesto.example", groups=[]))
    assert sets(client, secret).status_code == 410
    parts.engine.execute(AddPerson(**PERSON, email=eva, groups=[]))
    later(parts, timedelta(minutes=59))
    assert client.get(f"{SET}?k={secret}").status_code == 200
    later(parts, timedelta(minutes=1))
    assert sets(client, secret).status_code == 410


@pytest.mark.parametrize("forged", ["", "x", "a" * 43, "\u017e", "' OR 1=1 --"])
def test_a_forged_link_is_refused_in_words(client: FlaskClient, eva: str, forged: str) -> None:
    response = sets(client, forged)
    assert response.status_code == 410
    assert "Odkaz už byl použit" in response.get_data(as_text=True).replace("\u00a0", " ")


def test_a_link_is_worth_nothing_in_another_organisation(
    client: FlaskClient, parts: Parts, eva: str, mails: list[Mail]
) -> None:
    parts.engine.execute(
        AddTenant(tenant="other", actor=SYSTEM, name="Jiné město", settings={"hosts": ["other.example"]})
    )
    asks(client, "eva")
    (secret,) = letters(parts, mails)
    assert client.get(f"{SET}?k={secret}", base_url="http://other.example/").status_code == 410


def test_the_link_leads_to_the_own_host_of_an_organisation_and_never_to_the_one_that_was_asked(
    app: Flask, parts: Parts, mails: list[Mail]
) -> None:
    parts.engine.execute(AddTenant(tenant="other", actor=SYSTEM, name="Jiné", settings={"hosts": ["other.example"]}))
    other = PERSON | {"tenant": "other"}
    parts.engine.execute(AddPerson(**other, email="eva@x.example", password_hash=hash_password("eva"), groups=[]))
    client, base = app.test_client(), "http://other.example/"
    token = token_of(client.get(ASK, base_url=base))
    headers = {"X-Forwarded-Host": "evil.example"}
    client.post(ASK, base_url=base, data={"csrf_token": token, "typed": "eva"}, headers=headers)
    letters(parts, mails)
    link = urlsplit(LINK.search(mails[0].text)[0])  # type: ignore[index]
    assert (link.hostname, link.port) == ("other.example", 8000)


def test_a_weak_password_stays_at_its_field_and_the_link_still_works(
    client: FlaskClient, parts: Parts, eva: str, mails: list[Mail]
) -> None:
    asks(client, "eva")
    (secret,) = letters(parts, mails)
    short, other = sets(client, secret, "x", "x"), sets(client, secret, NEW, "x")
    assert (short.status_code, other.status_code) == (422, 422)
    assert 'id="new-e"' in short.get_data(as_text=True)
    assert 'id="again-e"' in other.get_data(as_text=True)
    assert sets(client, secret).status_code == 303


def test_sessions_elsewhere_and_other_links_end_and_the_wait_too(
    app: Flask, client: FlaskClient, parts: Parts, eva: str, mails: list[Mail]
) -> None:
    post(client, "/prihlaseni", {"username": "eva", "password": "eva"})
    assert client.get("/prace/heslo").status_code == 200
    stranger = app.test_client()
    for _ in range(6):
        waits = post(stranger, "/prihlaseni", {"username": "eva", "password": "x"})
    assert waits.status_code == 429
    asks(stranger, "eva")
    asks(stranger, "eva")
    first, second = letters(parts, mails)
    assert sets(stranger, second).status_code == 303
    assert sets(stranger, first).status_code == 410
    assert client.get("/prace/heslo").status_code == 302
    assert post(stranger, "/prihlaseni", {"username": "eva", "password": NEW}).status_code == 303


def test_whoever_asks_again_and_again_floods_nobody(
    client: FlaskClient, parts: Parts, eva: str, mails: list[Mail]
) -> None:
    for _ in range(6):
        asks(client, "eva")
    assert len(letters(parts, mails)) == 3


def test_a_letter_that_could_not_be_sent_goes_later_with_another_secret(
    client: FlaskClient, parts: Parts, eva: str, mails: list[Mail]
) -> None:
    class Broken:
        def send(self, mail: Mail) -> str:
            raise Temporary

    asks(client, "eva")
    write_letters(parts, Outside(mailer=Broken(), pdf=parts.outside.pdf, companies=parts.outside.companies))
    assert letters(parts, mails) == []
    later(parts, timedelta(seconds=30))
    (secret,) = letters(parts, mails)
    later(parts, timedelta(minutes=5))
    assert letters(parts, mails) == [secret]
    assert sets(client, secret).status_code == 303


def test_only_a_hash_of_the_secret_is_kept(client: FlaskClient, parts: Parts, eva: str, mails: list[Mail]) -> None:
    asks(client, "eva")
    (secret,) = letters(parts, mails)
    with parts.sessions(info={TENANT: EVERY}) as session:
        (row,) = session.query(MailedLinkRow)
        assert secret not in str(vars(row))


def app_client(client: FlaskClient) -> FlaskClient:
    """Another browser."""
    return client.application.test_client()
