"""Registers: records are written by a case or by a person with the right, never by both at once unseen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import PurePosixPath

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from engine.commands import DeleteRecord, SaveRecord
from engine.errors import DuplicateRecord, Invalid, NotAllowed, NotFound, StaleRecord
from engine.expressions import evaluate_value
from engine.handlers.registry import handles
from engine.handlers.watch_plans import forget_plans, plan_change, plan_dates
from engine.handlers.work import Work
from engine.ids import new_id
from engine.model import Json, Variables
from engine.registers.definitions import Register, read_register
from engine.registers.shape import definition_in, shape_problems
from engine.store.definitions import DeploymentRow
from engine.store.registers import RecordRow, RecordUniqueRow, RecordVersionRow, RegisterRow
from engine.store.searching import fold


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
    if row is None:
        row = RegisterRow(tenant=work.tenant, key=register.key)
        work.session.add(row)
    elif (owner := work.session.get_one(DeploymentRow, row.deployment_id).agenda) != deployment.agenda:
        raise Invalid(f"{path}: the register {register.key!r} belongs to the agenda {owner!r}.")
    row.definition, row.deployment_id = definition, deployment.id
    work.session.flush()
    refresh(work, register)


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
    return write(work, register, row, hidden | command.data).id


@handles(DeleteRecord)
def delete_record(work: Work, command: DeleteRecord) -> None:
    """Take a record out as a person with the right."""
    register = register_of(work, command.register)
    if not register.may_write(work.actor):
        raise NotAllowed
    row = locked(work, register, command.record_id)
    _only_seen(row, command.version)
    take_out(work, row)


def register_of(work: Work, key: str) -> Register:
    """Give a register of the tenant as it was last deployed."""
    row = work.session.scalar(select(RegisterRow).where(RegisterRow.tenant == work.tenant, RegisterRow.key == key))
    if row is None:
        raise NotFound(f"There is no register {key!r} here.")
    return read_register(row.definition)


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
        RecordUniqueRow.value_hash == _hash([key]),
    )
    found = work.session.scalar(
        select(RecordRow.id)
        .where(RecordRow.tenant == work.tenant, RecordRow.register == register.key, RecordRow.state == "live")
        .where((RecordRow.id == key) | RecordRow.id.in_(unique))
    )
    return locked(work, register, found) if found else None


def write(
    work: Work, register: Register, row: RecordRow | None, data: Variables, instance_id: str | None = None
) -> RecordRow:
    """Write a record as its next version. Raises Invalid with all problems, DuplicateRecord."""
    if problems := register.problems(data):
        raise Invalid(f"The record does not fit the register {register.key!r}. " + " ".join(problems))
    if row is None:
        row = RecordRow(id=new_id(), tenant=work.tenant, register=register.key, version=0, created_at=work.now)
    old = row.data if row.version else None
    row.data, row.version, row.changed_at = data, row.version + 1, work.now
    _derive(register, row)
    work.session.add(row)
    work.session.flush()
    _claim_unique(work, register, row)
    _keep_version(work, row, data, instance_id)
    plan_dates(work, register, row)
    if old is not None:
        plan_change(work, register, row, old, instance_id)
    return row


def take_out(work: Work, row: RecordRow, instance_id: str | None = None) -> None:
    """Delete a record; its versions stay."""
    row.state, row.public, row.version, row.changed_at = "deleted", False, row.version + 1, work.now
    work.session.execute(delete(RecordUniqueRow).where(RecordUniqueRow.record_id == row.id))
    _keep_version(work, row, None, instance_id)
    forget_plans(work, row)


def refresh(work: Work, register: Register) -> None:
    """Bring what is derived from records in line with a newly deployed definition. Raises DuplicateRecord."""
    rows = work.session.scalars(
        select(RecordRow).where(
            RecordRow.tenant == work.tenant, RecordRow.register == register.key, RecordRow.state == "live"
        )
    )
    for row in rows:
        _derive(register, row)
        _claim_unique(work, register, row)
        plan_dates(work, register, row)


def _derive(register: Register, row: RecordRow) -> None:
    names: Variables = dict.fromkeys(register.properties, "") | row.data
    texts = {name: str(row.data[name]) for name in register.search if row.data.get(name) not in (None, "")}
    caption = evaluate_value(register.caption, names) if register.caption else next(iter(texts.values()), row.id)
    row.caption = str(caption)
    row.search = fold(row.caption, *texts.values())
    shown = register.public_fields or ()
    row.public_search = fold(row.caption, *[text for name, text in texts.items() if name in shown])
    where = register.public_where
    row.public = register.public_fields is not None and (not where or evaluate_value(where, names) is True)


def _claim_unique(work: Work, register: Register, row: RecordRow) -> None:
    work.session.execute(delete(RecordUniqueRow).where(RecordUniqueRow.record_id == row.id))
    for names in register.unique:
        values = [row.data.get(name) for name in names]
        if all(value in (None, "") for value in values):
            continue
        claim = RecordUniqueRow(
            tenant=work.tenant,
            register=register.key,
            fields=",".join(names),
            value_hash=_hash(values),
            record_id=row.id,
        )
        try:
            with work.session.begin_nested():
                work.session.add(claim)
        except IntegrityError as error:
            sentence = f"The register {register.key!r} has a record with the same {', '.join(names)} already."
            raise DuplicateRecord(sentence, register=register.key, fields=list(names)) from error


def _keep_version(work: Work, row: RecordRow, data: Variables | None, instance_id: str | None) -> None:
    work.session.add(
        RecordVersionRow(
            tenant=work.tenant,
            record_id=row.id,
            version=row.version,
            data=data,
            changed_at=work.now,
            changed_by=work.actor.username,
            instance_id=instance_id,
        )
    )


def _only_seen(row: RecordRow, version: int | None) -> None:
    if version is not None and version != row.version:
        raise StaleRecord(version=row.version)


def _only_own_fields(work: Work, register: Register, old: Variables, new: Variables) -> None:
    for name in old.keys() | new.keys():
        if old.get(name) != new.get(name) and not register.writable(work.actor, name):
            raise NotAllowed(f"You may not change the field {name!r}.")


def _hash(values: list[Json]) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
