"""The notice board as open data: what the norm wants, and only what is public."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft201909Validator
from referencing import Registry, Resource

from engine.commands import SaveRecord
from engine.model import SYSTEM
from processes.catalogue import load, to_command
from web.bootstrap import Parts

TENANT = "otevrenamesta"
NORM = Path("/work/shared/standards/open-formal-norms/úřední-desky/2021-07-20")
#: What the norms that it refers to want of the parts used here.
MOMENT: dict[str, Any] = {
    "required": ["typ"],
    "properties": {"typ": {"const": "Časový okamžik"}, "datum": {"pattern": r"^\d{4}-\d{2}-\d{2}$"}},
    "oneOf": [{"required": ["datum"]}, {"required": ["nespecifikovaný"]}],
}
NOTICES = [
    ("Výzva Kultura 2026", "VYZ-1", "2026-03-02", "2026-04-30", True),
    ("Smlouva se spolkem", "DOT-1", "2026-05-02", "2029-05-02", True),
    ("Stažená", "DOT-2", "2026-05-02", "2029-05-02", False),
]


@pytest.fixture
def board(client: FlaskClient, parts: Parts) -> dict[str, Any]:
    agenda = load("grants")
    parts.engine.execute(to_command(agenda, agenda.files, TENANT, SYSTEM))
    for title, number, posted, until, visible in NOTICES:
        data = {"title": title, "number": number, "posted_on": posted, "relevant_until": until, "visible": visible}
        reference = {"reference": "MUP 12/2026"} if number == "VYZ-1" else {}
        command = SaveRecord(tenant=TENANT, actor=SYSTEM, register="notices", data=data | reference)
        parts.engine.execute(command)
    answer = client.get("/registry/notices.jsonld")
    assert (answer.status_code, answer.mimetype) == (200, "application/ld+json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    told: dict[str, Any] = json.loads(answer.get_data(as_text=True))
    return told


def test_what_is_public_hangs_there_with_its_days(board: dict[str, Any], client: FlaskClient) -> None:
    hanging = {one["název"]["cs"]: one for one in board["informace"]}
    assert set(hanging) == {"Výzva Kultura 2026", "Smlouva se spolkem"}
    call = hanging["Výzva Kultura 2026"]
    assert call["vyvěšení"] == {"typ": "Časový okamžik", "datum": "2026-03-02"}
    assert call["relevantní_do"]["datum"] == "2026-04-30"
    assert call["číslo_jednací"] == "MUP 12/2026"
    assert "číslo_jednací" not in hanging["Smlouva se spolkem"]
    assert client.get("/" + call["url"].split("/", 3)[3]).status_code == 200


@pytest.mark.skipif(not NORM.is_dir(), reason="the norm is not here")
def test_it_fits_the_norm(board: dict[str, Any]) -> None:
    def known(uri: str) -> Resource[Any]:
        # Whoever runs the board is a person by the law, not an office of the state's register.
        stand_in = MOMENT if "časový-okamžik" in uri else {"not": {}} if "ovm" in uri else {}
        return Resource.opaque(stand_in)

    schema = json.loads((NORM / "schémata" / "úřední-deska.json").read_text(encoding="utf-8"))
    registry: Registry[Any] = Registry(retrieve=known)  # type: ignore[call-arg]
    assert [one.message for one in Draft201909Validator(schema, registry=registry).iter_errors(board)] == []
    broken = {**board, "informace": [{**board["informace"][0], "vyvěšení": {"typ": "Den"}}]}
    assert list(Draft201909Validator(schema, registry=registry).iter_errors(broken))
