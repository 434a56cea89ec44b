"""How the kernel's effects become rows and entries of the story: one function an effect, one table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from engine.handlers.history import Entry
from engine.handlers.projection import Projection
from engine.handlers.work import Work
from engine.model import Effect, Json


@dataclass(kw_only=True)
class Teller:
    """Listens to the effects of one movement of a case."""

    work: Work
    rows: Projection
    #: The entry of the node passed last, which the flows taken from it join.
    passed: Entry | None = field(default=None)

    def take(self, effect: Effect) -> None:
        """Let an effect leave its rows and its entry."""
        if listener := _LISTENERS.get(effect.do):
            listener(self, effect)

    def tell(self, kind: str, effect: Effect, **facts: Json) -> None:
        """Add an entry at the effect's place."""
        self.work.enter(self.rows.instance, kind, effect.node, effect.activity, facts)


def _passed(teller: Teller, effect: Effect) -> None:
    teller.tell("passed", effect, **effect.facts)
    teller.passed = teller.work.story.entries[-1]


def _flow(teller: Teller, effect: Effect) -> None:
    if teller.passed is None:
        return teller.tell("flow", effect, **effect.facts)
    facts = teller.passed["facts"] = teller.passed["facts"] or {}
    facts.setdefault("flows", []).append(effect.facts["flow"])
    return None


def _task_opened(teller: Teller, effect: Effect) -> None:
    row = teller.rows.task_opened(effect)
    shown = {"group": row["candidate_group"], "assignee": row["assignee"], "due": effect.facts.get("due")}
    teller.tell("task-opened", effect, name=row["name"], **{key: value for key, value in shown.items() if value})


def _job_opened(teller: Teller, effect: Effect) -> None:
    row = teller.rows.job_opened(effect)
    teller.tell("job-opened", effect, connector=row["connector"], job=row["id"])


def _cancelled(teller: Teller, effect: Effect) -> None:
    teller.rows.activity_cancelled(effect)
    teller.tell("cancelled", effect)


def _reopened(teller: Teller, effect: Effect) -> None:
    teller.rows.activity_reopened(effect)
    teller.tell("reopened", effect)


def _incident(teller: Teller, effect: Effect) -> None:
    teller.rows.incident(effect)
    teller.tell("incident", effect, message=effect.facts["message"])


def _incident_resolved(teller: Teller, effect: Effect) -> None:
    teller.rows.incident_resolved(effect)
    teller.tell("incident-resolved", effect, **effect.facts)


def _message(teller: Teller, effect: Effect) -> None:
    facts = effect.facts
    teller.work.post("message", facts)
    teller.tell("message-sent", effect, name=facts["name"], correlation=facts.get("correlation") or {})


def _signal(teller: Teller, effect: Effect) -> None:
    teller.work.post("signal", effect.facts, thrower=teller.rows.instance.id)
    teller.tell("signal-sent", effect, name=effect.facts["name"])


def _ended(teller: Teller, effect: Effect) -> None:
    if effect.facts["status"] == "completed":
        teller.tell("case-completed", effect)


def _told(kind: str) -> Callable[[Teller, Effect], None]:
    return lambda teller, effect: teller.tell(kind, effect, **effect.facts)


_LISTENERS: dict[str, Callable[[Teller, Effect], None]] = {
    "passed": _passed,
    "flow": _flow,
    "task-opened": _task_opened,
    "job-opened": _job_opened,
    "cancelled": _cancelled,
    "timer-set": lambda teller, effect: teller.rows.timer_set(effect),
    "wait-set": lambda teller, effect: teller.rows.wait_set(effect),
    "wait-cleared": lambda teller, effect: teller.rows.wait_cleared(effect),
    "message": _message,
    "signal": _signal,
    "set": _told("set"),
    "decision": _told("decision"),
    "error": _told("error"),
    "incident": _incident,
    "incident-resolved": _incident_resolved,
    "reopened": _reopened,
    "relocated": lambda teller, effect: teller.rows.activity_relocated(effect),
    "wait-relocated": lambda teller, effect: teller.rows.wait_relocated(effect),
    "undo-lost": _told("undo-lost"),
    "ended": _ended,
}
