"""What a case's effects leave in rows: lists, clocks and workers look only at these, never into the state."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, bindparam, delete, or_, update

from engine.diagram import Model
from engine.handlers.relocating import relocate, reopen
from engine.handlers.work import Work
from engine.ids import new_id_in_order
from engine.lifecycle import OPEN_TASK
from engine.model import Effect, Hint, Json
from engine.store.base import table_of
from engine.store.cases import HumanTaskRow, IncidentRow, InstanceRow, JobRow, MessageWaitRow, TimerRow
from engine.store.locking import own
from engine.store.matching import correlation_hash
from engine.store.nearest import nearest_period
from engine.store.prepared import Prepared, insertion
from engine.store.searching import fold
from engine.store.upsert import upsert

Row = dict[str, Any]


@dataclass(kw_only=True)
class Projection:
    """Rows to be written for one movement of a case. What opens and closes within it leaves none."""

    work: Work
    instance: InstanceRow
    model: Model
    tasks: dict[str, Row] = field(default_factory=dict)
    jobs: dict[str, Row] = field(default_factory=dict)
    timers: dict[str, Row] = field(default_factory=dict)
    waits: dict[str, Row] = field(default_factory=dict)
    incidents: list[Row] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    cleared: list[str] = field(default_factory=list)
    resolved: list[str] = field(default_factory=list)
    reopened: list[str] = field(default_factory=list)
    #: Activities and waits that go on at another node, with what else is new of them.
    relocated: list[Row] = field(default_factory=list)

    def task_opened(self, effect: Effect) -> Row:
        """A human task stands in somebody's inbox."""
        facts = effect.facts
        node = self.model.nodes[str(effect.node)]
        name, subject = node.name or node.id, facts.get("subject") or ""
        row = self.tasks[str(effect.activity)] = self._row() | {
            "process_key": self.instance.process_key,
            "node": node.id,
            "activity": effect.activity,
            "name": name,
            "subject": subject,
            "search": fold(name, subject),
            "form": facts.get("form"),
            "comments": facts.get("comments"),
            "audience": facts.get("audience") or "staff",
            "candidate_group": facts.get("group"),
            "candidates": facts.get("candidates"),
            "assignee": facts.get("assignee"),
            "personal": node.is_personal,
            "differs_from": facts.get("differs_from"),
            "priority": facts.get("priority", 50),
            "state": "open",
            "opened_at": self.work.now,
            "due_at": _moment(facts.get("due")),
            "derivation": facts.get("derivation"),
            "of_case": self.instance.id,
        }
        return row

    def job_opened(self, effect: Effect) -> Row:
        """An outside action is promised."""
        row = self.jobs[str(effect.activity)] = self._row() | {
            "key": f"{self.instance.id}:{effect.activity}",
            "node": effect.node,
            "activity": effect.activity,
            "connector": effect.facts["connector"],
            "parameters": effect.facts.get("parameters") or {},
            "state": "ready",
            "attempts": 0,
            "spared": 0,
            "next_at": self.work.now,
            "created_at": self.work.now,
        }
        return row

    def activity_cancelled(self, effect: Effect) -> None:
        """An open activity was taken back."""
        activity = str(effect.activity)
        if not (self.tasks.pop(activity, None) or self.jobs.pop(activity, None)):
            self.cancelled.append(activity)

    def timer_set(self, effect: Effect) -> None:
        """The case waits for a moment."""
        wait = effect.facts["wait"]
        self.timers[wait] = self._row() | {
            "wait": wait,
            "node": effect.node,
            "due_at": _moment(effect.facts["due"]),
            "state": "waiting",
        }

    def wait_set(self, effect: Effect) -> None:
        """The case waits for a message or signal."""
        facts = effect.facts
        correlation = dict(facts.get("correlation") or {})
        self.waits[facts["wait"]] = self._row() | {
            "wait": facts["wait"],
            "node": effect.node,
            "kind": facts["kind"],
            "name": facts["name"],
            "correlation": correlation,
            "correlation_hash": correlation_hash(correlation),
            "offer": facts.get("offer"),
        }

    def wait_cleared(self, effect: Effect) -> None:
        """The case waits no longer."""
        wait = effect.facts["wait"]
        if not (self.timers.pop(wait, None) or self.waits.pop(wait, None)):
            self.cleared.append(wait)

    def incident(self, effect: Effect) -> None:
        """A person must look at it."""
        self.incidents.append(
            self._row()
            | {
                "node": effect.node or "",
                "activity": effect.activity,
                "message": effect.facts["message"],
                "state": "open",
                "opened_at": self.work.now,
            }
        )

    def incident_resolved(self, effect: Effect) -> None:
        """The failure is gone."""
        self.incidents = [row for row in self.incidents if row["activity"] != effect.activity]
        self.resolved.append(str(effect.activity))

    def activity_reopened(self, effect: Effect) -> None:
        """An activity that was taken back is there again."""
        self.reopened.append(str(effect.activity))

    def activity_relocated(self, effect: Effect) -> None:
        """An open activity belongs to another node, or its task looks otherwise."""
        facts = {name: value for name, value in effect.facts.items() if name != "from"}
        self.relocated.append({"activity": effect.activity, "node": effect.node} | facts)

    def wait_relocated(self, effect: Effect) -> None:
        """What the case waits for belongs to another node."""
        self.relocated.append({"wait": effect.facts["wait"], "node": effect.node})

    def write(self) -> None:
        """Write everything; the case's own row is there already."""
        if self.cancelled or self.cleared or self.resolved:
            self._take_back()
        if self.reopened or self.relocated:
            self._put_elsewhere()
        for statement, rows in ((_OPEN_TASKS, self.tasks.values()), (_OPEN_INCIDENTS, self.incidents)):
            if rows:
                self.work.writes.put(statement, *rows)
        if self.waits:
            self._listen()
        if self.jobs:
            self._promise()
        if self.timers:
            self._set()

    def _take_back(self) -> None:
        self._change((_CANCEL_TASKS, _CANCEL_JOBS), self.cancelled)
        self._change((_CANCEL_TIMERS, _CLEAR_WAITS), self.cleared)
        self._change((_RESOLVE,), self.resolved + self.cancelled, at=self.work.now, by=self.work.actor.username)

    def _put_elsewhere(self) -> None:
        if self.reopened:
            reopen(self.work, self.instance, self.reopened)
        for moved in self.relocated:
            relocate(self.work, self.instance, moved)

    def _listen(self) -> None:
        self.work.writes.put(_SET_WAITS, *self.waits.values())
        if any(wait["kind"] == "message" for wait in self.waits.values()):
            self.work.waiting.add(self.instance.id)

    def _promise(self) -> None:
        # A repeated advance finds the promise and acts only once; one that failed and is tried again is taken up.
        again = ("next_at", "state", "attempts", "spared", "parameters")
        written = upsert(
            self.work.connection, _JOBS, self.jobs.values(), ("key",), again, still=("failed", "cancelled")
        )
        self.work.hints += [Hint(kind="job", id=row.id, at=row.next_at) for row in written]

    def _set(self) -> None:
        again = ("due_at", "state")
        written = upsert(self.work.connection, _TIMERS, self.timers.values(), ("instance_id", "wait"), again)
        self.work.hints += [Hint(kind="timer", id=row.id, at=row.due_at) for row in written]

    def _row(self) -> Row:
        return {"id": new_id_in_order(), "tenant": self.instance.tenant, "instance_id": self.instance.id}

    def _change(self, statements: tuple[Prepared, ...], which: list[str], **facts: Json) -> None:
        if which:
            own = {"of_case": self.instance.id, "tenant": self.instance.tenant} | facts
            rows = [own | {"which": one} for one in which]
            for statement in statements:
                self.work.writes.put(statement, *rows)


