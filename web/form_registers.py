"""Whether what a form's expressions and questions ask of registers can be asked: declared, there, public."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from engine.errors import Invalid
from engine.expressions import lookups_in
from engine.model import Json
from engine.queries.lookups import DECLARED
from engine.registers.definitions import read_register
from engine.registers.shape import definition_in
from engine.said import Said
from forms.compile import Form
from forms.prefill import REGISTER

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
    return [Said(f"{DECLARED} je seznam klíčů registrů.", f"{DECLARED} is a list of keys of registers.")]


def foreign(declared: Json, registers: Public | None) -> list[str]:
    """Give the declared registers that the form's own agenda doesn't have."""
    listed = declared if isinstance(declared, list) and registers is not None else []
    return [one for one in listed if isinstance(one, str) and one not in (registers or {})]


def lookup_faults(text: str, declared: Json, registers: Public | None) -> list[str]:
    """Say what an expression asks in vain. A register of another agenda isn't known here and is not judged."""
    listed = declared if isinstance(declared, list) else []
    return [said for one in lookups_in(text) if (said := _fault(one.register, one.fields, listed, registers or {}))]


def asked_by(form: Form, registers: Public | None) -> Iterator[tuple[str, str, bool]]:
    """Say what questions ask of registers in vain: the place, the sentence, whether it is sure to fail.

    A register of another agenda isn't known here; it may be published later.
    """
    for schema in form.graph.every():
        document, pointer = form.graph.origin(schema)
        if document is not form.schema:
            continue
        for keyword, fields in (("x-prefill", _filled_from(schema)), ("x-options", _offered_from(schema))):
            for said, is_sure in _vain(fields, registers):
                yield f"{pointer}/{keyword}", said, is_sure


@dataclass(frozen=True, kw_only=True)
class _Asked:
    register: str
    fields: Collection[str]


def _filled_from(schema: Mapping[str, Json]) -> _Asked | None:
    spec = schema.get("x-prefill")
    if not isinstance(spec, dict) or spec.get("source") != REGISTER:
        return None
    filled = spec.get("map")
    paths = [str(path).partition(".")[0] for path in (filled.values() if isinstance(filled, dict) else ())]
    return _Asked(register=str(spec.get("register", "")), fields=[str(spec.get("key", "")), *paths])


def _offered_from(schema: Mapping[str, Json]) -> _Asked | None:
    spec = schema.get("x-options")
    if not isinstance(spec, dict):
        return None
    named = [spec[name] for name in ("value", "label") if isinstance(spec.get(name), str)]
    return _Asked(register=str(spec.get("register", "")), fields=named)


def _vain(asked: _Asked | None, registers: Public | None) -> Iterator[tuple[str, bool]]:
    if asked is None or registers is None:
        return
    if asked.register not in registers:
        czech = f"Agenda nemá registr {asked.register}; musí ho zveřejnit jiná agenda."
        english = f"The agenda has no register {asked.register}; another agenda has to publish it."
        yield Said(czech, english), False
    elif said := _fault(asked.register, asked.fields, [asked.register], registers):
        yield said, True


def _fault(key: str | None, fields: Collection[str], listed: list[Json], registers: Public) -> str:
    if key is None:
        czech = f"Formulář nejmenuje žádné registry; vypište je v {DECLARED}."
        return "" if listed else Said(czech, f"The form names no registers; list them in {DECLARED}.")
    if key not in listed:
        czech = f"Formulář nejmenuje registr {key} v {DECLARED}."
        return Said(czech, f"The form doesn't name the register {key} in {DECLARED}.")
    if key not in registers:
        return ""
    public = registers[key]
    if public is None:
        czech = f"Z registru {key} není nic veřejné, formulář se ho ptát nemůže."
        return Said(czech, f"Nothing of the register {key} is public, so a form can't ask it.")
    strange = [name for name in fields if name not in public]
    if not strange:
        return ""
    czech = f"Registr {key} nemá veřejné pole {strange[0]}."
    return Said(czech, f"The register {key} has no public field {strange[0]}.")
