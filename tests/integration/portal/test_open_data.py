"""Public registers: narrowed by their choices, and described as open data so that the national catalogue takes them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from engine.commands import SaveRecord
from engine.model import SYSTEM
from engine.registers.definitions import read_register
from web.bootstrap import Parts
from web.open_data import dataset

NORM = Path("/work/shared/standards/open-formal-norms/dcat-ap-cz-otevřená-data/draft/datová-sada/schéma.json")
TOWNS = [
    ("Rokytnice", "00276057", "regular", "active"),
    ("Říčany", "00240702", "starter", "active"),
    ("Tajná", "00271632", "regular", "ended"),
]


@pytest.fixture
def towns(client: FlaskClient, parts: Parts) -> FlaskClient:
    for name, ico, kind, state in TOWNS:
        data = {
            "ico": ico,
            "name": name,
            "kind": kind,
            "since": "2026-07-01",
            "state": state,
            "email": "x@tajne.example",
        }
        parts.engine.execute(SaveRecord(tenant="otevrenamesta", actor=SYSTEM, register="members", data=data))
    return client


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.get_data(as_text=True)


def test_a_public_list_is_narrowed_by_public_choices_only(towns: FlaskClient) -> None:
    html = page(towns, "/registry/members?je.kind=starter")
    assert "Říčany" in html and "Rokytnice" not in html
    # Counted among what is public: the ended one isn't.
    assert re.search(r'value="regular">\s*<label[^>]*>řádné <span class="muted">\(1\)', html)
    # The state isn't public: asking by it tells nothing.
    assert page(towns, "/registry/members?je.state=ended").count('role="rowheader"') == 2
    assert "Tajná" not in page(towns, "/registry/members?q=tajna")


def test_linked_data_have_addresses_and_nothing_that_is_not_public(towns: FlaskClient) -> None:
    answer = towns.get("/registry/members.jsonld")
    assert answer.mimetype == "application/ld+json"
    linked: dict[str, Any] = json.loads(answer.get_data(as_text=True))
    assert {one["name"] for one in linked["@graph"]} == {"Rokytnice", "Říčany"}
    assert all(
        "/registry/members/" in one["id"] and set(one) == {"id", "name", "since", "kind", "ico"}
        for one in linked["@graph"]
    )
    assert linked["@context"]["since"]["@type"].endswith("#date")


def test_the_catalogue_leads_to_descriptions_that_lead_to_files(towns: FlaskClient) -> None:
    assert "/registry/members.csv" in page(towns, "/otevrena-data")
    catalogue = json.loads(page(towns, "/otevrena-data/katalog.jsonld"))
    assert catalogue["typ"] == "Katalog"
    (address,) = [one for one in catalogue["datová_sada"] if one.endswith("members.jsonld")]
    described = json.loads(page(towns, "/" + address.split("/", 3)[3]))
    assert described["iri"] == address
    for file in described["distribuce"]:
        page(towns, "/" + file["soubor_ke_stažení"].split("/", 3)[3])
    assert towns.get("/otevrena-data/nothing.jsonld").status_code == 404


@pytest.mark.skipif(not NORM.exists(), reason="the norm is not here")
@pytest.mark.parametrize("settings", [{}, {"ico": "00276057", "ruian": "576751"}])
@pytest.mark.parametrize("told", [True, {"theme": "ECON", "personal": True, "keywords": {"cs": ["členové"]}}])
def test_a_description_fits_the_norm(settings: dict[str, str], told: Any) -> None:
    definition = {
        "key": "members",
        "title": {"cs": "Členové", "en": "Members"},
        "schema": {"type": "object", "properties": {"name": {"type": "string"}}},
        "public": {"fields": ["name"], "open_data": told},
    }
    described = dataset(read_register(definition), "https://mesto.example/", "Město", settings)
    norm = json.loads(NORM.read_text())
    faults = [
        f"{'/'.join(map(str, one.absolute_path))}: {one.message}"
        for one in Draft202012Validator(norm).iter_errors(described)
    ]
    assert faults == []
