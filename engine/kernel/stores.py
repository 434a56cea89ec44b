"""Data associations with data stores: registers that lie outside of the case, read and written as it moves."""

from __future__ import annotations

from engine.diagram import Node, StoreRead, StoreWrite
from engine.kernel.logic import Stores
from engine.kernel.machine import Machine, Stuck
from engine.model import Json, Variables


def read(machine: Machine, tid: str, node: Node, names: frozenset[str] | None = None) -> Variables:
    """Give what the data associations of an element read, by variable; of an input set only its own data."""
    return {one.name: _read(machine, tid, one) for one in node.reads if names is None or one.name in names}


def _read(machine: Machine, tid: str, one: StoreRead) -> Json:
    where = machine.value(tid, one.where) if one.where else {}
    if not isinstance(where, dict):
        raise Stuck(f"What records of {one.register} must be like is no dict of fields.")
    key = _key(machine, tid, one)
    found = list(_stores(machine).read(one.register, key, where))
    value: Json = found if one.key is None else next(iter(found), None)
    if one.text is None:
        return value
    lookup = machine.lookup(tid)
    return machine.logic.value(one.text, lambda name: (True, value) if name == one.register else lookup(name))


def write(machine: Machine, tid: str, node: Node, unset: frozenset[str] = frozenset()) -> None:
    """Save what the data associations of an element give to registers; what isn't there isn't saved.

    The token counts what is saved, so that it isn't saved again when something after it is tried again.
    """
    token, number = machine.tokens[tid], 0
    for one in node.writes:
        value = None if one.text in unset else _record(machine, tid, one)
        records = value if isinstance(value, list) else [] if value is None else [value]
        if not all(isinstance(record, dict) for record in records):
            raise Stuck(f"What is to be saved in {one.register} is no record of fields.")
        if one.key is not None and len(records) > 1:
            raise Stuck(f"One key is given for several records of {one.register}.")
        for record in records:
            number += 1
            if number > token.get("stored", 0):
                _stores(machine).save(one.register, _key(machine, tid, one), record)
                token["stored"] = number


def _record(machine: Machine, tid: str, one: StoreWrite) -> Json:
    if one.fields:
        return {name: machine.value(tid, text) for name, text in one.fields}
    return machine.copies(tid, [("it", one.text or "")]).get("it")


def _key(machine: Machine, tid: str, one: StoreRead | StoreWrite) -> str | None:
    if one.key is None:
        return None
    key = machine.value(tid, one.key)
    if key in (None, ""):
        raise Stuck(f"The key of a record of {one.register} is empty.")
    return str(key)


def _stores(machine: Machine) -> Stores:
    if machine.stores is None:
        raise Stuck("There are no registers here.")
    return machine.stores
