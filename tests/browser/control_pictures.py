"""Takes the pictures of docs/forms.md through the renderer itself: `python -m tests.browser.control_pictures`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from forms.compile import compile_form
from tests.browser.conftest import FLAGS, chromium
from tests.browser.desk_server import served

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures" / "controls"
#: A table is one from this width on.
WIDTH = 820
#: Around each control.
EDGE = 12
COLOURS = 32
Json = Any
TEXT = {"type": "string"}
MONTHS = ["leden", "únor", "březen"]
TOWNS = ["Brno", "Břeclav", "Praha"]
PAPERS = {"enum": ["Rozpočet", "Stanovy"]}
BORN = {**TEXT, "format": "date", "title": "Datum narození"}
ICO = {**TEXT, "format": "cz-ico", "title": "IČO"}
JUDGED = {"type": "object", "properties": {"name": {**TEXT, "title": "Jméno a příjmení"}, "born": BORN}}
ONE_OF = [
    {"const": "town", "title": "Obec", "description": "Město, městys nebo vesnice."},
    {"const": "region", "title": "Kraj"},
    {"const": "other", "title": "Někdo jiný"},
]


@dataclass(frozen=True, kw_only=True)
class Control:
    """One control: the question and what is answered."""

    schema: Mapping[str, Json]
    value: Json = None
    more: Mapping[str, Json] = field(default_factory=dict)
    #: Keyword arguments of the judged form: its schema and answers.
    reviewed: tuple[Mapping[str, Json], Mapping[str, Json]] | None = None


def rows(**look: str) -> dict[str, Json]:
    """Costs of a budget, repeated."""
    item = {
        "type": "object",
        "properties": {
            "what": {"type": "string", "title": "Položka"},
            "price": {"type": "string", "format": "money", "title": "Cena", "x-sum": True},
        },
    }
    return {"type": "array", "title": "Náklady", "x-item-label": "Náklad", "items": item, **look}


COSTS = [{"what": "Autobus", "price": "7620.00"}, {"what": "Nocleh", "price": "1500.00"}]

CONTROLS: Mapping[str, Control] = {
    "text": Control(schema={**TEXT, "title": "Jméno a příjmení", "description": "Jako v občance."}, value="Jan Malý"),
    "long-text": Control(schema={**TEXT, "title": "Co chcete podpořit", "maxLength": 800}, value="Soustředění"),
    "number": Control(schema={"type": "integer", "title": "Počet obyvatel", "x-unit": "osob"}, value=2540),
    "money": Control(schema={**TEXT, "format": "money", "title": "Požadovaná částka"}, value="7620.00"),
    "date": Control(schema={**TEXT, "format": "date", "title": "Datum narození"}, value="1980-02-01"),
    "date-time": Control(
        schema={**TEXT, "format": "date-time", "title": "Začátek akce"}, value="2027-07-01T14:30:00+02:00"
    ),
    "time": Control(schema={**TEXT, "format": "time", "title": "Zkouška v"}, value="14:30"),
    "help": Control(
        schema={
            **TEXT,
            "format": "cz-databox",
            "title": "Datová schránka",
            "x-help": "Najdete ji na mojedatovaschranka.cz.",
        }
    ),
    "radios": Control(schema={"title": "Kdo žádá", "oneOf": ONE_OF}, value="town"),
    "select": Control(schema={**TEXT, "title": "Měsíc", "enum": MONTHS, "x-widget": "select"}),
    "autocomplete": Control(schema={**TEXT, "title": "Obec", "enum": TOWNS, "x-widget": "autocomplete"}, value="Brno"),
    "yes-no": Control(schema={"type": "boolean", "title": "Máte nárok na osvobození?"}, value=True),
    "checkbox": Control(schema={"type": "boolean", "title": "Odpověď e-mailem", "x-widget": "checkbox"}, value=True),
    "declaration": Control(schema={"const": True, "title": "Prohlašuji, že údaje jsou pravdivé."}, value=True),
    "checkboxes": Control(
        schema={
            "type": "array",
            "title": "Co přikládáte",
            "uniqueItems": True,
            "items": PAPERS,
        },
        value=["Rozpočet"],
    ),
    "file": Control(schema={**TEXT, "format": "file", "title": "Usnesení zastupitelstva"}),
    "files": Control(schema={"type": "array", "title": "Přílohy", "items": {**TEXT, "format": "file"}}),
    "alternatives": Control(
        schema={
            "title": "Žadatel",
            "type": "object",
            "properties": {"who": {"title": "Kdo žádá"}},
            "oneOf": [
                {"title": "Člověk", "required": ["who"], "properties": {"who": {"const": "person"}, "born": BORN}},
                {"title": "Firma", "required": ["who"], "properties": {"who": {"const": "firm"}, "ico": ICO}},
            ],
        },
        value={"who": "firm", "ico": "05129061"},
    ),
    "prefill": Control(
        schema={
            "title": "Organizace",
            "type": "object",
            "required": ["ico", "name"],
            "properties": {"ico": ICO, "name": {**TEXT, "title": "Název"}},
            "x-prefill": {"source": "ares", "by": "/ico", "map": {"/name": "obchodniJmeno"}},
        },
        value={"ico": "05129061", "name": "Otevřená města, z. s."},
    ),
    "group": Control(
        schema={
            "type": "object",
            "title": "Adresa",
            "properties": {
                "street": {**TEXT, "title": "Ulice a číslo"},
                "postal_code": {**TEXT, "format": "cz-postal-code", "title": "PSČ"},
            },
        },
        value={"street": "Horní 1", "postal_code": "51244"},
    ),
    "cards": Control(schema=rows(), value=COSTS[:1]),
    "table": Control(schema=rows(**{"x-widget": "table"}), value=COSTS),
    "computed": Control(
        schema={**TEXT, "format": "money", "title": "Poplatek", "x-computed": "times('1500', 2)"}, value="3000.00"
    ),
    "read-only": Control(schema={**TEXT, "title": "Číslo žádosti", "readOnly": True}, value="DOT-2027-12"),
    "conditional": Control(
        schema={"type": "boolean", "title": "Máte nárok na osvobození?"},
        value=True,
        more={
            "if": {"properties": {"asked": {"const": True}}, "required": ["asked"]},
            "then": {"properties": {"proof": {**TEXT, "title": "Z jakého důvodu"}}, "required": ["proof"]},
        },
    ),
    "itself": Control(
        schema={"$ref": "#/$defs/part"},
        value={"name": "Budova"},
        more={
            "$defs": {
                "part": {
                    "type": "object",
                    "title": "Část stavby",
                    "properties": {
                        "name": {**TEXT, "title": "Co to je"},
                        "inside": {"$ref": "#/$defs/part", "title": "Část uvnitř"},
                    },
                }
            }
        },
    ),
    "review": Control(
        schema={"title": "Co opravit", "type": "array", "x-widget": "field-review", "x-of": "application"},
        value=[{"pointer": "/name", "comment": "Napište celé jméno."}],
        reviewed=(JUDGED, {"name": "J. Malý", "born": "1980-02-01"}),
    ),
    "json": Control(schema={"title": "Nastavení", "type": ["object", "string"]}, value={"a": 1}),
}


def take(page: Page, name: str, control: Control) -> None:
    """Take one picture in few colours, so that the repository stays small."""
    required = {"required": ["asked"]} if control.value is not None else {}
    schema = {"type": "object", "properties": {"asked": dict(control.schema)}, **required, **control.more}
    data = {} if control.value is None else {"asked": control.value}
    with served(schema, data) as desk:
        if control.reviewed is not None:
            judged, answers = control.reviewed
            desk.reviewed = {"application": (compile_form(judged), answers)}
        page.goto(desk.url)
        page.evaluate("document.fonts.ready")
        page.locator("details.help").evaluate_all("all => all.forEach((one) => { one.open = true; })")
        page.locator(".actions").evaluate("one => one.remove()")
        box = page.locator("form").bounding_box() or {"x": 0, "y": 0, "width": WIDTH, "height": WIDTH}
        clip = {"x": box["x"] - EDGE, "y": box["y"] - EDGE, "width": box["width"] + 2 * EDGE}
        taken = Image.open(BytesIO(page.screenshot(full_page=True, clip={**clip, "height": box["height"] + 2 * EDGE})))
        taken.convert("RGB").quantize(COLOURS).save(PICTURES / f"{name}.png", optimize=True)


def main() -> None:
    """Take them all anew."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        page = browser.new_page(viewport={"width": WIDTH, "height": 900}, locale="cs-CZ")
        for name, control in CONTROLS.items():
            take(page, name, control)
        browser.close()


if __name__ == "__main__":
    main()
