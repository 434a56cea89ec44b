"""What holds for every page: headers, errors, languages, health."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from engine import errors
from engine.errors import EngineError, HumanTaskTaken
from engine.store.base import Base
from tests.integration.portal.conftest import settings_in
from web.app import create_app
from web.bootstrap import bootstrap
from web.errors import sentence, status_of


def all_refusals(of: type[EngineError] = EngineError) -> list[type[EngineError]]:
    return [of, *(below for child in of.__subclasses__() for below in all_refusals(child))]


@pytest.mark.parametrize("path", ["/", "/sledovat", "/prihlaseni", "/nic-takoveho", "/registry/members", "/healthz"])
def test_every_answer_lets_nothing_from_elsewhere_in(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Request-Id"]


def test_pages_hold_no_inline_style_or_script(client: FlaskClient) -> None:
    for path in ("/", "/sluzby/membership/membership", "/sluzby/membership/membership/zadost", "/sledovat"):
        page = client.get(path).get_data(as_text=True)
        assert " style=" not in page
        assert "<script>" not in page
        assert " onclick" not in page


def test_an_unknown_page_is_told_in_the_language_of_the_person(client: FlaskClient) -> None:
    assert "Stránka tu není" in client.get("/nic").get_data(as_text=True)
    client.get("/jazyk/en?next=/")
    response = client.get("/nic")
    assert response.status_code == 404
    assert "The page is not here" in response.get_data(as_text=True)


def test_a_program_gets_a_problem_and_a_person_a_page(app: Flask, client: FlaskClient) -> None:
    app.add_url_rule("/api/v1/taken", view_func=refusing(HumanTaskTaken(task="t1")))
    app.add_url_rule("/taken", view_func=refusing(HumanTaskTaken()), endpoint="taken")
    problem = client.get("/api/v1/taken")
    assert problem.status_code == 409
    assert problem.content_type == "application/problem+json"
    assert problem.json is not None
    assert problem.json["detail"] == "Somebody else has claimed this human task."
    assert "Úkol si vzal někdo jiný." in client.get("/taken").get_data(as_text=True)


@pytest.mark.parametrize("error", all_refusals(), ids=lambda kind: kind.__name__)
def test_every_refusal_of_the_engine_has_a_status_and_a_czech_sentence(app: Flask, error: type[EngineError]) -> None:
    if error.__module__ != errors.__name__:
        pytest.skip("a refusal of another room is told by the nearest class of the engine")
    with app.test_request_context():
        assert 400 <= status_of(error()) < 500
        assert sentence(error()) != (error.__doc__ or "").strip()


def test_our_own_fault_shows_its_number_and_no_trace(
    app: Flask, client: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    app.add_url_rule("/broken", view_func=refusing(RuntimeError("secret of the house")))
    response = client.get("/broken")
    page = response.get_data(as_text=True)
    assert response.status_code == 500
    assert response.headers["X-Request-Id"] in page
    assert "secret of the house" not in page
    assert "Traceback" not in page


def test_a_database_that_does_not_answer_is_told_as_busy(app: Flask, client: FlaskClient) -> None:
    app.add_url_rule("/busy", view_func=refusing(OperationalError("SELECT", {}, Exception("locked"))))
    assert client.get("/busy").status_code == 503


def refusing(error: Exception):  # type: ignore[no-untyped-def]
    def view() -> str:
        raise error

    return view


def test_a_post_that_is_too_big_is_refused_in_words(app: Flask, client: FlaskClient) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1000
    response = client.post("/sledovat", data={"number": "x" * 2000})
    assert response.status_code == 413
    assert "příliš velký" in response.get_data(as_text=True)


def test_machines_see_whether_the_product_lives(client: FlaskClient) -> None:
    assert client.get("/healthz").get_data(as_text=True) == "ok\n"
    assert client.get("/readyz").get_data(as_text=True) == "database ok\nbroker ok\n"
    assert "radnice_requests_total" in client.get("/metrics").get_data(as_text=True)


def test_the_colours_and_arms_are_the_towns_own(client: FlaskClient) -> None:
    assert "--r-tenant:#3d4a9e" in client.get("/tenant.css").get_data(as_text=True)
    arms = client.get("/arms.svg")
    assert arms.mimetype == "image/svg+xml"
    assert "script-src 'self'" in arms.headers["Content-Security-Policy"]


def test_files_of_the_page_are_kept_for_ever_by_their_fingerprint(client: FlaskClient) -> None:
    with client.get("/static/css/tokens.css?v=abc") as kept:
        assert "immutable" in kept.headers["Cache-Control"]
    assert "no-store" in client.get("/").headers["Cache-Control"]


def test_style_comes_packed_to_browsers_that_take_it(client: FlaskClient) -> None:
    packed = client.get("/static/css/tokens.css?v=abc", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert b"--r-tenant" in gzip.decompress(packed.data)
    assert len(packed.data) < 12_000
    assert client.get("/static/../settings.py").status_code == 404
    with client.get("/static/sprite.svg") as plain:
        assert "Content-Encoding" not in plain.headers


def test_an_installation_without_an_organisation_still_answers_in_words(tmp_path: Path) -> None:
    parts = bootstrap(settings_in(tmp_path))
    Base.metadata.create_all(parts.database)
    response = create_app(parts).test_client().get("/")
    parts.database.dispose()
    assert response.status_code == 404
    assert "Stránka tu není" in response.get_data(as_text=True)


def test_pages_about_the_portal_can_be_read(client: FlaskClient) -> None:
    for page in ("pristupnost", "osobni-udaje"):
        assert client.get(f"/o-portalu/{page}").status_code == 200
    assert client.get("/o-portalu/nic").status_code == 404


def test_everybody_can_read_how_long_what_they_sent_is_kept(client: FlaskClient) -> None:
    told = client.get("/o-portalu/osobni-udaje").get_data(as_text=True).replace("\u00a0", " ")
    assert "<li>Členství ve spolku: 10 let, potom se smažou</li>" in told
    assert "smažeme 90 dní po poslední změně" in told


def test_what_every_page_needs_comes_as_one_file(client: FlaskClient) -> None:
    page = client.get("/").get_data(as_text=True)
    sheets = re.findall(r'rel="stylesheet" href="(/static/[^"]+)"', page)
    scripts = re.findall(r'<script src="(/static/[^"]+)"', page)
    assert (len(sheets), len(scripts)) == (1, 1)
    for address in sheets + scripts:
        plain, packed = client.get(address), client.get(address, headers={"Accept-Encoding": "gzip"})
        assert gzip.decompress(packed.data) == plain.data
        assert "immutable" in packed.headers["Cache-Control"]
        assert client.get(address, headers={"If-None-Match": plain.headers["ETag"]}).status_code == 304
    assert client.get("/static/joined/nothing.css").status_code == 404
