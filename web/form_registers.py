"""Whether what a form's expressions ask of registers can be asked: declared, there, public."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from engine.errors import Invalid
from engine.expressions import lookups_in
from engine.model import Json
from engine.queries.lookups import DECLARED
from engine.registers.definitions import read_register
from engine.registers.shape import definition_in

#: Public fields by register; None where nothing of it is public.
Public = Mapping[str, frozenset[str] | None]


def public_fields_in(files: Mapping[str, bytes], registers: Collection[str]) -> Public:
    """Give the public fields of an agenda's registers; one that can't be read is left to its own check."""
    return dict(_public(files, registers))


def _public(files: Mapping[str, bytes], registers: Collection[str]) -> Iterator[tuple[str, frozenset[str] | None]]:
    for key in registers:
        try:
            kept = read_register(definition_in(f"registers/{key}.json", files))
        except Invalid:
            continue
        yield key, None if kept.public_fields is None else frozenset(kept.public_fields)


def faults_of(declared: Json) -> list[str]:
    """Say what is wrong with the form's list of registers."""
    if declared is None or (isinstance(declared, list) and all(isinstance(one, str) for one in declared)):
        return []
    return [f"{DECLARED} is a list of keys of registers."]


def foreign(declared: Json, registers: Public | None) -> list[str]:
    """Give the declared registers that the form's own agenda doesn't have."""
    listed = declared if isinstance(declared, list) and registers is not None else []
    return [one for one in listed if isinstance(one, str) and one not in (registers or {})]


def lookup_faults(text: str, declared: Json, registers: Public | None) -> list[str]:
    """Say what an expression asks in vain. A register of another agenda isn't known here and is not judged."""
    listed = declared if isinstance(declared, list) else []
    return [said for one in lookups_in(text) if (said := _fault(one.register, one.fields, listed, registers or {}))]


def _fault(key: str | None, fields: Collection[str], listed: list[Json], registers: Public) -> str:
    if key is None:
        return "" if listed else f"The form names no registers; list them in {DECLARED}."
    if key not in listed:
        return f"The form doesn't name the register {key} in {DECLARED}."
    if key not in registers:
        return ""
    public = registers[key]
    if public is None:
        return f"Nothing of the register {key} is public, so a form can't ask it."
    strange = [name for name in fields if name not in public]
    return f"The register {key} has no public field {strange[0]}." if strange else ""
