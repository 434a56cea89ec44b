"""The grant form that every town needs by § 10a (3) of Act 250/2000, with the usual extras."""

from __future__ import annotations

from typing import Any

MONEY = {"type": "string", "format": "money"}
DAY = {"type": "string", "format": "date"}
TEXT = {"type": "string"}


def asked(title: str, of: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A question of a kind with its label."""
    return {**of, "title": title, **more}


def declared(title: str) -> dict[str, Any]:
    """A declaration that has to be ticked."""
    return {"type": "boolean", "const": True, "title": title}


def listed(title: str, item: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Repeated items."""
    return {"type": "array", "title": title, "items": item, **more}


def thing(required: list[str], **properties: Any) -> dict[str, Any]:
    """An object with some of its properties required."""
    return {"type": "object", "required": required, "properties": properties}


PERSON = thing(
    ["who", "first_name", "last_name", "birth_date", "residence"],
    who={"const": "person"},
    first_name=asked("Jméno", TEXT, **{"x-width": "half"}),
    last_name=asked("Příjmení", TEXT, **{"x-width": "half"}),
    birth_date=asked("Datum narození", DAY),
    residence={"$ref": "library:address", "title": "Bydliště"},
)
FIRM = thing(
    ["who", "ico", "name", "representatives"],
    who={"const": "firm"},
    ico=asked("IČO", TEXT, format="cz-ico", description="Osm číslic."),
    name=asked("Název", TEXT),
    seat={"$ref": "library:address", "title": "Sídlo"},
    representatives=listed(
        "Osoby zastupující",
        thing(["name"], name=asked("Jméno a příjmení", TEXT), legal_title=asked("Z jakého titulu", TEXT)),
        minItems=1,
        **{"x-item-label": "Zástupce", "x-add-label": "Přidat zástupce"},
    ),
)
COST = thing(
    ["item", "qty", "price"],
    item=asked("Položka", TEXT),
    qty=asked("Počet", {"type": "integer", "minimum": 1}, **{"x-width": "s"}),
    price=asked("Cena za kus", MONEY),
    total=asked("Celkem", MONEY, **{"x-computed": "times(qty, price)", "x-sum": True}),
)
GRANT: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Žádost o dotaci",
    "type": "object",
    "required": [
        "applicant",
        "purpose",
        "period_to",
        "amount_requested",
        "costs",
        "elsewhere",
        "account",
        "email",
        "truth",
    ],
    "properties": {
        "applicant": {
            "type": "object",
            "title": "Žadatel",
            "oneOf": [{"title": "Člověk", **PERSON}, {"title": "Spolek nebo firma", **FIRM}],
            "properties": {"who": {"title": "Kdo žádá"}},
        },
        "email": asked("E-mail", TEXT, format="email"),
        "phone": asked("Telefon", TEXT, format="phone"),
        "data_box_id": asked("Datová schránka", TEXT, format="cz-databox"),
        "account": {"$ref": "library:bank_account", "title": "Číslo účtu"},
        "vat_payer": asked("Jste plátci DPH?", {"type": "boolean"}),
        "project_title": asked("Název projektu", TEXT, maxLength=120),
        "purpose": asked("Účel", TEXT, maxLength=2000, description="Na co peníze použijete."),
        "justification": asked("Odůvodnění", TEXT, maxLength=4000),
        "period_from": asked("Od", DAY, **{"x-width": "half"}),
        "period_to": asked("Do", DAY, **{"x-width": "half"}),
        "target_group": {
            "type": "array",
            "title": "Pro koho",
            "uniqueItems": True,
            "items": {"enum": ["děti", "mládež", "dospělí", "senioři"]},
        },
        "volunteers": asked("Počet dobrovolníků", {"type": "integer", "minimum": 0}, **{"x-unit": "osob"}),
        "costs": listed("Na co peníze půjdou", COST, minItems=1, **{"x-widget": "table", "x-item-label": "Položka"}),
        "amount_requested": asked("O kolik žádáte", MONEY),
        "elsewhere": asked("Žádáte ještě někde jinde?", {"type": "boolean"}),
        "region": asked(
            "Kraj projektu", {"enum": ["Praha", "Středočeský", "Liberecký", "Ústecký", "Plzeňský", "jiný"]}
        ),
        "debts": declared("Nemáme dluhy vůči městu ani státu."),
        "truth": declared("Údaje jsou pravdivé a úplné."),
    },
    "if": {"properties": {"elsewhere": {"const": True}}, "required": ["elsewhere"]},
    "then": {
        "required": ["other_support"],
        "properties": {
            "other_support": listed(
                "Kde a kolik",
                thing(["provider", "amount"], provider=asked("Poskytovatel", TEXT), amount=asked("Částka", MONEY)),
                minItems=1,
                **{"x-item-label": "Podpora"},
            )
        },
    },
}
