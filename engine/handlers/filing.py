"""Records that another system sends: written once, changed by newer ones only."""

from __future__ import annotations

from engine.errors import Invalid, NotAllowed
from engine.handlers.registers import by_key, register_of, write
from engine.handlers.registry import handles
from engine.handlers.work import Work
from engine.model import Json, Variables
from engine.registering import FileRecords
from engine.registers.definitions import Register


@handles(FileRecords)
def file_records(work: Work, command: FileRecords) -> tuple[str, ...]:
    """Write them in their order. Raises Invalid, NotFound, DuplicateRecord."""
    register = register_of(work, command.register)
    if not register.may_write(work.actor):
        raise NotAllowed
    if command.known_by and (command.known_by,) not in register.unique:
        raise Invalid(f"The register {register.key!r} has no unique field {command.known_by!r}.")
    return tuple(_file(work, command, register, data) for data in command.records)


def _file(work: Work, command: FileRecords, register: Register, data: Variables) -> str:
    key = data.get(command.known_by) if command.known_by else None
    row = by_key(work, register, str(key)) if key not in (None, "") else None
    if row is None:
        write(work, register, None, data, reason=command.reason)
        return "new"
    # Fields that the sender does not know are the office's own.
    merged = row.data | data
    if merged == row.data:
        return "same"
    if command.newest_by and _older(data.get(command.newest_by), row.data.get(command.newest_by)):
        return "older"
    write(work, register, row, merged, reason=command.reason)
    return "changed"


def _older(sent: Json, kept: Json) -> bool:
    if kept is None:
        return False
    numbers = isinstance(sent, int | float) and isinstance(kept, int | float)
    if not numbers and not (isinstance(sent, str) and isinstance(kept, str)):
        raise Invalid("What tells the newer record is missing, or of another kind than before.")
    return bool(sent <= kept)
