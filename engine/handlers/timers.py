"""Timers that fall due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from engine.commands import Command, FireTimer
from engine.handlers.incidents import open_incident
from engine.handlers.movement import attempt
from engine.handlers.registry import handles
from engine.handlers.work import Work
from engine.lifecycle import TIMER, step
from engine.store.cases import TimerRow

#: A timer whose case did not come to rest tries again after this long.
PAUSE = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class PutOffTimer(Command[None]):
    """A timer failed in a way that would fail with every beat, and be in the way of all others."""

    timer_id: str
    problem: str


@handles(PutOffTimer)
def put_off_timer(work: Work, command: PutOffTimer) -> None:
    """Try again later, and let a person look."""
    instance, timer = work.lock_case_of(TimerRow, command.timer_id)
    if timer.state == "waiting" and timer.due_at <= work.now:
        timer.due_at = work.now + PAUSE
        open_incident(work, instance, command.problem, node=timer.node)


@handles(FireTimer)
def fire_timer(work: Work, command: FireTimer) -> bool:
    """Let a timer fire. The case's lock makes one of several workers the first; for the others it has gone."""
    instance, timer = work.lock_case_of(TimerRow, command.timer_id)
    if timer.state != "waiting" or timer.due_at > work.now or instance.status != "running":
        return False
    told = len(work.story.entries)
    work.tell(instance, "timer-fired", timer.node, due=timer.due_at.isoformat())
    timer.state = step(TIMER, timer.state, "fired")
    if problem := attempt(work, instance, {"do": "fire", "wait": timer.wait}):
        del work.story.entries[told:]
        timer.state, timer.due_at = step(TIMER, timer.state, "waiting"), work.now + PAUSE
        open_incident(work, instance, problem, node=timer.node)
        return False
    return True
