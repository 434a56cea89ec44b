"""Reads the names in an agenda's folder, as far as diagrams refer to them."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from engine.check.surroundings import Call, FormFacts, Surroundings
from engine.diagram import Model, begins_with
from engine.dmn import Table, read_decisions, variables_of
from engine.errors import EngineError
from engine.model import Json
from engine.reading import read_model

_DEEPEST = 6


def names_in_folder(files: Mapping[str, bytes]) -> Surroundings:
    """Give what the files of an agenda offer by name. A file that can't be read offers nothing."""
    processes, calls, begun = _processes(files)
    decisions, inputs = _decisions(files)
    return Surroundings(
        forms={key: form_facts(schema) for key, schema in _jsons(files, "forms")},
        groups=_groups(files),
        decisions=decisions,
        decision_inputs=inputs,
        documents=_stems(files, "documents", ".html"),
        templates=_stems(files, "messages", ".md"),
        registers=_stems(files, "registers", ".json"),
        register_fields=_register_fields(files),
        processes=processes,
        calls=calls,
        begun=begun,
    )


def form_facts(schema: Mapping[str, Json]) -> FormFacts:
    """Give the variables that a form's JSON Schema sets, with their schemas."""
    properties = schema.get("properties")
    own = properties if isinstance(properties, dict) else {}
    found: dict[str, Mapping[str, Json]] = {name: inner for name, inner in own.items() if isinstance(inner, dict)}
    for part in _parts(schema, _DEEPEST):
        # A condition or its consequence narrows a property down for some cases only; here its name counts.
        more = part.get("properties")
        for name in more if isinstance(more, dict) else ():
            found.setdefault(name, {})
    required = schema.get("required")
    return FormFacts(properties=found, required=frozenset(required if isinstance(required, list) else ()))


def _parts(schema: Json, depth: int) -> Iterator[Mapping[str, Json]]:
    """Give a schema with everything that may apply beside it."""
    if not isinstance(schema, dict) or depth == 0:
        return
    for key in ("allOf", "anyOf", "oneOf"):
        for part in schema.get(key) or ():
            yield from _parts(part, depth - 1)
    for key in ("if", "then", "else"):
        yield from _parts(schema.get(key), depth - 1)
    yield schema


def _jsons(files: Mapping[str, bytes], folder: str) -> Iterator[tuple[str, Mapping[str, Json]]]:
    for key in _stems(files, folder, ".json"):
        try:
            schema = json.loads(files[f"{folder}/{key}.json"])
        except (ValueError, RecursionError):
            schema = {}
        yield key, schema if isinstance(schema, dict) else {}


def _register_fields(files: Mapping[str, bytes]) -> dict[str, frozenset[str]]:
    """Give the fields by register; one whose schema is another file is left out."""
    schemas = {key: definition.get("schema") for key, definition in _jsons(files, "registers")}
    shapes = {key: s.get("properties") for key, s in schemas.items() if isinstance(s, dict) and "$ref" not in s}
    return {key: frozenset(shape) for key, shape in shapes.items() if isinstance(shape, dict)}


def _stems(files: Mapping[str, bytes], folder: str, suffix: str) -> frozenset[str]:
    paths = [PurePosixPath(path) for path in files]
    return frozenset(p.name.removesuffix(suffix) for p in paths if str(p.parent) == folder and p.name.endswith(suffix))


def _groups(files: Mapping[str, bytes]) -> frozenset[str] | None:
    try:
        manifest = tomllib.loads(files["agenda.toml"].decode("utf-8-sig")) if "agenda.toml" in files else None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError):
        return None
    groups = manifest.get("groups") if manifest is not None else None
    if manifest is None:
        return None
    return frozenset(groups) if isinstance(groups, dict) else frozenset()


def _decisions(files: Mapping[str, bytes]) -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """Give the names of outputs and the variables looked at, by decision."""
    outputs: dict[str, frozenset[str]] = {}
    inputs: dict[str, frozenset[str]] = {}
    for path, content in files.items():
        if not path.endswith(".dmn"):
            continue
        try:
            decisions = read_decisions(content)
        except EngineError:
            continue
        for decision in decisions.by_id.values():
            columns = decision.logic.outputs if isinstance(decision.logic, Table) else ()
            names = frozenset(o.name for o in columns) or frozenset({decision.variable})
            outputs[decision.id] = outputs[decision.name] = names
            inputs[decision.id] = inputs[decision.name] = variables_of(decisions, decision.id)
    return outputs, inputs


def _processes(files: Mapping[str, bytes]) -> tuple[frozenset[str], tuple[Call, ...], dict[str, frozenset[str]]]:
    """Give the processes, the calls of them, and the processes by the message that begins them."""
    processes: set[str] = set()
    calls: list[Call] = []
    begun: dict[str, frozenset[str]] = {}
    for path, content in files.items():
        if not path.endswith(".bpmn"):
            continue
        try:
            model = read_model(content)
        except EngineError:
            continue
        processes |= set(model.processes)
        calls += _calls(model)
        for process in model.processes:
            for one in begins_with(model, model.nodes[process]):
                if one["kind"] == "message":
                    begun[one["name"]] = begun.get(one["name"], frozenset()) | {process}
    return frozenset(processes), tuple(calls), begun


def _calls(model: Model) -> Iterator[Call]:
    for node in model.nodes.values():
        if node.kind == "callActivity" and node.called:
            catchers = [t for b in node.boundaries for t in model.nodes[b].triggers if t.kind == "error"]
            codes = frozenset(t.caught_code for t in catchers)
            yield Call(called=node.called, given=frozenset(n for n, _ in node.inputs), catches=codes)


def processes_of(content: bytes) -> list[str]:
    """List the processes of a BPMN file; none when it can't be read."""
    try:
        return read_model(content).processes
    except EngineError:
        return []
