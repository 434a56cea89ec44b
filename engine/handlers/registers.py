"""Registers: records are written by a case or by a person with the right, never by both at once unseen."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from engine.calendar import day_in_prague, parse_day
from engine.commands import DeleteRecord, SaveRecord
from engine.errors import DuplicateRecord, Invalid, NotAllowed, NotFound, RecordRefused, RowsInTime, StaleRecord
from engine.expressions import evaluate_value
from engine.handlers.links import untie_all
from engine.handlers.registry import handles
from engine.handlers.watch_plans import forget_plans, plan_change, plan_dates
from engine.handlers.work import Work
from engine.ids import new_id
from engine.model import Json, Variables
from engine.registers.beginning import first_records
from engine.registers.definitions import Register, read_register
from engine.registers.shape import definition_in, shape_problems
from engine.store.definitions import DeploymentRow
from engine.store.record_rules import Written, broken
from engine.store.record_values import LONGEST, forget_values, keep_values, unique_hash
from engine.store.registers import RecordRow, RecordUniqueRow, RecordVersionRow, RegisterRow
from engine.store.searching import fold

#: Keys that one question asks for.
_AT_ONCE = 1_000


def deploy_registers(work: Work, deployment: DeploymentRow, files: Mapping[str, bytes]) -> None:
    """Take the `registers/*.json` of an agenda over and bring the records there are in line with them."""
    for path in sorted(files):
        if PurePosixPath(path).match("registers/*.json"):
            _deploy(work, deployment, path, files)


def _deploy(work: Work, deployment: DeploymentRow, path: str, files: Mapping[str, bytes]) -> None:
    definition = definition_in(path, files)
    if wrong := shape_problems(definition):
        raise Invalid(f"{path}: " + " ".join(wrong))
    register = read_register(definition)
    row = work.session.scalar(
        select(RegisterRow).where(RegisterRow.tenant == work.tenant, RegisterRow.key == register.key)
    )
    before: Mapping[str, Json] | None = row.definition if row else None
    if row is None:
        row = RegisterRow(tenant=work.tenant, key=register.key)
        work.session.add(row)
    elif not _is_ours(work, row, definition, deployment.agenda):
        return
    row.definition, row.deployment_id = definition, deployment.id
    work.session.flush()
    if before is None:
        # What a register begins with is the office's from then on; a new version never lays it in again.
        for record in first_records(register, files):
            write(work, register, None, record)
        return
    # Records are in line with what has not changed, however many there are.
    if definition != before:
        refresh(work, register)


def _is_ours(work: Work, row: RegisterRow, definition: Mapping[str, Json], agenda: str) -> bool:
    """Say whether a register is this agenda's to define. Raises Invalid where another one has it and lends it not."""
    keeper = work.session.get_one(DeploymentRow, row.deployment_id).agenda
    if agenda == keeper or row.definition.get("owner") == agenda:
        return True
    if definition.get("owner") != keeper:
        raise Invalid(f"registers/{row.key}.json: the register {row.key!r} belongs to the agenda {keeper!r}.")
    return False


@handles(SaveRecord)
def save_record(work: Work, command: SaveRecord) -> str:
    """Write a record as a person with the right."""
    register = register_of(work, command.register)
    if not register.may_write(work.actor):
        raise NotAllowed
    row, old = None, {}
    if command.record_id is not None:
        row = locked(work, register, command.record_id)
        old = row.data
        _only_seen(row, command.version)
    # A field the writer can't see was not on the form either: it keeps its value.
    hidden = {name: value for name, value in old.items() if name not in register.readable(work.actor, old)}
    _only_own_fields(work, register, old, hidden | command.data)
    return write(work, register, row, hidden | command.data, reason=command.reason.strip()).id


@handles(DeleteRecord)
def delete_record(work: Work, command: DeleteRecord) -> None:
    """Take a record out as a person with the right."""
    register = register_of(work, command.register)
    if not register.may_write(work.actor):
        raise NotAllowed
    row = locked(work, register, command.record_id)
    _only_seen(row, command.version)
    take_out(work, row, reason=command.reason.strip())


def register_of(work: Work, key: str) -> Register:
    """Give a register of the tenant as it was last deployed."""
    row = work.session.scalar(select(RegisterRow).where(RegisterRow.tenant == work.tenant, RegisterRow.key == key))
    if row is None:
        raise NotFound(f"There is no register {key!r} here.")
    return read_register(row.definition)


