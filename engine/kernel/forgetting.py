"""Taking values out of the state of a case that has ended; what it was is left, what it held goes."""

from __future__ import annotations

from collections.abc import Callable

from engine.kernel import aside
from engine.kernel.aside import Large
from engine.kernel.keeping import dump, load
from engine.model import Variables


def emptied(text: str) -> str:
    """Give a state's text without a single value."""
    return changed(text, lambda _variables: {})


def changed(text: str, change: Callable[[Variables], Variables], large: Large | None = None) -> str:
    """Give a state's text with each of its sets of variables changed; what was beside it stands in it then."""
    state = load(text, large)
    for variables in aside.everywhere(state):
        values = {name: _read(value, large) for name, value in variables.items()}
        kept = change(values)
        variables.clear()
        variables.update(kept)
    return dump(state)


def _read(value: object, large: Large | None) -> object:
    return large.get(value.name) if isinstance(value, aside.Reference) and large is not None else value
