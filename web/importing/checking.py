"""Every row of a table tried against its register before one is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session

from engine.model import Actor, Json, Variables
from engine.queries.imports import ImportFacts, Target, targets
from engine.registering import Line
from engine.registers.definitions import Register
from engine.store.record_rules import Written, broken
from engine.store.record_values import unique_hash
from engine.store.session import today_of
from forms.compile import Form
from forms.pointers import MISSING, split
from forms.validate import validate
from integrations.tables import Row, read_table
from web.importing.cells import Read, reader_of

#: Rows whose records are looked up together.
AT_ONCE = 500
#: Faults of one row that are told.
MOST_PROBLEMS = 10
#: Our own sentences are kept by their keys and said where they are read.
KEY = "@"

Evaluate = Callable[[str, Mapping[str, Json]], Json]


@dataclass(kw_only=True)
class Check:
    """One pass over a table."""

    session: Session
    tenant: str
    facts: ImportFacts
    register: Register
    #: Of the fields that whoever imports sees.
    form: Form
    seen: Sequence[str]
    evaluate: Evaluate
    #: Unique key → the row that had it first.
    had: dict[tuple[str, str], int] = field(default_factory=dict)

    def lines(self, content: bytes) -> Iterator[Line]:
        """Try every row. Raises TableRefused where the file is broken."""
        table = read_table(content, self.facts.filename)
        places = [
            (at, name, reader_of(self.form, name))
            for at, title in enumerate(table.titles)
            if (name := self.facts.columns.get(title, ""))
        ]
        while some := list(islice(table.rows, AT_ONCE)):
            read = [self._read(row, places) for row in some]
            given = [{name: value for name, value in one.items() if value is not MISSING} for one in read]
            meant = targets(self.session, self.tenant, self.register, given)
            yield from (self._line(row.number, one, found) for row, one, found in zip(some, read, meant, strict=True))

    def _read(self, row: Row, places: Sequence[tuple[int, str, Read]]) -> dict[str, Any]:
        return {name: read(row.cells[at]) for at, name, read in places}

    def _line(self, number: int, read: Mapping[str, Any], meant: Sequence[Target]) -> Line:
        target = meant[0] if meant else None
        data = dict(target.data) if target else {}
        for name, value in read.items():
            if value is MISSING:
                data.pop(name, None)
            else:
                data[name] = value
        faults = list(self._faults(data)) or self._against(data, target.data if target else None)
        problems = [*self._clashes(number, data, meant), *faults][:MOST_PROBLEMS]
        if problems:
            return Line(number=number, fate="bad", problems=problems, data=data)
        if target is None:
            return Line(number=number, fate="new", data=data)
        fate = "same" if data == target.data else "change"
        return Line(
            number=number,
            fate="same" if fate == "same" else "change",
            data=data,
            record_id=target.record_id,
            version=target.version,
        )

    def _clashes(self, number: int, data: Variables, meant: Sequence[Target]) -> Iterator[tuple[str, str]]:
        """What is against a row because of other records and rows."""
        if len(meant) > 1:
            yield "", f"{KEY}several"
        elif meant and self.facts.mode == "add":
            yield "", f"{KEY}there"
        for names in self.register.unique:
            values = [data.get(name) for name in names]
            if all(value in (None, "") for value in values):
                continue
            key = (",".join(names), unique_hash(values))
            first = self.had.setdefault(key, number)
            if first != number:
                yield names[0], f"{KEY}again:{first}"

    def _faults(self, data: Variables) -> Iterator[tuple[str, str]]:
        """What is wrong with a record in itself."""
        shown = {name: value for name, value in data.items() if name in self.seen}
        found = validate(self.form, shown, lang=self.facts.language, evaluate=self.evaluate)
        for error in found:
            yield next(iter(split(error.pointer)), ""), error.message
        # Who sees the whole record has been told by the form already.
        hidden = len(self.seen) < len(self.register.properties)
        if not found and hidden and self.register.problems(data):
            yield "", f"{KEY}unseen"

    def _against(self, data: Variables, before: Variables | None) -> list[tuple[str, str]]:
        """What the rules of the register say against a record that is otherwise right."""
        whole: Variables = dict.fromkeys(self.register.properties) | data
        written = Written(data=whole, before=before, today=today_of(self.session))
        said = [(one.at, one.said) for one in broken(self.register.rules, written)]
        return [(at, texts.get(self.facts.language) or next(iter(texts.values()))) for at, texts in said]


def fields_to_import(kept: Register, actor: Actor) -> list[str]:
    """Fields that a person may bring in: they see them and may write them."""
    seen = kept.readable(actor, dict.fromkeys(kept.properties))
    return [name for name in kept.properties if name in seen and kept.writable(actor, name)]
