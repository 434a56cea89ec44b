"""Stands in for all texts while the states of a process are explored: every question may turn out either way."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from engine.calendar import Schedule
from engine.diagram import Model
from engine.errors import ScriptError
from engine.kernel import Lookup
from engine.model import Json, Variables

NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)
#: Marks an incident that only means "suppose this failed, and nobody catches it".
SUPPOSED = "supposed to fail"
#: A text that throws an error, and one whose code isn't written in it.
_THROWS, _WORKED_OUT = re.compile(r"\bfail\("), re.compile(r"""\bfail\(\s*[^"'\s)]""")


@dataclass(frozen=True, kw_only=True)
class Guess:
    """A decision that gave nothing in particular."""

    value: Json = None
    outputs: Mapping[str, Json] = field(default_factory=dict)
    inputs: Mapping[str, Json] = field(default_factory=dict)
    rules: tuple[Json, ...] = ()


class Oracle:
    """Answers from a list of choices; beyond its end with False, so that all lists can be tried in turn."""

    def __init__(self, model: Model) -> None:
        nodes = model.nodes.values()
        #: Conditions of events: that they come true is a move of its own.
        self.events = {t.text for n in nodes for t in n.triggers if t.kind == "conditional"}
        self.lists = {n.loop.collection for n in nodes if n.loop} | {n.human.candidates for n in nodes if n.human}
        caught = [t for n in nodes if n.kind != "endEvent" for t in n.triggers if t.kind == "error"]
        self.errors_are_caught, self.all_are_caught = bool(caught), any(t.takes_all for t in caught)
        #: Codes that a text may throw by `fail`.
        self.codes = sorted({t.name for t in caught if t.name})
        self.choices: list[bool] = []
        self.asked: list[bool] = []

    def begin(self, choices: list[bool]) -> None:
        """Take the answers for the next step."""
        self.choices, self.asked = choices, []

    def ask(self) -> bool:
        """Give the next answer."""
        known = len(self.asked)
        answer = self.choices[known] if known < len(self.choices) else False
        self.asked.append(answer)
        return answer

    # --- what the kernel asks ---------------------------------------------------------------------------------------

    def truth(self, text: str, lookup: Lookup) -> bool:
        return text not in self.events and self.ask()

    def value(self, text: str, lookup: Lookup) -> Json:
        return [1] if text in self.lists else 1

    def script(self, text: str, lookup: Lookup) -> Variables:
        self._may_fail(self.errors_are_caught)
        self._may_throw(text)
        return {}

    def decide(self, ref: str, variables: Variables) -> Guess:
        self._may_fail(self.all_are_caught)
        return Guess()

    def schedule(self, kind: str, text: str, now: datetime) -> Schedule:
        return Schedule(first=now)

    def read(self, register: str, key: str | None, where: Mapping[str, Json]) -> list[Variables]:
        self._may_fail(self.all_are_caught)
        return []

    def save(self, register: str, key: str | None, data: Variables) -> None:
        self._may_fail(self.all_are_caught)

    def _may_fail(self, caught: bool) -> None:
        if caught and self.ask():
            raise ScriptError(SUPPOSED)

    def _may_throw(self, text: str) -> None:
        for code in self.codes if _THROWS.search(text) else ():
            if (_WORKED_OUT.search(text) or f'"{code}"' in text or f"'{code}'" in text) and self.ask():
                raise ScriptError(f"fail: {code} {SUPPOSED}")
