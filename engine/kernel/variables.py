"""Variables live in scopes. A branch has none of its own, so a join has nothing to merge and loses nothing.

Seen from a token: its own (a loop's counter, an item's values), then scope by scope outwards to the case or the call.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from engine.diagram import Model
from engine.kernel.aside import Large, Reference
from engine.kernel.state import Scope, Token
from engine.model import Json, Variables


class Layer(NamedTuple):
    """The variables of one token or scope."""

    holder: Token | Scope
    own: Variables
    #: What an item of a multi-instance activity has from the start.
    given: Variables
    #: New variables stay here.
    home: bool


@dataclass(slots=True)
class Layers:
    """Finds and assigns variables by the place from which they are seen: a token's id or a scope's."""

    tokens: dict[str, Token]
    scopes: dict[str, Scope]
    model: Model
    #: Where large values are; None where a state holds all its values.
    large: Large | None = None

    def outwards(self, where: str) -> Iterator[Layer]:
        """Give the layers of variables, the nearest first. A called process sees nothing outside of itself."""
        at: str | None = where
        while at is not None:
            token = self.tokens.get(at)
            if token is not None:
                if "of" in token:
                    yield Layer(token, token.get("vars", {}), self.item_variables(token), True)
                    token = self.tokens[token["of"]]
                if "vars" in token:
                    yield Layer(token, token["vars"], {}, False)
                at = token["scope"]
            scope = self.scopes[at]
            called = "changed" in scope
            yield Layer(scope, scope["vars"], {}, called or scope["owner"] is None)
            at = None if called else scope["owner"]

    def find(self, where: str, name: str) -> tuple[bool, Json]:
        """Give (known, value)."""
        for layer in self.outwards(where):
            if name in layer.own:
                return True, self.read(layer.own[name])
            if name in layer.given:
                return True, layer.given[name]
        return False, None

    def assign(self, where: str, values: Mapping[str, Json]) -> None:
        """Change variables where they are known; a new one belongs to the item, the called process or the case."""
        layers = list(self.outwards(where))
        # The case itself is always a home.
        nearest = next(layer for layer in layers if layer.home)
        for name, value in values.items():
            home = nearest
            for layer in layers:
                if name in layer.own or name in layer.given:
                    home = layer
                    break
            home.own[name] = value
            home.holder["vars"] = home.own
            changed = home.holder.get("changed")
            if isinstance(changed, list) and name not in changed:
                changed.append(name)

    def item_variables(self, token: Token) -> Variables:
        """Give what an item of a multi-instance activity has from the start."""
        loop = self.model.nodes[token["node"]].loop
        whole = self.tokens[token["of"]]
        given: Variables = {"loopCounter": token["i"] + 1}
        if loop is None:
            return given
        if loop.output_item:
            given[loop.output_item] = None
        if loop.item and "items" in whole:
            given[loop.item] = whole["items"][token["i"]]
        elif loop.item and "slices" in whole:
            part, at = divmod(token["i"], whole["per"])
            given[loop.item] = self.read(whole["slices"][str(part)])[at]
        return given

    def read(self, value: Json) -> Json:
        """Give the value that a variable holds or refers to."""
        if not isinstance(value, Reference):
            return value
        assert self.large is not None  # only then there are references
        return self.large.get(value.name)

    def read_all(self, variables: Variables) -> Variables:
        """Give variables with all their values."""
        return {name: self.read(value) for name, value in variables.items()}

    def visible(self, where: str) -> Variables:
        """Give everything seen from a token or scope."""
        return self.read_all(self.held(where))

    def held(self, where: str) -> Variables:
        """Give everything seen from a token or scope, with references to large values."""
        seen: Variables = {}
        for layer in self.outwards(where):
            seen = {**layer.given, **layer.own, **seen}
        return seen
