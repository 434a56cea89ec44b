"""A rule across answers as a form: what can be compared, and reading what the author chose."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext

from engine.model import Json
from forms.dates import is_date, show_date, tidy_date
from forms.edit import EditRefused, branches
from forms.edit.places import Schema, data_path, part
from forms.edit.rules import (
    ALWAYS,
    MONEY,
    MOST_GROUPS,
    OTHER,
    Answer,
    Comparison,
    Operand,
    Recorded,
    Today,
    Value,
    holder_of,
    read,
    written,
)
from forms.pointers import get, join, split
from web.i18n import _
from web.studio.asking import Asked, answers_for
from web.studio.sources import Register
from web.studio.words import Word

SIGNS: Mapping[str, Word] = {
    "at-most": lazy_gettext("is at most (at the latest)"),
    "at-least": lazy_gettext("is at least (at the earliest)"),
    "under": lazy_gettext("is less than (before)"),
    "over": lazy_gettext("is more than (after)"),
    "equal": lazy_gettext("is the same as"),
    "different": lazy_gettext("is other than"),
}
SAID, TODAY, OF_REGISTER = "value", "today", "register"
NUMBERS, AMOUNT, DAY = ("integer", "number"), "money", "date"


@dataclass(frozen=True, kw_only=True)
class Ruled:
    """The controls of one rule, as they stand or as they were typed."""

    left: str = ""
    sign: str = "at-most"
    #: "answer:/vek", "value", "today", "register:prices:most".
    right: str = ""
    value: str = ""
    by: str = ""
    #: An expression that is no comparison, or that the author writes.
    expression: str = ""
    message: str = ""
    english: str = ""
    at: str = ""


def comparable(schema: Schema, holder: str = "") -> list[Asked]:
    """Answers that a rule of an object checks: beside it and in groups there."""
    beside = answers_for(schema, f"{holder}/properties/?")
    return [one for one in beside if one.pointer.count("/") <= MOST_GROUPS + 1 and is_plain(one)]


def around(schema: Schema, holder: str) -> list[Asked]:
    """Answers at the top of the form that a rule in a group can compare with; what has a namesake inside can't be."""
    if not holder:
        return []
    names = {data_path(holder)[0], *branches.names_taken(schema, holder)}
    return [one for one in comparable(schema) if split(one.pointer)[0] not in names]


def is_plain(asked: Asked) -> bool:
    """Whether an answer is one value."""
    return asked.kind not in (
        "group",
        "rows",
        "file",
        "files",
        "library",
        "ticks",
        "yes_no",
        "consent",
        "advanced",
        "reference",
    )


def shown(schema: Schema, place: str) -> Ruled:
    """The controls for a rule as it stands."""
    rule = part(schema, place)
    check = rule.get("check")
    words = {name: _text(rule.get(name)) for name in ("message", "at")}
    words["english"] = _text(get(schema, join("/x-translations", "en", f"{place}/message")))
    comparison = read(check)
    if comparison is None or not isinstance(comparison.left, Answer):
        begun = "" if check == ALWAYS or not isinstance(check, str) else check
        return Ruled(expression=begun, **words)
    right, by = comparison.right, ""
    if isinstance(right, Recorded):
        by = right.by.pointer
    value = show_date(str(right.value)) if isinstance(right, Value) else ""
    return Ruled(
        left=comparison.left.pointer, sign=comparison.operator, right=_named(right), value=value, by=by, **words
    )


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""


def _named(side: Operand) -> str:
    if isinstance(side, Answer):
        return f"answer:{side.pointer}"
    if isinstance(side, Recorded):
        return f"{OF_REGISTER}:{side.register}:{side.field}"
    return TODAY if isinstance(side, Today) else SAID


def posted(form: Mapping[str, str]) -> Ruled:
    """The controls as they were posted."""
    names = ("left", "sign", "right", "value", "by", "expression", "message", "english", "at")
    return Ruled(**{name: form.get(f"r:{name}", "").strip() for name in names})


def check_of(schema: Schema, place: str, typed: Ruled, registers: Sequence[Register]) -> str:
    """The expression of a rule. Raises EditRefused with what is missing."""
    if typed.expression:
        return typed.expression
    holder = holder_of(place)
    beside = {one.pointer: one for one in comparable(schema, holder)}
    known = {one.pointer: one for one in around(schema, holder)} | beside
    asked = beside.get(typed.left)
    if asked is None:
        raise EditRefused("pick-left")
    if typed.sign not in SIGNS:
        raise EditRefused("no-such-edit")
    kind = asked.measure
    ordered = kind in (*NUMBERS, AMOUNT, DAY)
    if not ordered and typed.sign not in ("equal", "different"):
        raise EditRefused("only-sizes", asked.label)
    right = _right(typed, asked, known, registers)
    measure = MONEY if kind == AMOUNT else OTHER
    return written(Comparison(left=Answer(pointer=asked.pointer), operator=typed.sign, right=right, measure=measure))


def _right(typed: Ruled, asked: Asked, known: Mapping[str, Asked], registers: Sequence[Register]) -> Operand:
    kind = asked.measure
    if typed.right == TODAY:
        if kind != DAY:
            raise EditRefused("not-alike", asked.label, _("today"))
        return Today()
    if typed.right.startswith("answer:"):
        other = known.get(typed.right.removeprefix("answer:"))
        if other is None or other is asked:
            raise EditRefused("pick-right")
        if _measure(kind) != _measure(other.measure):
            raise EditRefused("not-alike", asked.label, other.label)
        return Answer(pointer=other.pointer)
    if typed.right.startswith(f"{OF_REGISTER}:"):
        return _recorded(typed, known, registers)
    if typed.right != SAID or not typed.value:
        raise EditRefused("pick-right")
    return Value(value=_value(asked, kind, typed.value))


def _measure(kind: str) -> str:
    return "number" if kind in NUMBERS else kind if kind in (AMOUNT, DAY) else "text"


def _recorded(typed: Ruled, known: Mapping[str, Asked], registers: Sequence[Register]) -> Recorded:
    _way, key, name = typed.right.split(":", 2)
    register = next((one for one in registers if one.key == key and name in one.fields), None)
    if register is None:
        raise EditRefused("pick-right")
    if typed.by not in known:
        raise EditRefused("pick-key")
    return Recorded(register=key, field=name, by=Answer(pointer=typed.by))


def _value(asked: Asked, kind: str, text: str) -> str | int | float:
    plain = re.sub(r"\s", "", text).replace(",", ".")
    if kind in NUMBERS or kind == AMOUNT:
        if not re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,6})?", plain):
            raise EditRefused("no-number")
        return plain if kind == AMOUNT else float(plain) if "." in plain else int(plain)
    if kind == DAY:
        day = tidy_date(text)
        if not is_date(day):
            raise EditRefused("no-day")
        return day
    offered = next((one for one in asked.offers if text in (one.label, one.value)), None)
    stored = asked.values[offered.was] if offered and offered.was is not None else text
    return stored if isinstance(stored, str | int | float) else text