_TASKS, _JOBS, _TIMERS = table_of(HumanTaskRow), table_of(JobRow), table_of(TimerRow)
_WAITS, _INCIDENTS = table_of(MessageWaitRow), table_of(IncidentRow)
_ROW = ("id", "tenant", "instance_id", "node")
_OPEN_TASKS = insertion(
    _TASKS,
    *_ROW,
    *("process_key", "activity", "name", "subject", "search", "form", "comments", "audience", "candidate_group"),
    *("candidates", "assignee", "personal", "differs_from", "priority", "state", "opened_at", "due_at", "derivation"),
    case_due_at=nearest_period(bindparam("of_case")),
)
_SET_WAITS = insertion(_WAITS, *_ROW, "wait", "kind", "name", "correlation", "correlation_hash", "offer")
_OPEN_INCIDENTS = insertion(_INCIDENTS, *_ROW, "activity", "message", "state", "opened_at")


def _own(table: Table, column: str, *still: str) -> ColumnElement[bool]:
    one = and_(table.c.instance_id == bindparam("of_case"), table.c[column] == bindparam("which"), own(table))
    # As with the tenant: all that wait may be many, and the row is known by its case.
    return and_(one, or_(*(table.c.state.is_not_distinct_from(state) for state in still))) if still else one


_BREAKABLE = ("ready", "running", "reported", "failed")
_CANCEL_TASKS = Prepared(update(_TASKS).where(_own(_TASKS, "activity", *OPEN_TASK)).values(state="cancelled"))
_CANCEL_JOBS = Prepared(update(_JOBS).where(_own(_JOBS, "activity", *_BREAKABLE)).values(state="cancelled"))
_CANCEL_TIMERS = Prepared(update(_TIMERS).where(_own(_TIMERS, "wait", "waiting")).values(state="cancelled"))
_CLEAR_WAITS = Prepared(delete(_WAITS).where(_own(_WAITS, "wait")))
_RESOLVE = Prepared(
    update(_INCIDENTS)
    .where(_own(_INCIDENTS, "activity", "open"))
    .values(state="resolved", resolved_at=bindparam("at"), resolved_by=bindparam("by"))
)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
