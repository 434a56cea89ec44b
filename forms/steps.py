"""Which fields stand on which step, and in what order people meet them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from forms.compile import Form, Step
from forms.conditions import Opener


class Named(Protocol):
    """A field or a property: it has a name and, where an answer opened it, an opener."""

    @property
    def name(self) -> str: ...
    @property
    def opener(self) -> Opener | None: ...


N = TypeVar("N", bound=Named)


def names_on(form: Form, step: Step, fields: Iterable[Named]) -> set[str]:
    """Give the names of top-level fields on a step: its own, those that its answers open, on the last one the rest."""
    homes = {name: other.key for other in form.steps for name in other.names}
    for field in fields:
        if field.name not in homes:
            homes[field.name] = homes.get(opener_name(field), form.steps[-1].key)
    return {name for name, key in homes.items() if key == step.key}


def opener_name(field: Named) -> str:
    """Give the name of the property that opened this one; "" for none."""
    return field.opener.name if field.opener and field.opener.name != field.name else ""


def by_steps(form: Form, fields: Sequence[N]) -> list[N]:
    """Put top-level fields in the order in which the steps name them; the rest follows."""
    if not form.steps:
        return after_openers(fields)
    places = {name: at for at, name in enumerate(name for step in form.steps for name in step.names)}
    return after_openers(sorted(fields, key=lambda field: places.get(field.name, len(places))))


def after_openers(fields: Sequence[N]) -> list[N]:
    """Put what an answer opened right behind that answer, as it stands on the page."""
    if all(field.opener is None for field in fields):
        return list(fields)
    names = {field.name for field in fields}
    opened: dict[str, list[N]] = {}
    for field in fields:
        opened.setdefault(opener_name(field) if opener_name(field) in names else "", []).append(field)
    ordered: list[N] = []
    waiting = list(reversed(opened.pop("", [])))
    while waiting:
        field = waiting.pop()
        ordered.append(field)
        waiting.extend(reversed(opened.pop(field.name, [])))
    return [*ordered, *(field for left in opened.values() for field in left)]
