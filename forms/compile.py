"""From a JSON Schema to a form: read, follow references, refuse what can't be asked or can't be checked safely."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft4Validator, Draft6Validator, Draft7Validator, Draft202012Validator, FormatChecker
from jsonschema.exceptions import SchemaError
from jsonschema.protocols import Validator

from forms.at_once import PlainForm, plain_form
from forms.checker import checker_for, foreign_keywords
from forms.errors import FormSchemaError
from forms.graph import Graph, Schema, schemas
from forms.patterns import refuse_unsafe
from forms.pointers import escape

_DRAFTS = {
    "draft-04": Draft4Validator,
    "draft-06": Draft6Validator,
    "draft-07": Draft7Validator,
}


@dataclass(frozen=True, kw_only=True)
class Step:
    """One page of the form: its fields by name, in the order and groups of the author."""

    key: str
    title: str
    description: str
    #: Names of top-level fields, or groups of them.
    entries: tuple[str | Section, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all the step's fields."""
        lists = [(entry,) if isinstance(entry, str) else entry.names for entry in self.entries]
        return tuple(name for names in lists for name in names)


@dataclass(frozen=True, kw_only=True)
class Section:
    """Fields under one heading inside a step."""

    title: str
    description: str
    names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Form:
    """A schema ready to be shown, decoded and validated against."""

    schema: Mapping[str, Any]
    graph: Graph
    checker: Validator
    #: The same where every answer is judged by itself; else None.
    plain: PlainForm | None = None
    steps: tuple[Step, ...] = ()
    #: Language in which titles and descriptions are written.
    language: str = "cs"
    #: What was worked out once for parts of the schema that don't depend on answers.
    memory: dict[Any, Any] = field(default_factory=dict, repr=False)

    def remember(self, key: Any, make: Callable[[], Any], *keep: Any) -> Any:
        """Give what was made for a key before, else make it; `keep` are the objects whose ids stand in the key."""
        found = self.memory.get(key)
        if found is None:
            found = self.memory.setdefault(key, (make(), keep))
        return found[0]

    @property
    def root(self) -> Schema:
        """The followed schema of the whole form."""
        root: Schema = self.graph.root
        return root

    def step(self, key: str | None) -> Step | None:
        """Give a step by its key; None when there is no such step or the form has one page."""
        return next((step for step in self.steps if step.key == key), None)


def compile_form(schema: Mapping[str, Any], library: Mapping[str, Mapping[str, Any]] | None = None) -> Form:
    """Make a form of a schema. Raises FormSchemaError with a pointer and a sentence.

    `library` adds to the shared parts (person, address, …) or replaces them.
    """
    draft = _draft(schema)
    _check_against_draft(schema, draft)
    graph = Graph(
        schema,
        {**shared_library(), **(library or {})},
        old=draft is not Draft202012Validator,
        ignored=foreign_keywords(draft),
    )
    _check_root(graph.root)
    _check_patterns(graph)
    checker = checker_for(draft, graph.root)
    return Form(
        schema=schema,
        graph=graph,
        checker=checker,
        plain=plain_form(checker, graph.root),
        steps=tuple(_steps(schema, graph)),
        language=str(schema.get("x-language", "cs")),
    )


@cache
def shared_library() -> Mapping[str, Mapping[str, Any]]:
    """Read the shared parts that any form can refer to as library:NAME."""
    folder = files("forms") / "library"
    read = (entry for entry in folder.iterdir() if entry.name.endswith(".json"))
    return {entry.name.removesuffix(".json"): json.loads(entry.read_text("utf-8")) for entry in read}


def _draft(schema: Mapping[str, Any]) -> type[Validator]:
    if not isinstance(schema, Mapping):
        raise FormSchemaError("Formulář je objekt JSON.", "A form is a JSON object.")
    named = str(schema.get("$schema", ""))
    return next((draft for mark, draft in _DRAFTS.items() if mark in named), Draft202012Validator)


