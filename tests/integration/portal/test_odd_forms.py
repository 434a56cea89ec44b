"""Forms in odd dialects on the portal itself: filled, sent, printed; and whatever is posted to them is borne."""

from __future__ import annotations

import os
import random
from collections.abc import Mapping
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from engine.store.papers import DraftRow, SubmissionRow
from tests.integration.conftest import ALL
from tests.integration.portal.conftest import token_of
from tests.integration.portal.drafting import TENANT, saved
from tests.integration.portal.public_forms import address, offer
from tests.unit.forms.browser import Page, Pairs
from tests.unit.forms.odd import FORMS
from web.bootstrap import Parts

KEYS = {f"odd_{at}": name for at, name in enumerate(FORMS)}
VALUES = (
    *("", " ", "x", "0", "-1", "1e400", "9" * 400, "0,1" * 40, "0.1" + "0" * 300 + "1", "31. 2. 2027", "²", "true"),
    *("null", "{}", "[]", "[[[", '{"a":', "~0", "~99", "off", "\x00\x1b[31m\u202e", "<script>alert(1)</script>"),
    *("{{ 7*7 }}", "../../etc/passwd", "a" * 20_000, "🏛" * 50, "[" * 2_000 + "]" * 2_000, "[" * 300 + "]" * 300),
    *(r'"\ud83c"', r'{"\ud83c": "\u0000"}', '{"__proto__": {"a": 1}}'),
)
ENDS = ("", "~", "/0", "/0~", "/x", "/-1", "/99999999999", "/__proto__", "~~", "/~2", "//", "~/y")
DOS = ("add:", "remove:", "refresh:", "prefill:", "remove-file:", "x:", "")
ALLOWED = (200, 303, 409, 413, 422)


@pytest.fixture
def offered(parts: Parts, key: str) -> Parts:
    """The organisation with an odd form on offer."""
    offer(parts, TENANT, {key: FORMS[KEYS[key]].schema})
    return parts


def begins(client: FlaskClient, key: str) -> str:
    """Begin a draft; gives the address of its page."""
    path = address(key)
    answer = client.post(path, data={"csrf_token": token_of(client.get(path)), "_go": "keep"})
    assert answer.status_code == 200, answer.text
    return f"/podani/{answer.get_json()['draft']}/formular"


def draft_of(path: str) -> str:
    return path.split("/")[2]


def fills(parts: Parts, path: str, data: Mapping[str, Any]) -> None:
    """Put answers into a draft, as if somebody had written them."""
    with parts.sessions(info=ALL) as session, session.begin():
        session.execute(update(DraftRow).where(DraftRow.id == draft_of(path)).values(data=dict(data)))


def posts(client: FlaskClient, path: str, pairs: Pairs, **more: str) -> TestResponse:
    fields: dict[str, list[str]] = {}
    for name, value in [*pairs, *more.items()]:
        fields.setdefault(name, []).append(value)
    return client.post(path, data=fields)


def own(client: FlaskClient, path: str) -> Pairs:
    """What the page itself would post."""
    page = client.get(path)
    assert page.status_code == 200, page.text[:2000]
    return Page(page.text[page.text.index('<form method="post"') :].split("</form>", 1)[0]).pairs


@pytest.mark.parametrize("key", KEYS)
def test_an_odd_form_goes_from_the_page_to_the_case_as_it_was(client: FlaskClient, offered: Parts, key: str) -> None:
    odd = FORMS[KEYS[key]]
    path = begins(client, key)
    fills(offered, path, odd.data)
    sent = posts(client, path, own(client, path), _go="continue")
    assert (sent.status_code, sent.location) == (303, path.replace("formular", "kontrola")), sent.text
    check = client.get(sent.location)
    done = client.post(sent.location, data={"csrf_token": token_of(check)})
    assert done.status_code == 303, done.text
    with offered.sessions(info=ALL) as session:
        assert session.scalars(select(SubmissionRow.data)).one() == odd.data
    assert client.get(done.location).status_code == 200


@pytest.mark.parametrize("key", KEYS)
def test_whatever_is_posted_to_an_odd_form_is_a_page_and_keeps_nothing_foreign(
    client: FlaskClient, offered: Parts, key: str
) -> None:
    odd, rolled = FORMS[KEYS[key]], random.Random(key)
    path = begins(client, key)
    fills(offered, path, odd.data)
    names = [name for name, _value in own(client, path) if name.startswith("/")] or ["/x"]
    for _round in range(ROUNDS):
        fills(offered, path, odd.data)
        pairs = own(client, path)
        strange = [(rolled.choice(names) + rolled.choice(ENDS), rolled.choice(VALUES)) for _ in range(6)]
        changed = {name for name, _value in strange}
        kept = [pair for pair in pairs if pair[0] not in changed] if rolled.random() < 0.7 else []
        token = [pair for pair in pairs if not pair[0].startswith("/")] if not kept else []
        way = rolled.choice([("_go", "continue"), ("_go", "save"), ("_do", rolled.choice(DOS) + rolled.choice(names))])
        answer = posts(client, path, [*token, *kept, *strange, way])
        assert answer.status_code in ALLOWED, (answer.status_code, strange, way, answer.text[:600])
        assert client.get(path).status_code == 200, (strange, way)
        assert client.get(path.replace("formular", "kontrola")).status_code == 200, (strange, way)
        assert not {"salary", "x"} & set(saved(offered, draft_of(path))) - set(odd.data)


#: Posts to each form.
ROUNDS = int(os.environ.get("RADNICE_TEST_EXAMPLES", "3"))
