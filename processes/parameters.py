"""What an office may set in an agenda: amounts, periods, addresses; as they hold now and from a day to come. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import tomlkit

from engine.model import Json
from processes.agenda import Agenda
from processes.manifest import Texts

Kind = Literal["yes", "number", "period", "date", "text"]
_PERIOD = re.compile(r"P(?:\d+(?:WD|[DWMY])|T\d+[HM])")


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One value of an agenda that the office sets."""

    name: str
    #: {} where the agenda says only its name.
    title: Texts
    kind: Kind
    value: Json
    #: Values to come: (day, value), the earliest first.
    planned: Sequence[tuple[str, Json]] = ()

    def on(self, day: date) -> Json:
        """The value that holds on a day."""
        held = [value for since, value in self.planned if since <= day.isoformat()]
        return held[-1] if held else self.value


def parameters_of(agenda: Agenda) -> list[Parameter]:
    """Give the parameters of an agenda that a page can ask for, as its manifest has them."""
    return [
        Parameter(
            name=name,
            title=agenda.parameter_titles.get(name, {}),
            kind=kind_of(value),
            value=value,
            planned=[
                (str(one["from"]), one["values"][name]) for one in agenda.parameter_changes if name in one["values"]
            ],
        )
        for name, value in agenda.parameters.items()
        if isinstance(value, bool | int | float | str)
    ]


def kind_of(value: Json) -> Kind:
    """Say what a value is, so that a page asks for the same again."""
    if isinstance(value, bool):
        return "yes"
    if isinstance(value, int | float):
        return "number"
    text = str(value)
    if _PERIOD.fullmatch(text):
        return "period"
    return "date" if is_day(text) else "text"


def is_day(text: str) -> bool:
    """Say whether a text is a day as JSON writes it."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def set_now(manifest: str, today: date, values: Mapping[str, Json]) -> str:
    """Give `agenda.toml` in which the values hold at once; comments and the rest stay as they are."""
    read = tomlkit.parse(manifest)
    for name, value in values.items():
        read["parameters"][name] = value
    passed = [one["from"] for one in read.get("parameter_changes", []) if one["from"] <= today]
    return _without(read, [(since, name) for since in passed for name in values])


def set_from(manifest: str, since: date, values: Mapping[str, Json]) -> str:
    """Give `agenda.toml` in which the values hold from a day; what else was planned for the day stays planned."""
    read = tomlkit.parse(manifest)
    changes = read.get("parameter_changes")
    if changes is None:
        read["parameter_changes"] = tomlkit.aot()
        changes = read["parameter_changes"]
    planned = next((one for one in changes if one["from"] == since), None)
    if planned is None:
        planned = tomlkit.table()
        planned["from"], planned["values"] = since, tomlkit.inline_table()
        planned["values"].update(values)
        changes.append(planned)
    else:
        planned["values"].update(values)
    return tomlkit.dumps(read)


def call_off(manifest: str, since: date, name: str) -> str:
    """Give `agenda.toml` in which a parameter doesn't change on a day."""
    return _without(tomlkit.parse(manifest), [(since, name)])


def _without(read: tomlkit.TOMLDocument, dropped: Sequence[tuple[date, str]]) -> str:
    changes = read.get("parameter_changes", [])
    for at in reversed(range(len(changes))):
        one = changes[at]
        for since, name in dropped:
            if one["from"] == since:
                one["values"].pop(name, None)
        if not one["values"]:
            del changes[at]
    if not changes:
        read.pop("parameter_changes", None)
    return tomlkit.dumps(read)
