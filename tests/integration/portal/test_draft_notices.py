"""Before a draft is thrown away, all who write it are told: promised in the database, sent until it is gone."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import unescape
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, insert, select

from engine.commands import CorrelateMessage, SaveDraft
from engine.drafting import TakeDraftNotices
from engine.handlers.notices import MOST_ATTEMPTS
from engine.model import SYSTEM, Actor
from engine.store.cases import KeptMessageRow
from engine.store.drafts import DraftReaderRow
from engine.store.people import PersonRow, TenantRow
from engine.store.wall import everybodys
from integrations.failures import Temporary
from integrations.ports import Mail
from tests.integration.conftest import ALL
from tests.integration.portal.conftest import BEGIN, token_of, writes
from tests.integration.portal.drafting import TENANT
from web.bootstrap import Parts
from web.delivery import Delivery

NEARLY = timedelta(days=85)
MAYOR, COLLEAGUE = "starosta@obec.example", "kolegyne@obec.example"
CLERK = Actor(kind="person", username="sekretarka", name="Jana Nováková", groups=frozenset({"secretariat"}))


class Post:
    """A mailer that keeps what it was given, or fails."""

    def __init__(self) -> None:
        self.sent: list[Mail] = []
        self.failure: Exception | None = None

    def send(self, mail: Mail) -> None:
        if self.failure:
            raise self.failure
        self.sent.append(mail)

    def to(self) -> list[str]:
        return sorted(address for mail in self.sent for address in mail.to)


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def beat(parts: Parts, post: Post) -> Callable[[], None]:
    """What the beat does of it, once."""
    delivery = Delivery(parts, replace(parts.outside, mailer=post))

    def once() -> None:
        delivery.tidy()
        delivery.write_letters()

    return once


def mailed(client: FlaskClient, draft: str, email: str) -> None:
    """Have the link mailed; this mail goes at once."""
    form = {"csrf_token": token_of(client.get(BEGIN)), "email": email}
    assert client.post(f"/podani/{draft}/ulozeno", data=form).status_code == 303


def shared_with(app: Flask, client: FlaskClient, draft: str) -> FlaskClient:
    """Somebody else's browser with the link for others."""
    form = {"csrf_token": token_of(client.get(BEGIN))}
    page = client.post(f"/podani/{draft}/sdilet", data=form, follow_redirects=True).get_data(as_text=True)
    link = re.findall(r'class="wrap-any" href="[^"]*(/podani/pokracovat[^"]+)"', unescape(page))[-1]
    colleague = app.test_client()
    assert colleague.get(link).status_code == 303
    return colleague


def link_in(mail: Mail) -> str:
    found = re.search(r"https?://\S+?/podani/pokracovat\S+?(?=[\s)\]])", mail.text + "\n")
    assert found, mail.text
    where = urlsplit(found[0])
    return f"{where.path}?{where.query}"


def test_each_who_had_the_link_mailed_is_told_once_and_again_after_the_next_saving(
    client: FlaskClient, parts: Parts, draft: str, post: Post, beat: Callable[[], None]
) -> None:
    mailed(client, draft, MAYOR)
    mailed(client, draft, MAYOR)
    beat()
    assert post.sent == []
    parts.clock.advance(NEARLY)
    beat()
    beat()
    assert post.to() == [MAYOR]
    assert "smažeme" in post.sent[0].text
    writes(client, f"/podani/{draft}/town", "save")
    beat()
    assert len(post.sent) == 1
    parts.clock.advance(NEARLY)
    beat()
    assert post.to() == [MAYOR, MAYOR]


def test_its_link_opens_the_draft_in_another_browser_and_the_first_one_still_does(
    app: Flask, client: FlaskClient, parts: Parts, draft: str, post: Post, beat: Callable[[], None]
) -> None:
    mailed(client, draft, MAYOR)
    parts.clock.advance(NEARLY)
    beat()
    elsewhere = app.test_client()
    assert elsewhere.get(link_in(post.sent[0])).status_code == 303
    page = elsewhere.get(f"/podani/{draft}", follow_redirects=True)
    assert "Obec Horní Dolní" in page.get_data(as_text=True)
    assert writes(elsewhere, f"/podani/{draft}/kontrola", "").status_code == 422
    assert client.get(f"/podani/{draft}/town").status_code == 200
    assert app.test_client().get(link_in(post.sent[0])[:-4] + "abcd").status_code == 404


def test_who_only_helps_is_told_as_such_and_neither_comes_in_nor_is_told_once_it_is_ended(
    app: Flask, client: FlaskClient, parts: Parts, draft: str, post: Post, beat: Callable[[], None]
) -> None:
    mailed(shared_with(app, client, draft), draft, COLLEAGUE)
    parts.clock.advance(NEARLY)
    beat()
    assert post.to() == [COLLEAGUE]
    assert "s někým dalším" in post.sent[0].text
    helper = app.test_client()
    assert helper.get(link_in(post.sent[0])).status_code == 303
    assert writes(helper, f"/podani/{draft}/kontrola", "").status_code == 403
    writes(client, f"/podani/{draft}/nesdilet", "")
    assert app.test_client().get(link_in(post.sent[0])).status_code == 404
    assert helper.get(f"/podani/{draft}/town").status_code == 404
    writes(client, f"/podani/{draft}/town", "save")
    parts.clock.advance(NEARLY)
    beat()
    assert len(post.sent) == 1


