"""Which control asks for a value, and how a value looks in it."""

from __future__ import annotations

import json
import re
from decimal import Decimal, InvalidOperation
from typing import Any

from forms import money
from forms.formats import FORMATS
from forms.pointers import MISSING
from forms.shape import Shape
from forms.typed import typed_json

Json = Any

#: Up to this many choices are radios, more are a select.
MAX_RADIOS = 5
#: From this length a text is asked in several lines.
LONG_TEXT = 250

_ASKED_AS = (
    "text",
    "textarea",
    "radio",
    "select",
    "autocomplete",
    "checkbox",
    "checkboxes",
    "file",
    "json",
    "output",
    "hidden",
)
_BLANKS = re.compile(r"[\r\n]")


def widget_of(shape: Shape) -> str:
    """Give the kind of control: group and rows hold others, everything else is one question."""
    wished = shape.get("x-widget")
    if wished == "field-review":
        return "review"
    if "object" in shape.types:
        return "group" if shape.members else "json"
    if "array" in shape.types:
        return _array_widget(shape)
    if shape.get("x-computed") is not None:
        return "output"
    return _leaf_widget(shape, wished if wished in _ASKED_AS else None)


def _array_widget(shape: Shape) -> str:
    items = shape.get("items")
    if isinstance(items, dict) and items.get("format") == "file":
        return "files"
    if shape.get("x-widget") == "checkboxes" or (shape.get("uniqueItems") and _has_choices(items)):
        return "checkboxes"
    has_items = isinstance(items, dict | list) or "prefixItems" in shape.keywords
    return "rows" if has_items else "json"


def _has_choices(items: Any) -> bool:
    if not isinstance(items, dict):
        return False
    listed = items.get("oneOf") or items.get("anyOf") or []
    return "enum" in items or bool(listed and all(isinstance(one, dict) and "const" in one for one in listed))


def _leaf_widget(shape: Shape, wished: str | None) -> str:
    if shape.choices:
        return _choice_widget(shape, wished)
    if shape.types == {"boolean"}:
        return "checkbox" if wished == "checkbox" else "radio"
    if len(shape.types) != 1:
        return "json" if shape.types != {"integer", "number"} else "number"
    if shape.types & {"integer", "number"}:
        return "number"
    if shape.get("format") == "file":
        return "file"
    if isinstance(shape.get("x-options"), dict) and shape.types == {"string"}:
        return "autocomplete"
    long = wished == "textarea" or shape.limit("maxLength") > LONG_TEXT
    return "textarea" if long and shape.get("format") not in FORMATS else "text"


def _choice_widget(shape: Shape, wished: str | None) -> str:
    if len(shape.choices) == 1:
        return "checkbox"
    if wished in ("radio", "select", "autocomplete"):
        return wished
    return "radio" if len(shape.choices) <= MAX_RADIOS else "select"


def show(value: Json, shape: Shape, lang: str = "cs") -> str:
    """Write a value into its control, so that reading it back gives the value again."""
    if value is MISSING or value is None:
        return ""
    pretty = _pretty(value, shape, lang)
    return pretty if same_text(pretty, value, shape, lang) else _raw(value, shape)


def same_text(text: str, value: Json, shape: Shape, lang: str) -> bool:
    """Say whether this text would be read as this value."""
    back = parse(text, shape, lang)
    return bool(back == value) and isinstance(back, bool) == isinstance(value, bool)


def _pretty(value: Json, shape: Shape, lang: str) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return show_number(value, shape, lang)
    if isinstance(value, str) and shape.get("format") in FORMATS:
        return FORMATS[shape.get("format")].shown(value, lang)
    return _raw(value, shape)


def show_number(value: float, shape: Shape, lang: str = "cs") -> str:
    """Write a number with groups of three and the decimal mark of the language."""
    try:
        exact = Decimal(repr(value))
    except InvalidOperation:
        return repr(value)
    if not exact.is_finite() or abs(exact.adjusted()) > 40 or (isinstance(value, float) and abs(value) >= 2**53):
        return repr(value)
    if exact == exact.to_integral_value():
        exact = Decimal(int(exact))
    is_money = shape.get("format") == "money" or shape.get("x-unit") == "Kč"
    places = 2 if is_money and money.has_places(exact, 2) else None
    return money.grouped(exact, places=places, mark="," if lang == "cs" else ".")


def _raw(value: Json, shape: Shape) -> str:
    if isinstance(value, str) and "string" in shape.types:
        return value if widget_of(shape) != "json" or _not_json(value) else json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and widget_of(shape) != "json":
        return value
    return value if isinstance(value, str) and _not_json(value) else json.dumps(value, ensure_ascii=False)


def _not_json(text: str) -> bool:
    return typed_json(text) is MISSING and text.strip() == text


def parse(text: str, shape: Shape, lang: str = "cs") -> Json:
    """Read what was typed; what can't be read stays as it was typed, for the validator and for the person."""
    if widget_of(shape) == "json":
        loaded = typed_json(text)
        return text if loaded is MISSING else loaded
    if shape.types & {"integer", "number"}:
        return _number(text, shape, lang)
    known = FORMATS.get(shape.get("format", ""))
    return known.typed(text, lang) if known else text


def _number(text: str, shape: Shape, lang: str) -> Json:
    number = money.parse(text, thousands="," if lang == "en" else "")
    if number is None or number.adjusted() > 308:
        return text
    if number == number.to_integral_value() and abs(number) < 10**40 and "e" not in text.lower():
        return int(number)
    return float(number) if _is_exact(number) else text


def _is_exact(number: Decimal) -> bool:
    """Say whether a float keeps what was typed; 0.1 does for people, twenty decimals don't."""
    return Decimal(repr(float(number))) == number


def token(shape: Shape, index: int) -> str:
    """Give the posted value of a choice: the text itself where that is unambiguous, else its number."""
    value = shape.choices[index].value
    if isinstance(value, str) and value and not value.startswith("~") and not _BLANKS.search(value):
        return value if value == value.strip() else f"~{index}"
    return f"~{index}"


def chosen(shape: Shape, posted: str) -> Json:
    """Give the value of a posted choice; a foreign one stays as posted, for the validator."""
    tokens = (token(shape, index) for index in range(len(shape.choices)))
    return next((shape.choices[at].value for at, one in enumerate(tokens) if one == posted), posted)
