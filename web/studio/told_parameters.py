"""What a version of `agenda.toml` says otherwise about parameters than another one, in the author's words."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.model import Json
from processes.parameters import kind_of
from web.i18n import _, language
from web.periods import length_in_words
from web.ui import words

#: Days and values: (since, value); "" = at once.
Values = Mapping[tuple[str, str], Json]


@dataclass(frozen=True, kw_only=True)
class Told:
    """A parameter that holds otherwise; "" for a value that is or was not planned."""

    title: str
    #: The day it begins on; "" = with the publication.
    since: str
    before: str
    after: str


def told(before: str, after: str) -> Sequence[Told]:
    """Give the parameters that differ; none where a version can't be read."""
    old, new = _read(before), _read(after)
    titles = {**old.get("parameter_titles", {}), **new.get("parameter_titles", {})}
    one, other = _values(old), _values(new)
    return [
        Told(
            title=title_of(titles, name),
            since=since,
            before=value_in_words(one.get((since, name), held(other, since, name))),
            after=value_in_words(other.get((since, name))),
        )
        for since, name in sorted({*one, *other})
        if one.get((since, name)) != other.get((since, name))
    ]


def held(values: Values, since: str, name: str) -> Json:
    """The value that holds until a day comes."""
    return next((values[at] for at in sorted(values, reverse=True) if at[1] == name and at[0] < since), None)


def title_of(titles: Mapping[str, Mapping[str, str]], name: str) -> str:
    """What a parameter is called; its name where the agenda says nothing."""
    said = titles.get(name, {})
    return said.get(language()) or said.get("cs") or name


def value_in_words(value: Json) -> str:
    """A value as people read it."""
    if value is None:
        return ""
    kind = kind_of(value)
    if kind == "yes":
        return _("yes") if value else _("no")
    if kind == "number":
        return words.number(value, language())
    if kind == "period":
        return length_in_words(str(value), language())
    return words.date_plain(date.fromisoformat(str(value)), lang=language()) if kind == "date" else str(value)


def _read(text: str) -> Mapping[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}


def _values(read: Mapping[str, Any]) -> Values:
    now = {("", name): value for name, value in read.get("parameters", {}).items()}
    later = {
        (one["from"].isoformat(), name): value
        for one in read.get("parameter_changes", [])
        for name, value in one["values"].items()
    }
    return {**now, **later}
