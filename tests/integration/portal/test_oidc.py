"""Signing in by a provider of identities: who gets in, and everything that must not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from werkzeug.test import TestResponse

from engine.calendar import SettableClock
from engine.commands import AddPerson, AddTenant, ChangeTenant
from engine.model import SYSTEM
from engine.staffing import DeactivatePerson
from engine.store.accounts import AccountRow
from engine.store.people import GroupMemberRow, PersonRow
from engine.store.session import TENANT
from engine.store.signing_in import IdentityRow
from engine.store.wall import EVERY
from tests.integration.portal.conftest import post, token_of
from tests.oidc_provider import Claims, Identities, plain, provider
from web.bootstrap import Parts
from web.providers import variable

STAFF, PUBLIC, OWN = "/prihlaseni/sluzba", "/moje/vstup/sluzba", "/prace/heslo"
OFFICE = "otevrenamesta"
EVA = {
    "sub": "eva-1",
    "preferred_username": "eva",
    "name": "Eva Malá",
    "email": "eva@mesto.example",
    "groups": ["/Úřad"],
}
CITIZEN = {
    "sub": "nia-1",
    "given_name": "Jan",
    "family_name": "Novák",
    "birthdate": "1980-02-29",
    "email": "eva@example.org",
    "email_verified": True,
    "address": {"street_address": "Dlouhá 1", "locality": "Brno", "postal_code": "60200"},
}


@pytest.fixture
def there(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> Iterator[Identities]:
    """A provider that the operator has set up for the staff and for applicants."""
    with provider() as made:
        made.now = lambda: int(parts.clock.now().timestamp())
        made.person = dict(EVA)
        for audience in ("staff", "public"):
            set_up(monkeypatch, audience, made)
        settings = {"oidc_groups": {"secretariat": ["Úřad"]}, "applicant_sign_in": ["link", "oidc"]}
        change(parts, settings)
        yield made


def set_up(monkeypatch: pytest.MonkeyPatch, audience: Any, made: Identities, **more: str) -> None:
    facts = {"ISSUER": made.issuer, "CLIENT_ID": made.client_id, "CLIENT_SECRET": made.client_secret, "PRIVATE": "1"}
    for name, value in {**facts, **more}.items():
        monkeypatch.setenv(variable(audience, name, OFFICE), value)


def change(parts: Parts, settings: dict[str, Any]) -> None:
    facts = {"tenant": OFFICE, "actor": SYSTEM, "name": "Otevřená města"}
    parts.engine.execute(ChangeTenant(**facts, settings=settings))


def goes(client: FlaskClient, there: Identities, at: str = STAFF) -> str:
    """Go to the provider and agree there; gives the way back."""
    away = client.get(at)
    assert away.status_code == 302, away.get_data(as_text=True)[:500]
    back = urlsplit(there.authorize(away.location))
    return f"{back.path}?{back.query}"


def comes(client: FlaskClient, there: Identities, at: str = STAFF) -> TestResponse:
    return client.get(goes(client, there, at))


def text(response: TestResponse) -> str:
    return response.get_data(as_text=True).replace("\u00a0", " ")


def inside(client: FlaskClient) -> bool:
    return client.get("/prace/ukoly").status_code == 200


def person(parts: Parts, username: str) -> tuple[str, set[str]] | None:
    with parts.sessions(info={TENANT: EVERY}) as session:
        row = session.query(PersonRow).filter_by(tenant=OFFICE, username=username).one_or_none()
        if row is None:
            return None
        return row.name, {one.group_key for one in session.query(GroupMemberRow).filter_by(person_id=row.id)}


# --- people of the staff ---


def test_who_is_in_a_mapped_group_gets_in_and_stays_the_same_person(
    app: Flask, client: FlaskClient, parts: Parts, there: Identities
) -> None:
    assert STAFF in text(client.get("/prihlaseni"))
    assert comes(client, there).location == "/prace/ukoly"
    assert inside(client)
    assert person(parts, "eva") == ("Eva Malá", {"secretariat"})
    there.person |= {"preferred_username": "eva.vdana", "name": "Eva Vdaná", "email": "nova@mesto.example"}
    again = app.test_client()
    assert comes(again, there).status_code == 303
    assert person(parts, "eva") == ("Eva Vdaná", {"secretariat"})
    assert person(parts, "eva.vdana") is None
    assert "přes přihlašovací službu" in text(again.get(OWN))


@pytest.mark.parametrize("groups", [[], ["Jiná"], "Úřad", None, [["Úřad"]]])
def test_who_is_in_no_mapped_group_stays_out(
    client: FlaskClient, parts: Parts, there: Identities, groups: object
) -> None:
    there.person["groups"] = groups
    assert comes(client, there).status_code == 403
    assert not inside(client)
    assert person(parts, "eva") is None


def test_the_provider_decides_only_about_mapped_groups(app: Flask, parts: Parts, there: Identities) -> None:
    change(parts, {"oidc_groups": {"secretariat": ["Úřad"], "treasurer": ["Peníze"]}})
    there.person["groups"] = ["Úřad", "Peníze"]
    comes(app.test_client(), there)
    facts = {"tenant": OFFICE, "actor": SYSTEM, "username": "eva", "name": "Eva"}
    parts.engine.execute(AddPerson(**facts, groups=["secretariat", "treasurer", "board"]))
    there.person["groups"] = ["Úřad"]
    comes(app.test_client(), there)
    assert person(parts, "eva") == ("Eva Malá", {"secretariat", "board"})


def test_nobody_becomes_a_local_account_of_the_same_name_or_mail(
    client: FlaskClient, parts: Parts, there: Identities
) -> None:
    there.person |= {"preferred_username": "spravce", "email": "spravce@otevrenamesta.example"}
    assert comes(client, there).status_code == 403
    assert not inside(client)


def test_whom_the_administrator_deactivated_stays_out(app: Flask, parts: Parts, there: Identities) -> None:
    comes(app.test_client(), there)
    parts.engine.execute(DeactivatePerson(tenant=OFFICE, actor=SYSTEM, username="eva"))
    window = app.test_client()
    assert comes(window, there).status_code == 403
    assert not inside(window)


def test_a_local_person_joins_their_identity_after_a_question(
    app: Flask, client: FlaskClient, there: Identities
) -> None:
    post(client, "/prihlaseni", {"username": "sekretarka", "password": "sekretarka"})
    asked = comes(client, there)
    assert "Eva Malá" in text(asked)
    window = app.test_client()
    there.person["groups"] = ["Úřad"]
    joined = client.post(f"{STAFF}/pripojit", data={"csrf_token": token_of(asked)})
    assert joined.location == OWN
    assert comes(window, there).status_code == 303
    assert "sekretarka" in text(window.get(OWN)) or "Eva Malá" in text(window.get(OWN))
    assert client.post(f"{STAFF}/pripojit", data={"csrf_token": token_of(client.get(OWN))}).status_code == 403


def test_a_demanded_second_factor_may_be_the_providers(
    app: Flask, client: FlaskClient, parts: Parts, there: Identities, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(parts, {"second_factor_groups": ["secretariat"]})
    comes(client, there)
    assert client.get("/prace/ukoly").location == "/prace/druhy-faktor"
    set_up(monkeypatch, "staff", there, SECOND_FACTOR="provider")
    window = app.test_client()
    comes(window, there)
    assert inside(window)


def test_signing_out_goes_on_to_the_provider(client: FlaskClient, there: Identities) -> None:
    comes(client, there)
    left = urlsplit(client.get("/odhlaseni/sluzba").location)
    asked = parse_qs(left.query)
    assert f"{left.scheme}://{left.netloc}{left.path}" == f"{there.issuer}/logout"
    assert asked["client_id"] == [there.client_id]
    assert asked["post_logout_redirect_uri"] == ["http://127.0.0.1:8000/"]


# --- what must not hold ---


def says(**more: Any) -> Callable[[Claims], Claims]:
    return lambda claims: {name: value for name, value in {**claims, **more}.items() if value is not None}


@pytest.mark.parametrize(
    "change",
    [
        says(nonce="another"),
        says(nonce=None),
        says(iss="https://another.example"),
        says(iss=None),
        says(aud="somebody else"),
        says(aud=None),
        says(aud=["radnice", "another"], azp="another"),
        says(aud=["radnice", "another"], azp=None, exp=0),
        says(exp=1),
        says(exp=None),
        says(iat=None),
        says(iat=4_000_000_000),
        says(sub=None),
        says(sub=""),
        says(sub="x" * 300),
        says(sub=["eva-1"]),
    ],
)
def test_a_token_that_says_something_else_lets_nobody_in(
    client: FlaskClient, parts: Parts, there: Identities, change: Callable[[Claims], Claims]
) -> None:
    there.change = change
    response = comes(client, there)
    assert response.status_code in (403, 422)
    assert not inside(client)
    assert person(parts, "eva") is None


def by_our_secret(claims: Claims) -> str:
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key("tajemství klienta".encode()))


def by_another_key(claims: Claims) -> str:
    return jwt.encode({"alg": "RS256", "kid": "one"}, claims, RSAKey.generate_key(2048))


def by_their_own_key(claims: Claims) -> str:
    key = RSAKey.generate_key(2048)
    return jwt.encode({"alg": "RS256", "jwk": key.as_dict(private=False)}, claims, key)


@pytest.mark.parametrize("make", [plain, by_our_secret, by_another_key, by_their_own_key, lambda claims: "x.y.z"])
def test_a_token_that_the_provider_did_not_sign_lets_nobody_in(
    client: FlaskClient, there: Identities, make: Callable[[Claims], str]
) -> None:
    there.make = make
    assert comes(client, there).status_code == 422
    assert not inside(client)


def test_rotated_keys_are_taken_at_once(app: Flask, there: Identities) -> None:
    assert comes(app.test_client(), there).status_code == 303
    there.key = RSAKey.generate_key(2048, {"kid": "one"})
    assert comes(app.test_client(), there).status_code == 303


def test_a_state_of_another_browser_or_another_time_lets_nobody_in(
    app: Flask, client: FlaskClient, parts: Parts, there: Identities
) -> None:
    back = goes(client, there)
    thief = app.test_client()
    assert thief.get(back).status_code == 422
    goes(thief, there)
    assert thief.get(back).status_code == 422
    assert not inside(thief)
    assert client.get(back.replace("state=", "state=x")).status_code == 422
    assert client.get(back).status_code == 422, "the attempt was used up"
    late = goes(client, there)
    assert isinstance(parts.clock, SettableClock)
    parts.clock.advance(timedelta(minutes=16))
    assert client.get(late).status_code == 422


def test_a_code_does_once_and_only_with_its_verifier(app: Flask, client: FlaskClient, there: Identities) -> None:
    back = goes(client, there)
    assert client.get(back).status_code == 303
    other = app.test_client()
    stolen = goes(app.test_client(), there)
    own = goes(other, there)
    code = parse_qs(urlsplit(stolen).query)["code"][0]
    mine = parse_qs(urlsplit(own).query)["code"][0]
    assert other.get(own.replace(mine, code)).status_code == 422
    assert not inside(other)


def test_an_answer_of_another_provider_lets_nobody_in(client: FlaskClient, there: Identities) -> None:
    back = goes(client, there)
    assert client.get(back.replace("iss=http", "iss=https")).status_code == 422
    without = goes(client, there).split("&iss=")[0]
    assert client.get(without).status_code == 422
    there.names_itself = False
    assert comes(client, there).status_code == 303


def test_an_attempt_of_applicants_opens_nothing_to_the_staff(client: FlaskClient, there: Identities) -> None:
    back = goes(client, there, PUBLIC)
    assert client.get(back.replace(PUBLIC, STAFF)).status_code == 422
    assert not inside(client)


@pytest.mark.parametrize(
    "discovery", [{"issuer": "https://another.example"}, {"token_endpoint": 7}, {"jwks_uri": None}]
)
def test_a_provider_that_says_odd_things_of_itself_is_refused_in_words(
    client: FlaskClient, there: Identities, discovery: Claims
) -> None:
    there.discovery = discovery
    away = client.get(STAFF)
    response = client.get(goes(client, there)) if away.status_code == 302 else away
    assert response.status_code == 422
    assert "Přihlášení se nepovedlo" in text(response)


def test_inner_addresses_are_asked_only_where_the_operator_says_so(
    client: FlaskClient, there: Identities, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(variable("staff", "PRIVATE", OFFICE))
    assert client.get(STAFF).status_code == 422
    set_up(monkeypatch, "staff", there)
    there.discovery = {"token_endpoint": "http://localhost:1/token"}
    assert comes(client, there).status_code == 422


def test_a_provider_that_is_away_is_said_so(
    client: FlaskClient, there: Identities, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable("staff", "ISSUER", OFFICE), "http://127.0.0.1:1")
    response = client.get(STAFF)
    assert response.status_code == 503
    assert "neodpovídá" in text(response)


def test_without_a_provider_or_groups_there_is_no_such_way(
    client: FlaskClient, parts: Parts, there: Identities, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = {"hosts": ["other.example"]}
    parts.engine.execute(AddTenant(tenant="other", actor=SYSTEM, name="Jiné město", settings=settings))
    assert client.get(STAFF, base_url="http://other.example/").status_code == 404
    change(parts, {"oidc_groups": None, "applicant_sign_in": ["link"]})
    for path in (STAFF, PUBLIC):
        assert client.get(path).status_code == 404
    assert STAFF not in text(client.get("/prihlaseni"))


# --- applicants ---


def test_an_applicant_comes_in_with_a_verified_identity_and_is_no_account_of_that_mail(
    app: Flask, client: FlaskClient, parts: Parts, there: Identities
) -> None:
    there.person = dict(CITIZEN)
    assert comes(client, there, PUBLIC).location == "/moje"
    page = text(client.get("/moje/ucet"))
    assert "Jan Novák" in page
    assert "1980-02-29" in page
    assert not inside(client)
    window = app.test_client()
    comes(window, there, PUBLIC)
    with parts.sessions(info={TENANT: EVERY}) as session:
        (account,) = session.query(AccountRow).all()
        assert (account.email, account.verified["address"]["locality"]) == (None, "Brno")
        (known,) = session.query(IdentityRow).all()
        assert (known.subject, known.holder_id) == ("nia-1", account.id)


def test_an_identity_of_another_account_is_not_taken(
    app: Flask, client: FlaskClient, parts: Parts, there: Identities
) -> None:
    there.person = dict(CITIZEN)
    comes(app.test_client(), there, PUBLIC)
    there.person = {**CITIZEN, "sub": "nia-2"}
    comes(client, there, PUBLIC)
    there.person = dict(CITIZEN)
    asked = comes(client, there, PUBLIC)
    client.post(f"{STAFF}/pripojit", data={"csrf_token": token_of(asked)})
    assert "patří někomu jinému" in text(client.get("/moje/ucet"))
    with parts.sessions(info={TENANT: EVERY}) as session:
        assert session.query(IdentityRow).count() == 2
