"""What an agenda says wrongly of how long it is kept is an error: it would be kept for ever."""

from __future__ import annotations

import pytest

from tests.unit.web.test_inspected_pages import FILES
from web.inspection import inspect
from web.retention import places

FORM = b'{"type": "object", "properties": {"phone": {"type": "string", "title": "T", "x-retention": "%s"}}}'


@pytest.mark.parametrize(
    ("retention", "said"),
    [
        ('case = "P10Y"', None),
        ('case = "P1Y6M"\nhow = "anonymise"', None),
        ('case = "ten years"', "no period"),
        ('case = "P10Y"\nhow = "burn"', "delete or anonymise"),
        ('cases = "P10Y"', "has no cases"),
    ],
)
def test_periods_and_ends_of_cases(retention: str, said: str | None) -> None:
    manifest = FILES["agenda.toml"].decode().replace('[retention]\ncase = "P10Y"', f"[retention]\n{retention}")
    files = {**FILES, "agenda.toml": manifest.encode()}
    found = [one.message for one in inspect(files, "en") if one.rule == "retention"]
    assert found == [] if said is None else len(found) == 1 and said in found[0]


@pytest.mark.parametrize(("period", "right"), [("P5Y", True), ("5 let", False), ("P", False)])
def test_periods_of_questions(period: str, right: bool) -> None:
    files = {**FILES, "forms/f.json": FORM.replace(b"%s", period.encode())}
    found = [one for one in inspect(files) if one.rule == "retention"]
    assert [one.file for one in found] == ([] if right else ["forms/f.json"])


def test_questions_are_found_in_lists_under_conditions_and_by_reference() -> None:
    kept = {"x-retention": "P1Y"}
    form = {
        "properties": {
            "children": {"items": {"properties": {"born": kept}}},
            "person": {"$ref": "#/$defs/person"},
        },
        "if": {"properties": {"has": {"const": True}}},
        "then": {"properties": {"note": kept}},
        "$defs": {"person": {"properties": {"phone": kept, "again": {"$ref": "#/$defs/person"}}}},
    }
    found = {place for place, period in places(form, form) if period}
    assert {"/children/*/born", "/note", "/person/phone"} <= found
