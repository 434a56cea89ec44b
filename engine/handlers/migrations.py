"""Cases that go on with another version of their process: the rehearsal, and the real thing by the same function."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from engine import kernel
from engine.errors import CannotMigrate, InstanceNotRunning, NotFound
from engine.handlers.interventions import keep, undoable
from engine.handlers.movement import follow
from engine.handlers.published import Definition
from engine.handlers.registry import handles
from engine.handlers.rights import must_operate, reason_given
from engine.handlers.work import Work
from engine.interventions import MigrateInstance, RehearseMigration
from engine.lifecycle import OPEN_TASK
from engine.model import Migrated, Refusal, Variables, Verdict, VerdictKind
from engine.store.cases import HumanTaskRow, InstanceRow
from engine.store.definitions import ProcessDefinitionRow
from engine.store.papers import DraftRow

_ALIVE = ("running", "suspended")


@handles(RehearseMigration)
def rehearse_migration(work: Work, command: RehearseMigration) -> Sequence[Verdict]:
    """Say of each case what would close, open and be otherwise, or why it can't be."""
    must_operate(work.actor)
    statement = (
        select(InstanceRow)
        .where(InstanceRow.tenant == work.tenant, InstanceRow.id.in_(command.instance_ids))
        .order_by(InstanceRow.business_key)
    )
    return [_verdict(work, case, command) for case in work.session.scalars(statement).all()]


@handles(MigrateInstance)
def migrate_instance(work: Work, command: MigrateInstance) -> None:
    """Migrate a case. What is open goes on: tasks with their people and drafts, timers with their moments."""
    must_operate(work.actor)
    instance = work.lock(command.instance_id)
    reason = reason_given(command.reason)
    source = work.definition(instance)
    if instance.status not in _ALIVE:
        raise InstanceNotRunning(status=instance.status)
    target = _version(work, instance.process_key, command.version)
    found = _migrated(work, instance, target, command.mapping)
    if found.step is None:
        raise CannotMigrate(reasons=[{"code": one.code, "node": one.node} for one in found.refusals])
    before = instance.state
    instance.definition_id, instance.version = target.id, target.version
    facts: Variables = {"from_version": source.version, "to_version": target.version, "mapping": dict(command.mapping)}
    work.tell(instance, "case-migrated", reason=reason, **facts)
    movement = follow(work, instance, found.step)
    renamed = _rename_done(work, instance, command.mapping)
    row = keep(work, instance, "migrate", reason, batch=command.batch, **facts, renamed=renamed)
    row.definition_before = source.id
    if not movement.lasting:
        undoable(work, row, instance, before)


def _version(work: Work, process_key: str, version: int) -> Definition:
    statement = select(ProcessDefinitionRow.id).where(
        ProcessDefinitionRow.tenant == work.tenant,
        ProcessDefinitionRow.process_key == process_key,
        ProcessDefinitionRow.version == version,
    )
    definition_id = work.session.scalar(statement)
    if definition_id is None:
        raise NotFound(f"There is no version {version} of {process_key}.")
    return work.published.by_id(work.session, work.tenant, definition_id)


def _migrated(work: Work, instance: InstanceRow, target: Definition, mapping: Mapping[str, str]) -> Migrated:
    if instance.definition_id == target.id:
        return Migrated(step=None, refusals=[Refusal(code="same-version", node=instance.process_key)])
    source = work.definition(instance)
    logic, large = target.logic, work.large(instance)
    return kernel.migrate(source.model, target.model, instance.state, mapping, work.now, logic, large)


def _verdict(work: Work, instance: InstanceRow, asked: RehearseMigration) -> Verdict:
    about: Variables = {"instance_id": instance.id, "business_key": instance.business_key, "title": instance.title}
    if instance.status not in _ALIVE:
        refusal = Refusal(code="status", node=instance.process_key, facts={"status": instance.status})
        return Verdict(**about, kind="not-possible", refusals=[refusal])
    found = _migrated(work, instance, _version(work, instance.process_key, asked.version), asked.mapping)
    if found.step is None:
        return Verdict(**about, kind="not-possible", refusals=found.refusals)
    tasks, drafts = _kept(work, instance, [str(e.activity) for e in found.step.effects if e.do == "cancelled"])
    kind: VerdictKind = "ok-with-changes" if found.step.effects else "ok"
    return Verdict(**about, kind=kind, changes=found.step.effects, tasks_kept=tasks, drafts_kept=drafts)


def _kept(work: Work, instance: InstanceRow, closed: Sequence[str]) -> tuple[int, int]:
    """Count the open tasks that go on, and the drafts written in them."""
    tasks = select(HumanTaskRow.id).where(
        HumanTaskRow.tenant == work.tenant,
        HumanTaskRow.instance_id == instance.id,
        HumanTaskRow.state.in_(OPEN_TASK),
        HumanTaskRow.activity.not_in(closed),
    )
    ids = work.session.scalars(tasks).all()
    drafts = select(func.count()).where(DraftRow.tenant == work.tenant, DraftRow.task_id.in_(ids))
    return len(ids), work.session.scalar(drafts) or 0


def _rename_done(work: Work, instance: InstanceRow, mapping: Mapping[str, str]) -> Variables:
    """Give finished tasks the new id of their node, so that four eyes still find who did them; tells the old ids."""
    statement = select(HumanTaskRow).where(
        HumanTaskRow.tenant == work.tenant,
        HumanTaskRow.instance_id == instance.id,
        HumanTaskRow.state.not_in(OPEN_TASK),
        HumanTaskRow.node.in_(mapping),
    )
    renamed = {}
    for task in work.session.scalars(statement).all():
        renamed[task.id], task.node = task.node, mapping[task.node]
    return renamed
