"""Sentences for errors, per keyword, in Czech and English. Never the validator's own text."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from forms.controls import show_number
from forms.money import grouped
from forms.shape import Shape
from forms.units import unit_of, with_unit

Json = Any
Table = Mapping[str, Mapping[str, str]]

_SENTENCES: Table = {
    "cs": {
        "required": "Vyplňte: {label}",
        "required.choice": "Vyberte odpověď: {label}",
        "required.tick": "Bez zaškrtnutí nejde pokračovat: {label}",
        "required.file": "Přiložte soubor: {label}",
        "required.rows": "Přidejte aspoň jednu položku: {label}",
        "const.tick": "Bez zaškrtnutí nejde pokračovat: {label}",
        "const": "{label}: tady může být jen {limit}",
        "enum": "{label}: vyberte jednu z nabízených možností",
        "choice.several": "{label}: vyberte pod polem, co jste měli na mysli",
        "choice.unknown": "{label}: „{typed}“ v seznamu není, zkuste jen část názvu",
        "type.integer": "{label}: napište celé číslo, například 2540",
        "type.number": "{label}: napište jen číslo, například 1234,50",
        "type": "{label}: tuto odpověď nejde přijmout",
        "minLength": "{label}: napište aspoň {limit} {characters}",
        "maxLength": "{label}: text je moc dlouhý, vejde se nejvýš {limit} {characters}",
        "pattern": "{label}: zkontrolujte, jestli je to napsané správně",
        "minimum": "{label}: nejméně {limit}",
        "maximum": "{label}: nejvýš {limit}",
        "exclusiveMinimum": "{label}: musí být víc než {limit}",
        "exclusiveMaximum": "{label}: musí být méně než {limit}",
        "multipleOf": "{label}: musí být násobkem čísla {limit}",
        "minItems": "{label}: přidejte aspoň {limit}",
        "maxItems": "{label}: může jich být nejvýš {limit}",
        "uniqueItems": "{label}: totéž je tu dvakrát",
        "contains": "{label}: některá z položek chybí",
        "additionalProperties": "Údaj „{name}“ tento formulář nezná",
        "anyOf.names": "Vyplňte aspoň jedno z polí: {names}",
        "oneOf.names": "Vyplňte jen jedno z polí: {names}",
        "not.names": "Tato pole nejde vyplnit zároveň: {names}",
        "not": "{label}: tato odpověď tu není možná",
        "anyOf": "{label}: vyberte jednu z nabízených možností",
        "oneOf": "{label}: vyberte jednu z nabízených možností",
        "characters": "{label}: text obsahuje znaky, které nejdou uložit",
        "length": "{label}: text je moc dlouhý",
        "other": "{label}: zkontrolujte tuto odpověď",
        "x-rules": "Odpovědi si odporují, zkontrolujte je prosím",
        "format.cz-ico": "{label}: napište osm číslic IČO, například 05129061; zkontrolujte, jestli v něm není překlep",
        "format.cz-dic": "{label}: napište DIČ s CZ na začátku, například CZ05129061",
        "format.cz-account": "{label}: napište číslo účtu a kód banky, například 19-2000145399/0800",
        "format.iban": "{label}: napište IBAN, například CZ65 0800 0000 1920 0014 5399",
        "format.cz-postal-code": "{label}: napište PSČ jako pět číslic, například 512 44",
        "format.cz-databox": "{label}: datová schránka má sedm písmen a číslic, například whbt3kp",
        "format.cz-birth-number": "{label}: zkontrolujte rodné číslo, například 710319/2745",
        "format.phone": "{label}: napište telefon devíti číslicemi nebo s předvolbou, například 601 234 567",
        "format.ean": "{label}: EAN odběrného místa má osmnáct číslic a začíná obvykle 859",
        "format.eic": "{label}: EIC má šestnáct znaků, u plynu začíná 27ZG",
        "format.email": "{label}: napište e-mail, například jana@mesto.cz",
        "format.uri": "{label}: napište adresu webu, například https://www.mesto.cz",
        "format.money": "{label}: částku napište jen číslem, například 7 620,00",
        "format.date": "{label}: napište den, který existuje, například 1. 7. 2027",
        "format.time": "{label}: napište čas, například 14:30",
        "format.date-time": "{label}: napište den a čas, například 1. 7. 2027 14:30",
        "format": "{label}: zkontrolujte, jestli je to napsané správně",
        "summary.1": "Opravte prosím jednu věc",
        "summary.2": "Opravte prosím {count} věci",
        "summary.5": "Opravte prosím {count} věcí",
    },
    "en": {
        "required": "Fill in: {label}",
        "required.choice": "Choose an answer: {label}",
        "required.tick": "You can't go on without ticking: {label}",
        "required.file": "Attach a file: {label}",
        "required.rows": "Add at least one item: {label}",
        "const.tick": "You can't go on without ticking: {label}",
        "const": "{label}: only {limit} can be here",
        "enum": "{label}: choose one of the answers on offer",
        "choice.several": "{label}: choose below the field what you meant",
        "choice.unknown": "{label}: “{typed}” is not in the list, try a part of the name",
        "type.integer": "{label}: write a whole number, for example 2540",
        "type.number": "{label}: write a number only, for example 1234.50",
        "type": "{label}: this answer can't be accepted",
        "minLength": "{label}: write at least {limit} {characters}",
        "maxLength": "{label}: the text is too long, at most {limit} {characters} fit",
        "pattern": "{label}: check that this is written correctly",
        "minimum": "{label}: at least {limit}",
        "maximum": "{label}: at most {limit}",
        "exclusiveMinimum": "{label}: must be more than {limit}",
        "exclusiveMaximum": "{label}: must be less than {limit}",
        "multipleOf": "{label}: must be a multiple of {limit}",
        "minItems": "{label}: add at least {limit}",
        "maxItems": "{label}: there can be at most {limit}",
        "uniqueItems": "{label}: the same is here twice",
        "contains": "{label}: one of the items is missing",
        "additionalProperties": "This form doesn't know “{name}”",
        "anyOf.names": "Fill in at least one of: {names}",
        "oneOf.names": "Fill in only one of: {names}",
        "not.names": "These can't be filled in together: {names}",
        "not": "{label}: this answer isn't possible here",
        "anyOf": "{label}: choose one of the answers on offer",
        "oneOf": "{label}: choose one of the answers on offer",
        "characters": "{label}: the text contains characters that can't be stored",
        "length": "{label}: the text is too long",
        "other": "{label}: check this answer",
        "x-rules": "The answers contradict each other, please check them",
        "format.cz-ico": "{label}: write the eight digits of the organisation number, for example 05129061",
        "format.cz-dic": "{label}: write the tax number with CZ in front, for example CZ05129061",
        "format.cz-account": "{label}: write the account number and bank code, for example 19-2000145399/0800",
        "format.iban": "{label}: write an IBAN, for example CZ65 0800 0000 1920 0014 5399",
        "format.cz-postal-code": "{label}: write the postal code as five digits, for example 512 44",
        "format.cz-databox": "{label}: a data box has seven letters and digits, for example whbt3kp",
        "format.cz-birth-number": "{label}: check the birth number, for example 710319/2745",
        "format.phone": "{label}: write nine digits, or a number with its country code, for example 601 234 567",
        "format.ean": "{label}: the EAN of a supply point has eighteen digits",
        "format.eic": "{label}: an EIC has sixteen characters",
        "format.email": "{label}: write an e-mail address, for example jana@mesto.cz",
        "format.uri": "{label}: write a web address, for example https://www.mesto.cz",
        "format.money": "{label}: write the amount as a number only, for example 7620.00",
        "format.date": "{label}: write a day that exists, for example 1. 7. 2027",
        "format.time": "{label}: write a time, for example 14:30",
        "format.date-time": "{label}: write a day and time, for example 1. 7. 2027 14:30",
        "format": "{label}: check that this is written correctly",
        "summary.1": "Please correct one thing",
        "summary.2": "Please correct {count} things",
        "summary.5": "Please correct {count} things",
    },
}
_COUNTS = {
    "cs": ("", "jednu", "dvě", "tři", "čtyři", "pět", "šest", "sedm", "osm", "devět"),
    "en": ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
}


def sentence(key: str, lang: str, **facts: str) -> str:
    """Give the sentence for a key such as "format.cz-ico"; the part before the point is the fallback."""
    table = _SENTENCES.get(lang, _SENTENCES["en"])
    text = table.get(key) or table.get(key.partition(".")[0]) or table["other"]
    return text.format_map({"label": "", "limit": "", "name": "", "names": "", **facts})


def summary_title(count: int, lang: str) -> str:
    """Give the heading over a list of errors: "Opravte prosím tři věci"."""
    names = _COUNTS.get(lang, _COUNTS["en"])
    form = "1" if count == 1 else "2" if count < 5 else "5"
    return sentence(f"summary.{form}", lang, count=names[count] if count < len(names) else str(count))


def key_of(keyword: str, shape: Shape, widget: str) -> str:
    """Give the key of the sentence for a failed keyword at a field."""
    if keyword == "required":
        return "required" + _required_kind(shape, widget)
    if keyword in ("const", "enum") and widget == "checkbox":
        return "const.tick"
    if keyword == "format":
        return f"format.{shape.get('format')}"
    if keyword == "type":
        return next((f"type.{name}" for name in ("integer", "number") if name in shape.types), "type")
    return keyword


def _required_kind(shape: Shape, widget: str) -> str:
    kinds = {
        "radio": ".choice",
        "select": ".choice",
        "autocomplete": ".choice",
        "checkboxes": ".choice",
        "checkbox": ".tick",
    }
    return {**kinds, "file": ".file", "files": ".file", "rows": ".rows"}.get(widget, "")


def limit_text(limit: Json, shape: Shape, lang: str) -> str:
    """Write a limit with the unit of its field."""
    if isinstance(limit, bool) or not isinstance(limit, int | float):
        return str(limit)
    number, mark = Decimal(repr(limit)), "." if lang == "en" else ","
    text = show_number(limit, shape, lang) if shape.types & {"integer", "number"} else grouped(number, mark=mark)
    return with_unit(text, unit_of(shape, lang))


def characters(limit: Json, lang: str) -> str:
    """Give the word "character" in the form that goes with a number."""
    if lang == "cs":
        return "znak" if limit == 1 else "znaky" if limit in (2, 3, 4) else "znaků"
    return "character" if limit == 1 else "characters"
