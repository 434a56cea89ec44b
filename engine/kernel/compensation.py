"""Undoing, in reverse order of completion. The log of a finished body goes into its entry: nothing is searched for."""

from __future__ import annotations

from engine.diagram import Node, Trigger
from engine.kernel import logs
from engine.kernel.bundling import unbundle
from engine.kernel.cancelling import items_of
from engine.kernel.climbing import whole
from engine.kernel.machine import Machine
from engine.kernel.occurring import boundary
from engine.kernel.state import Entry, Kept, Scope
from engine.model import Variables


def entry_of(machine: Machine, node: Node, scope: Scope | None, item: Variables | None = None) -> Entry | None:
    """Make the entry of an activity that is done; None when nothing of it can be undone.

    `scope` is what ran in it, `item` the variables of an item of a multi-instance activity.
    """
    if not (scope or node.boundaries or node.event_subs):
        return None
    handler = next((h for b in node.boundaries if (h := machine.model.nodes[b].handler)), None)
    start, log = own_start(machine, node), scope.get("log", []) if scope else []
    if not (handler or start or log):
        return None
    entry = Entry(node=node.id)
    if handler:
        entry["handler"] = handler
    if start:
        entry["start"] = start
    if log:
        entry["log"] = log
    inside = kept(scope) if scope and (start or log) else Kept()
    if item and "called" not in inside:
        inside["vars"] = {**item, **inside.get("vars", {})}
    return Entry(**{**entry, **inside})


def own_start(machine: Machine, node: Node) -> str | None:
    """Give the start event of the event sub-process with which a body undoes itself."""
    for event_sub in node.event_subs:
        for start in machine.model.nodes[event_sub].starts:
            if any(t.kind == "compensate" for t in machine.model.nodes[start].triggers):
                return start
    return None


def remember(machine: Machine, sid: str, entry: Entry | None) -> None:
    """Log in a scope what could be undone."""
    if entry is not None:
        logs.append(machine.scopes[sid].setdefault("log", []), entry)


def throw(machine: Machine, tid: str, trigger: Trigger) -> None:
    """Begin to undo one activity, or everything done that can be seen from here."""
    due: list[Entry] = []
    for scope in scopes_seen(machine, tid, trigger.name):
        part, scope["log"] = logs.split(scope.get("log", []), trigger.name)
        due = [*part, *due]
    if due:
        begin(machine, tid if trigger.wait else beside(machine, tid), due)


def beside(machine: Machine, tid: str) -> str:
    """Put a token that has things undone while the one that threw goes on."""
    token = machine.tokens[tid]
    return machine.put(token["node"], token["scope"])


def unfinished(machine: Machine, sid: str) -> list[Entry]:
    """Give what running activities of a scope have done so far; a transaction that is cancelled undoes that too."""
    unbundle(machine.state)
    found: list[Entry] = []
    for tid in [tid for tid, token in machine.tokens.items() if token["scope"] == sid]:
        if log := machine.tokens[tid].get("log"):
            found.append(Entry(node=machine.tokens[tid]["node"], log=log))
        found += unfinished_bodies(machine, tid)
    return found


def unfinished_bodies(machine: Machine, tid: str) -> list[Entry]:
    """Give what the bodies that a token runs have done so far; of an item with the item's own variables."""
    token = machine.tokens[tid]
    item = {**machine.layers.item_variables(token), **token.get("vars", {})} if "of" in token else {}
    inner = [s for s, scope in machine.scopes.items() if scope["owner"] == tid and not scope.get("undoing")]
    return list(filter(None, (unfinished_body(machine, sid, item) for sid in inner)))


def unfinished_body(machine: Machine, sid: str, item: Variables) -> Entry | None:
    """Make the entry of a body that is still running; None when nothing in it can be undone."""
    scope = machine.scopes[sid]
    log = [*scope.get("log", ()), *unfinished(machine, sid)]
    inside = kept(scope)
    if item and "called" not in inside:
        inside["vars"] = {**item, **inside.get("vars", {})}
    return Entry(**{**Entry(node=scope["node"], log=log), **inside}) if log else None


def done_around(machine: Machine, owner: str) -> list[Entry]:
    """Give what earlier rounds and the other items have done of the activity that a token runs a body of."""
    tid = whole(machine, owner)
    found = machine.tokens[tid].pop("log", [])
    others = [other for other in items_of(machine, tid) if other != owner]
    return [*found, *(entry for other in others for entry in unfinished_bodies(machine, other))]


def kept(scope: Scope) -> Kept:
    """Give what of a body's variables its undoing will see: a called process sees nothing around it."""
    if "changed" in scope:
        return Kept(vars=scope["vars"], called=True)
    return Kept(vars=scope["vars"]) if scope["vars"] else Kept()


def scopes_seen(machine: Machine, tid: str, name: str | None) -> list[Scope]:
    """Give the scopes whose logs are meant: the token's own, around an event sub-process that of its body too.

    What is named may have been done further out.
    """
    found: list[Scope] = []
    scope = machine.scopes[machine.tokens[tid]["scope"]]
    while True:
        found.append(scope)
        missing = name is not None and not any(logs.names(s.get("log", []), name) for s in found)
        if scope["owner"] is None or not (missing or machine.model.nodes[scope["node"]].event_sub):
            return found
        scope = machine.scopes[machine.tokens[scope["owner"]]["scope"]]


def begin(machine: Machine, tid: str, entries: list[Entry]) -> None:
    """Undo entries on behalf of a token, the last one first."""
    machine.tokens[tid]["state"] = "compensating"
    machine.tokens[tid]["undo"] = entries
    undo_next(machine, tid)


def undo_next(machine: Machine, tid: str) -> None:
    """Undo the next entry; when none is left the token goes on."""
    undo = machine.tokens[tid].get("undo", [])
    while undo:
        entry = logs.take_last(undo)
        if entry.get("handler") or entry.get("start"):
            return run_handler(machine, tid, entry)
        undo += [logs.within(inner, entry) for inner in entry.get("log", ())]
    finished(machine, tid)


def run_handler(machine: Machine, tid: str, entry: Entry) -> None:
    """Run what undoes an entry, in a scope that sees the variables as they were."""
    sid, start = machine.id("s"), entry.get("start")
    around = machine.scopes[machine.tokens[tid]["scope"]]["node"]
    scope = Scope(node=entry["node"] if start else around, owner=tid, n=0, vars=dict(entry.get("vars", {})))
    scope["undoing"] = True
    if entry.get("called"):
        scope["changed"] = []
    if entry.get("log"):
        scope["log"] = entry["log"]
    machine.scopes[sid] = scope
    if handler := entry.get("handler"):
        machine.put(handler, sid)
    else:
        machine.put(machine.model.nodes[start or ""].parent or "", sid, start=start)


def finished(machine: Machine, tid: str) -> None:
    """Let the token that had things undone go on; after a cancel the transaction's cancel boundary does."""
    token = machine.tokens[tid]
    token.pop("undo", None)
    if "cancels" not in token and "next" not in token:
        return machine.consume(tid)
    if "cancels" not in token:
        return machine.wake(tid, "throw")
    owner = machine.scopes[token["cancels"]]["owner"]
    assert owner is not None  # a transaction has an activity
    for found in machine.node(owner).boundaries:
        if any(t.kind == "cancel" for t in machine.model.nodes[found].triggers):
            return boundary(machine, machine.model.nodes[found], whole(machine, owner))
    machine.stuck(tid, "The transaction was cancelled and has no cancel event.")
