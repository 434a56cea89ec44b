"""Timers that fall due."""

from __future__ import annotations

from engine.commands import FireTimer
from engine.handlers.movement import advance
from engine.handlers.registry import handles
from engine.handlers.work import Work
from engine.lifecycle import TIMER, step
from engine.store.cases import TimerRow


@handles(FireTimer)
def fire_timer(work: Work, command: FireTimer) -> bool:
    """Let a timer fire. The case's lock makes one of several workers the first; for the others it has gone."""
    instance, timer = work.lock_case_of(TimerRow, command.timer_id)
    if timer.state != "waiting" or timer.due_at > work.now or instance.status != "running":
        return False
    timer.state = step(TIMER, timer.state, "fired")
    work.tell(instance, "timer-fired", timer.node, due=timer.due_at.isoformat())
    advance(work, instance, {"do": "fire", "wait": timer.wait})
    return True
