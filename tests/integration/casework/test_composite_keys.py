"""Records known by several fields together: the same number of two suppliers are two records."""

from __future__ import annotations

import json

import pytest

from engine.errors import Invalid
from engine.model import Json
from tests.integration.casework.office import Office

INVOICES: dict[str, Json] = {
    "key": "invoices",
    "title": {"cs": "Faktury"},
    "schema": {"type": "object", "properties": {name: {"type": "string"} for name in ("number", "supplier", "note")}},
    "unique": [["number"]],
    "search": ["number"],
    "rights": {"read": ["secretariat"], "write": ["secretariat"]},
}
TOGETHER: dict[str, Json] = {**INVOICES, "unique": [["number", "supplier"]]}


def deploy(office: Office, definition: dict[str, Json]) -> None:
    office.deploy({"registers/invoices.json": json.dumps(definition).encode()})


def save(office: Office, case: str, key: Json, **data: Json) -> dict[str, Json]:
    found: dict[str, Json] = office.inside(case, "register.save", register="invoices", key=key, data=data)
    return found


def test_a_record_is_found_by_all_fields_of_its_key_in_any_order(office: Office) -> None:
    deploy(office, TOGETHER)
    case = office.start().instance_id
    one = save(office, case, {"number": "7", "supplier": "A"}, number="7", supplier="A")
    other = save(office, case, {"number": "7", "supplier": "B"}, number="7", supplier="B")
    again = save(office, case, {"supplier": "A", "number": "7"}, note="paid")
    assert one["id"] != other["id"]
    assert (again["id"], again["version"]) == (one["id"], 2)
    assert again["data"] == {"number": "7", "supplier": "A", "note": "paid"}


def test_records_kept_by_one_field_are_found_by_more_once_the_register_says_so(office: Office) -> None:
    deploy(office, INVOICES)
    case = office.start().instance_id
    one = save(office, case, "7", number="7", supplier="A")
    deploy(office, TOGETHER)
    assert save(office, case, {"number": "7", "supplier": "A"}, note="paid")["id"] == one["id"]
    assert save(office, case, {"number": "7", "supplier": "B"}, number="7", supplier="B")["id"] != one["id"]


def test_fields_that_are_not_unique_together_are_refused(office: Office) -> None:
    deploy(office, TOGETHER)
    case = office.start().instance_id
    with pytest.raises(Invalid, match="number are not unique together"):
        save(office, case, {"number": "7"}, number="7", supplier="A")
