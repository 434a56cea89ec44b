"""A case goes on with another version of its diagram. Pure, so the rehearsal and the real run are one function."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from engine.diagram import HumanWork, Model, Node
from engine.errors import CannotMove, InstanceNotRunning, Spinning
from engine.kernel.advance import BUDGET, STARLARK, refuse_broken, settle
from engine.kernel.aside import Large
from engine.kernel.fitting import Fitting
from engine.kernel.keeping import dump, load
from engine.kernel.logic import Logic
from engine.kernel.machine import TROUBLE, Machine
from engine.kernel.moving import place
from engine.kernel.rewiring import Spot, listeners, rewire, spots
from engine.kernel.state import Scope, State, Token, Wait
from engine.kernel.table import BEHAVIOURS
from engine.model import Advance, Migrated, Refusal, Variables


def migrate(  # noqa: PLR0913 pure: whatever it needs is an argument
    model: Model,
    target: Model,
    state: str,
    named: Mapping[str, str],
    now: datetime,
    logic: Logic | None = None,
    large: Large | None = None,
) -> Migrated:
    """Carry a state from one version to another and run until every token rests; nothing is changed in place.

    Nodes are the same by id; `named` says which have another one (old → new). A node named there whose work can't be
    kept begins anew. Gives the refusals instead where something has no place; then nothing can be done.
    """
    refuse_broken(target)
    facts = load(state, large)
    if facts["status"] != "running":
        raise InstanceNotRunning(status=facts["status"])
    fitting = Fitting(old=model, new=target, named=named, state=facts)
    if fitting.refusals:
        return Migrated(step=None, refusals=tuple(fitting.refusals))
    machine = Machine(target, facts, now, logic or STARLARK, BEHAVIOURS, large)
    try:
        carry(machine, fitting)
        settle(machine, BUDGET)
    except (*TROUBLE, CannotMove, Spinning) as error:
        return Migrated(step=None, refusals=(Refusal(code="failed", node=facts["process"], message=str(error)),))
    step = Advance(state=dump(facts, large), effects=machine.effects, status=facts["status"])
    return Migrated(step=step, refusals=())


def carry(machine: Machine, fitting: Fitting) -> None:
    """Give everything its new place, end what begins anew, and listen for what the new version waits for."""
    before = {where: heard(fitting.old, machine.state, where) for where in fitting.kept}
    joins = changed_joins(machine, fitting)
    anew = [(tid, machine.tokens[tid]["scope"], fitting.of(machine.tokens[tid]["node"])) for tid in fitting.again]
    for where in fitting.kept:
        if where in machine.tokens:
            relocate_token(machine, fitting, where)
        else:
            relocate_scope(machine, fitting, machine.scopes[where])
    for tid, sid, to in anew:
        place(machine, [tid], sid, str(to))
    for where in fitting.kept:
        rewire(machine, fitting, where, before[where])
    # Data that the old version waited for may not be needed any more.
    machine.dirty = machine.dirty or any(token["state"] == "data" for token in machine.tokens.values())
    for tid in joins:
        machine.tokens[tid]["state"] = "ready"
        machine.ready.append(tid)


def heard(model: Model, state: State, where: str) -> list[Spot]:
    """Give what a token or scope listens for by its diagram."""
    return spots(model, listeners(model, state["tokens"].get(where) or state["scopes"][where]))


def changed_joins(machine: Machine, fitting: Fitting) -> list[str]:
    """Give the tokens that wait for others at a place that has other ways in now: it is judged anew."""
    return [
        tid
        for tid in fitting.kept
        if tid in machine.tokens
        and machine.tokens[tid]["state"] == "join"
        and is_other_join(fitting, fitting.old.nodes[machine.tokens[tid]["node"]])
    ]


def is_other_join(fitting: Fitting, old: Node) -> bool:
    """Tell whether a join has other ways in, or waits for another number of tokens."""
    new = fitting.new.nodes[fitting.of(old.id) or ""]
    ways = {fitting.flow_of(flow.id, old, new) for flow in old.incoming}
    return ways != {flow.id for flow in new.incoming} or old.start_quantity != new.start_quantity


def relocate_scope(machine: Machine, fitting: Fitting, scope: Scope) -> None:
    """Give a running body its place; data that it declares anew begins as None."""
    old = fitting.old.nodes[scope["node"]]
    scope["node"] = fitting.of(old.id) or ""
    for name in fitting.new.nodes[scope["node"]].local:
        if name not in old.local:
            scope["vars"].setdefault(name, None)
    if "reset" in scope:
        scope["reset"] = {there: flows for there, flows in renamed_flows(fitting, scope["reset"])}
    relocate_log(machine, fitting, scope)


def renamed_flows(fitting: Fitting, reset: Mapping[str, list[str]]) -> list[tuple[str, list[str]]]:
    """Give the flows that have been used at complex gateways, in the new version's ids."""
    found = []
    for node, flows in reset.items():
        old, new = fitting.old.nodes[node], fitting.new.nodes[fitting.of(node) or ""]
        found.append((new.id, [fitting.flow_of(flow, old, new) or "" for flow in flows]))
    return found


def relocate_token(machine: Machine, fitting: Fitting, tid: str) -> None:
    """Give a token its place."""
    token = machine.tokens[tid]
    old, new = fitting.old.nodes[token["node"]], fitting.new.nodes[fitting.of(token["node"]) or ""]
    token["node"] = new.id
    if "via" in token:
        token["via"] = fitting.flow_of(token["via"], old, new) or token["via"]
    if "start" in token:
        token["start"] = fitting.of(token["start"]) or ""
    relocate_log(machine, fitting, token)
    if "ran" in token:
        token["ran"]["node"] = fitting.of(token["ran"]["node"]) or new.id
        relocate_log(machine, fitting, token["ran"])
    if "activity" in token and (facts := changed_facts(token, old, new)):
        machine.tell("relocated", new.id, token["activity"], **{"from": old.id}, **facts)


def relocate_log(machine: Machine, fitting: Fitting, owner: Token | Scope) -> None:
    """Keep what could be undone, and tell what no longer can; keep which of several events have occurred."""
    if "log" in owner:
        owner["log"], lost = fitting.entries(owner["log"])
        for node in lost:
            machine.tell("undo-lost", node)
        if not owner["log"]:
            del owner["log"]
    if "seen" in owner:
        owner["seen"] = {fitting.of(node) or "": which for node, which in owner["seen"].items()}


def changed_facts(token: Token | Wait, old: Node, new: Node) -> Variables:
    """Give what somebody outside sees otherwise than before; nothing where all is the same."""
    if token.get("open") == "task" and token.get("state") == "active":
        before, after = task_facts(old), task_facts(new)
        return after if (old.id, before) != (new.id, after) else {}
    return {"name": new.name or new.id} if old.id != new.id else {}


def task_facts(node: Node) -> Variables:
    """Give what a human task takes from its diagram as it stands, without evaluating anything."""
    human = node.human or HumanWork()
    # A form that was worked out for the case stays; what the new diagram would give is unknown here.
    return {
        "name": node.name or node.id,
        **({} if human.form_from else {"form": human.form}),
        "group": human.group,
        "audience": human.audience,
        "comments": human.comments,
        "differs_from": human.differs_from,
        "priority": human.priority,
    }
