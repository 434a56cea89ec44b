"""Where somebody is signed in: the list, ending one or all others, and by the administrator."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from engine.calendar import SettableClock
from engine.errors import NotAllowed, NotFound
from engine.model import SYSTEM, Actor
from engine.queries.sessions import sessions_of
from engine.signing_in import EndSession, EndSessions, Holder, PurgeTries
from engine.store.people import PersonRow
from engine.store.session import TENANT
from engine.store.signing_in import LiveSessionRow
from engine.store.wall import EVERY
from tests.integration.portal.conftest import post
from web.agents import agent_of
from web.bootstrap import Parts

OWN = "/prace/heslo"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:131.0) Gecko/20100101 Firefox/131.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Safari/604.1"


def enter(client: FlaskClient, who: str = "sekretarka", agent: str = FIREFOX) -> FlaskClient:
    client.environ_base["HTTP_USER_AGENT"] = agent
    assert post(client, "/prihlaseni", {"username": who, "password": who}).status_code == 303
    return client


def inside(client: FlaskClient) -> bool:
    return client.get("/prace/ukoly").status_code == 200


def holder(parts: Parts, username: str) -> Holder:
    with parts.sessions(info={TENANT: EVERY}) as session:
        return Holder(kind="person", id=session.query(PersonRow).filter_by(username=username).one().id)


@pytest.mark.parametrize(
    ("header", "told"),
    [
        (FIREFOX, "Firefox, Windows"),
        (PHONE, "Safari, iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML) Chrome/130.0 Safari/537.36", "Chrome, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge, Windows"),
        ("curl/8", ""),
        ("", ""),
    ],
)
def test_browsers_are_told_roughly(header: str, told: str) -> None:
    assert agent_of(header) == told


def test_the_list_marks_this_one_and_ends_another(app: Flask, client: FlaskClient) -> None:
    enter(client)
    phone = enter(app.test_client(), agent=PHONE)
    page = client.get(OWN).get_data(as_text=True)
    assert re.search(r"Firefox, Windows</b> <span[^>]+>.*?tady a teď", page)
    (other,) = re.findall(rf'action="({OWN}/jinde/[0-9a-f]+)"', page)
    assert "Safari, iPhone" in page
    assert post(client, other, {}, form_at=OWN).status_code == 303
    assert (inside(client), inside(phone)) == (True, False)
    assert post(client, other, {}, form_at=OWN).status_code == 404


def test_nobody_ends_sessions_of_others(app: Flask, client: FlaskClient, parts: Parts) -> None:
    enter(client)
    other = enter(app.test_client(), "hospodar")
    with parts.sessions(info={TENANT: EVERY}) as session:
        theirs = sessions_of(session, "otevrenamesta", holder(parts, "hospodar"), parts.clock.now())[0].id
    assert post(client, f"{OWN}/jinde/{theirs}", {}, form_at=OWN).status_code == 404
    jana = Actor(kind="person", username="sekretarka", groups=frozenset({"secretariat"}))
    for whose in (holder(parts, "hospodar"), Holder(kind="account", id=holder(parts, "hospodar").id)):
        with pytest.raises(NotAllowed):
            parts.engine.execute(EndSessions(tenant="otevrenamesta", actor=jana, holder=whose))
    admin = Actor(kind="person", username="spravce", groups=frozenset({"admin"}))
    with pytest.raises(NotFound):
        parts.engine.execute(
            EndSession(tenant="jinde", actor=admin, holder=holder(parts, "hospodar"), session_id=theirs)
        )
    assert inside(other)


def test_the_administrator_ends_one_or_all(app: Flask, client: FlaskClient) -> None:
    first, second, third = (enter(app.test_client(), agent=agent) for agent in (FIREFOX, PHONE, PHONE))
    enter(client, "spravce")
    page = "/velin/lide/kdo/sekretarka"
    shown = client.get(page).get_data(as_text=True)
    found = re.findall(rf'action="({page}/odhlasit/[0-9a-f]+)"', shown)
    assert len(found) == 3
    post(client, found[0], {}, form_at=page)
    assert sorted(inside(one) for one in (first, second, third)) == [False, True, True]
    assert post(client, f"{page}/odhlasit", {}, form_at=page).status_code == 303
    assert not any(inside(one) for one in (first, second, third))
    assert inside(client)


def test_signing_out_ends_the_session_for_who_kept_the_cookie(client: FlaskClient, app: Flask) -> None:
    enter(client)
    cookie = client.get_cookie("radnice")
    assert cookie is not None
    thief = app.test_client()
    thief.set_cookie("radnice", cookie.value)
    assert inside(thief)
    post(client, "/odhlaseni", {}, form_at=OWN)
    assert not inside(thief)


def test_a_session_that_is_used_lives_and_one_that_is_not_ends(client: FlaskClient, parts: Parts) -> None:
    enter(client)
    assert isinstance(parts.clock, SettableClock)
    for _ in range(3):
        parts.clock.advance(timedelta(hours=11))
        assert inside(client)
    parts.clock.advance(timedelta(hours=12))
    assert not inside(client)
    parts.engine.execute(PurgeTries(tenant="otevrenamesta", actor=SYSTEM))
    with parts.sessions(info={TENANT: EVERY}) as session:
        assert session.query(LiveSessionRow).count() == 0