def _check_against_draft(schema: Mapping[str, Any], draft: type[Validator]) -> None:
    try:
        # Patterns are read in our own way, later.
        draft.check_schema(dict(schema), format_checker=FormatChecker(formats=()))  # type: ignore[call-arg]
    except SchemaError as error:
        pointer = "".join("/" + escape(str(token)) for token in error.absolute_path)
        raise FormSchemaError(
            f"Schéma na místě {pointer or '/'} nesplňuje pravidlo „{error.validator}“ jazyka JSON Schema.",
            f"The schema is not valid at {pointer or 'the top'}: {error.message[:300]}",
            pointer,
        ) from error
    except RecursionError as error:
        raise FormSchemaError(
            "Schéma je na formulář vnořené příliš hluboko.", "The schema is nested too deep for a form."
        ) from error


def _check_root(root: Schema) -> None:
    types = root.get("type", "object")
    if "object" not in ([types] if isinstance(types, str) else types):
        raise FormSchemaError(
            "Nejvýš ve formuláři musí být objekt s vlastnostmi (properties).",
            "The top of a form must be an object with properties.",
            "/type",
        )


def _check_patterns(graph: Graph) -> None:
    for schema in schemas(graph.root):
        for pattern in (schema.get("pattern"), *schema.get("patternProperties", {})):
            if isinstance(pattern, str):
                refuse_unsafe(pattern, graph.origin(schema)[1] + "/pattern")


def _steps(schema: Mapping[str, Any], graph: Graph) -> list[Step]:
    listed = schema.get("x-steps", [])
    if not isinstance(listed, list):
        raise FormSchemaError("x-steps je seznam kroků.", "x-steps is a list of steps.", "/x-steps")
    steps = [_step(raw, f"/x-steps/{index}") for index, raw in enumerate(listed)]
    known = set(graph.root.get("properties", {}))
    named = [name for step in steps for name in step.names]
    if twice := {name for name in named if named.count(name) > 1}:
        name = min(twice)
        raise FormSchemaError(
            f"Pole {name} je v x-steps dvakrát.", f"The field {name} is in x-steps twice.", "/x-steps"
        )
    if len({step.key for step in steps}) < len(steps):
        raise FormSchemaError(
            "Dva kroky v x-steps mají stejný klíč.", "Two steps in x-steps have the same key.", "/x-steps"
        )
    if steps and not known & set(named):
        raise FormSchemaError(
            "x-steps nejmenuje žádné pole tohoto formuláře.", "x-steps name no field of this form.", "/x-steps"
        )
    return steps


def _step(raw: Any, pointer: str) -> Step:
    if not isinstance(raw, dict) or not isinstance(raw.get("fields"), list) or not raw["fields"]:
        raise FormSchemaError("Krok je objekt s poli (fields).", "A step is an object with fields.", pointer)
    key = str(raw.get("key") or pointer.rpartition("/")[2])
    return Step(
        key=key,
        title=str(raw.get("title", key)),
        description=str(raw.get("description", "")),
        entries=tuple(_entry(entry, f"{pointer}/fields/{index}") for index, entry in enumerate(raw["fields"])),
    )


def _entry(raw: Any, pointer: str) -> str | Section:
    if isinstance(raw, str):
        return _field_name(raw, pointer)
    if isinstance(raw, dict) and isinstance(raw.get("fields"), list):
        names = tuple(_field_name(name, pointer) for name in raw["fields"])
        return Section(title=str(raw.get("title", "")), description=str(raw.get("description", "")), names=names)
    raise FormSchemaError(
        "Krok jmenuje svá pole ukazatelem jako /ico, nebo je seskupuje pod nadpisem.",
        "A step names its fields by pointer, such as /ico, or groups them under a title.",
        pointer,
    )


def _field_name(raw: Any, pointer: str) -> str:
    if not isinstance(raw, str) or raw.count("/") > 1:
        raise FormSchemaError(
            "Kroky jmenují pole nejvyšší úrovně, jako /ico.",
            "Steps name fields of the top level, such as /ico.",
            pointer,
        )
    return raw.removeprefix("/").replace("~1", "/").replace("~0", "~")
