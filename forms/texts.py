"""Every text of an author in a form, by its JSON Pointer, and their translation by one list of words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from forms.pointers import join

TRANSLATED = "x-translations"
_KEYWORDS = frozenset({"title", "description", "x-add-label", "x-item-label", "x-help"})
#: Where a mapping's keys are names of the author and not keywords.
_NAMED = frozenset({"properties", "$defs", "definitions", "patternProperties", "dependentSchemas"})
#: Values of data, never texts.
_VALUES = frozenset({"const", "enum", "default", "examples", "x-prefill", "x-computed", TRANSLATED})


def texts(schema: Mapping[str, Any], pointer: str = "") -> Iterator[tuple[str, str]]:
    """Give (pointer, text) of everything that people read."""
    for keyword, value in schema.items():
        here = join(pointer, keyword)
        if keyword in _KEYWORDS and isinstance(value, str):
            yield here, value
        elif keyword in ("x-messages", "x-labels") and isinstance(value, dict):
            yield from ((join(here, name), text) for name, text in value.items() if isinstance(text, str))
        elif keyword == "x-rules" and isinstance(value, list):
            yield from _messages(value, here)
        elif keyword not in _VALUES:
            yield from _below(value, here, named=keyword in _NAMED)


def untranslated(schema: Mapping[str, Any], lang: str) -> Iterator[tuple[str, str]]:
    """Give the texts that the form itself doesn't say in a language."""
    known = _of(schema, lang)
    yield from ((pointer, text) for pointer, text in texts(schema) if pointer not in known)


def translated(schema: Mapping[str, Any], lang: str, say: Callable[[str], str]) -> Mapping[str, Any]:
    """Give the form with what it doesn't say itself in a language said by `say`."""
    said = {pointer: say(text) for pointer, text in untranslated(schema, lang)}
    by_language = schema.get(TRANSLATED)
    others = by_language if isinstance(by_language, dict) else {}
    return {**schema, TRANSLATED: {**others, lang: {**said, **_of(schema, lang)}}}


def _of(schema: Mapping[str, Any], lang: str) -> Mapping[str, Any]:
    found = schema.get(TRANSLATED)
    found = found.get(lang) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def _messages(rules: list[Any], pointer: str) -> Iterator[tuple[str, str]]:
    for at, rule in enumerate(rules):
        if isinstance(rule, dict) and isinstance(rule.get("message"), str):
            yield join(pointer, at, "message"), rule["message"]


def _below(value: Any, pointer: str, *, named: bool) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and named:
        for name, part in value.items():
            yield from _below(part, join(pointer, name), named=False)
    elif isinstance(value, dict):
        yield from texts(value, pointer)
    elif isinstance(value, list):
        for at, part in enumerate(value):
            yield from _below(part, join(pointer, at), named=False)
