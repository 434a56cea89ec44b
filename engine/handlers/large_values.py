"""The large values of one case for the length of one command."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from sqlalchemy import Connection

from engine.errors import NotFound
from engine.kernel import aside
from engine.model import Json
from engine.store.cases import InstanceRow
from engine.store.large_values import DROP, KEEP, LET_LAST, READ, name_of, names_in_facts
from engine.store.prepared import Prepared
from engine.store.writes import Writes

#: Kinds of the history whose facts hold what people and programs gave.
OPEN_ENDED = frozenset({"set", "variables-changed", "decision", "message-received"})


class LargeValues:
    """Finds what the case's state names, and keeps what the command adds until it is known what of it is needed."""

    def __init__(self, connection: Connection, writes: Writes, instance: InstanceRow) -> None:
        self._connection, self._writes = connection, writes
        self._instance, self._before = instance, aside.names_in(instance.state)
        self._fresh: dict[str, str] = {}
        self._read: dict[str, Json] = {}
        #: Named by a state that an operation could bring back.
        self._spared: set[str] = set()

    def get(self, name: str) -> Json:
        """Give the value of a name."""
        if name not in self._read:
            self._read[name] = json.loads(self._fresh.get(name) or self._text(name))
        return self._read[name]

    def keep(self, text: str) -> str:
        """Keep a value's JSON text and give its name."""
        name = name_of(text)
        if name not in self._before:
            self._fresh[name] = text
        return name

    def named(self, facts: Mapping[str, Json]) -> dict[str, Json]:
        """Give facts of the history with names instead of large values, at the top or as one of several."""
        return {key: self._each_named(value) if isinstance(value, dict) else value for key, value in facts.items()}

    def spare(self, before: str) -> None:
        """Let what an earlier state names last: an operation may bring that state back."""
        self._spared |= aside.names_in(before)

    def write(self, told: Iterable[Mapping[str, Json] | None]) -> None:
        """Write what the new state or the entries of the history name, and drop what nobody names any more."""
        if not (self._fresh or self._before or self._spared):
            return
        after = aside.names_in(self._instance.state)
        lasting = self._spared.union(*(names_in_facts(facts) for facts in told))
        own = {"tenant": self._instance.tenant, "instance_id": self._instance.id}
        if fresh := sorted((after | lasting) & self._fresh.keys()):
            rows = [{"name": name, "text": self._fresh[name], "lasting": name in lasting} for name in fresh]
            self._writes.put(KEEP, *(own | row for row in rows))
        self._change(LET_LAST, lasting & self._before)
        self._change(DROP, self._before - after - lasting)

    def _change(self, statement: Prepared, names: set[str]) -> None:
        own = {"tenant": self._instance.tenant, "of_case": self._instance.id}
        if names:
            self._writes.put(statement, *(own | {"which": name} for name in sorted(names)))

    def _each_named(self, values: Mapping[str, Json]) -> Mapping[str, Json]:
        if all(map(aside.is_small, values.values())):
            return values
        return {name: self._name(value) for name, value in values.items()}

    def _name(self, value: Json) -> Json:
        text = aside.text_if_large(value)
        return value if text is None else aside.Reference(self.keep(text)).as_json()

    def _text(self, name: str) -> str:
        own = {"tenant": self._instance.tenant, "of_case": self._instance.id, "which": name}
        found = READ.one(self._connection, own)
        if found is None:
            raise NotFound(f"A large value of the case is missing: {name}.", instance=self._instance.id)
        text: str = found[0]
        return text
