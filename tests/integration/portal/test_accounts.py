"""Applicants' accounts: coming in, what is theirs, what is not, their end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine.calendar import SettableClock
from engine.commands import AddTenant, ChangeTenant, StartInstance
from engine.erasing import Subject
from engine.model import SYSTEM, Applicant, Started, SubmittedForm
from engine.queries.accounts import accounts_of
from engine.store.accounts import AccountCaseRow, AccountRow
from engine.store.audit import AuditEventRow
from engine.store.papers import DraftRow
from engine.store.session import TENANT
from engine.store.signing_in import LiveSessionRow, MailedLinkRow
from engine.store.wall import EVERY
from integrations.ports import Mail
from tests.integration.portal.conftest import BEGIN, post, token_of, writes
from web.bootstrap import Parts
from web.letters import write_letters
from web.tracking import case_secret

ENTER, MINE, OWN = "/moje/vstup", "/moje", "/moje/ucet"
EVA, PASSWORD = "eva@example.org", "korektura jablek v lednu"
LINK = re.compile(r"http\S+/moje/vstup/odkaz\?k=(\S+)")


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


def text(response: TestResponse) -> str:
    return response.get_data(as_text=True).replace("\u00a0", " ")


def asks(client: FlaskClient, email: str = EVA, **more: str) -> TestResponse:
    return post(client, f"{ENTER}/odkaz", {"email": email, **more}, form_at=f"{ENTER}?next=/moje")


def secrets_in(parts: Parts, mails: list[Mail]) -> list[str]:
    """The worker comes by; gives the secrets of links sent so far."""
    write_letters(parts, parts.outside)
    return [found[1] for mail in mails if (found := LINK.search(mail.text))]


def confirms(client: FlaskClient, secret: str) -> TestResponse:
    """Look at the page of the link and press its button."""
    page = client.get(f"{ENTER}/odkaz?k={secret}")
    if page.status_code != 200:
        return page
    return client.post(f"{ENTER}/potvrdit", data={"csrf_token": token_of(page), "k": secret})


def comes_in(client: FlaskClient, parts: Parts, mails: list[Mail], email: str = EVA) -> None:
    asks(client, email)
    assert confirms(client, secrets_in(parts, mails)[-1]).location == MINE


def case_of(parts: Parts, email: str = EVA, name: str = "Eva Malá") -> Started:
    """An application that somebody has sent without an account."""
    facts = {"tenant": "otevrenamesta", "actor": SYSTEM, "process_key": "membership"}
    return parts.engine.execute(StartInstance(**facts, applicant=Applicant(name=name, email=email)))


def later(parts: Parts, by: timedelta) -> None:
    assert isinstance(parts.clock, SettableClock)
    parts.clock.advance(by)


def allow(parts: Parts, *ways: str) -> None:
    facts = {"tenant": "otevrenamesta", "actor": SYSTEM, "name": "Otevřená města"}
    parts.engine.execute(ChangeTenant(**facts, settings={"applicant_sign_in": list(ways) or None}))


# --- coming in -------------------------------------------------------------------------------------------------------


def test_a_link_lets_in_by_a_button_once(app: Flask, client: FlaskClient, parts: Parts, mails: list[Mail]) -> None:
    assert client.get(MINE).location == f"{ENTER}?next=/moje"
    asks(client, " Eva@Example.org ")
    (secret,) = secrets_in(parts, mails)
    assert list(mails[0].to) == [EVA]
    scanner = app.test_client()
    for _ in range(3):
        assert scanner.get(f"{ENTER}/odkaz?k={secret}").status_code == 200
    assert scanner.get(MINE).status_code == 302
    assert confirms(client, secret).location == MINE
    assert EVA in text(client.get(MINE))
    assert confirms(app.test_client(), secret).status_code == 410


def test_another_browser_is_warned_and_may_go_on(
    app: Flask, client: FlaskClient, parts: Parts, mails: list[Mail]
) -> None:
    asks(client)
    (secret,) = secrets_in(parts, mails)
    assert "v jiném prohlížeči" not in text(client.get(f"{ENTER}/odkaz?k={secret}"))
    phone = app.test_client()
    assert "v jiném prohlížeči" in text(phone.get(f"{ENTER}/odkaz?k={secret}"))
    assert confirms(phone, secret).location == MINE
    assert client.get(MINE).status_code == 302


def test_a_link_is_short_lived_and_one_use_ends_the_others(
    client: FlaskClient, parts: Parts, mails: list[Mail]
) -> None:
    asks(client)
    asks(client)
    first, second = secrets_in(parts, mails)
    assert confirms(client, second).location == MINE
    assert confirms(client, first).status_code == 410
    post(client, f"{ENTER}/odchod", {}, form_at=MINE)
    asks(client)
    third = secrets_in(parts, mails)[-1]
    later(parts, timedelta(minutes=20))
    assert confirms(client, third).status_code == 410


def test_the_answer_tells_nothing_and_letters_are_few(client: FlaskClient, parts: Parts, mails: list[Mail]) -> None:
    comes_in(client, parts, mails)
    post(client, f"{ENTER}/odchod", {}, form_at=MINE)
    plain = [
        re.sub(r'name="csrf_token" value="[^"]+"|hx-headers\S+ "[^}]+}', "", text(asks(client, email))).replace(
            email, "X"
        )
        for email in (EVA, "nikdo@example.org")
    ]
    tokens = re.compile(r'X-CSRFToken": "[^"]+"')
    assert tokens.sub("", plain[0]) == tokens.sub("", plain[1])
    for _ in range(9):
        asks(client, "obet@example.org")
    secrets_in(parts, mails)
    assert [list(mail.to) for mail in mails].count(["obet@example.org"]) == 3
    for _ in range(20):
        later(parts, timedelta(minutes=21))
        asks(client, "obet@example.org")
        secrets_in(parts, mails)
    assert [list(mail.to) for mail in mails].count(["obet@example.org"]) == 12


@pytest.mark.parametrize(
    "email", ["", "eva", "a@b", "a b@example.org", "x" * 300 + "@example.org", "a@b.cz\nBcc: c@d.cz"]
)
def test_what_is_no_address_is_refused_in_words(
    client: FlaskClient, parts: Parts, mails: list[Mail], email: str
) -> None:
    response = asks(client, email)
    assert response.status_code == 422
    assert "Zkontrolujte e-mail" in text(response)
    assert secrets_in(parts, mails) == []


@pytest.mark.parametrize("forged", ["", "x", "a" * 43, "ž", "' OR 1=1 --"])
def test_a_forged_link_is_refused_in_words(client: FlaskClient, forged: str) -> None:
    data = {"csrf_token": token_of(client.get("/prihlaseni")), "k": forged}
    assert client.post(f"{ENTER}/potvrdit", data=data).status_code == 410


def test_the_way_back_stays_on_this_site(client: FlaskClient, parts: Parts, mails: list[Mail]) -> None:
    asks(client, next="https://elsewhere/")
    assert confirms(client, secrets_in(parts, mails)[-1]).location == MINE
    post(client, f"{ENTER}/odchod", {}, form_at=MINE)
    asks(client, next="/moje/ucet")
    assert confirms(client, secrets_in(parts, mails)[-1]).location == OWN


def test_a_password_of_ones_own_lets_in_and_is_guarded(
    app: Flask, client: FlaskClient, parts: Parts, mails: list[Mail]
) -> None:
    comes_in(client, parts, mails)
    short = post(client, f"{OWN}/heslo", {"new": "x", "again": "x"}, form_at=OWN)
    assert short.status_code == 422
    assert post(client, f"{OWN}/heslo", {"new": PASSWORD, "again": PASSWORD}, form_at=OWN).status_code == 303
    other = app.test_client()
    given = {"login": EVA.upper(), "password": PASSWORD}
    assert post(other, f"{ENTER}/heslo", given, form_at=ENTER).location == MINE
    again = {"new": "jiné dlouhé heslo", "again": "jiné dlouhé heslo"}
    assert post(other, f"{OWN}/heslo", again, form_at=OWN).status_code == 422
    assert post(other, f"{OWN}/heslo", {**again, "old": PASSWORD}, form_at=OWN).status_code == 303
    assert client.get(MINE).status_code == 302, "the password ended other sessions"
    wrong = [post(client, f"{ENTER}/heslo", {**given, "password": "x"}, form_at=ENTER).status_code for _ in range(6)]
    assert wrong == [422] * 5 + [429]
    unknown = post(client, f"{ENTER}/heslo", {"login": "nikdo@example.org", "password": "x"}, form_at=ENTER)
    assert "E-mail nebo heslo nesedí" in text(unknown)
    asks(client)
    assert confirms(client, secrets_in(parts, mails)[-1]).location == MINE, "a link is the way back"


def test_only_what_the_organisation_allows_is_there(client: FlaskClient, parts: Parts, mails: list[Mail]) -> None:
    comes_in(client, parts, mails)
    allow(parts, "link")
    assert "heslem" not in text(client.get(OWN)).lower().replace("heslem nebo", "")
    assert post(client, f"{ENTER}/heslo", {"login": EVA, "password": PASSWORD}, form_at=OWN).status_code == 404
    allow(parts)
    assert client.get(MINE).status_code == 404
    assert client.get(ENTER).status_code == 404
    assert "Moje podání" not in text(client.get("/"))


def test_an_account_opens_nothing_of_the_staff_nor_of_another_organisation(
    client: FlaskClient, parts: Parts, mails: list[Mail]
) -> None:
    settings = {"hosts": ["other.example"], "applicant_sign_in": ["link"]}
    parts.engine.execute(AddTenant(tenant="other", actor=SYSTEM, name="Jiné město", settings=settings))
    asks(client)
    secret = secrets_in(parts, mails)[-1]
    assert client.get(f"{ENTER}/odkaz?k={secret}", base_url="http://other.example/").status_code == 410
    confirms(client, secret)
    assert client.get("/prace/ukoly").status_code == 302
    cookie = client.get_cookie("radnice")
    assert cookie is not None
    headers = {"Cookie": f"radnice={cookie.value}"}
    assert client.get(MINE, base_url="http://other.example/", headers=headers).status_code == 302


# --- what is theirs --------------------------------------------------------------------------------------------------


def test_what_is_sent_and_begun_while_signed_in_is_theirs_in_any_browser(
    app: Flask, client: FlaskClient, parts: Parts, mails: list[Mail]
) -> None:
    comes_in(client, parts, mails)
    draft = str(writes(client, BEGIN, "keep", **{"/name": "Obec Horní Dolní"}).get_json()["draft"])
    phone = app.test_client()
    comes_in(phone, parts, mails)
    assert f"/podani/{draft}" in text(phone.get(MINE))
    assert phone.get(f"/podani/{draft}", follow_redirects=True).status_code == 200
    assert app.test_client().get(f"/podani/{draft}").status_code == 404
    stranger = app.test_client()
    comes_in(stranger, parts, mails, "jina@example.org")
    assert stranger.get(f"/podani/{draft}").status_code == 404
    facts = {"tenant": "otevrenamesta", "actor": SYSTEM, "process_key": "membership", "draft_id": draft}
    sent = parts.engine.execute(StartInstance(**facts, submission=SubmittedForm(form="application", data={})))
    assert sent.business_key in text(phone.get(MINE))
    assert phone.get(f"/p/{sent.business_key}").status_code == 200
    assert stranger.get(f"/p/{sent.business_key}").status_code == 302
    assert sent.business_key not in text(stranger.get(MINE))


def test_a_helper_with_an_account_does_not_get_the_draft(
    app: Flask, client: FlaskClient, parts: Parts, mails: list[Mail], draft: str
) -> None:
    shared = post(client, f"/podani/{draft}/sdilet", {}, form_at=f"/podani/{draft}/ulozeno")
    with client.session_transaction() as cookie:
        own = cookie["drafts"][draft]
    keys = re.findall(rf"p={draft}&amp;k=([\w-]+)", text(client.get(shared.location.split("#")[0])))
    (guest,) = set(keys) - {own}
    helper = app.test_client()
    comes_in(helper, parts, mails)
    helper.get(f"/podani/pokracovat?p={draft}&k={guest}")
    page = helper.get(f"/podani/{draft}", follow_redirects=True)
    helper.post(page.request.path, data={"csrf_token": token_of(page), "_go": "keep", "/name": "Jinak"})
    with parts.sessions(info={TENANT: EVERY}) as session:
        assert session.query(DraftRow).filter_by(id=draft).one().account_id is None
    assert f"/podani/{draft}" not in text(helper.get(MINE))


def test_a_case_is_added_by_number_and_secret(client: FlaskClient, parts: Parts, mails: list[Mail]) -> None:
    comes_in(client, parts, mails)
    sent = case_of(parts, email="jina@example.org")
    wrong = post(client, "/moje/pridat", {"number": sent.business_key, "secret": "AAAA"}, form_at=MINE)
    assert wrong.status_code == 422
    secret = case_secret(parts.settings.signing_key(), sent.instance_id)
    assert post(client, "/moje/pridat", {"number": sent.business_key, "secret": secret}, form_at=MINE).location == MINE
    page = text(client.get(MINE))
    assert sent.business_key in page


def test_a_case_that_is_open_is_added_by_a_button(client: FlaskClient, parts: Parts, mails: list[Mail]) -> None:
    sent = case_of(parts)
    address = f"/p/{sent.business_key}"
    comes_in(client, parts, mails)
    assert post(client, f"/moje/pridat/{sent.business_key}", {}, form_at=MINE).status_code == 404
    client.get(f"{address}?k={case_secret(parts.settings.signing_key(), sent.instance_id)}")
    assert "Přidat k mým podáním" in text(client.get(address))
    assert post(client, f"/moje/pridat/{sent.business_key}", {}, form_at=address).location == address
    assert "Přidat k mým podáním" not in text(client.get(address))


def finds(client: FlaskClient, name: str) -> TestResponse:
    return post(client, "/moje/najit", {"name": name}, form_at=MINE)


def test_the_e_mail_alone_shows_nothing_the_name_has_to_fit_too(
    app: Flask, client: FlaskClient, parts: Parts, mails: list[Mail]
) -> None:
    mine, mistyped, other = case_of(parts), case_of(parts, name="Karel Cizí"), case_of(parts, email="jina@example.org")
    numbers = [one.business_key for one in (mine, mistyped, other)]
    comes_in(client, parts, mails)
    assert not any(number in text(client.get(MINE)) for number in numbers)
    assert finds(client, "Někdo Jiný").status_code == 422
    assert finds(client, "").status_code == 422
    assert finds(client, "  eva   MALA ").location == MINE
    assert [number in text(client.get(MINE)) for number in numbers] == [True, False, False]
    with parts.sessions(info={TENANT: EVERY}) as session:
        told = session.query(AuditEventRow).filter_by(kind="case-claimed").all()
        assert [(one.object_id, one.facts) for one in told] == [(mine.business_key, {"kind": "email"})]


def test_names_are_not_guessed(client: FlaskClient, parts: Parts, mails: list[Mail]) -> None:
    case_of(parts)
    comes_in(client, parts, mails)
    for number in range(5):
        finds(client, f"Pokus {number}")
    assert "Příliš mnoho neúspěšných pokusů" in text(finds(client, "Eva Malá"))
    with parts.sessions(info={TENANT: EVERY}) as session:
        assert session.query(AccountCaseRow).count() == 0


def test_a_case_of_somebody_elses_account_is_not_taken_by_its_e_mail(
    app: Flask, client: FlaskClient, parts: Parts, mails: list[Mail]
) -> None:
    sent = case_of(parts)
    owner = app.test_client()
    comes_in(owner, parts, mails, "jina@example.org")
    secret = case_secret(parts.settings.signing_key(), sent.instance_id)
    post(owner, "/moje/pridat", {"number": sent.business_key, "secret": secret}, form_at=MINE)
    comes_in(client, parts, mails)
    assert finds(client, "Eva Malá").status_code == 422


# --- sessions and the end --------------------------------------------------------------------------------------------


def test_sessions_are_listed_and_ended(app: Flask, client: FlaskClient, parts: Parts, mails: list[Mail]) -> None:
    phone, third = app.test_client(), app.test_client()
    for window in (client, phone, third):
        comes_in(window, parts, mails)
    found = re.findall(rf'action="({OWN}/jinde/[0-9a-f]+)"', text(client.get(OWN)))
    assert len(found) == 2
    post(client, found[0], {}, form_at=OWN)
    assert sorted(window.get(MINE).status_code for window in (client, phone, third)) == [200, 200, 302]
    post(client, f"{OWN}/jinde", {}, form_at=OWN)
    assert [window.get(MINE).status_code for window in (client, phone, third)] == [200, 302, 302]
    later(parts, timedelta(hours=12))
    assert client.get(MINE).status_code == 302


def test_signing_out_leaves_nothing_for_who_sits_down_next(
    client: FlaskClient, parts: Parts, mails: list[Mail]
) -> None:
    comes_in(client, parts, mails)
    draft = str(writes(client, BEGIN, "keep", **{"/name": "Obec Horní Dolní"}).get_json()["draft"])
    assert post(client, f"{ENTER}/odchod", {}, form_at=MINE).status_code == 303
    assert client.get(f"/podani/{draft}").status_code == 404


def test_the_person_deletes_the_account_and_cases_stay(client: FlaskClient, parts: Parts, mails: list[Mail]) -> None:
    sent = case_of(parts)
    comes_in(client, parts, mails)
    finds(client, "Eva Malá")
    assert post(client, f"{OWN}/zrusit", {}, form_at=OWN).status_code == 422
    assert post(client, f"{OWN}/zrusit", {"sure": "yes"}, form_at=OWN).status_code == 303
    assert client.get(MINE).status_code == 302
    with parts.sessions(info={TENANT: EVERY}) as session:
        for row in (AccountRow, AccountCaseRow, LiveSessionRow, MailedLinkRow):
            assert session.query(row).count() == 0, row
        assert accounts_of(session, "otevrenamesta", Subject(email=EVA)) == []
    secret = case_secret(parts.settings.signing_key(), sent.instance_id)
    assert client.get(f"/p/{sent.business_key}?k={secret}").status_code == 303


def test_a_link_for_another_accounts_e_mail_works_only_where_it_was_asked(
    app: Flask, client: FlaskClient, parts: Parts, mails: list[Mail]
) -> None:
    comes_in(client, parts, mails)
    with parts.engine._sessions() as session:  # an account that came by an identity provider has no e-mail
        session.info[TENANT] = EVERY
        session.query(AccountRow).one().email = None
        session.commit()
    victim = app.test_client()
    comes_in(victim, parts, mails, "obet@example.org")
    post(client, f"{OWN}/email", {"email": "obet@example.org"}, form_at=OWN)
    secret = secrets_in(parts, mails)[-1]
    page = victim.get(f"{ENTER}/odkaz?k={secret}")
    assert "v prohlížeči, kde jste o něj požádali" in text(page)
    forced = victim.post(f"{ENTER}/potvrdit", data={"csrf_token": token_of(victim.get(MINE)), "k": secret})
    assert forced.status_code == 403
    assert confirms(client, secret).location == OWN
    with parts.sessions(info={TENANT: EVERY}) as session:
        assert [row.email for row in session.query(AccountRow)] == ["obet@example.org"]
