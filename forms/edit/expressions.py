"""Answers named in expressions: where they are, and another name put into their place."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterator
from typing import Any

from forms.edit.places import Schema
from forms.graph import schemas

Json = Any
_KEYWORDS = ("x-computed", "x-visible")


def texts(schema: Schema) -> Iterator[tuple[str, str]]:
    """Give every expression with what people call the part it belongs to: a label, a rule's sentence."""
    for one in schemas(schema):
        title = one.get("title")
        label = title if isinstance(title, str) else ""
        for keyword in _KEYWORDS:
            text = one.get(keyword)
            text = text.get("expression") if isinstance(text, dict) else text
            if isinstance(text, str):
                yield text, label
        for rule in one["x-rules"] if isinstance(one.get("x-rules"), list) else ():
            if isinstance(rule, dict) and isinstance(rule.get("check"), str):
                message = rule.get("message")
                yield rule["check"], message if isinstance(message, str) else label


def names(text: str, name: str) -> bool:
    """Whether an expression may speak of an answer."""
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def renamed(schema: Schema, old: str, new: str) -> Schema:
    """Let every expression call an answer by its new name."""
    made = _walked(schema, lambda text: _renamed(text, old, new))
    assert isinstance(made, dict)
    return made


def _walked(value: Json, change: Callable[[str], str]) -> Json:
    """Copy only what holds an expression that changes."""
    if isinstance(value, list):
        items = [_walked(item, change) for item in value]
        return items if any(new is not old for new, old in zip(items, value, strict=True)) else value
    if not isinstance(value, dict):
        return value
    made = {key: _member(key, item, change) for key, item in value.items()}
    return made if any(made[key] is not item for key, item in value.items()) else value


def _member(key: str, item: Json, change: Callable[[str], str]) -> Json:
    if key in _KEYWORDS and isinstance(item, str):
        return _kept(item, change(item))
    if key in _KEYWORDS and isinstance(item, dict) and isinstance(item.get("expression"), str):
        text = _kept(item["expression"], change(item["expression"]))
        return item if text is item["expression"] else {**item, "expression": text}
    if key == "x-rules" and isinstance(item, list):
        rules = [_rule(rule, change) for rule in item]
        return rules if any(new is not old for new, old in zip(rules, item, strict=True)) else item
    return _walked(item, change)


def _rule(rule: Json, change: Callable[[str], str]) -> Json:
    if not isinstance(rule, dict) or not isinstance(rule.get("check"), str):
        return rule
    text = _kept(rule["check"], change(rule["check"]))
    return rule if text is rule["check"] else {**rule, "check": text}


def _kept(old: str, new: str) -> str:
    return old if old == new else new


def _renamed(text: str, old: str, new: str) -> str:
    """Put a name into the place of another, as a name and as a key in quotes; what can't be read stays."""
    try:
        found = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError):
        return text
    lines = text.splitlines(keepends=True)
    before = ""
    places = []
    for one in found:
        if _is_name(one, old, before):
            places.append((one, new if one.type == tokenize.NAME else quoted(new)))
        before = one.string
    for one, said in reversed(places):
        row = one.start[0] - 1
        lines[row] = lines[row][: one.start[1]] + said + lines[row][one.end[1] :]
    return "".join(lines)


def quoted(name: str) -> str:
    """Give a name as a text of Starlark."""
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _is_name(one: tokenize.TokenInfo, name: str, before: str) -> bool:
    if one.type == tokenize.NAME:
        return one.string == name and before != "."
    if one.type != tokenize.STRING or one.start[0] != one.end[0] or before not in ("[", "("):
        return False
    try:
        return bool(ast.literal_eval(one.string) == name)
    except (ValueError, SyntaxError):
        return False
