"""What a condition asks about: which answers it looks at, and which one opened what it guards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from forms.pointers import MISSING

Json = Any


@dataclass(frozen=True, kw_only=True)
class Opener:
    """The answer that made a field appear: a sibling property, and its value where it is one of the choices."""

    name: str
    value: Json = MISSING


def same(one: Json, other: Json) -> bool:
    """Compare as JSON does: true is not 1."""
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


def opener_of(condition: Any, *, holds: bool) -> Opener | None:
    """Find the answer a condition asks about: the last property it names, with its value if there is just one."""
    found: Opener | None = None
    for name, part in _asked(condition):
        values = tested(part)
        found = Opener(name=name, value=values[0] if holds and len(values) == 1 else MISSING)
    return found


def _asked(condition: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(condition, dict):
        yield from condition.get("properties", {}).items()
        for keyword in ("allOf", "anyOf", "oneOf"):
            for part in condition.get(keyword, ()):
                yield from _asked(part)
        yield from _asked(condition.get("not"))
        yield from ((name, {}) for name in condition.get("required", ()) if name not in condition.get("properties", {}))


def asked_names(condition: Any, *, only_values: bool = False, above: tuple[int, ...] = ()) -> Iterator[str]:
    """Give every property name that a condition asks about, at any depth; or only those asked for certain values.

    `above` are ids of the parts around it: one that contains itself is walked through once.
    """
    if id(condition) in above:
        return
    for name, part in _asked(condition):
        if not only_values or tested(part):
            yield name
        yield from asked_names(part, only_values=only_values, above=(*above, id(condition)))


def tested(part: Any) -> list[Json]:
    """Give the values a schema allows by const or enum; none where it doesn't name them."""
    if not isinstance(part, dict):
        return []
    return [part["const"]] if "const" in part else list(part.get("enum", []))
