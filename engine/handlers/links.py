"""Records tied to one another, by a person or a case; what was is kept as history."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal

from jsonschema import Draft202012Validator
from referencing import Registry
from sqlalchemy import or_, select, update

from engine.errors import Invalid, NotAllowed, NotFound
from engine.handlers.registry import handles
from engine.handlers.work import Work
from engine.model import Variables
from engine.registering import LinkRecords, UnlinkRecords
from engine.registers.definitions import Link, Register, read_register
from engine.store.links import LinkRow
from engine.store.registers import RecordRow, RegisterRow


@handles(LinkRecords)
def link_records(work: Work, command: LinkRecords) -> None:
    """Tie two records as a person who may write the first one and read the other."""
    register, link, other = _registers(work, command.register, command.name)
    if not register.may_write(work.actor) or not other.may_read(work.actor):
        raise NotAllowed
    row = live(work, register.key, command.record_id)
    tie(work, link, row, live(work, other.key, command.other_id), command.data)


@handles(UnlinkRecords)
def unlink_records(work: Work, command: UnlinkRecords) -> None:
    """Untie two records as a person who may write the first one."""
    register, link, _other = _registers(work, command.register, command.name)
    if not register.may_write(work.actor):
        raise NotAllowed
    row = live(work, register.key, command.record_id)
    if not untie(work, link, row, command.other_id):
        raise NotFound


def link_of(register: Register, name: str) -> Link:
    """Give a link by its name. Raises NotFound."""
    if name not in register.links:
        raise NotFound(f"The register {register.key!r} has no link {name!r}.")
    return register.links[name]


def live(work: Work, register: str, record_id: str) -> RecordRow:
    """Give a live record and keep others from changing it. Raises NotFound."""
    row = work.session.scalar(
        select(RecordRow)
        .where(RecordRow.tenant == work.tenant, RecordRow.register == register, RecordRow.id == record_id)
        .where(RecordRow.state == "live")
        .with_for_update()
    )
    if row is None:
        raise NotFound(f"The register {register!r} has no such record.")
    return row


def tie(
    work: Work, link: Link, row: RecordRow, other: RecordRow, data: Variables, instance_id: str | None = None
) -> None:
    """Tie a record to another, or change what their tie says. Raises Invalid."""
    # An empty registry: a `$ref` never makes the validator fetch anything.
    validator = Draft202012Validator(link.schema, registry=Registry())
    faults = [f"/{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in validator.iter_errors(data)]
    if faults:
        raise Invalid(f"What the link {link.name!r} should say does not fit it. " + " ".join(faults))
    found = _live_links(work, link, row)
    same = next((one for one in found if one.other_id == other.id), None)
    if same is not None and same.data == data:
        return
    if same is None and found and not link.many:
        raise Invalid(f"The record has its {link.name!r} already; untie it first.", code="one-only")
    _check_sums(link, [*(one.data for one in found if one is not same), data])
    if same is not None:
        _end(work, [same], instance_id)
    work.session.add(
        LinkRow(
            tenant=work.tenant,
            register=row.register,
            record_id=row.id,
            name=link.name,
            other_register=other.register,
            other_id=other.id,
            data=data,
            made_at=work.now,
            made_by=work.actor.username,
            made_in=instance_id,
        )
    )
    work.session.flush()


def _check_sums(link: Link, said: Sequence[Variables]) -> None:
    """Let what the ties of a record say together be no more than it may. Raises Invalid."""
    for name, most in link.most_together.items():
        total = sum((Decimal(str(data[name])) for data in said if data.get(name) is not None), Decimal(0))
        if total > Decimal(str(most)):
            text = f"The ties {link.name!r} of the record say {name} {total} together, {most} at most."
            raise Invalid(text, code="too-much-together", total=str(total), most=str(most))


def untie(work: Work, link: Link, row: RecordRow, other_id: str, instance_id: str | None = None) -> bool:
    """End the tie of two records; False where there is none."""
    found = [one for one in _live_links(work, link, row) if one.other_id == other_id]
    _end(work, found, instance_id)
    return bool(found)


def untie_all(work: Work, record_ids: Collection[str], instance_id: str | None = None) -> None:
    """End every tie of records that leave their register."""
    work.session.execute(
        update(LinkRow)
        .where(LinkRow.tenant == work.tenant, LinkRow.ended_at.is_(None))
        .where(or_(LinkRow.record_id.in_(record_ids), LinkRow.other_id.in_(record_ids)))
        .values(ended_at=work.now, ended_by=work.actor.username, ended_in=instance_id)
        .execution_options(synchronize_session=False)
    )


def tied(work: Work, link: Link, row: RecordRow) -> list[tuple[LinkRow, RecordRow]]:
    """Give the live ties of a record with the records at their other ends, by caption."""
    query = (
        select(LinkRow, RecordRow)
        .join(RecordRow, RecordRow.id == LinkRow.other_id)
        .where(LinkRow.tenant == work.tenant, LinkRow.record_id == row.id, LinkRow.name == link.name)
        .where(LinkRow.ended_at.is_(None), RecordRow.state == "live")
        .order_by(RecordRow.sort_key, RecordRow.id)
    )
    return [(one, other) for one, other in work.session.execute(query)]


def _live_links(work: Work, link: Link, row: RecordRow) -> Sequence[LinkRow]:
    return work.session.scalars(
        select(LinkRow).where(
            LinkRow.tenant == work.tenant,
            LinkRow.record_id == row.id,
            LinkRow.name == link.name,
            LinkRow.ended_at.is_(None),
        )
    ).all()


def _end(work: Work, links: Sequence[LinkRow], instance_id: str | None) -> None:
    for one in links:
        one.ended_at, one.ended_by, one.ended_in = work.now, work.actor.username, instance_id
    work.session.flush()


def _registers(work: Work, key: str, name: str) -> tuple[Register, Link, Register]:
    register = _register(work, key)
    link = link_of(register, name)
    return register, link, _register(work, link.to)


def _register(work: Work, key: str) -> Register:
    row = work.session.scalar(select(RegisterRow).where(RegisterRow.tenant == work.tenant, RegisterRow.key == key))
    if row is None:
        raise NotFound(f"There is no register {key!r} here.")
    return read_register(row.definition)
