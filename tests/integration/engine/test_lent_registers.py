"""A register of another agenda, and what a register begins with."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from engine.commands import AddTenant, Deploy, SaveRecord
from engine.errors import Invalid
from engine.model import SYSTEM
from engine.queries import registers as reads
from engine.store.session import TENANT
from web.bootstrap import Parts, bootstrap
from web.migrations import upgrade
from web.settings import Settings

TOWN = "mesto"
SCHEMA = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}


@pytest.fixture
def parts(database_url: str) -> Iterator[Parts]:
    made = bootstrap(Settings(database_url=database_url, secret_key="only for tests"))
    upgrade(made.database)
    made.engine.execute(AddTenant(tenant=TOWN, actor=SYSTEM, name="Město"))
    yield made
    made.database.dispose()


def put(parts: Parts, agenda: str, register: Mapping[str, Any], records: Any = None, note: str = "") -> None:
    files = {f"registers/{register['key']}.json": json.dumps(register).encode(), "note.txt": note.encode()}
    if records is not None:
        files[f"records/{register['key']}.json"] = json.dumps(records).encode()
    facts = {"title": {"cs": agenda}, "numbering": "A-{n}", "series": {}, "parameters": {}, "groups": {}}
    parts.engine.execute(Deploy(tenant=TOWN, actor=SYSTEM, agenda=agenda, files=files, **facts))


def members(**more: Any) -> dict[str, Any]:
    return {"key": "members", "schema": SCHEMA, "unique": ["name"], "search": ["name"], **more}


def kept(parts: Parts) -> tuple[reads.Register, list[str]]:
    with parts.sessions(info={TENANT: TOWN}) as session:
        found = reads.records(session, TOWN, "members", reads.Wanted(), SYSTEM).items
        return reads.register(session, TOWN, "members"), [one.data["name"] for one in found]


def test_the_owners_definition_holds_whoever_came_first(parts: Parts) -> None:
    lent = members(owner="membership", title={"cs": "Půjčený"})
    own = members(title={"cs": "Vlastní"})
    put(parts, "services", lent)
    parts.engine.execute(SaveRecord(tenant=TOWN, actor=SYSTEM, register="members", data={"name": "Aš"}))
    assert kept(parts)[0].title == {"cs": "Půjčený"}
    put(parts, "membership", own)
    assert (kept(parts)[0].title, kept(parts)[1]) == ({"cs": "Vlastní"}, ["Aš"])
    put(parts, "services", lent, note="another version")
    assert kept(parts)[0].title == {"cs": "Vlastní"}
    with pytest.raises(Invalid, match="belongs to the agenda 'membership'"):
        put(parts, "grants", members())


def test_a_register_begins_with_its_records_once(parts: Parts) -> None:
    put(parts, "membership", members(), [{"name": "Aš"}, {"name": "Zlín"}])
    assert kept(parts)[1] == ["Aš", "Zlín"]
    put(parts, "membership", members(), [{"name": "Aš"}, {"name": "Zlín"}, {"name": "Brno"}])
    assert kept(parts)[1] == ["Aš", "Zlín"]


@pytest.mark.parametrize("wrong", [[{"nothing": 1}], {"name": "Aš"}, ["Aš"]])
def test_what_does_not_fit_is_refused_with_its_place(parts: Parts, wrong: Any) -> None:
    with pytest.raises(Invalid, match=r"records/members\.json"):
        put(parts, "membership", members(), wrong)
