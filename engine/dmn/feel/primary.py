"""Reads what stands without operators: values, names, parentheses, lists, contexts, intervals."""

from __future__ import annotations

import re
from decimal import Decimal

from engine.dmn.feel.cursor import Cursor
from engine.dmn.feel.nodes import ContextOf, Interval, ListOf, Literal, Name, Node
from engine.dmn.feel.values import temporal

_CONSTANTS = {"true": True, "false": False, "null": None}
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{6}|.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r"}
_OPENING = {"(": False, "[": True, "]": False}
_CLOSING = {")": False, "]": True, "[": False}


def primary(cursor: Cursor) -> Node:
    """Read one operand."""
    token = cursor.token
    if token.kind == "name":
        return Name(cursor.take().text)
    if token.kind in ("number", "text") or token.text in _CONSTANTS or token.text == "@":
        return literal(cursor)
    if cursor.accept("{"):
        return _context(cursor)
    if token.text in _OPENING and token.kind == "sign":
        cursor.take()
        return _bracket(cursor, token.text)
    raise cursor.refusal("a value is missing")


def literal(cursor: Cursor) -> Literal:
    """Read a number, a text, true, false, null or @"a date"."""
    token = cursor.take()
    if token.kind == "number":
        return Literal(Decimal(token.text))
    if token.kind == "text":
        return Literal(unquoted(token.text))
    if token.text == "@":
        value = temporal(unquoted(cursor.take().text))
        if value is None:
            raise cursor.refusal("no date, time or duration")
        return Literal(value)
    return Literal(_CONSTANTS[token.text])


def unquoted(text: str) -> str:
    """Give a text without its quotes and escapes."""
    return _ESCAPE.sub(_unescaped, text[1:-1])


def _unescaped(found: re.Match[str]) -> str:
    code = found[1]
    if code[0] in "uU" and len(code) > 1:
        number = int(code[1:], 16)
        return chr(number) if number <= 0x10FFFF else "\ufffd"
    return _ESCAPED.get(code, code)


def _bracket(cursor: Cursor, opening: str) -> Node:
    if opening == "[" and cursor.accept("]"):
        return ListOf(())
    first = cursor.expression()
    if cursor.accept(".."):
        return _interval(cursor, first, _OPENING[opening])
    if opening == "(":
        cursor.expect(")")
        return first
    if opening == "]":
        raise cursor.refusal(".. is missing")
    items = [first]
    while cursor.accept(","):
        items.append(cursor.expression())
    cursor.expect("]")
    return ListOf(tuple(items))


def _interval(cursor: Cursor, low: Node, low_closed: bool) -> Interval:
    high = cursor.expression()
    closing = cursor.take()
    if closing.text not in _CLOSING:
        raise cursor.refusal("the end of the interval is missing")
    return Interval(low, high, low_closed, _CLOSING[closing.text])


def _context(cursor: Cursor) -> ContextOf:
    entries: list[tuple[str, Node]] = []
    while not cursor.accept("}"):
        if entries:
            cursor.expect(",")
        key = unquoted(cursor.take().text) if cursor.token.kind == "text" else cursor.name()
        cursor.expect(":")
        entries.append((key, cursor.expression()))
    return ContextOf(tuple(entries))
