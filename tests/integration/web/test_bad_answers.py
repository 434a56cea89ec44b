"""Answers that no honest person sends, at the desk and over REST: a sentence or a right value, nothing foreign kept."""

from __future__ import annotations

import gc
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from sqlalchemy import select

from engine.commands import Deploy, StartInstance
from engine.model import SYSTEM
from engine.store.papers import DraftRow, SubmissionRow
from tests.integration.conftest import ALL
from tests.integration.diagrams import chain, diagram, end, start, user
from tests.integration.web.desk import Desk, token
from tests.unit.forms.browser import Page

# Werkzeug leaves what it puts aside of a big post to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

ASKING = diagram(start(), user("u", 'form="x" group="secretariat"'), end(), chain("s", "u", "e"), process="bad")
TEXT = {"type": "string"}
ODD = ("typename", "__proto__", "class", "constructor", "a.b", "a/b", "a[0]", "řádek 🏛", "")
FORM: dict[str, Any] = {
    "type": "object",
    "title": "Zkouška",
    "required": ["name"],
    "properties": {
        "name": {**TEXT, "title": "Jméno", "maxLength": 40},
        "day": {**TEXT, "format": "date", "title": "Den"},
        "amount": {**TEXT, "format": "money", "title": "Částka"},
        "number": {"type": "number", "title": "Číslo"},
        "slow": {**TEXT, "title": "Vzorek", "pattern": "^(a+)+$"},
        "rows": {
            "type": "array",
            "title": "Řádky",
            "maxItems": 20,
            "items": {"type": "object", "properties": {"what": {**TEXT, "title": "Co"}}},
        },
        "proof": {**TEXT, "format": "file", "title": "Doklad"},
        "fixed": {**TEXT, "readOnly": True, "title": "Dané"},
        "sum": {**TEXT, "x-computed": "str(1 + 1)", "title": "Součet"},
        "opens": {**TEXT, "title": "Otvírá", "x-visible": "name == 'nikdy'"},
        "secret": {**TEXT, "title": "Skryté", "x-visible": "opens == 'ano'"},
        **{name: {**TEXT, "title": f"Pole {at}"} for at, name in enumerate(ODD)},
    },
}
FOREIGN = {"salary", "fixed", "opens", "secret", "approved"}
Pairs = list[tuple[str, Any]]
POSTS: Mapping[str, Pairs] = {
    "missing": [("/name", "")],
    "doubled": [("/name", "a"), ("/name", "b"), ("/day", "1. 1. 2027"), ("/day", "2. 1. 2027")],
    "foreign": [("/salary", "1"), ("approved", "1"), ("/fixed", "x"), ("/fixed~", ""), ("/sum", "9"), ("/name", "a")],
    "hidden": [("/name", "a"), ("/opens", "ano"), ("/secret", "x")],
    "deep": [("/" + "/".join(["rows"] * 3000), "x")],
    "enormous": [("/name", "x" * 700_000)],
    "exploding": [("/name", "a"), ("/slow", "a" * 5_000 + "b")],
    "odd names": [("/name", "a"), *((f"/{name.replace('/', '~1')}", "x") for name in ODD)],
    "beyond precision": [("/name", "a"), ("/amount", "9" * 30), ("/number", "0." + "3" * 50)],
    "beyond size": [("/name", "a"), ("/number", "1e400"), ("/amount", "1e30")],
    "rows": [("/name", "a"), *((f"/rows/{at}/what", "x") for at in range(1000))],
    "no such day": [("/name", "a"), ("/day", "31. 2. 2027")],
    "a day of another world": [("/name", "a"), ("/day", "²9. 2. 2O27")],
    "control characters": [("/name", "a\x00\x1b[31mb\u202e\ufffe"), ("/day", "1.\x001. 2027")],
    "a foreign file": [("/name", "a"), ("/proof", "../../etc/passwd")],
    "an empty file": [("/name", "a"), ("/proof", (io.BytesIO(b""), "a.pdf"))],
    "a file of another kind": [("/name", "a"), ("/proof", (io.BytesIO(b"MZ\x90"), "../../a.pdf"))],
}
#: What is taken as if nothing strange had come with it.
RIGHT = ("doubled", "foreign", "hidden", "odd names", "a foreign file")
#: What must not go through, and the beginning of its sentence.
REFUSED = {
    "missing": "Vyplňte: Jméno",
    "enormous": "Jméno",
    "exploding": "Vzorek",
    "beyond precision": "Částka",
    "beyond size": "Číslo",
    "rows": "Řádky",
    "no such day": "Den",
    "a day of another world": "Den",
}


@pytest.fixture(autouse=True)
def nothing_left_to_others() -> Iterator[None]:
    """Collect what was put aside here, not in the middle of a test that ignores no warnings."""
    yield
    gc.collect()


