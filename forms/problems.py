"""What is wrong or odd in a form although it can be asked: for `radnice check` and the author."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from forms.compile import Form
from forms.conditions import asked_names
from forms.formats import FORMATS
from forms.graph import Schema
from forms.pointers import MISSING, get, split

#: Formats of the standard that are left alone.
_STANDARD = frozenset(
    ("uuid", "uri-reference", "iri", "hostname", "ipv4", "ipv6", "json-pointer", "regex", "duration", "idn-email")
)
#: Says why an expression can't be read, in Czech and in English; None when it can.
Reader = Callable[[str], tuple[str, str] | None]
#: Says what an expression names in vain: questions, registers, their fields; in Czech and in English.
Asker = Callable[[str], list[tuple[str, str]]]


@dataclass(frozen=True, kw_only=True)
class FormProblem:
    """One problem, with its place as a JSON Pointer."""

    severity: Literal["error", "warning"]
    rule: str
    pointer: str
    message: str
    czech: str


def problems(form: Form, unreadable: Reader | None = None, looked_up: Asker | None = None) -> list[FormProblem]:
    """List what an author should look at; `unreadable` and `looked_up` judge expressions and what they ask."""
    found = [
        _warn("form-reference", pointer, f"Odkaz {reference} nikam nevede; odpovědět tu jde cokoli.", sentence)
        for pointer, reference, sentence in form.graph.warnings
    ]
    for schema in form.graph.every():
        document, pointer = form.graph.origin(schema)
        if document is form.schema:
            found += [*_of_schema(schema, pointer), *_of_expressions(schema, pointer, unreadable, looked_up)]
    return [*found, *_of_steps(form), *_of_translations(form), *_of_prefill(form)]


def _of_schema(schema: Schema, pointer: str) -> Iterator[FormProblem]:
    name = schema.get("format")
    if isinstance(name, str) and name not in FORMATS and name not in _STANDARD:
        czech = f"Formát {name} tu nikdo nezná; nekontroluje se."
        yield _warn(
            "form-format", f"{pointer}/format", czech, f"Nobody here knows the format {name}; it is not checked."
        )
    condition = schema.get("if")
    if isinstance(condition, dict) and "properties" in condition:
        required = condition.get("required", [])
        for field in condition["properties"]:
            if field not in required and field not in schema.get("required", []):
                sentence = f"Without {field} in its required, the condition also holds while {field} is not answered."
                czech = f"Bez {field} v required platí podmínka i tehdy, když {field} není vyplněno."
                yield _warn("form-condition", f"{pointer}/if", czech, sentence)


def _of_expressions(
    schema: Schema, pointer: str, unreadable: Reader | None, looked_up: Asker | None
) -> Iterator[FormProblem]:
    texts = [(f"{pointer}/{keyword}", _text(schema.get(keyword))) for keyword in ("x-computed", "x-visible")]
    rules = schema.get("x-rules")
    for at, rule in enumerate(rules if isinstance(rules, list) else []):
        texts.append((f"{pointer}/x-rules/{at}/check", _text(rule.get("check", "")) if isinstance(rule, dict) else ""))
    for place, text in texts:
        if text and looked_up:
            for czech, sentence in looked_up(text):
                yield FormProblem(severity="error", rule="form-names", pointer=place, message=sentence, czech=czech)
        why = unreadable(text) if unreadable and text is not None else None
        if text == "":
            why = ("žádný tu není", "there is none")
        if why:
            czech, message = f"Výraz nejde přečíst: {why[0]}", f"The expression can't be read: {why[1]}"
            yield FormProblem(severity="error", rule="form-expression", pointer=place, message=message, czech=czech)


def _text(value: Any) -> str | None:
    if isinstance(value, dict):
        value = value.get("expression", "")
    return value if value is None or isinstance(value, str) else ""


def _of_steps(form: Form) -> Iterator[FormProblem]:
    known = {name for schema in form.graph.every() for name in schema.get("properties", {})}
    known |= set(asked_names(form.root))
    for at, step in enumerate(form.steps):
        for name in step.names:
            if name not in known:
                place = f"/x-steps/{at}/fields"
                yield _warn("form-steps", place, f"Formulář nemá pole {name}.", f"The form has no field {name}.")


def _of_translations(form: Form) -> Iterator[FormProblem]:
    translations = form.schema.get("x-translations")
    for lang, texts in (translations if isinstance(translations, dict) else {}).items():
        for target in texts if isinstance(texts, dict) else ():
            if not str(target).startswith("/") or get(form.schema, target) is MISSING:
                place, czech = f"/x-translations/{lang}", f"Na místě {target} není co překládat."
                yield _warn("form-translation", place, czech, f"Nothing to translate stands at {target}.")


def _of_prefill(form: Form) -> Iterator[FormProblem]:
    for schema in form.graph.every():
        spec = schema.get("x-prefill")
        if not isinstance(spec, dict):
            continue
        pointer = form.graph.origin(schema)[1] + "/x-prefill"
        for target in (str(spec.get("by", "")), *dict(spec.get("map") or {})):
            if not _leads_to_field(schema, target):
                czech = f"Na místě {target or '(prázdném)'} není pole."
                yield _warn("form-prefill", pointer, czech, f"No field stands at {target or 'the empty pointer'}.")


def _leads_to_field(schema: Schema, pointer: str) -> bool:
    for name in split(pointer):
        parts = [schema, *(part for part in schema.get("allOf", ()) if isinstance(part, dict))]
        found = next((part["properties"][name] for part in parts if name in part.get("properties", {})), None)
        if not isinstance(found, dict):
            return False
        schema = found
    return bool(pointer)


def _warn(rule: str, pointer: str, czech: str, message: str) -> FormProblem:
    return FormProblem(severity="warning", rule=rule, pointer=pointer, message=message, czech=czech)
