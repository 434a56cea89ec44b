"""A whole application for a grant: what Act 250/2000, § 10a (3), asks for and towns ask besides; its answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.browser.grant_form import DAY, FIRM, MONEY, PERSON, TEXT, asked, declared, listed, thing

Json = Any
YES_OR_NO = {"type": "boolean"}
FILE = {**TEXT, "format": "file"}
WHOLE = {"type": "integer", "minimum": 0}
CATEGORIES = {"enum": ["doprava", "ubytování", "materiál"], "x-widget": "select"}
KEPT = {"enum": ["požádáno", "přiznáno", "vyplaceno"]}
TABLE = {"x-widget": "table"}

FIRM_WHOLE = {
    **FIRM,
    "properties": {
        **FIRM["properties"],
        "beneficial_owners": listed(
            "Skuteční majitelé nebo osoby s podílem",
            thing(["name"], name=asked("Jméno", TEXT), share_percent=asked("Podíl", WHOLE, **{"x-unit": "%"})),
            **{"x-item-label": "Majitel"},
        ),
        "owned_entities": listed(
            "V kom má žadatel podíl",
            thing(
                ["name", "ico"],
                name=asked("Název firmy", TEXT),
                ico=asked("IČO firmy", TEXT, format="cz-ico"),
                share_percent=asked("Podíl v ní", WHOLE, **{"x-unit": "%"}),
            ),
            **{"x-item-label": "Firma"},
        ),
    },
}
TRADER = thing(
    ["who", "first_name", "last_name", "birth_date", "ico"],
    who={"const": "trader"},
    **{name: PERSON["properties"][name] for name in ("first_name", "last_name", "birth_date", "residence")},
    ico=asked("IČO", TEXT, format="cz-ico"),
)
APPLICANT = {
    "type": "object",
    "title": "Žadatel",
    "oneOf": [
        {"title": "Člověk", **PERSON},
        {"title": "Podnikatel", **TRADER},
        {"title": "Spolek nebo firma", **FIRM_WHOLE},
    ],
    "properties": {"who": {"title": "Kdo žádá"}},
}
COST = thing(
    ["category", "item", "qty", "unit_price"],
    category=asked("Druh", CATEGORIES),
    item=asked("Položka", TEXT),
    qty=asked("Počet", {"type": "integer", "minimum": 1}),
    unit_price=asked("Cena za kus", MONEY),
    total=asked("Celkem", MONEY, **{"x-computed": "times(qty, unit_price)", "x-sum": True}),
    requested_part=asked("Z dotace", MONEY, **{"x-sum": True}),
    comment=asked("Poznámka", TEXT),
)
INCOME = thing(
    ["source", "amount"],
    source=asked("Odkud", TEXT),
    amount=asked("Částka", MONEY, **{"x-sum": True}),
    confirmed=asked("Jisté", YES_OR_NO, **{"x-widget": "checkbox"}),
)
INSTALMENT = thing(["due", "amount"], due=asked("Splátka dne", DAY), amount=asked("Splátka", MONEY))
SUPPORT = thing(
    ["provider", "amount"],
    provider=asked("Poskytovatel", TEXT),
    amount=asked("Výše podpory", MONEY),
    state=asked("Stav", KEPT),
)


def opened(question: str, answer: Json, **properties: Json) -> dict[str, Json]:
    """Questions that an answer opens; all of them have to be answered."""
    condition = {"properties": {question: {"const": answer}}, "required": [question]}
    return {"if": condition, "then": {"required": list(properties), "properties": properties}}


COSTS = "to_halere(sum([row['total'] for row in costs]))"
INCOMES = "to_halere(sum([row['amount'] for row in incomes or []]))"
STEPS: Mapping[str, tuple[str, list[str]]] = {
    "zadatel": ("Žadatel", ["applicant", "email", "phone", "data_box_id", "account", "account_owned", "vat_payer"]),
    "projekt": (
        "Projekt",
        [
            *("project_title", "project_description", "purpose", "purpose_deadline", "justification", "place"),
            *("period_from", "period_to", "target_group", "volunteers", "previous_grant_no"),
        ],
    ),
    "rozpocet": ("Rozpočet", ["costs", "incomes", "own_share", "amount_requested", "kind"]),
    "podpora": ("Jiná podpora", ["elsewhere", "de_minimis"]),
    "prohlaseni": (
        "Přílohy a prohlášení",
        [
            *("attachments", "debts", "bankruptcy", "conflict_of_interest", "truth", "gdpr", "date_signed"),
            *("signatory", "by_power_of_attorney"),
        ],
    ),
}
FORM: dict[str, Json] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Celá žádost o dotaci",
    "type": "object",
    "required": [
        *("applicant", "email", "account", "account_owned", "vat_payer", "project_title", "purpose"),
        *("purpose_deadline", "justification", "period_from", "period_to", "target_group", "costs"),
        *("amount_requested", "kind", "elsewhere", "de_minimis", "attachments", "debts", "bankruptcy", "truth"),
        *("gdpr", "date_signed", "signatory", "by_power_of_attorney"),
    ],
    "properties": {
        "applicant": APPLICANT,
        "email": asked("E-mail", TEXT, format="email"),
        "phone": asked("Telefon", TEXT, format="phone"),
        "data_box_id": asked("Datová schránka", TEXT, format="cz-databox"),
        "account": {"$ref": "library:bank_account", "title": "Číslo účtu"},
        "account_owned": declared("Účet patří žadateli."),
        "vat_payer": asked("Jste plátci DPH s nárokem na odpočet?", YES_OR_NO),
        "project_title": asked("Název projektu", TEXT, maxLength=120),
        "project_description": asked("Popis projektu", TEXT, maxLength=4000),
        "purpose": asked("Účel", TEXT, maxLength=2000, description="Na co peníze použijete."),
        "purpose_deadline": asked("Účel splníme do", DAY),
        "justification": asked("Odůvodnění", TEXT, maxLength=4000),
        "place": asked("Místo", TEXT),
        "period_from": asked("Projekt od", DAY, **{"x-width": "half"}),
        "period_to": asked("Projekt do", DAY, **{"x-width": "half"}),
        "target_group": {
            "type": "array",
            "title": "Pro koho",
            "uniqueItems": True,
            "minItems": 1,
            "items": {"enum": ["děti", "mládež", "dospělí", "senioři"]},
        },
        "volunteers": asked("Počet dobrovolníků", WHOLE, **{"x-unit": "osob"}),
        "previous_grant_no": asked("Číslo minulé dotace", TEXT),
        "costs": listed("Náklady", COST, minItems=1, **TABLE, **{"x-item-label": "Náklad"}),
        "incomes": listed("Příjmy", INCOME, **TABLE, **{"x-item-label": "Příjem"}),
        "own_share": asked("Vlastní podíl", MONEY),
        "amount_requested": asked("O kolik žádáte", MONEY),
        "kind": asked("Co žádáte", {"enum": ["dotaci", "návratnou výpomoc"]}),
        "elsewhere": asked("Žádáte ještě někde jinde?", YES_OR_NO),
        "de_minimis": {"$ref": "library:de_minimis"},
        "attachments": listed("Přílohy", FILE, minItems=1, maxItems=5),
        "debts": declared("Nemáme dluhy vůči městu ani státu."),
        "bankruptcy": declared("Nejsme v úpadku ani v likvidaci."),
        "conflict_of_interest": asked("Střet zájmů", TEXT, maxLength=500),
        "truth": declared("Údaje jsou pravdivé a úplné."),
        "gdpr": declared("Víme, jak se zpracují osobní údaje."),
        "date_signed": asked("Datum podpisu", DAY),
        "signatory": asked("Kdo podepisuje", TEXT),
        "by_power_of_attorney": asked("Podepisuje na plnou moc?", YES_OR_NO),
    },
    "allOf": [
        opened("kind", "návratnou výpomoc", repayment=listed("Splátky", INSTALMENT, minItems=1, **TABLE)),
        opened("elsewhere", True, other_support=listed("Kde a kolik", SUPPORT, minItems=1)),
        opened("by_power_of_attorney", True, power_of_attorney=asked("Plná moc", FILE)),
    ],
    "x-rules": [
        {
            "check": "to_halere(amount_requested) <= 10000000",
            "at": "/amount_requested",
            "message": "Program dává nejvýš 100 000 Kč.",
        },
        {
            "check": f"to_halere(amount_requested) * 100 <= {COSTS} * 70",
            "at": "/amount_requested",
            "message": "Dotace pokryje nejvýš 70 % nákladů.",
        },
        {
            "check": f"{COSTS} == {INCOMES} + to_halere(amount_requested)",
            "at": "/costs",
            "message": "Náklady se musí rovnat příjmům a dotaci dohromady.",
        },
        {
            "check": "period_from >= '2027-01-01' and period_to <= '2027-12-31' and period_to >= period_from",
            "at": "/period_to",
            "message": "Projekt musí proběhnout v roce 2027.",
        },
    ],
    "x-steps": [
        {"key": key, "title": title, "fields": [f"/{name}" for name in names]} for key, (title, names) in STEPS.items()
    ],
}


@dataclass(frozen=True)
class Chosen:
    """An answer that is pressed: the value of a radio, of ticked boxes, of a select."""

    values: tuple[str, ...]


@dataclass(frozen=True)
class Sent:
    """A file that is sent."""

    name: str


def chosen(*values: str) -> Chosen:
    return Chosen(values)


#: A single box.
TICKED = Chosen(())

#: What is answered in each step, by the names of controls, in the order of the page.
ANSWERS: Mapping[str, Mapping[str, str | Chosen | Sent]] = {
    "zadatel": {
        "/applicant/who": chosen("firm"),
        "/applicant/ico": "051 29 061",
        "/applicant/name": "Lyžaři, z. s.",
        "/applicant/seat/street": "Horní",
        "/applicant/seat/house_no": "12",
        "/applicant/seat/city": "Rokytnice",
        "/applicant/seat/postal_code": "512 44",
        "/applicant/seat/ruian": "1234567",
        "/applicant/representatives/0/name": "Marie Kopecká",
        "/applicant/representatives/0/legal_title": "předsedkyně",
        "/applicant/representatives/1/name": "Petr Malý",
        "/applicant/representatives/1/legal_title": "plná moc",
        "/applicant/beneficial_owners/0/name": "Jana Nová",
        "/applicant/beneficial_owners/0/share_percent": "40",
        "/applicant/owned_entities/0/name": "Vleky, s. r. o.",
        "/applicant/owned_entities/0/ico": "00258245",
        "/applicant/owned_entities/0/share_percent": "25",
        "/email": "kopecka@bystrina.example",
        "/phone": "601 234 567",
        "/data_box_id": "WHBT3KP",
        "/account": "000019-2000145399 / 0800",
        "/account_owned": TICKED,
        "/vat_payer": chosen("false"),
    },
    "projekt": {
        "/project_title": "Zimní soustředění",
        "/project_description": "Týden na horách.",
        "/purpose": "Soustředění mládeže",
        "/purpose_deadline": "31. 3. 2027",
        "/justification": "Bez dotace by děti nejely.",
        "/place": "Rokytnice",
        "/period_from": "1.2.2027",
        "/period_to": "5. února 2027",
        "/target_group": chosen("děti", "mládež"),
        "/volunteers": "6",
        "/previous_grant_no": "DOT-2026-0012",
    },
    "rozpocet": {
        "/costs/0/category": chosen("doprava"),
        "/costs/0/item": "Autobus",
        "/costs/0/qty": "2",
        "/costs/0/unit_price": "14 500",
        "/costs/0/requested_part": "20 000",
        "/costs/0/comment": "tam a zpět",
        "/costs/1/category": chosen("ubytování"),
        "/costs/1/item": "Nocleh",
        "/costs/1/qty": "100",
        "/costs/1/unit_price": "380,50",
        "/costs/1/requested_part": "20000,-",
        "/costs/1/comment": "chata",
        "/incomes/0/source": "Účastníci",
        "/incomes/0/amount": "27 050",
        "/incomes/0/confirmed": TICKED,
        "/own_share": "5 000",
        "/amount_requested": "40.000,-",
        "/kind": chosen("návratnou výpomoc"),
        "/repayment/0/due": "1. 9. 2027",
        "/repayment/0/amount": "40 000",
    },
    "podpora": {
        "/elsewhere": chosen("true"),
        "/other_support/0/provider": "Liberecký kraj",
        "/other_support/0/amount": "10 000,00",
        "/other_support/0/state": chosen("požádáno"),
        "/de_minimis/linked/0/ico": "00258245",
        "/de_minimis/linked/0/name": "Vleky, s. r. o.",
        "/de_minimis/received": chosen("true"),
        "/de_minimis/supports/0/provider": "Kraj",
        "/de_minimis/supports/0/granted_on": "1. 5. 2025",
        "/de_minimis/supports/0/amount_eur": "1 200,50",
        "/de_minimis/correct": TICKED,
    },
    "prohlaseni": {
        "/attachments": Sent("stanovy.pdf"),
        "/debts": TICKED,
        "/bankruptcy": TICKED,
        "/conflict_of_interest": "není",
        "/truth": TICKED,
        "/gdpr": TICKED,
        "/date_signed": "20. 1. 2027",
        "/signatory": "Marie Kopecká",
        "/by_power_of_attorney": chosen("true"),
        "/power_of_attorney": Sent("plna-moc.pdf"),
    },
}
#: What comes of it; files by their names.
COME: dict[str, Json] = {
    "applicant": {
        "who": "firm",
        "ico": "05129061",
        "name": "Lyžaři, z. s.",
        "seat": {"street": "Horní", "house_no": "12", "city": "Rokytnice", "postal_code": "51244", "ruian": "1234567"},
        "representatives": [
            {"name": "Marie Kopecká", "legal_title": "předsedkyně"},
            {"name": "Petr Malý", "legal_title": "plná moc"},
        ],
        "beneficial_owners": [{"name": "Jana Nová", "share_percent": 40}],
        "owned_entities": [{"name": "Vleky, s. r. o.", "ico": "00258245", "share_percent": 25}],
    },
    "email": "kopecka@bystrina.example",
    "phone": "+420601234567",
    "data_box_id": "whbt3kp",
    "account": "19-2000145399/0800",
    "account_owned": True,
    "vat_payer": False,
    "project_title": "Zimní soustředění",
    "project_description": "Týden na horách.",
    "purpose": "Soustředění mládeže",
    "purpose_deadline": "2027-03-31",
    "justification": "Bez dotace by děti nejely.",
    "place": "Rokytnice",
    "period_from": "2027-02-01",
    "period_to": "2027-02-05",
    "target_group": ["děti", "mládež"],
    "volunteers": 6,
    "previous_grant_no": "DOT-2026-0012",
    "costs": [
        {
            "category": "doprava",
            "item": "Autobus",
            "qty": 2,
            "unit_price": "14500.00",
            "total": "29000.00",
            "requested_part": "20000.00",
            "comment": "tam a zpět",
        },
        {
            "category": "ubytování",
            "item": "Nocleh",
            "qty": 100,
            "unit_price": "380.50",
            "total": "38050.00",
            "requested_part": "20000.00",
            "comment": "chata",
        },
    ],
    "incomes": [{"source": "Účastníci", "amount": "27050.00", "confirmed": True}],
    "own_share": "5000.00",
    "amount_requested": "40000.00",
    "kind": "návratnou výpomoc",
    "repayment": [{"due": "2027-09-01", "amount": "40000.00"}],
    "elsewhere": True,
    "other_support": [{"provider": "Liberecký kraj", "amount": "10000.00", "state": "požádáno"}],
    "de_minimis": {
        "linked": [{"ico": "00258245", "name": "Vleky, s. r. o."}],
        "received": True,
        "supports": [{"provider": "Kraj", "granted_on": "2025-05-01", "amount_eur": 1200.5}],
        "correct": True,
    },
    "attachments": ["stanovy.pdf"],
    "debts": True,
    "bankruptcy": True,
    "conflict_of_interest": "není",
    "truth": True,
    "gdpr": True,
    "date_signed": "2027-01-20",
    "signatory": "Marie Kopecká",
    "by_power_of_attorney": True,
    "power_of_attorney": "plna-moc.pdf",
}
