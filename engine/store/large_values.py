"""Large values of cases: a state and a history name them, one row holds them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping

from sqlalchemy import ForeignKey, String, Text, bindparam, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine.errors import NotFound
from engine.kernel import aside
from engine.model import Json
from engine.store.base import Base, Owned, table_of
from engine.store.locking import own
from engine.store.prepared import Prepared
from engine.store.upsert import Upsert


class LargeValueRow(Owned, Base):
    """One value of a case, by its content: the same value is kept once however often it is named."""

    __tablename__ = "large_value"
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), primary_key=True)
    #: SHA-256 of the text.
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    #: JSON. Never jsonb: nobody looks into it.
    text: Mapped[str] = mapped_column(Text)
    #: The history names it or an operation could bring it back: it stays as long as the case.
    lasting: Mapped[bool]


_table = table_of(LargeValueRow)
_one = (_table.c.instance_id == bindparam("of_case"), _table.c.name == bindparam("which"), own(_table))
#: A value that the history has named before and that comes back stays lasting.
KEEP = Upsert(_table, ("tenant", "instance_id", "name", "text", "lasting"), ("instance_id", "name"), ())
LET_LAST = Prepared(update(_table).where(*_one, _table.c.lasting.is_(False)).values(lasting=True))
DROP = Prepared(delete(_table).where(*_one, _table.c.lasting.is_(False)))
READ = Prepared(select(_table.c.text).where(*_one))


def name_of(text: str) -> str:
    """Give the name of a value by its JSON text."""
    return hashlib.sha256(text.encode()).hexdigest()


class ReadValues:
    """The large values of one case for whoever only reads."""

    def __init__(self, session: Session, tenant: str, instance_id: str) -> None:
        self._session, self._tenant, self._instance_id = session, tenant, instance_id

    def get(self, name: str) -> Json:
        """Give the value of a name."""
        found = values_of(self._session, self._tenant, self._instance_id, (name,))
        if name not in found:
            raise NotFound(f"A large value of the case is missing: {name}.", instance=self._instance_id)
        return found[name]

    def keep(self, text: str) -> str:
        """Give the name that a value would have; nothing is written."""
        return name_of(text)


def values_of(session: Session, tenant: str, instance_id: str, names: Collection[str]) -> Mapping[str, Json]:
    """Give values of a case by name; those that aren't there are left out."""
    if not names:
        return {}
    row = LargeValueRow
    statement = select(row.name, row.text).where(
        row.tenant == tenant, row.instance_id == instance_id, row.name.in_(names)
    )
    return {name: json.loads(text) for name, text in session.execute(statement).all()}


def names_in_facts(facts: Mapping[str, Json] | None) -> set[str]:
    """Give the names of large values in the facts of the history's entry."""
    several = [value for value in (facts or {}).values() if isinstance(value, dict)]
    found = [aside.as_reference(value) for values in several for value in values.values()]
    return {each.name for each in found if each is not None}


def with_values(facts: Mapping[str, Json], values: Mapping[str, Json]) -> dict[str, Json]:
    """Give facts of the history's entry with the values that they name."""

    def read(value: Json) -> Json:
        named = aside.as_reference(value)
        return values.get(named.name, value) if named else value

    return {
        key: {name: read(each) for name, each in value.items()} if isinstance(value, dict) else value
        for key, value in facts.items()
    }
