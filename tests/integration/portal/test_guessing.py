"""Strangers who guess at a clerk's name are stopped; the clerk is not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from engine.calendar import SettableClock
from tests.integration.portal.conftest import post
from web.bootstrap import Parts
from web.limits import SIGN_IN, limiter
from web.recognised import COOKIE

OFFICE, STRANGER = "192.0.2.1", "198.51.100.7"


def signs_in(client: FlaskClient, password: str = "sekretarka", address: str = STRANGER) -> int:
    """The status of one try."""
    client.environ_base["REMOTE_ADDR"] = address
    return post(client, "/prihlaseni", {"username": "sekretarka", "password": password}).status_code


def leaves(client: FlaskClient) -> None:
    """Sign out, as at the end of a day."""
    post(client, "/odhlaseni", {}, form_at="/prace/heslo")


@pytest.fixture
def known(app: Flask) -> FlaskClient:
    """A browser in which the clerk came in before."""
    window = app.test_client()
    assert signs_in(window, address=OFFICE) == 303
    leaves(window)
    return window


def test_a_stranger_who_guesses_at_a_name_locks_nobody_out_elsewhere(app: Flask) -> None:
    stranger = app.test_client()
    assert [signs_in(stranger, "x") for _ in range(6)] == [422] * 5 + [429]
    assert signs_in(stranger) == 429, "the right password does not help where one was guessing"
    assert signs_in(app.test_client(), address=OFFICE) == 303


def test_at_the_next_desk_only_the_known_browser_comes_in(app: Flask, known: FlaskClient) -> None:
    neighbour = app.test_client()
    assert [signs_in(neighbour, "x", OFFICE) for _ in range(6)] == [422] * 5 + [429]
    assert signs_in(known, address=OFFICE) == 303
    assert signs_in(app.test_client(), address=OFFICE) == 429


def test_a_known_browser_is_no_way_around_the_count(app: Flask, parts: Parts, known: FlaskClient) -> None:
    assert [signs_in(known, "x") for _ in range(6)] == [422] * 5 + [429]
    assert signs_in(known) == 429
    assert isinstance(parts.clock, SettableClock)
    parts.clock.advance(timedelta(minutes=1))
    assert signs_in(known) == 303


@pytest.mark.parametrize("forged", ["x", "eyJ4IjoieSJ9.aaaa.bbbb", "ž", "a" * 3000])
def test_a_forged_cookie_makes_no_browser_known(app: Flask, forged: str) -> None:
    stranger = app.test_client()
    for _ in range(5):
        signs_in(stranger, "x")
    stranger.set_cookie(COOKIE, forged)
    assert signs_in(stranger) == 429


def test_another_persons_browser_is_a_strangers(app: Flask, known: FlaskClient) -> None:
    neighbour = app.test_client()
    neighbour.environ_base["REMOTE_ADDR"] = OFFICE
    data = {"username": "vybor1", "password": "x"}
    for _ in range(5):
        post(known, "/prihlaseni", data)
    assert post(neighbour, "/prihlaseni", data | {"password": "vybor1"}).status_code == 429


def test_an_office_behind_one_address_signs_in_in_the_morning(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiter, "enabled", True)
    most = int(SIGN_IN.split()[0])
    assert [signs_in(app.test_client(), address=OFFICE) for _ in range(most + 5)] == [303] * (most + 5)
