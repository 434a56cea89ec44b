"""Whether a record keeps the rules of its register."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from engine.errors import ScriptError
from engine.expressions import evaluate_value
from engine.model import Variables
from engine.registers.rules import RecordRule

_NAMED = re.compile(r"\{(\w+)\}")
#: Names in a rule's expressions besides the fields of the record and the rule's own values.
BEFORE, DELETING, TODAY = "before", "deleting", "today"


@dataclass(frozen=True, kw_only=True)
class Broken:
    """A rule that a record does not keep."""

    at: str
    said: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Written:
    """A record that is being written or taken out."""

    #: Every field of the register, None where the record says nothing.
    data: Variables
    #: What it was; None = there was none.
    before: Variables | None
    today: date
    deleting: bool = False


def broken(rules: Sequence[RecordRule], written: Written) -> Iterator[Broken]:
    """Give the rules that a record does not keep. One that can't be worked out is not kept."""
    for rule in rules:
        names = _names(rule, written)
        if names is not None and not _holds(rule, names):
            yield Broken(at=rule.at, said=_said(rule, names))


def _names(rule: RecordRule, written: Written) -> Variables | None:
    """Give what the rule's expressions know; None where a value of it is not in force yet."""
    day = str(written.data.get(rule.as_of) or written.today.isoformat())
    values: Variables = {}
    for name, rows in rule.values.items():
        valid = [row for row in rows if row.since <= day]
        if not valid:
            return None
        values[name] = max(valid, key=lambda row: row.since).value
    around: Variables = {
        BEFORE: written.before or {},
        DELETING: written.deleting,
        TODAY: written.today.isoformat(),
    }
    return {**written.data, **around, **values}


def _holds(rule: RecordRule, names: Variables) -> bool:
    try:
        return bool(evaluate_value(rule.check, names))
    except ScriptError:
        return False


def _said(rule: RecordRule, names: Variables) -> Mapping[str, str]:
    known = {name: str(names[name]) for name in rule.values}
    for name, text in rule.facts.items():
        try:
            known[name] = str(evaluate_value(text, names))
        except ScriptError:
            known[name] = "–"
    return {lang: _filled(text, known) for lang, text in rule.message.items()}


def _filled(text: str, known: Mapping[str, str]) -> str:
    return _NAMED.sub(lambda found: known.get(found[1], found[0]), text)
