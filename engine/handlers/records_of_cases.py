"""Many records that a case writes in one step: all of them or none, the same rules as for one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from sqlalchemy import select

from engine.errors import Invalid
from engine.handlers.records_at_once import Hand, Written, locked_by_id, pieces, write_all
from engine.handlers.registers import ids_by_keys, keep_rules, only_records, register_of
from engine.handlers.work import Work
from engine.model import Json, Variables
from engine.registers.definitions import Register
from engine.store.cases import InstanceRow
from engine.store.record_values import has_value
from engine.store.registers import RecordRow


def save_records(work: Work, instance: InstanceRow, parameters: Variables) -> Json:
    """Write `records`, known again by the unique field `by`; gives {saved, removed}.

    Amounts of the fields `add` are added to those that are there. With `instead_of` (field → value) the records that
    have these values and are not among the new ones are taken out. Raises Invalid naming the record that doesn't fit.
    """
    register = register_of(work, parameters["register"])
    only_records(register)
    by, wanted = str(parameters["by"]), list(parameters["records"])
    if (by,) not in register.unique:
        raise Invalid(f"The field {by!r} is not unique in {register.key!r}.", code="bad-parameters")
    keys = [str(one.get(by)) for one in wanted]
    if len(set(keys)) != len(keys):
        raise Invalid(f"Two of the records have the same {by!r}.", code="bad-parameters")
    hand = Hand(username=work.actor.username, instance_id=instance.id)
    gone = _others(work, register, parameters.get("instead_of") or {}, by, frozenset(keys))
    for ids in pieces(gone):
        rows = locked_by_id(work, register, ids)
        for row in rows.values():
            keep_rules(work, register, row.data, row.data, deleting=True)
        write_all(work, register, [Written(data=None, row=row) for row in rows.values()], hand)
    for piece in pieces(wanted):
        write_all(work, register, list(_written(work, register, piece, by, parameters.get("add") or [])), hand)
    if wanted or gone:
        caption = f"{register.title.get('cs') or register.key} ({len(wanted)})"
        work.tell(instance, "record-saved", register=register.key, record="", caption=caption)
    return {"saved": len(wanted), "removed": len(gone)}


def _others(work: Work, register: Register, where: Mapping[str, Json], by: str, keys: frozenset[str]) -> list[str]:
    """Give the ids of live records with these values that have none of the keys."""
    if not where:
        return []
    query = select(RecordRow.id, RecordRow.data).where(
        RecordRow.tenant == work.tenant, RecordRow.register == register.key, RecordRow.state == "live"
    )
    for name, value in where.items():
        if name not in register.properties:
            raise Invalid(f"The register {register.key!r} has no field {name!r}.", code="bad-parameters")
        query = query.where(has_value(work.session, work.tenant, register, name, value))
    return [row.id for row in work.session.execute(query) if str(row.data.get(by)) not in keys]


def _written(
    work: Work, register: Register, records: Sequence[Variables], by: str, added: Sequence[str]
) -> Iterator[Written]:
    known = ids_by_keys(work, register, [str(one[by]) for one in records])
    rows = locked_by_id(work, register, list(known.values()))
    for one in records:
        row = rows.get(known.get(str(one[by]), ""))
        data = (
            one if row is None else row.data | one | {name: _sum(row.data.get(name), one.get(name)) for name in added}
        )
        if problems := register.problems(data):
            raise Invalid(f"The record {one[by]!r} does not fit the register {register.key!r}. {problems[0]}")
        keep_rules(work, register, data, row.data if row is not None else None)
        yield Written(data=data, row=row)


def _sum(before: Json, more: Json) -> Json:
    """Add two amounts in crowns."""
    try:
        return f"{Decimal(str(before or 0)) + Decimal(str(more or 0)):.2f}"
    except InvalidOperation as error:
        raise Invalid("What should be added is no amount.", code="bad-parameters") from error
