"""Which fields stand on which step."""

from __future__ import annotations

from collections.abc import Iterable

from forms.compile import Form, Step
from forms.tree import Field


def names_on(form: Form, step: Step, fields: Iterable[Field]) -> set[str]:
    """Give the names of top-level fields on a step: its own, those that its answers open, on the last one the rest."""
    homes = {name: other.key for other in form.steps for name in other.names}
    for field in fields:
        if field.name not in homes:
            opener = field.opener.name if field.opener else ""
            homes[field.name] = homes.get(opener, form.steps[-1].key)
    return {name for name, key in homes.items() if key == step.key}