def only_records(register: Register) -> None:
    """Refuse to write records into a register of rows in time. Raises RowsInTime."""
    if register.series is not None:
        raise RowsInTime(
            f"The register {register.key!r} keeps rows in time under records of {register.series.under!r}: "
            "they are sent by a device, a label, a file or a case, and none is written as a record.",
            code="rows-in-time",
        )


def locked(work: Work, register: Register, record_id: str) -> RecordRow:
    """Give a live record and keep others from changing it until the end of the command."""
    row = work.session.scalar(
        select(RecordRow)
        .where(RecordRow.tenant == work.tenant, RecordRow.register == register.key, RecordRow.id == record_id)
        .where(RecordRow.state == "live")
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound(f"The register {register.key!r} has no such record.")
    return row


def by_key(work: Work, register: Register, key: str) -> RecordRow | None:
    """Find a record by its id or by the value of a unique field."""
    fields = [",".join(names) for names in register.unique if len(names) == 1]
    unique = select(RecordUniqueRow.record_id).where(
        RecordUniqueRow.tenant == work.tenant,
        RecordUniqueRow.register == register.key,
        RecordUniqueRow.fields.in_(fields),
        RecordUniqueRow.value_hash == unique_hash([key]),
    )
    found = work.session.scalar(
        select(RecordRow.id)
        .where(RecordRow.tenant == work.tenant, RecordRow.register == register.key, RecordRow.state == "live")
        .where((RecordRow.id == key) | RecordRow.id.in_(unique))
    )
    return locked(work, register, found) if found else None


def by_values(work: Work, register: Register, values: Mapping[str, Json]) -> RecordRow | None:
    """Find a record by the values of fields that are unique together. Raises Invalid where they are not."""
    names = next((one for one in register.unique if set(one) == values.keys()), None)
    if names is None:
        told = ", ".join(sorted(values))
        raise Invalid(f"The fields {told} are not unique together in {register.key!r}.", code="bad-parameters")
    found = work.session.scalar(
        select(RecordUniqueRow.record_id).where(
            RecordUniqueRow.tenant == work.tenant,
            RecordUniqueRow.register == register.key,
            RecordUniqueRow.fields == ",".join(names),
            RecordUniqueRow.value_hash == unique_hash([values[name] for name in names]),
        )
    )
    return locked(work, register, found) if found else None


def ids_by_keys(work: Work, register: Register, keys: Collection[str]) -> dict[str, str]:
    """Find live records by ids or values of unique fields, many at once: key → id; who isn't there is missing."""
    fields = [",".join(names) for names in register.unique if len(names) == 1]
    hashes = {unique_hash([key]): key for key in keys}
    found: dict[str, str] = {}
    for start in range(0, len(hashes), _AT_ONCE):
        some = dict(list(hashes.items())[start : start + _AT_ONCE])
        unique = select(RecordUniqueRow.value_hash, RecordUniqueRow.record_id).where(
            RecordUniqueRow.tenant == work.tenant,
            RecordUniqueRow.register == register.key,
            RecordUniqueRow.fields.in_(fields),
            RecordUniqueRow.value_hash.in_(some),
        )
        found |= {some[hashed]: record_id for hashed, record_id in work.session.execute(unique)}
        ids = select(RecordRow.id).where(
            RecordRow.tenant == work.tenant,
            RecordRow.register == register.key,
            RecordRow.state == "live",
            RecordRow.id.in_(some.values()),
        )
        found |= {record_id: record_id for record_id in work.session.scalars(ids)}
    return found


def write(
    work: Work,
    register: Register,
    row: RecordRow | None,
    data: Variables,
    instance_id: str | None = None,
    reason: str = "",
) -> RecordRow:
    """Write a record as its next version. Raises Invalid with all problems, DuplicateRecord."""
    only_records(register)
    if problems := register.problems(data):
        raise Invalid(f"The record does not fit the register {register.key!r}. " + " ".join(problems))
    keep_rules(work, register, data, row.data if row is not None else None)
    if row is None:
        row = RecordRow(id=new_id(), tenant=work.tenant, register=register.key, version=0, created_at=work.now)
    old = row.data if row.version else None
    row.data, row.version, row.changed_at = data, row.version + 1, work.now
    derive(register, row)
    work.session.add(row)
    work.session.flush()
    _claim_unique(work, register, row)
    keep_values(work.session, register, [row])
    _keep_version(work, row, data, instance_id, reason)
    plan_dates(work, register, row)
    if old is not None:
        plan_change(work, register, row, old, instance_id)
    return row


def take_out(work: Work, row: RecordRow, instance_id: str | None = None, reason: str = "") -> None:
    """Delete a record; its versions stay. Raises RecordRefused."""
    register = register_of(work, row.register)
    keep_rules(work, register, row.data, row.data, deleting=True)
    row.state, row.public, row.version, row.changed_at = "deleted", False, row.version + 1, work.now
    work.session.execute(delete(RecordUniqueRow).where(RecordUniqueRow.record_id == row.id))
    forget_values(work.session, [row.id])
    untie_all(work, [row.id], instance_id)
    _keep_version(work, row, None, instance_id, reason)
    forget_plans(work, row)


def keep_rules(
    work: Work, register: Register, data: Variables, before: Variables | None, *, deleting: bool = False
) -> None:
    """Refuse a record that breaks a rule of its register. Raises RecordRefused."""
    whole: Variables = dict.fromkeys(register.properties) | data
    written = Written(data=whole, before=before, today=day_in_prague(work.now), deleting=deleting)
    if found := list(broken(register.rules, written)):
        raise RecordRefused(
            " ".join(one.said.get("en") or next(iter(one.said.values())) for one in found),
            code="rule",
            broken=[{"at": one.at, "said": dict(one.said)} for one in found],
        )


def refresh(work: Work, register: Register) -> None:
    """Bring what is derived from records in line with a newly deployed definition. Raises DuplicateRecord."""
    rows = work.session.scalars(
        select(RecordRow).where(
            RecordRow.tenant == work.tenant, RecordRow.register == register.key, RecordRow.state == "live"
        )
    ).all()
    for row in rows:
        derive(register, row)
        _claim_unique(work, register, row)
        plan_dates(work, register, row)
    keep_values(work.session, register, rows)


def derive(register: Register, row: RecordRow) -> None:
    """Work out a record's caption, what it is found by, and whether it is public."""
    for name, value in derived(register, row.id, row.data).items():
        setattr(row, name, value)


def derived(register: Register, record_id: str, data: Variables) -> dict[str, Any]:
    """Give what a record's row says besides its data, by column."""
    names: Variables = dict.fromkeys(register.properties, "") | data
    texts = {name: str(data[name]) for name in register.search if data.get(name) not in (None, "")}
    told = evaluate_value(register.caption, names) if register.caption else next(iter(texts.values()), record_id)
    caption, shown = str(told), register.public_fields or ()
    search = fold(caption, *texts.values())
    where = register.public_where
    until = evaluate_value(register.public_until, names) if register.public_until else None
    return {
        "caption": caption,
        "search": search,
        "sort_key": search[:LONGEST],
        "public_search": fold(caption, *[text for name, text in texts.items() if name in shown]),
        "public": register.public_fields is not None and (not where or evaluate_value(where, names) is True),
        "public_until": parse_day(str(until)) if until else None,
    }


def unique_claims(register: Register, data: Variables) -> Iterator[dict[str, str]]:
    """Give the unique keys of a record: names of their fields, hash of their values."""
    for names in register.unique:
        values = [data.get(name) for name in names]
        if not all(value in (None, "") for value in values):
            yield {"fields": ",".join(names), "value_hash": unique_hash(values)}


def _claim_unique(work: Work, register: Register, row: RecordRow) -> None:
    work.session.execute(delete(RecordUniqueRow).where(RecordUniqueRow.record_id == row.id))
    for one in unique_claims(register, row.data):
        names = one["fields"].split(",")
        claim = RecordUniqueRow(tenant=work.tenant, register=register.key, record_id=row.id, **one)
        try:
            with work.session.begin_nested():
                work.session.add(claim)
        except IntegrityError as error:
            sentence = f"The register {register.key!r} has a record with the same {', '.join(names)} already."
            raise DuplicateRecord(sentence, register=register.key, fields=list(names)) from error


def _keep_version(
    work: Work, row: RecordRow, data: Variables | None, instance_id: str | None, reason: str = ""
) -> None:
    work.session.add(
        RecordVersionRow(
            tenant=work.tenant,
            record_id=row.id,
            version=row.version,
            data=data,
            changed_at=work.now,
            changed_by=work.actor.username,
            instance_id=instance_id,
            reason=reason,
        )
    )


def _only_seen(row: RecordRow, version: int | None) -> None:
    if version is not None and version != row.version:
        raise StaleRecord(version=row.version)


def _only_own_fields(work: Work, register: Register, old: Variables, new: Variables) -> None:
    for name in old.keys() | new.keys():
        if old.get(name) != new.get(name) and not register.writable(work.actor, name):
            raise NotAllowed(f"You may not change the field {name!r}.")
