"""The state of a case as it is kept between commands: JSON text, open items parked or bundled, large values aside."""

from __future__ import annotations

import json

from engine.kernel import aside
from engine.kernel.aside import Large
from engine.kernel.bundling import bundle, unbundle
from engine.kernel.parking import park, take_over, unpark
from engine.kernel.state import State

#: Reads what `dump` wrote: a value and nothing around it, which json.loads would look for.
_read = json.JSONDecoder().raw_decode


def load(text: str, large: Large | None = None) -> State:
    """Read a state from its JSON text, with a token for every open item; without `large` names stay as written."""
    state = load_parked(text, large)
    unbundle(state)
    unpark(state["tokens"])
    return state


def load_parked(text: str, large: Large | None = None) -> State:
    """Read a state from its JSON text; items that nobody asks for stay parked or in bundles."""
    state: State = _read(text)[0]
    take_over(state["tokens"])
    if large is not None and aside.may_name(text):
        aside.take_names(state)
    return state


def dump(state: State, large: Large | None = None) -> str:
    """Write a state as compact JSON text, and be done with it; the order of keys carries no meaning.

    With `large` what is large is kept there.
    """
    park(state["tokens"])
    if "bundles" not in state:
        text = aside.write(state)
        if len(text) <= aside.BOUND and not aside.may_name(text):
            return text
    if large is not None:
        aside.put_aside(state, large)
    bundle(state)
    return aside.write(state)
