"""A condition compares like with like: a text of a form never equals a number."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from engine.check.domains import allowed_values, schemas_of
from engine.check.rule import Found, found, rule
from engine.check.subject import Subject
from engine.check.texts import texts

TYPES: dict[type, str] = {str: "string", bool: "boolean", int: "number", float: "number"}
WORDS = {"string": ("text", "text"), "number": ("číslo", "a number"), "boolean": ("ano/ne", "true or false")}


@rule(
    "types-compared",
    "warning",
    mend=(
        "Porovnávejte s hodnotou, kterou formulář dovoluje.",
        "Compare with a value that the form allows.",
    ),
    types=(
        "Proměnná {name} je {is_cs}, a porovnává se s {value!r}, to je {with_cs}.",
        "The variable {name} is {is_en}, but it is compared with {value!r}, which is {with_en}.",
    ),
    value=(
        "Proměnná {name} nemůže mít hodnotu {value!r}; formulář dovoluje {allowed}.",
        "The variable {name} can't be {value!r}; the form allows {allowed}.",
    ),
)
def types_compared(subject: Subject) -> Iterator[Found]:
    """Find comparisons that can never hold."""
    for text in texts(subject.model):
        if text.kind != "condition":
            continue
        try:
            tree = ast.parse(text.text.strip(), mode="eval")
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Compare) and len(node.ops) == 1:
                yield from _judged(subject, text.element, node)


def _judged(subject: Subject, element: str, node: ast.Compare) -> Iterator[Found]:
    match node.left, node.comparators[0]:
        case (ast.Name(id=name), ast.Constant(value=value)) | (ast.Constant(value=value), ast.Name(id=name)):
            pass
        case _:
            return
    schemas = schemas_of(subject, name)
    declared = {_type(schema.get("type")) for schema in schemas}
    given = TYPES.get(type(value))
    if not schemas or given is None or None in declared:
        return
    if given not in declared:
        own = WORDS[str(next(iter(declared)))]
        other = WORDS[given]
        yield found(
            "types", element, name=name, value=value, is_cs=own[0], is_en=own[1], with_cs=other[0], with_en=other[1]
        )
        return
    allowed = allowed_values(schemas)
    if isinstance(node.ops[0], (ast.Eq, ast.NotEq)) and allowed is not None and value not in allowed:
        yield found("value", element, name=name, value=value, allowed=", ".join(map(repr, allowed)))


def _type(declared: object) -> str | None:
    name = "number" if declared == "integer" else declared
    return name if isinstance(name, str) and name in WORDS else None
