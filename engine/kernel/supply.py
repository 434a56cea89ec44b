"""Input and output sets of data (BPMN 2.0.2, 10.4.2): the first one that is whole counts; without input it waits."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from engine.diagram import DataSet, Node
from engine.kernel.machine import Machine, Stuck

Copies = list[tuple[str, str]]


def supplied(machine: Machine, tid: str, node: Node) -> bool:
    """Tell whether the data that an activity needs is there."""
    return not node.input_sets or input_set(machine, tid, node) is not None


def input_set(machine: Machine, tid: str, node: Node) -> DataSet | None:
    """Give the first input set whose data is there; a data object that nobody has filled isn't."""
    find = machine.lookup(tid)
    return whole(node.input_sets, lambda name: find(name)[1] is not None)


def whole(sets: Iterable[DataSet], is_there: Callable[[str], bool]) -> DataSet | None:
    """Give the first set of which all that is needed is there."""
    return next((one for one in sets if all(is_there(name) for name in one.needs)), None)


def taken(machine: Machine, tid: str, node: Node) -> Copies:
    """Give the data associations into the activity: those of the input set that counts."""
    names = names_taken(machine, tid, node)
    return [(name, text) for name, text in node.takes if names is None or name in names]


def names_taken(machine: Machine, tid: str, node: Node) -> frozenset[str] | None:
    """Give the names of the input set that counts; None = there are no sets."""
    found = input_set(machine, tid, node) if node.input_sets else None
    return found.names if found is not None else None


def given(machine: Machine, tid: str, node: Node) -> Copies:
    """Give the data associations out of the activity, without outputs that it has not set.

    Of several output sets the first one counts whose data is set. Raises Stuck where none is whole.
    """
    missing = unset(machine, tid, node)
    gives = [(name, text) for name, text in node.gives if text not in missing]
    if len(node.output_sets) < 2:
        return gives
    found = whole(node.output_sets, lambda name: name not in missing)
    if found is None:
        raise Stuck("The activity has not given the data of any of its output sets.")
    others = {name for one in node.output_sets for name in one.names} - found.names
    return [(name, text) for name, text in gives if text not in others]


def unset(machine: Machine, tid: str, node: Node) -> frozenset[str]:
    """Give the data outputs that an activity has not set."""
    own = machine.tokens[tid].get("vars", {})
    return frozenset(name for name in node.private if own.get(name) is None)


def let_begin(machine: Machine) -> bool:
    """Let activities begin whose data has come; tells whether some did."""
    waiting = [tid for tid, token in machine.tokens.items() if token["state"] == "data"]
    if not waiting:
        return False
    ready = [tid for tid in waiting if supplied(machine, tid, machine.node(tid))]
    for tid in ready:
        machine.wake(tid, "listen")
    return bool(ready)
