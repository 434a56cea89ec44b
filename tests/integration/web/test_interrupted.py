"""A form posted after its session ended: what was typed comes back to whoever wrote it, and to nobody else."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.integration.web.conftest import Desk
from tests.integration.web.desk import FOREIGN_HOST, TOKEN, Window
from tests.unit.forms.browser import Page

OURS = {"Origin": "http://localhost"}
NOTE = "Volat\r\nstarostce „zítra“ & potvrdit <b>"
SERVICE = "/sluzby/membership/membership/zadost"


@pytest.fixture
def number(desk: Desk) -> str:
    """A case, and the secretary at the desk."""
    number = desk.application()
    desk.sign_in("sekretarka")
    return number


def pairs_of(html: str, action: str) -> list[tuple[str, str]]:
    """What a browser would post of the form that goes to an address."""
    forms = re.findall(rf'<form[^>]*action="{re.escape(action)}"[^>]*>.*?</form>', html, re.S)
    assert len(forms) == 1, html[:3000]
    return Page(forms[0]).pairs


def posted(desk: Desk, path: str, pairs: list[tuple[str, str]], headers: dict[str, str] = OURS) -> TestResponse:
    data: dict[str, Any] = {}
    for name, value in pairs:
        data.setdefault(name, []).append(value)
    return desk.client.post(path, data=data, headers=headers, content_type="multipart/form-data")


def note(desk: Desk, number: str) -> tuple[str, list[tuple[str, str]]]:
    """A note written on the page of a case, not sent yet."""
    path = f"/prace/pripady/{number}/poznamka"
    pairs = pairs_of(desk.get(f"/prace/pripady/{number}"), path)
    return path, [(name, NOTE if name == "text" else value) for name, value in pairs]


def signs_in_again(desk: Desk, asked: TestResponse, who: str = "sekretarka", password: str = "") -> TestResponse:
    """Fill in the sign-in page that came instead."""
    pairs = [pair for pair in pairs_of(asked.text, "/prihlaseni") if pair[0] not in ("username", "password")]
    return posted(desk, "/prihlaseni", [*pairs, ("username", who), ("password", password or who)])


def loses_its_session(desk: Desk) -> None:
    desk.client = Window(desk.app)


def test_what_was_typed_comes_back_after_signing_in_again(desk: Desk, number: str) -> None:
    path, pairs = note(desk, number)
    loses_its_session(desk)
    asked = posted(desk, path, pairs)
    assert asked.status_code == 401
    assert "co jste napsali, zůstalo" in asked.text.replace("\u00a0", " ")
    wrong = signs_in_again(desk, asked, password="x")
    assert wrong.status_code == 422
    back = signs_in_again(desk, wrong)
    assert "Nic se neztratilo" in back.text
    assert "Volat" not in desk.get(f"/prace/pripady/{number}?tab=story")
    assert posted(desk, path, pairs_of(back.text, path)).status_code == 302
    assert "starostce „zítra“ & potvrdit <b>" in unescape(desk.get(f"/prace/pripady/{number}")).replace("\u00a0", " ")


def test_somebody_else_who_signs_in_gets_nothing_of_it(desk: Desk, number: str) -> None:
    path, pairs = note(desk, number)
    loses_its_session(desk)
    answer = signs_in_again(desk, posted(desk, path, pairs), "hospodar")
    assert answer.status_code == 303
    assert "patřil někomu jinému" in desk.get("/prace/ukoly").replace("\u00a0", " ")


def test_a_page_older_than_the_sign_in_goes_on_with_a_press(desk: Desk, number: str) -> None:
    path, pairs = note(desk, number)
    desk.sign_in("sekretarka")
    back = posted(desk, path, pairs)
    assert "Nic se neztratilo" in back.text
    assert posted(desk, path, pairs_of(back.text, path)).status_code == 302


def test_a_page_of_somebody_else_is_refused(desk: Desk, number: str) -> None:
    path, pairs = note(desk, number)
    desk.sign_in("hospodar")
    answer = posted(desk, path, pairs)
    assert answer.status_code == 400
    assert "Volat" not in answer.text


def test_a_session_that_ended_by_a_new_password_loses_nothing_either(desk: Desk, number: str) -> None:
    path, pairs = note(desk, number)
    with desk.client.session_transaction() as cookie:
        cookie["stamp"] = "older"
    assert posted(desk, path, pairs).status_code == 401


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://evil.example"}, {"Referer": "https://evil.example/x"}])
def test_words_put_into_ones_mouth_by_another_site_are_not_offered(
    desk: Desk, number: str, headers: dict[str, str]
) -> None:
    path, pairs = note(desk, number)
    loses_its_session(desk)
    answer = posted(desk, path, pairs, headers)
    assert answer.status_code == 400
    assert "Volat" not in answer.text


def test_a_forged_an_old_and_a_foreign_word_are_worth_nothing(desk: Desk, number: str) -> None:
    path, pairs = note(desk, number)
    loses_its_session(desk)
    forged = [(name, "x" + value if name == "_page" else value) for name, value in pairs]
    assert posted(desk, path, forged).status_code == 400
    desk.client.host = FOREIGN_HOST
    assert posted(desk, path, pairs, {"Origin": f"http://{FOREIGN_HOST}"}).status_code == 400
    desk.client.host = "localhost"
    desk.stage.clock.advance(timedelta(days=3, seconds=1))
    assert posted(desk, path, pairs).status_code == 400


def test_passwords_are_not_written_back(desk: Desk) -> None:
    desk.sign_in("sekretarka")
    pairs = [pair for pair in Page(desk.get("/prace/heslo")).pairs if pair[0] in ("csrf_token", "_page")]
    loses_its_session(desk)
    asked = posted(desk, "/prace/heslo", [*pairs, ("old", "sekretarka"), ("new", "tajemství přírody")])
    back = signs_in_again(desk, asked)
    assert "Nic se neztratilo" in back.text
    assert "tajemství" not in back.text


def test_an_applicant_whose_cookie_is_gone_goes_on_in_the_same_draft(desk: Desk) -> None:
    begun = desk.fill(SERVICE, {"ico": "00276057"}, "save")
    path = begun.location.rsplit("/", 1)[0]
    draft = path.split("/")[2]
    step = desk.client.get(f"/podani/{draft}", follow_redirects=True).request.path
    pairs = pairs_of(desk.get(step), step)
    typed = [(name, "Nová Ves" if name == "/name" else value) for name, value in pairs]
    loses_its_session(desk)
    back = posted(desk, step, [*typed, ("_go", "save")])
    assert "Nic se neztratilo" in back.text
    kept = posted(desk, step, pairs_of(back.text, step))
    assert (kept.status_code, kept.location) == (303, f"/podani/{draft}/ulozeno")
    assert "Nová Ves" in desk.get(step)


def test_an_applicant_on_the_first_page_goes_on_and_is_told_of_files(desk: Desk) -> None:
    pairs = [(name, value) for name, value in pairs_of(desk.get(SERVICE), SERVICE) if value or name == "_page"]
    loses_its_session(desk)
    data = {**dict(pairs), "/name": "Nová Ves", "_go": "save", "/x": (io.BytesIO(b"x"), "plán.pdf")}
    back = desk.client.post(SERVICE, data=data, headers=OURS, content_type="multipart/form-data")
    assert "plán.pdf" in back.text
    assert posted(desk, SERVICE, pairs_of(back.text, SERVICE)).status_code == 303


def test_without_the_word_of_a_draft_its_address_opens_nothing(desk: Desk) -> None:
    begun = desk.fill(SERVICE, {"ico": "00276057"}, "save")
    draft = begun.location.split("/")[2]
    own = dict(Page(desk.get(SERVICE)).pairs)["_page"]
    loses_its_session(desk)
    token = TOKEN.search(desk.get(SERVICE))
    assert token
    assert posted(desk, f"/podani/{draft}/x", [("_page", own), ("csrf_token", token[1])]).status_code == 404
