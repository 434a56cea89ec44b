"""Open data as a table for programs: numbers, days and yes or no as machines read them, and what the columns mean."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from engine.commands import Deploy, SaveRecord
from engine.model import SYSTEM
from web.bootstrap import Parts

TENANT = "otevrenamesta"
CONTRACTS = {
    "key": "contracts",
    "title": {"cs": "Smlouvy", "en": "Contracts"},
    "schema": {
        "type": "object",
        "properties": {
            "name": {"type": "string", "title": "Název"},
            "state": {
                "type": "string",
                "title": "Stav",
                "oneOf": [{"const": "paid", "title": "zaplacená"}, {"const": "open", "title": "čeká"}],
            },
            "amount": {"type": "string", "format": "money", "title": "Částka"},
            "share": {"type": "number", "title": "Podíl"},
            "pieces": {"type": "integer", "title": "Kusů"},
            "signed": {"type": ["string", "null"], "format": "date", "title": "Podepsáno"},
            "valid": {"type": "boolean", "title": "Platí"},
            "parts": {
                "type": "array",
                "items": {"type": "string", "enum": ["střecha", "okna"]},
                "uniqueItems": True,
                "title": "Části",
            },
        },
    },
    "caption": "name",
    "public": {
        "where": "True",
        "fields": ["name", "state", "amount", "share", "pieces", "signed", "valid", "parts"],
        "open_data": True,
    },
}
KEPT: dict[str, Any] = {
    "name": "Oprava školy",
    "state": "paid",
    "amount": "58765.50",
    "share": 0.125,
    "pieces": 12000,
    "signed": "2026-11-03",
    "valid": True,
    "parts": ["střecha", "okna"],
}


@pytest.fixture
def contracts(client: FlaskClient, parts: Parts) -> FlaskClient:
    manifest = 'key = "contracts"\nnumbering = "S-{n}"\ntitle = {cs = "Smlouvy", en = "Contracts"}\n'
    files = {"agenda.toml": manifest.encode(), "registers/contracts.json": json.dumps(CONTRACTS).encode()}
    facts: dict[str, Any] = {"title": {"cs": "Smlouvy"}, "numbering": "S-{n}", "series": {}, "parameters": {}}
    parts.engine.execute(Deploy(tenant=TENANT, actor=SYSTEM, agenda="contracts", files=files, groups={}, **facts))
    for data in (KEPT, {"name": "Storno", "amount": "-1200.00", "valid": False, "signed": None}):
        parts.engine.execute(SaveRecord(tenant=TENANT, actor=SYSTEM, register="contracts", data=data))
    return client


@pytest.mark.parametrize("language", ["cs", "en"])
def test_a_table_has_numbers_and_days_as_programs_read_them(contracts: FlaskClient, language: str) -> None:
    contracts.get(f"/jazyk/{language}")
    text = contracts.get("/registry/contracts.csv").get_data(as_text=True)
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows[0] == ["Název", "Stav", "Částka", "Podíl", "Kusů", "Podepsáno", "Platí", "Části"]
    assert rows[1] == [
        *("Oprava školy", "zaplacená", "58765.50", "0.125", "12000", "2026-11-03", "true", "střecha; okna")
    ]
    assert rows[2] == ["Storno", "", "-1200.00", "", "", "", "false", ""]


def test_the_table_leads_to_what_its_columns_mean(contracts: FlaskClient) -> None:
    link = contracts.get("/registry/contracts.csv").headers["Link"]
    address = link.split(">")[0].lstrip("<")
    answer = contracts.get("/" + address.split("/", 3)[3])
    assert answer.mimetype == "application/csvm+json"
    described = json.loads(answer.get_data(as_text=True))
    columns = {one["name"]: one for one in described["tableSchema"]["columns"]}
    assert columns["amount"]["datatype"] == {"base": "decimal", "format": "0.00"}
    assert columns["amount"]["schema:currency"] == "CZK"
    assert columns["amount"]["titles"]["cs"] == "Částka"
    kinds = {name: one["datatype"] for name, one in columns.items() if isinstance(one["datatype"], str)}
    assert (kinds["pieces"], kinds["share"], kinds["signed"], kinds["valid"]) == (
        *("integer", "decimal", "date", "boolean"),
    )
    assert columns["parts"]["separator"] == "; "
    assert address in contracts.get("/otevrena-data/contracts.jsonld").get_data(as_text=True)


def test_json_says_in_which_currency_money_is_and_linked_data_that_it_is_a_number(contracts: FlaskClient) -> None:
    body = json.loads(contracts.get("/registry/contracts.json").get_data(as_text=True))
    assert {**body["records"][0], "id": ""} == {**KEPT, "id": ""}
    assert body["schema"]["properties"]["amount"]["x-currency"] == "CZK"
    linked = json.loads(contracts.get("/registry/contracts.jsonld").get_data(as_text=True))
    assert linked["@context"]["amount"]["@type"].endswith("#decimal")
    assert linked["@context"]["signed"]["@type"].endswith("#date")
    assert linked["@graph"][0]["amount"] == "58765.50"