@pytest.fixture
def task(desk: Desk) -> str:
    """A task of the secretariat with this form."""
    toml = b'key = "bad"\n[title]\ncs = "Zkouska"\n'
    files = {"agenda.toml": toml, "bad.bpmn": ASKING, "forms/x.json": json.dumps(FORM).encode()}
    tenant, engine = desk.stage.tenant, desk.stage.engine
    engine.execute(Deploy(tenant=tenant, actor=SYSTEM, agenda="bad", title={"cs": "Zkouška"}, files=files))
    started = engine.execute(StartInstance(tenant=tenant, actor=SYSTEM, process_key="bad", variables={}))
    desk.past = None
    return desk.task(started.business_key, "u")


def kept(desk: Desk) -> list[Mapping[str, Any]]:
    """Everything that any form has left in the database."""
    with desk.stage.parts.sessions(info=ALL) as session:
        return [*session.scalars(select(DraftRow.data)), *session.scalars(select(SubmissionRow.data))]


@pytest.mark.parametrize("strange", POSTS)
def test_a_strange_post_at_the_desk_is_said_or_right_and_nothing_foreign_is_kept(
    desk: Desk, task: str, strange: str
) -> None:
    desk.sign_in("sekretarka")
    path = f"/prace/ukoly/{task}"
    answer = desk.client.post(path, data=posted(desk.get(path), POSTS[strange]), content_type="multipart/form-data")
    expected = (413,) if strange == "deep" else (303, 422)
    assert answer.status_code in expected, (answer.status_code, answer.text[:400])
    if strange in RIGHT:
        # What isn't asked now must not keep the form from being sent.
        assert answer.status_code == 303, answer.text[:400]
    if strange in REFUSED:
        assert answer.status_code == 422
        assert REFUSED[strange] in answer.text
    for data in kept(desk):
        assert not FOREIGN & set(data)
        assert data.get("sum") in (None, "2")
        assert "\x00" not in json.dumps(data, ensure_ascii=False)
        assert data.get("proof") != "../../etc/passwd"
    if answer.status_code == 422:
        assert desk.client.get(path).status_code == 200


def posted(page: str, strange: Pairs) -> dict[str, list[Any]]:
    """What the page itself would post, with strange controls in place of their own."""
    names = {name for name, _value in strange}
    own = Page(page.split('enctype="multipart/form-data"', 1)[1].split("</form>", 1)[0]).pairs
    data: dict[str, list[Any]] = {}
    # A file that nobody chose is posted as an empty part.
    unchosen: Pairs = [] if "/proof" in names else [("/proof", (io.BytesIO(b""), ""))]
    kept_of_page = [(name, value) for name, value in own if name not in names]
    for name, value in [*kept_of_page, *unchosen, *strange, ("_go", "continue")]:
        data.setdefault(name, []).append(value)
    return data


BODIES: Mapping[str, tuple[Mapping[str, Any], str]] = {
    "missing": ({}, "/name"),
    "another type": ({"name": ["a"]}, "/name"),
    "enormous": ({"name": "x" * 100_000}, "/name"),
    "exploding": ({"name": "a", "slow": "a" * 5_000 + "b"}, "/slow"),
    "no such day": ({"name": "a", "day": "2027-02-31"}, "/day"),
    "beyond precision": ({"name": "a", "amount": "9" * 30 + ".00"}, "/amount"),
    "a number for an amount": ({"name": "a", "amount": 10**30}, "/amount"),
    "rows": ({"name": "a", "rows": [{"what": "x"}] * 1000}, "/rows"),
    "rows of rows": ({"name": "a", "rows": [[["x"]]]}, "/rows/0"),
    "control characters": ({"name": "a\x1b[31m"}, "/name"),
    "a foreign file": ({"name": "a", "proof": "../../etc/passwd"}, "names a file"),
}


@pytest.mark.parametrize("strange", BODIES)
def test_a_strange_body_over_rest_is_refused_at_its_place(desk: Desk, task: str, strange: str) -> None:
    data, place = BODIES[strange]
    answer = completes(desk, task, data)
    assert answer.status_code == 422, answer.text[:400]
    assert place in json.dumps(answer.json), answer.text[:800]
    assert kept(desk) == []


def test_over_rest_hidden_read_only_and_computed_answers_cannot_be_set(desk: Desk, task: str) -> None:
    odd = dict.fromkeys(ODD, "x")
    forged = {"salary": 1, "fixed": "x", "sum": "9", "opens": "ano", "secret": "x", "approved": True}
    answer = completes(desk, task, {"name": "a", **forged, **odd})
    assert answer.status_code == 200, answer.text[:400]
    assert kept(desk) == [{"name": "a", "sum": "2", **odd}]


def completes(desk: Desk, task: str, data: Mapping[str, Any]) -> Any:
    bearer = token("sekretarka", desk.stage.tenant)
    headers = {"Authorization": f"Bearer {bearer}"}
    return desk.client.post(f"/api/v1/human-tasks/{task}/complete", json={"data": data}, headers=headers)
