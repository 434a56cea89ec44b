"""Functions that the editor of expressions offers."""

from __future__ import annotations

from engine.expressions.office import BUILTINS
from web.studio.completing import FUNCTIONS


def test_every_function_of_the_office_is_offered_with_a_line_of_help() -> None:
    assert set(BUILTINS) <= set(FUNCTIONS)
    assert all(call.startswith(f"{name}(") and str(told) for name, (call, told) in FUNCTIONS.items())
