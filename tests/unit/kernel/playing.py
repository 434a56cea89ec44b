"""Plays a case step by step; its state is JSON text between any two steps."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from engine import kernel
from engine.calendar import parse_moment
from engine.diagram import Model
from engine.kernel import Logic, Stores
from engine.model import Effect
from engine.reading import read_model

NOON = datetime(2026, 3, 2, 11, tzinfo=UTC)


class Case:
    """One running case."""

    def __init__(
        self,
        source: bytes | Model,
        /,
        at: str | None = None,
        logic: Logic | None = None,
        name: str | None = None,
        payload: dict[str, Any] | None = None,
        budget: int = 20_000,
        stores: Stores | None = None,
        **data: Any,
    ) -> None:
        self.model = source if isinstance(source, Model) else read_model(source)
        self.logic, self.now, self.budget, self.stores = logic, NOON, budget, stores
        self.state: str | None = None
        self.effects: list[Effect] = []
        self.status = "running"
        start = {"do": "start", "process": self.model.processes[0], "data": data}
        self.do(start | {"at": at, "name": name, "payload": payload})

    def do(self, command: dict[str, Any], budget: int | None = None) -> list[Effect]:
        """Give a command; gives what it told."""
        most = budget or self.budget
        step = kernel.advance(self.model, self.state, command, self.now, self.logic, most, stores=self.stores)
        # The order of keys carries no meaning, so a store may change it.
        self.state = json.dumps(json.loads(step.state), sort_keys=True)
        self.status = step.status
        self.effects += step.effects
        return list(step.effects)

    # --- what happened

    def told(self, do: str, node: str | None = None) -> list[Effect]:
        """Give the effects of one kind."""
        return [e for e in self.effects if e.do == do and node in (None, e.node)]

    @property
    def passed(self) -> list[str]:
        """Nodes done, in order."""
        return [e.node or "" for e in self.told("passed")]

    def count(self, node: str) -> int:
        """How often a node is done."""
        return self.passed.count(node)

    # --- where it stands

    @property
    def facts(self) -> dict[str, Any]:
        return dict(kernel.load(self.state or "{}"))

    def activities(self, node: str | None = None) -> list[str]:
        """Activity instances that somebody works on, the oldest first."""
        opened = [e for e in self.effects if e.do in ("task-opened", "job-opened") and node in (None, e.node)]
        open_now = {t["activity"] for t in self.facts["tokens"].values() if "open" in t and t["state"] == "active"}
        return [e.activity or "" for e in opened if e.activity in open_now]

    @property
    def open(self) -> list[str]:
        """Nodes that somebody works on, sorted."""
        return sorted(t["node"] for t in self.facts["tokens"].values() if "open" in t and t["state"] == "active")

    @property
    def incidents(self) -> list[str]:
        return sorted(t["node"] for t in self.facts["tokens"].values() if t["state"] == "incident")

    @property
    def variables(self) -> dict[str, Any]:
        return kernel.variables(self.state or "")

    def waits(self, kind: str) -> dict[str, dict[str, Any]]:
        return {wid: w for wid, w in self.facts["waits"].items() if w["kind"] == kind}

    # --- moves

    def complete(self, node: str, /, **data: Any) -> list[Effect]:
        """Do the oldest open task of a node."""
        return self.do({"do": "complete", "activity": self.activities(node)[0], "data": data})

    def result(self, node: str, value: Any = None) -> list[Effect]:
        """Do the oldest open job of a node."""
        return self.do({"do": "complete", "activity": self.activities(node)[0], "data": value})

    def message(self, name: str, /, correlation: dict[str, Any] | None = None, **payload: Any) -> list[Effect]:
        return self.do({"do": "message", "name": name, "correlation": correlation, "payload": payload})

    def signal(self, name: str, /, **payload: Any) -> list[Effect]:
        return self.do({"do": "signal", "name": name, "payload": payload})

    def ring(self, node: str | None = None) -> list[Effect]:
        """Let time pass until the earliest timer (of a node) and fire it."""
        timers = {wid: w for wid, w in self.waits("timer").items() if node in (None, w["node"])}
        wid = min(timers, key=lambda w: timers[w]["due"])
        self.now = max(self.now, parse_moment(timers[wid]["due"]))
        return self.do({"do": "fire", "wait": wid})
