"""Signing in: who gets in, where they land, when it ends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from engine.calendar import SettableClock
from engine.commands import AddPerson, AddTenant
from engine.model import SYSTEM
from engine.store.people import PersonRow
from engine.store.wall import everybodys
from tests.integration.portal.conftest import post, token_of
from web.bootstrap import Parts
from web.passwords import hash_password

JANA = {"username": "sekretarka", "password": "sekretarka"}


def test_the_right_password_leads_to_the_workplace(client: FlaskClient) -> None:
    response = post(client, "/prihlaseni", JANA)
    assert (response.status_code, response.location) == (303, "/prace/ukoly")
    assert "Jana Nováková" in client.get("/").get_data(as_text=True)


def test_a_wrong_password_and_an_unknown_name_read_the_same(client: FlaskClient) -> None:
    wrong = post(client, "/prihlaseni", {**JANA, "password": "x"})
    unknown = post(client, "/prihlaseni", {"username": "nikdo", "password": "x"})
    assert wrong.status_code == unknown.status_code == 422
    for response in (wrong, unknown):
        assert "Jméno nebo heslo nesedí" in response.get_data(as_text=True)


def test_the_way_back_stays_on_this_site(client: FlaskClient) -> None:
    assert post(client, "/prihlaseni", {**JANA, "next": "https://elsewhere/"}).location == "/prace/ukoly"


def test_the_session_ends_with_the_account_and_with_the_old_password(client: FlaskClient, parts: Parts) -> None:
    post(client, "/prihlaseni", JANA)
    facts = {"tenant": "otevrenamesta", "actor": SYSTEM, "username": "sekretarka", "name": "Jana Nováková"}
    parts.engine.execute(AddPerson(**facts, password_hash=hash_password("another one"), groups=["secretariat"]))
    assert client.get("/prace/ukoly").status_code == 302

    post(client, "/prihlaseni", {**JANA, "password": "another one"})
    assert client.get("/prace/ukoly").status_code == 200
    with everybodys(parts.database).begin() as connection:
        connection.execute(update(PersonRow).values(active=False))
    assert client.get("/prace/ukoly").status_code == 302


def test_a_form_without_its_token_is_refused_in_words(client: FlaskClient) -> None:
    response = client.post("/prihlaseni", data=JANA)
    assert response.status_code == 400
    assert "otevřená příliš dlouho" in response.get_data(as_text=True)


def guess(client: FlaskClient, username: str, times: int = 1) -> TestResponse:
    """Try a wrong password so many times; gives the last answer."""
    for _ in range(times):
        response = post(client, "/prihlaseni", {"username": username, "password": "x"})
    return response


@pytest.mark.parametrize("username", ["sekretarka", "nikdo"])
def test_guessing_is_stopped_for_that_name_whether_somebody_has_it_or_not(client: FlaskClient, username: str) -> None:
    assert guess(client, username, 5).status_code == 422
    refused = guess(client, username)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    assert "Zkuste to znovu za 1\u00a0minutu" in refused.get_data(as_text=True)
    assert post(client, "/prihlaseni", {"username": "hospodar", "password": "hospodar"}).status_code == 303


def test_while_one_waits_the_right_password_is_refused_and_afterwards_lets_in(
    client: FlaskClient, parts: Parts
) -> None:
    guess(client, "Sekretarka", 5)
    assert post(client, "/prihlaseni", JANA).status_code == 429
    assert isinstance(parts.clock, SettableClock)
    parts.clock.advance(timedelta(minutes=1))
    assert post(client, "/prihlaseni", JANA).status_code == 303
    client.post("/odhlaseni", data={"csrf_token": token_of(client.get("/prace/heslo"))})
    assert guess(client, "sekretarka", 5).status_code == 422


def test_an_address_that_goes_through_names_is_stopped_and_others_are_not(app: Flask) -> None:
    client = app.test_client()
    near = {"REMOTE_ADDR": "2001:db8::1"}
    token = token_of(client.get("/prihlaseni"))

    def tries(number: int, address: Mapping[str, str]) -> int:
        data = {"csrf_token": token, "username": f"u{number}", "password": "x"}
        return client.post("/prihlaseni", data=data, environ_overrides=dict(address)).status_code

    assert {tries(number, near) for number in range(40)} == {422}
    assert tries(40, near) == 429
    assert tries(41, {"REMOTE_ADDR": "2001:db8::ffff:2"}) == 429
    assert tries(42, {"REMOTE_ADDR": "2001:db8:0:1::1"}) == 422


def test_signing_out_elsewhere_ends_other_sessions_and_leaves_this_one(app: Flask, client: FlaskClient) -> None:
    elsewhere, colleague = app.test_client(), app.test_client()
    for window, who in ((client, "sekretarka"), (elsewhere, "sekretarka"), (colleague, "hospodar")):
        post(window, "/prihlaseni", {"username": who, "password": who})
    assert client.get("/prace/heslo").get_data(as_text=True).count("<li>") >= 2
    post(client, "/prace/heslo/jinde", {}, form_at="/prace/heslo")
    statuses = [window.get("/prace/heslo").status_code for window in (client, elsewhere, colleague)]
    assert statuses == [200, 302, 200]


def test_a_session_is_worth_nothing_in_another_organisation(client: FlaskClient, parts: Parts) -> None:
    settings = {"hosts": ["other.example"]}
    parts.engine.execute(AddTenant(tenant="other", actor=SYSTEM, name="Jiné město", settings=settings))
    post(client, "/prihlaseni", JANA)
    elsewhere = client.get("/", base_url="http://other.example/", headers={"Cookie": cookie_of(client)})
    page = elsewhere.get_data(as_text=True)
    assert "Jiné město" in page
    assert "Jana Nováková" not in page
    assert "Přihláška do spolku" not in page


def cookie_of(client: FlaskClient) -> str:
    cookie = client.get_cookie("radnice")
    assert cookie is not None
    assert cookie.http_only
    return f"radnice={cookie.value}"
