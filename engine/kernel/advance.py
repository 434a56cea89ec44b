"""advance(model, state, command, now): the whole kernel behind one pure function."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from time import monotonic

from engine.diagram import NOT_EXECUTABLE, Model
from engine.errors import InstanceNotRunning, RefusedModel, Spinning
from engine.kernel import occurring, supply
from engine.kernel.adhoc import give_turn
from engine.kernel.aside import Large
from engine.kernel.bodies import finish_scope
from engine.kernel.commands import COMMANDS
from engine.kernel.gateways import fire_joins
from engine.kernel.graph import is_judged_at_rest
from engine.kernel.keeping import dump, load_parked
from engine.kernel.logic import Logic, StarlarkLogic, Stores
from engine.kernel.machine import Machine
from engine.kernel.state import new_state
from engine.kernel.table import BEHAVIOURS
from engine.model import Advance, Json

#: Steps of tokens that one command may cause.
BUDGET = 100_000
#: Seconds of real time that one command may take: scripts are bounded one by one, a circle of them isn't.
PATIENCE = 30.0
STARLARK = StarlarkLogic()


def advance(  # noqa: PLR0913 pure: whatever it needs is an argument
    model: Model,
    state: str | None,
    command: Mapping[str, Json],
    now: datetime,
    logic: Logic | None = None,
    budget: int = BUDGET,
    large: Large | None = None,
    stores: Stores | None = None,
) -> Advance:
    """Apply a command (see engine.kernel.commands) and run until every token rests.

    `state` is what the last call gave, None for a case that begins. Nothing is changed in place. With `large` the
    state only names large values, which are kept and found there. `stores` are the registers that data associations
    name: what they are told to save is saved at once, so that the caller's transaction holds both.

    Raises RefusedModel, Conflict (the command doesn't fit the state) or Spinning.
    """
    refuse_broken(model)
    facts = load_parked(state, large) if state is not None else new_state(command["process"])
    if facts["status"] != "running" or (state is not None and command["do"] == "start"):
        raise InstanceNotRunning(status=facts["status"])
    machine = Machine(model, facts, now, logic or STARLARK, BEHAVIOURS, large)
    machine.stores = stores
    COMMANDS[command["do"]](machine, command)
    settle(machine, budget)
    return Advance(state=dump(facts, large), effects=machine.effects, status=facts["status"])


def refuse_broken(model: Model) -> None:
    """Refuse a model that can't be executed, naming the element."""
    for problem in model.problems:
        if problem.severity == "error" and problem.rule == NOT_EXECUTABLE:
            raise RefusedModel(problem.message, element=problem.element)


def settle(machine: Machine, budget: int, patience: float = PATIENCE) -> None:
    """Run until every token rests."""
    # The real clock only ever ends a command, nothing in a state depends on it.
    until = monotonic() + patience
    while step(machine):
        budget -= 1
        if budget < 0 or monotonic() > until:
            raise Spinning(process=machine.state["process"])


def step(machine: Machine) -> bool:
    """Do the next thing: what occurs at once, ends of bodies, tokens, conditions, joins, messages; False at rest."""
    while machine.urgent:
        wid = machine.urgent.popleft()
        if wid in machine.waits:
            occurring.occur(machine, wid)
            return True
    if machine.finished:
        finish_scope(machine, machine.finished.popleft())
        return True
    if (tid := machine.next_ready()) is not None:
        machine.step_token(tid)
        return True
    return step_at_rest(machine)


def step_at_rest(machine: Machine) -> bool:
    """Do what waits for all tokens to rest."""
    if machine.dirty:
        machine.dirty = False
        if (machine.waits and occurring.watch_conditions(machine)) or supply.let_begin(machine):
            return True
    if is_judged_at_rest(machine.model) and (fire_joins(machine) or give_turn(machine)):
        return True
    while machine.late:
        tid = machine.late.popleft()
        if tid in machine.tokens and machine.tokens[tid]["state"] == "throw":
            machine.wake(tid, "throw")
            return True
    return False
