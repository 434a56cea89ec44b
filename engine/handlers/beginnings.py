"""Processes that begin by themselves: at a time, or when a condition of the day comes true."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from engine import calendar
from engine.commands import Command
from engine.diagram import Model, Trigger, begins_by_itself
from engine.errors import EngineError, Invalid
from engine.handlers.cases import begin_untold, newest, open_case
from engine.handlers.published import Definition
from engine.handlers.registry import handles
from engine.handlers.work import Work
from engine.kernel import Lookup
from engine.model import Applicant, Json
from engine.store.definitions import ProcessStartRow

#: What failed is tried again after this long.
PAUSE = timedelta(hours=1)
CONDITION = "condition"
#: What tells one start from another: the process, its start event, which of the event's definitions, and what it says.
_Said = tuple[str, str, int, str, str]


@dataclass(frozen=True, kw_only=True)
class BeginByItself(Command[bool]):
    """Begin a case whose time has come; False when it hasn't, or the condition doesn't hold."""

    start_id: str


@dataclass(frozen=True, kw_only=True)
class PutOffStart(Command[None]):
    """It failed in a way that would fail with every beat."""

    start_id: str
    problem: str


def plan_starts(work: Work, agenda: str, models: Mapping[str, Model]) -> None:
    """Let the start events of a new version wait for their times. What says the same as before goes on as it was.

    Nothing begins by being published: times that are over are passed, a condition that holds is only taken note of.
    """
    wanted = {
        (key, node.id, which, trigger.timer or CONDITION, trigger.text or ""): trigger
        for model in models.values()
        for key in model.processes
        for node, which, trigger in begins_by_itself(model, model.nodes[key])
    }
    query = select(ProcessStartRow).where(ProcessStartRow.tenant == work.tenant, ProcessStartRow.agenda == agenda)
    for row in work.session.scalars(query):
        if wanted.pop((row.process_key, row.node, row.which, row.kind, row.text), None) is None:
            work.session.delete(row)
        elif row.problem:
            # What has just been published may have mended it.
            row.due_at = work.now
    work.session.flush()
    for said, trigger in wanted.items():
        work.session.add(_planned(work, agenda, said, trigger))


def _planned(work: Work, agenda: str, said: _Said, trigger: Trigger) -> ProcessStartRow:
    key, node, which, kind, text = said
    row = ProcessStartRow(
        tenant=work.tenant, agenda=agenda, process_key=key, node=node, which=which, kind=kind, text=text
    )
    try:
        definition = newest(work, key)
        if kind == CONDITION:
            row.held, row.due_at = _holds(work, definition, text), _next_day(work.now)
        elif plan := calendar.still_to_come(_schedule(work, definition, kind, text), work.now):
            row.due_at, row.remaining, row.period = plan.first, plan.count, plan.period
            row.origin, row.passed = plan.origin, plan.passed
    except EngineError as error:
        raise Invalid(f"{node}: {error}", process=key, node=node) from error
    return row


@handles(BeginByItself)
def begin_by_itself(work: Work, command: BeginByItself) -> bool:
    """Begin the case in the transaction that also says when the next one begins."""
    row = _locked(work, command.start_id)
    if row is None or row.due_at is None or row.due_at > work.now:
        return False
    definition = newest(work, row.process_key)
    row.problem = ""
    if row.kind == CONDITION:
        held, row.held, row.due_at = row.held, _holds(work, definition, row.text), _next_day(work.now)
        if held or not row.held:
            return False
    else:
        row.due_at = _wound(row, row.due_at)
    instance, _secret = open_case(work, definition, Applicant())
    work.session.flush()
    begin_untold(work, instance, definition, {"at": row.node, "which": row.which})
    return True


@handles(PutOffStart)
def put_off_start(work: Work, command: PutOffStart) -> None:
    """Try again later."""
    row = _locked(work, command.start_id)
    if row is not None and row.due_at is not None and row.due_at <= work.now:
        row.due_at, row.problem = work.now + PAUSE, command.problem


def _locked(work: Work, start_id: str) -> ProcessStartRow | None:
    return work.session.scalar(
        select(ProcessStartRow)
        .where(ProcessStartRow.tenant == work.tenant, ProcessStartRow.id == start_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _wound(row: ProcessStartRow, last: datetime) -> datetime | None:
    """Give the next time of a cycle; None when there is none."""
    row.remaining = None if row.remaining is None else row.remaining - 1
    if row.remaining == 0 or row.period is None or row.origin is None:
        return None
    row.passed += 1
    return calendar.next_of_cycle(last, row.period, row.origin, row.passed)


def _schedule(work: Work, definition: Definition, kind: str, text: str) -> calendar.Schedule:
    if not calendar.is_time_text(text):
        text = str(definition.logic.value(text, _sees(work, definition)))
    return definition.logic.schedule(kind, text, work.now)


def _holds(work: Work, definition: Definition, text: str) -> bool:
    return definition.logic.truth(text, _sees(work, definition))


def _sees(work: Work, definition: Definition) -> Lookup:
    """Give what is there before there is a case."""
    today = calendar.day_in_prague(work.now)
    known: dict[str, Json] = {"parameters": definition.parameters_on(today), "today": today.isoformat()}
    return lambda name: (name in known, known.get(name))


def _next_day(now: datetime) -> datetime:
    return calendar.parse_moment((calendar.day_in_prague(now) + timedelta(days=1)).isoformat())
