"""Reads `agenda.toml` value by value and says in sentences what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from engine.diagram import Problem
from engine.model import Json

#: A text in several languages, {"cs": …, "en": …}; Czech is always there.
Texts = Mapping[str, str]

_SENTENCES = {
    "agenda-missing": ("Chybí soubor agenda.toml.", "The file agenda.toml is missing."),
    "agenda-unreadable": ("Soubor agenda.toml nejde přečíst: {reason}.", "agenda.toml can't be read: {reason}."),
    "json-unreadable": ("Soubor {file} není platný JSON: {reason}.", "{file} is not valid JSON: {reason}."),
    "json-not-object": ("Soubor {file} má obsahovat objekt JSON.", "{file} should hold a JSON object."),
    "agenda-key": (
        "Klíč agendy („key“) smí mít jen malá písmena, číslice a podtržítko, nejvýš 63 znaků.",
        "The agenda's `key` may hold only lower-case letters, digits and underscores, at most 63.",
    ),
    "agenda-text": ("V agenda.toml má být u „{at}“ text.", "In agenda.toml there should be a text at `{at}`."),
    "agenda-texts": (
        "V agenda.toml chybí u „{at}“ český text (cs).",
        "In agenda.toml the Czech text (cs) is missing at `{at}`.",
    ),
    "agenda-table": ("V agenda.toml má být „{at}“ tabulka.", "In agenda.toml `{at}` should be a table."),
    "agenda-list": ("V agenda.toml má být „{at}“ seznam.", "In agenda.toml `{at}` should be a list."),
    "agenda-changes": (
        "V agenda.toml má mít {at} den („from“) a hodnoty („values“) parametrů, které agenda má, stejného druhu.",
        "In agenda.toml {at} should have a day (`from`) and `values` of parameters the agenda has, of the same kind.",
    ),
    "agenda-parameter": (
        "V agenda.toml je název parametru „{at}“, který agenda nemá.",
        "In agenda.toml there is a title of the parameter `{at}`, which the agenda doesn't have.",
    ),
    "agenda-numbering": (
        "Číselná řada „{value}“ musí obsahovat {{n}} a smí použít {{year}}.",
        "The numbering `{value}` must hold {{n}} and may use {{year}}.",
    ),
}


class Manifest:
    """`agenda.toml` being read; whatever is wrong is gathered in `problems`."""

    def __init__(self, data: Mapping[str, Json], lang: str = "en") -> None:
        self.data = data
        self.problems: list[Problem] = []
        self._sentence = 0 if lang == "cs" else 1

    def refuse(self, rule: str, *, file: str = "agenda.toml", at: str | None = None, **facts: Json) -> None:
        """Note an error with its sentence."""
        message = _SENTENCES[rule][self._sentence].format(file=file, at=at, **facts)
        self.problems.append(Problem(severity="error", rule=rule, element=at, message=message, file=file))

    def key(self) -> str:
        """Give the agenda's key."""
        key = self.data.get("key")
        if isinstance(key, str) and re.fullmatch(r"[a-z][a-z0-9_]{0,62}", key):
            return key
        self.refuse("agenda-key", at="key")
        return ""

    def text(self, name: str, *, required: bool = True) -> str:
        """Give a plain text of the top level."""
        value = self.data.get(name, "")
        if not isinstance(value, str) or (required and not value):
            self.refuse("agenda-text", at=name)
            return ""
        return value

    def texts(self, name: str, *, required: bool = True) -> Texts:
        """Give a text in languages of the top level."""
        return self._texts(self.data.get(name), name, required)

    def table(self, name: str) -> dict[str, Json]:
        """Give a table of the top level; {} when it isn't there."""
        value = self.data.get(name, {})
        if isinstance(value, dict):
            return value
        self.refuse("agenda-table", at=name)
        return {}

    def named_texts(self, name: str) -> dict[str, Texts]:
        """Give a table of texts, as of candidate groups."""
        return {key: self._texts(value, f"{name}.{key}", True) for key, value in self.table(name).items()}

    def parameter_titles(self) -> dict[str, Texts]:
        """Give what the parameters are called."""
        titles, known = self.named_texts("parameter_titles"), self.data.get("parameters", {})
        for name in titles:
            if name not in known:
                self.refuse("agenda-parameter", at=name)
        return titles

    def parameter_changes(self) -> list[dict[str, Json]]:
        """Give the values of parameters that begin to hold on a day, the earliest first."""
        items = self.data.get("parameter_changes", [])
        if not isinstance(items, list):
            self.refuse("agenda-list", at="parameter_changes")
            return []
        checked = [self._change(item, f"parameter_changes.{n}") for n, item in enumerate(items, 1)]
        return sorted((one for one in checked if one), key=lambda one: str(one["from"]))

    def _change(self, item: Json, at: str) -> dict[str, Json]:
        since = item.get("from") if isinstance(item, dict) else None
        values = item.get("values") if isinstance(item, dict) else None
        known = self.table("parameters")
        given = values if isinstance(values, dict) else {}
        alike = all(type(value) is type(known.get(name)) for name, value in given.items())
        if type(since) is date and given and alike:
            return {"from": since.isoformat(), "values": given}
        self.refuse("agenda-changes", at=at)
        return {}

    def numbering(self) -> str:
        """Give the number series of cases."""
        return self._pattern("numbering", self.text("numbering", required=False) or "{year}-{n:05}")

    def series(self) -> dict[str, str]:
        """Give the number series of processes that have their own."""
        return {process: self._pattern(f"series.{process}", value) for process, value in self.table("series").items()}

    def _pattern(self, at: str, given: Json) -> str:
        value = str(given)
        try:
            drawn = {value.format(year=2026, n=n) for n in (1, 2)}
        except (KeyError, IndexError, ValueError):
            drawn = set()
        if len(drawn) != 2:
            self.refuse("agenda-numbering", at=at, value=value)
        return value

    def services(self) -> list[dict[str, Json]]:
        """Give the portal's cards with checked texts."""
        items = self.data.get("services", [])
        if not isinstance(items, list):
            self.refuse("agenda-list", at="services")
            return []
        return [self._service(item, f"services.{n}") for n, item in enumerate(items, 1)]

    def _service(self, item: Json, at: str) -> dict[str, Json]:
        if not isinstance(item, dict) or not isinstance(item.get("process"), str):
            self.refuse("agenda-text", at=f"{at}.process")
            return {"process": "", "title": {}}
        icon = item.get("icon", "file")
        checked: dict[str, Json] = {"process": item["process"], "icon": icon if isinstance(icon, str) else "file"}
        for name in ("title", "summary", "duration", "outcome", "category", "button"):
            checked[name] = self._texts(item.get(name), f"{at}.{name}", name in {"title", "summary"})
        needs = item.get("needs", {})
        checked["needs"] = needs if self._are_lists(needs, f"{at}.needs") else {}
        return checked

    def _texts(self, value: Json, at: str, required: bool) -> Texts:
        if value is None and not required:
            return {}
        if isinstance(value, dict) and value.get("cs") and all(isinstance(text, str) for text in value.values()):
            return value
        self.refuse("agenda-texts", at=at)
        return {}

    def _are_lists(self, value: Json, at: str) -> bool:
        if isinstance(value, dict) and all(_is_list_of_texts(items) for items in value.values()):
            return True
        self.refuse("agenda-list", at=at)
        return False


def choose(texts: Mapping[str, str], lang: str) -> str:
    """Give the text in a language, the Czech one where it isn't translated."""
    return texts.get(lang) or texts.get("cs") or ""


def _is_list_of_texts(value: Json) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str) and all(isinstance(item, str) for item in value)
