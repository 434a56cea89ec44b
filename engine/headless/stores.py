"""Registers of a run from the command line: in memory, empty at its beginning, shared by all cases of the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from engine.model import Json, Variables


@dataclass
class MemoryStores:
    """Takes any record of any register. A key is an id or the value of any field."""

    records: dict[str, list[Variables]] = field(default_factory=dict)

    def read(self, register: str, key: str | None, where: Mapping[str, Json]) -> Sequence[Variables]:
        """Give records as engine.kernel.logic.Stores does."""
        known = self.records.get(register, [])
        if key is not None:
            return [one for one in known if self._is(one, key)][:1]
        return [one for one in known if all(one["data"].get(name) == value for name, value in where.items())]

    def save(self, register: str, key: str | None, data: Variables) -> None:
        """Change the record of the key or make one."""
        records = self.records.setdefault(register, [])
        place = next((i for i, one in enumerate(records) if key is not None and self._is(one, key)), None)
        old: Variables = (
            records[place] if place is not None else {"id": str(len(records) + 1), "version": 0, "data": {}}
        )
        whole = old["data"] | data
        caption = str(next(iter(whole.values()), old["id"]))
        new = {"id": old["id"], "version": old["version"] + 1, "caption": caption, "data": whole}
        if place is None:
            records.append(new)
        else:
            records[place] = new

    def _is(self, record: Variables, key: str) -> bool:
        return key == record["id"] or key in {str(value) for value in record["data"].values()}
