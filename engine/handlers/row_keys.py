"""Keys by which rows in time are sent without an account: a lost one is revoked, the next one is another."""

from __future__ import annotations

from sqlalchemy import select

from engine.errors import Invalid, NotAllowed, NotFound
from engine.handlers.registers import register_of
from engine.handlers.registry import handles
from engine.handlers.work import Work
from engine.registering import RevokeRowKey
from engine.store.registers import RecordRow
from engine.store.series import RowKeyRow

_LONGEST_NAME = 250


@handles(RevokeRowKey)
def revoke_row_key(work: Work, command: RevokeRowKey) -> int:
    """Revoke a key as a person who may write the register. Raises Invalid, NotAllowed, NotFound."""
    register = register_of(work, command.register)
    if not register.may_write(work.actor):
        raise NotAllowed
    series = register.series
    if series is None or not (series.inbox if command.kind == "set" else series.label is not None):
        raise NotFound(f"Rows of the register {register.key!r} are not sent by such a key.")
    if not 0 < len(command.name) <= _LONGEST_NAME:
        raise Invalid("The name of a set of devices has 1 to 250 letters.", code="bad-name")
    if command.kind == "label" and not _is_there(work, series.under, command.name):
        raise NotFound
    row = work.session.scalar(
        select(RowKeyRow)
        .where(RowKeyRow.tenant == work.tenant, RowKeyRow.register == register.key)
        .where(RowKeyRow.kind == command.kind, RowKeyRow.name == command.name)
        .with_for_update()
    )
    if row is None:
        row = RowKeyRow(tenant=work.tenant, register=register.key, kind=command.kind, name=command.name, generation=0)
        work.session.add(row)
    row.generation, row.revoked_at, row.revoked_by = row.generation + 1, work.now, work.actor.username
    work.session.flush()
    return row.generation


def _is_there(work: Work, register: str, record_id: str) -> bool:
    query = select(RecordRow.id).where(
        RecordRow.tenant == work.tenant, RecordRow.register == register, RecordRow.id == record_id
    )
    return work.session.scalar(query.where(RecordRow.state == "live")) is not None
