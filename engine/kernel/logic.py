"""What texts mean. The kernel asks; it never evaluates anything itself.

The soundness check puts an oracle in its place, the handlers one that knows the agenda's decisions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from engine import calendar
from engine.calendar import Schedule
from engine.errors import ScriptError
from engine.expressions import evaluate
from engine.model import Json, Variables

#: Gives (known, value) for a variable's name.
Lookup = Callable[[str], tuple[bool, Json]]


class Decided(Protocol):
    """What a decision gave: see engine.dmn."""

    @property
    def value(self) -> Json:
        """The decision's result."""

    @property
    def outputs(self) -> Mapping[str, Json]:
        """The same by name of the output column or of the decision."""

    @property
    def inputs(self) -> Mapping[str, Json]:
        """What it was decided from."""

    @property
    def rules(self) -> Sequence[Json]:
        """Which rules fired."""


class Logic(Protocol):
    """Evaluates the texts of a diagram. All methods raise ScriptError or BadTime."""

    def truth(self, text: str, lookup: Lookup) -> bool:
        """Tell whether a condition holds."""

    def value(self, text: str, lookup: Lookup) -> Json:
        """Give the value of an expression."""

    def script(self, text: str, lookup: Lookup) -> Variables:
        """Run a script; gives the variables it changed."""

    def decide(self, ref: str, variables: Variables) -> Decided:
        """Ask a decision."""

    def schedule(self, kind: str, text: str, now: datetime) -> Schedule:
        """Read a timer's text."""


class Stores(Protocol):
    """Registers as a case sees them, in the transaction of its command. Both raise ScriptError."""

    def read(self, register: str, key: str | None, where: Mapping[str, Json]) -> Sequence[Variables]:
        """Give records as `{"id", "version", "caption", "data"}`: the one of a key, or those with these values."""

    def save(self, register: str, key: str | None, data: Variables) -> None:
        """Change the record of a key by these fields, or make one."""


class StarlarkLogic:
    """Starlark for every text; no decisions."""

    def truth(self, text: str, lookup: Lookup) -> bool:
        return bool(self.value(text, lookup))

    def value(self, text: str, lookup: Lookup) -> Json:
        return evaluate(text, lookup)[0]

    def script(self, text: str, lookup: Lookup) -> Variables:
        return dict(evaluate(text, lookup)[1])

    def decide(self, ref: str, variables: Variables) -> Decided:
        raise ScriptError(f"The decision {ref} isn't there.")

    def schedule(self, kind: str, text: str, now: datetime) -> Schedule:
        return calendar.schedule(kind, text, now)
