"""Registers as a case reads and writes them by data associations, in the transaction of the command that moves it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select

from engine.errors import EngineError, ScriptError
from engine.handlers import inside, registers
from engine.handlers.work import Work
from engine.model import Json, Variables
from engine.store.cases import InstanceRow
from engine.store.registers import RecordRow
from engine.store.searching import field_is


@dataclass(kw_only=True)
class CaseStores:
    """The registers of a case's organisation."""

    work: Work
    instance: InstanceRow
    #: Called when something was saved: the movement can't be taken back by moving the case alone.
    saved: Callable[[], None]

    def read(self, register: str, key: str | None, where: Mapping[str, Json]) -> Sequence[Variables]:
        """Give records, see engine.kernel.logic.Stores. A read takes no lock."""
        if key is not None:
            return self._of_key(register, key)
        found: Sequence[Variables] = self._perform("register.find", {"register": register, "where": dict(where)})
        return found

    def save(self, register: str, key: str | None, data: Variables) -> None:
        """Change or make a record, with its version and an entry in the case's story."""
        self.saved()
        named: Variables = {} if key is None else {"key": key}
        self._perform("register.save", {"register": register, "data": data, **named})

    def _of_key(self, key_of: str, key: str) -> list[Variables]:
        try:
            register = registers.register_of(self.work, key_of)
        except EngineError as error:
            raise ScriptError(str(error)) from error
        unique = [names[0] for names in register.unique if len(names) == 1]
        same = [field_is(self.work.session, RecordRow.data, name, key) for name in unique]
        row = self.work.session.scalar(
            select(RecordRow)
            .where(RecordRow.tenant == self.work.tenant, RecordRow.register == register.key)
            .where(RecordRow.state == "live", or_(RecordRow.id == key, *same))
        )
        return [inside.found(row)] if row is not None else []

    def _perform(self, effect: str, parameters: Variables) -> Json:
        try:
            return inside.perform(self.work, self.instance, effect, parameters)
        except EngineError as error:
            raise ScriptError(str(error)) from error
