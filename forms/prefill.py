"""Filling in from a register: which register a button asks, by what, and where its answer goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from forms.compile import Form
from forms.controls import parse
from forms.pointers import MISSING, get, put
from forms.tree import Answers, Field, unfold, walk

Json = Any


#: Source of what an own register of the office knows.
REGISTER = "register"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a prefill button asks: the source's name, the value to look up, where that value stands."""

    source: str
    value: Json
    pointer: str
    #: Of the office's own register: which one, by which of its fields, and what people call it.
    register: str = ""
    key: str = ""
    title: str = ""


def asked(form: Form, data: Json, pointer: str) -> Wanted | None:
    """Give what the prefill button of a field asks for; None when the field has none or nothing is filled in it."""
    for owner, spec in _specs(form, data):
        if owner.pointer + str(spec.get("by", "")) == pointer:
            value = get(data, pointer)
            words = {name: str(spec.get(name, "")) for name in ("source", "register", "key", "title")}
            return Wanted(value=value, pointer=pointer, **words) if value else None
    return None


def filled(form: Form, data: dict[str, Json], pointer: str, answer: Mapping[str, Json]) -> dict[str, Json]:
    """Give the answers with a register's answer filled in, by the form's map; what isn't in the answer stays."""
    for owner, spec in _specs(form, data):
        if owner.pointer + str(spec.get("by", "")) != pointer:
            continue
        for target, path in dict(spec.get("map") or {}).items():
            value = _found(answer, str(path))
            if value is not MISSING and value is not None:
                data = _set(form, data, owner.pointer + target, value)
    return data


def _specs(form: Form, data: Json) -> Iterator[tuple[Field, Mapping[str, Any]]]:
    for field in list(walk(unfold(Answers(form=form, data=data)))):
        spec = field.shape.get("x-prefill")
        if isinstance(spec, dict):
            yield field, spec


def _found(answer: Json, path: str) -> Json:
    """Read a path such as "sidlo.nazevObce" from the answer."""
    for name in path.split("."):
        answer = answer.get(name, MISSING) if isinstance(answer, dict) else MISSING
    return answer


def _set(form: Form, data: dict[str, Json], pointer: str, value: Json) -> dict[str, Json]:
    """Put a value into its field, brought to the field's type; computed and read-only fields aren't touched."""
    tried = put(data, pointer, value)
    field = next((f for f in walk(unfold(Answers(form=form, data=tried))) if f.pointer == pointer), None)
    if field is None or not field.is_question or field.widget == "output" or field.fixed:
        return data
    if isinstance(value, str) or "string" in field.shape.types:
        value = parse(str(value), field.shape)
    changed: dict[str, Json] = put(data, pointer, value)
    return changed
