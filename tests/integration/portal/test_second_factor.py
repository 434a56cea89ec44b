"""The second factor: set up, asked for, used once, demanded, lost."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine.calendar import SettableClock
from engine.commands import ChangeTenant
from engine.errors import NotFound
from engine.model import SYSTEM, Actor
from engine.queries.second_factor import factor_of
from engine.second_factor import ResetSecondFactor
from engine.store.audit import AuditEventRow
from engine.store.people import PersonRow
from engine.store.session import TENANT
from engine.store.signing_in import RecoveryCodeRow, SecondFactorRow
from engine.store.wall import EVERY
from tests.integration.portal.conftest import post, token_of
from web.bootstrap import Parts
from web.safe import Safe, SealedElsewhere, reseal
from web.settings import Settings

OWN, CODE = "/prace/druhy-faktor", "/prihlaseni/kod"
JANA = {"username": "sekretarka", "password": "sekretarka"}


def later(parts: Parts, by: timedelta = timedelta(seconds=30)) -> None:
    assert isinstance(parts.clock, SettableClock)
    parts.clock.advance(by)


def secret_on(page: TestResponse) -> str:
    found = re.search(r"<code class=\"wrap-any\">([A-Z2-7 ]+)</code>", page.get_data(as_text=True))
    assert found
    return found[1].replace(" ", "")


def code(parts: Parts, secret: str, ahead: int = 0) -> str:
    return str(pyotp.TOTP(secret).at(parts.clock.now() + ahead * timedelta(seconds=30)))


def set_up(client: FlaskClient, parts: Parts) -> tuple[str, list[str]]:
    """Jana sets her second factor up; gives the secret and the codes on paper."""
    post(client, "/prihlaseni", JANA)
    post(client, f"{OWN}/zacit", {}, form_at=OWN)
    secret = secret_on(client.get(OWN))
    done = post(client, f"{OWN}/potvrdit", {"code": code(parts, secret)}, form_at=OWN)
    return secret, re.findall(r"<code>([a-z0-9-]{19})</code>", done.get_data(as_text=True))


def signs_in(client: FlaskClient, typed: str) -> TestResponse:
    """Jana with her password and a code, in a new browser."""
    assert post(client, "/prihlaseni", JANA).location.startswith(CODE)
    return post(client, CODE, {"code": typed}, form_at=CODE)


def inside(client: FlaskClient) -> bool:
    return client.get("/prace/ukoly").status_code == 200


def test_the_password_alone_opens_nothing_once_it_is_set_up(app: Flask, client: FlaskClient, parts: Parts) -> None:
    secret, codes = set_up(client, parts)
    assert len(set(codes)) == 10
    assert inside(client)
    later(parts)
    other = app.test_client()
    assert post(other, "/prihlaseni", {**JANA, "next": "/prace/pripady"}).location == f"{CODE}?next=/prace/pripady"
    assert not inside(other)
    assert post(other, CODE, {"code": code(parts, secret), "next": "/prace/pripady"}, form_at=CODE).location == (
        "/prace/pripady"
    )
    assert inside(other)


def test_a_code_does_once_and_no_earlier_one_after_it(app: Flask, client: FlaskClient, parts: Parts) -> None:
    secret, _ = set_up(client, parts)
    used = code(parts, secret)
    assert signs_in(app.test_client(), used).status_code == 422
    later(parts, timedelta(minutes=1))
    fresh = code(parts, secret)
    assert signs_in(app.test_client(), fresh[:3] + " " + fresh[3:]).status_code == 303
    assert signs_in(app.test_client(), fresh).status_code == 422
    assert signs_in(app.test_client(), code(parts, secret, -1)).status_code == 422


@pytest.mark.parametrize("ahead", [-2, 2, 20])
def test_codes_of_other_minutes_are_refused(app: Flask, client: FlaskClient, parts: Parts, ahead: int) -> None:
    secret, _ = set_up(client, parts)
    later(parts, timedelta(minutes=10))
    assert signs_in(app.test_client(), code(parts, secret, ahead)).status_code == 422


@pytest.mark.parametrize("typed", ["", "0", "abcdef", "1" * 500, "ž" * 6, "----------------", "'; --"])
def test_odd_codes_are_refused_in_words(app: Flask, client: FlaskClient, parts: Parts, typed: str) -> None:
    set_up(client, parts)
    refused = signs_in(app.test_client(), typed)
    assert refused.status_code == 422
    assert "Kód nesedí nebo už byl použit" in refused.get_data(as_text=True).replace("\u00a0", " ")


def test_a_code_on_paper_does_once(app: Flask, client: FlaskClient, parts: Parts) -> None:
    _, codes = set_up(client, parts)
    window = app.test_client()
    assert signs_in(window, codes[0].upper().replace("-", " ")).status_code == 303
    assert "Zbývá jich 9" in window.get("/prace/ukoly").get_data(as_text=True)
    assert signs_in(app.test_client(), codes[0]).status_code == 422
    with parts.sessions(info={TENANT: EVERY}) as session:
        kept = [row.code_hash for row in session.query(RecoveryCodeRow)]
    assert not set(kept) & set(codes)


def test_wrong_codes_lock_the_name_and_a_right_password_does_not_unlock_it(
    app: Flask, client: FlaskClient, parts: Parts
) -> None:
    secret, _ = set_up(client, parts)
    later(parts)
    window = app.test_client()
    post(window, "/prihlaseni", JANA)
    statuses = [post(window, CODE, {"code": "000000"}, form_at=CODE).status_code for _ in range(5)]
    assert statuses == [422, 422, 422, 422, 429]
    assert post(app.test_client(), "/prihlaseni", JANA).status_code == 429
    assert post(window, CODE, {"code": code(parts, secret)}, form_at=CODE).status_code == 429
    later(parts, timedelta(minutes=1))
    assert post(window, CODE, {"code": code(parts, secret)}, form_at=CODE).status_code == 303


def test_half_a_sign_in_is_over_after_ten_minutes_and_with_the_account(
    app: Flask, client: FlaskClient, parts: Parts
) -> None:
    secret, _ = set_up(client, parts)
    window = app.test_client()
    post(window, "/prihlaseni", JANA)
    token = token_of(window.get(CODE))
    later(parts, timedelta(minutes=11))
    late = window.post(CODE, data={"csrf_token": token, "code": code(parts, secret)})
    assert late.location == "/prihlaseni"
    assert window.get(CODE).location == "/prihlaseni"
    assert not inside(window)


def test_setting_it_up_needs_a_right_code_and_ends_other_sessions(
    app: Flask, client: FlaskClient, parts: Parts
) -> None:
    other = app.test_client()
    post(other, "/prihlaseni", JANA)
    post(client, "/prihlaseni", JANA)
    assert client.get(f"{OWN}/kod.svg").status_code == 404
    post(client, f"{OWN}/zacit", {}, form_at=OWN)
    secret = secret_on(client.get(OWN))
    assert client.get(f"{OWN}/kod.svg").mimetype == "image/svg+xml"
    assert post(client, f"{OWN}/potvrdit", {"code": "000000"}, form_at=OWN).status_code == 422
    assert inside(other)
    assert signs_in_by_password_alone(app)
    assert post(client, f"{OWN}/potvrdit", {"code": code(parts, secret)}, form_at=OWN).status_code == 200
    assert not inside(other)
    assert client.get(f"{OWN}/kod.svg").status_code == 404
    assert post(client, f"{OWN}/zacit", {}, form_at="/prace/heslo").status_code == 409


def signs_in_by_password_alone(app: Flask) -> bool:
    return post(app.test_client(), "/prihlaseni", JANA).location == "/prace/ukoly"


def test_the_secret_lies_encrypted_and_opens_with_old_keys_while_they_are_named(
    app: Flask, client: FlaskClient, parts: Parts
) -> None:
    secret, _ = set_up(client, parts)
    with parts.sessions(info={TENANT: EVERY}) as session:
        (sealed,) = session.scalars(session.query(SecondFactorRow.sealed).statement).all()
    assert secret not in sealed
    before, new = parts.settings, "a new key"
    both = Safe(Settings(secret_key=before.secret_key, sealing_keys=f"{new}, older"))
    assert both.take(sealed) == secret
    renewed = both.renewed(sealed)
    assert Safe(Settings(secret_key="another", sealing_keys=new)).take(renewed) == secret
    assert both.renewed(renewed) == ""
    with pytest.raises(SealedElsewhere):
        Safe(Settings(secret_key="another", sealing_keys="x")).take(sealed)
    object.__setattr__(parts.settings, "sealing_keys", "one between")
    assert (reseal(parts), reseal(parts)) == (1, 0)
    object.__setattr__(parts.settings, "sealing_keys", f"{new}, one between")
    later(parts)
    assert signs_in(app.test_client(), code(parts, secret)).status_code == 303
    with parts.sessions(info={TENANT: EVERY}) as session:
        (again,) = session.scalars(session.query(SecondFactorRow.sealed).statement).all()
    assert Safe(Settings(secret_key="another", sealing_keys=new)).take(again) == secret


def test_switching_it_off_and_new_codes_need_the_password(app: Flask, client: FlaskClient, parts: Parts) -> None:
    _, codes = set_up(client, parts)
    for where in ("kody", "vypnout"):
        assert post(client, f"{OWN}/{where}", {"password": "x"}, form_at=OWN).status_code == 422
    post(client, f"{OWN}/kody", {"password": "sekretarka"}, form_at=OWN)
    assert signs_in(app.test_client(), codes[0]).status_code == 422
    assert post(client, f"{OWN}/vypnout", {"password": "sekretarka"}, form_at=OWN).status_code == 303
    assert signs_in_by_password_alone(app)


def demand(parts: Parts, *groups: str) -> None:
    facts = {"tenant": "otevrenamesta", "actor": SYSTEM, "name": "Otevřená města"}
    parts.engine.execute(ChangeTenant(**facts, settings={"second_factor_groups": list(groups)}))


def test_who_must_have_one_gets_nowhere_before_it_is_set_up(client: FlaskClient, parts: Parts) -> None:
    post(client, "/prihlaseni", JANA)
    demand(parts, "treasurer")
    assert inside(client)
    demand(parts, "secretariat")
    for path in ("/prace/ukoly", "/prace/heslo", "/", "/prace/pripady"):
        assert client.get(path).location == OWN, path
    assert client.post("/prace/heslo/jinde", data={"csrf_token": token_of(client.get(OWN))}).location == OWN
    assert "Vaše organizace po vás chce druhý faktor" in client.get(OWN).get_data(as_text=True).replace("\u00a0", " ")
    with client.get("/static/css/work.css") as sheet:
        assert sheet.status_code == 200
    post(client, f"{OWN}/zacit", {}, form_at=OWN)
    secret = secret_on(client.get(OWN))
    assert post(client, f"{OWN}/potvrdit", {"code": code(parts, secret)}, form_at=OWN).status_code == 200
    assert inside(client)
    assert post(client, f"{OWN}/vypnout", {"password": "sekretarka"}, form_at=OWN).status_code == 403
    post(client, "/odhlaseni", {}, form_at=OWN)
    assert not inside(client)


def test_the_administrator_takes_it_away_with_a_reason(app: Flask, client: FlaskClient, parts: Parts) -> None:
    set_up(client, parts)
    admin = app.test_client()
    post(admin, "/prihlaseni", {"username": "spravce", "password": "spravce"})
    page = "/velin/lide/kdo/sekretarka"
    assert "ztratila telefon" in admin.get(page).get_data(as_text=True)
    assert post(admin, f"{page}/druhy-faktor", {"reason": " "}, form_at=page).status_code == 422
    assert inside(client)
    assert post(admin, f"{page}/druhy-faktor", {"reason": "ztracený telefon"}, form_at=page).status_code == 303
    assert not inside(client)
    assert signs_in_by_password_alone(app)
    with parts.sessions(info={TENANT: EVERY}) as session:
        (told,) = session.query(AuditEventRow).filter_by(kind="second-factor-reset").all()
    assert (told.actor, told.object_id, told.facts) == ("spravce", "sekretarka", {"reason": "ztracený telefon"})


def test_nobody_takes_it_away_from_people_of_another_organisation(client: FlaskClient, parts: Parts) -> None:
    set_up(client, parts)
    stranger = Actor(kind="person", username="spravce", groups=frozenset({"admin"}))
    with pytest.raises(NotFound):
        parts.engine.execute(
            ResetSecondFactor(tenant="jinde", actor=stranger, username="sekretarka", reason="protože chci")
        )
    with parts.sessions(info={TENANT: EVERY}) as session:
        jana = session.query(PersonRow).filter_by(username="sekretarka").one()
        factor = factor_of(session, "otevrenamesta", jana.id)
        assert factor is not None
        assert factor.confirmed
        assert factor_of(session, "jinde", jana.id) is None


def test_what_was_being_written_goes_through_the_second_step(app: Flask, client: FlaskClient, parts: Parts) -> None:
    secret, _ = set_up(client, parts)
    later(parts)
    word = re.search(r'name="_page" value="([^"]+)"', client.get("/prace/heslo").get_data(as_text=True))
    assert word
    window = app.test_client()
    window.get("/prihlaseni")
    answer = window.post(
        "/prace/zastupy", data={"_page": word[1], "note": "rozepsáno"}, headers={"Origin": "http://localhost"}
    )
    kept = re.search(r'name="_kept" value="([^"]+)"', answer.get_data(as_text=True))
    assert kept, answer.get_data(as_text=True)[:300]
    half = window.post("/prihlaseni", data={**JANA, "csrf_token": token_of(answer), "_kept": kept[1]})
    assert half.status_code == 200
    sent = {"csrf_token": token_of(half), "code": code(parts, secret), "_kept": kept[1]}
    assert "rozepsáno" in window.post(CODE, data=sent).get_data(as_text=True)