def test_the_notice_is_in_the_language_of_the_page_on_which_the_link_was_asked_for(
    client: FlaskClient, parts: Parts, draft: str, post: Post, beat: Callable[[], None]
) -> None:
    client.get("/jazyk/en?next=/")
    mailed(client, draft, MAYOR)
    parts.clock.advance(NEARLY)
    beat()
    assert "we will delete" in post.sent[0].text


@pytest.mark.parametrize("failure", [Temporary(), KeyError("reply")], ids=["foreseen", "unforeseen"])
def test_what_cannot_be_sent_comes_again_later_and_later_but_not_for_ever(
    client: FlaskClient, parts: Parts, draft: str, post: Post, beat: Callable[[], None], failure: Exception
) -> None:
    mailed(client, draft, MAYOR)
    parts.clock.advance(NEARLY)
    post.failure = failure
    beat()
    post.failure = None
    beat()
    assert post.sent == []
    parts.clock.advance(timedelta(minutes=3))
    beat()
    assert post.to() == [MAYOR]
    writes(client, f"/podani/{draft}/town", "save")
    parts.clock.advance(NEARLY)
    post.failure = failure
    for _attempt in range(MOST_ATTEMPTS + 2):
        beat()
        parts.clock.advance(timedelta(hours=5))
    with parts.sessions(info=ALL) as session:
        assert session.scalars(select(DraftReaderRow.next_at)).all() == [None]


def test_what_a_worker_took_and_died_with_comes_again(
    client: FlaskClient, parts: Parts, draft: str, post: Post, beat: Callable[[], None]
) -> None:
    mailed(client, draft, MAYOR)
    parts.clock.advance(NEARLY)
    post.failure = Temporary()
    beat()
    parts.clock.advance(timedelta(minutes=3))
    assert len(parts.engine.execute(TakeDraftNotices(tenant=TENANT, actor=SYSTEM))) == 1
    post.failure = None
    beat()
    assert post.sent == []
    parts.clock.advance(timedelta(minutes=5))
    beat()
    assert post.to() == [MAYOR]


def test_one_of_the_staff_is_told_of_what_they_began(parts: Parts, post: Post, beat: Callable[[], None]) -> None:
    saving = SaveDraft(tenant=TENANT, actor=CLERK, process_key="membership", form="application", data={"name": "X"})
    draft, _secret = parts.engine.execute(saving)
    with everybodys(parts.database).begin() as connection:
        own = PersonRow.__table__.c.username == CLERK.username
        connection.execute(PersonRow.__table__.update().where(own).values(email="jana@office.example", language="en"))
    parts.clock.advance(NEARLY)
    beat()
    assert post.to() == ["jana@office.example"]
    assert f"/prace/papir/membership/membership?podani={draft}" in post.sent[0].text
    assert "we will delete" in post.sent[0].text


def test_nobody_is_written_to_about_what_was_sent_thrown_away_or_left_by_somebody_without_an_address(
    client: FlaskClient, parts: Parts, draft: str, post: Post, beat: Callable[[], None]
) -> None:
    saving = SaveDraft(tenant=TENANT, actor=replace(CLERK, username="nobody"), process_key="membership", form="x")
    parts.engine.execute(saving)
    mailed(client, draft, MAYOR)
    writes(client, f"/podani/{draft}/zahodit", "")
    parts.clock.advance(NEARLY)
    beat()
    assert post.sent == []


def test_a_fault_in_one_office_does_not_keep_the_others_untidy(
    client: FlaskClient, parts: Parts, draft: str, post: Post, beat: Callable[[], None]
) -> None:
    mailed(client, draft, MAYOR)
    with everybodys(parts.database).begin() as connection:
        row = {"key": "zlin", "name": "Zlín", "settings": {}, "created_at": parts.clock.now()}
        connection.execute(insert(TenantRow).values(row))
    parts.engine.execute(CorrelateMessage(tenant="zlin", actor=SYSTEM, name="nobody.waits"))
    parts.clock.advance(NEARLY)
    post.failure = KeyError("reply")
    beat()
    with parts.sessions(info=ALL) as session:
        kept = session.scalars(select(KeptMessageRow).where(KeptMessageRow.tenant == "zlin")).one()
    assert kept.state == "expired"


def test_only_twenty_addresses_of_one_draft_are_remembered(client: FlaskClient, parts: Parts, draft: str) -> None:
    for number in range(25):
        mailed(client, draft, f"clovek{number}@obec.example")
    with parts.sessions(info=ALL) as session:
        assert len(session.scalars(select(DraftReaderRow.id)).all()) == 20
        session.execute(delete(DraftReaderRow))
