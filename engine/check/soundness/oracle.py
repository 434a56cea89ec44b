"""Stands in for all texts while the states of a process are explored: every question may turn out either way."""

from __future__ import annotations

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
        self.errors_are_caught = any(t.kind == "error" for n in nodes for t in n.triggers if n.kind != "endEvent")
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
        self._may_fail()
        return {}

    def decide(self, ref: str, variables: Variables) -> Guess:
        self._may_fail()
        return Guess()

    def schedule(self, kind: str, text: str, now: datetime) -> Schedule:
        return Schedule(first=now)

    def read(self, register: str, key: str | None, where: Mapping[str, Json]) -> list[Variables]:
        self._may_fail()
        return []

    def save(self, register: str, key: str | None, data: Variables) -> None:
        self._may_fail()

    def _may_fail(self) -> None:
        if self.errors_are_caught and self.ask():
            raise ScriptError(SUPPOSED)
