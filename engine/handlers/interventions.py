"""What is kept of an intervention, and taking it back."""

from __future__ import annotations

from sqlalchemy import select

from engine import kernel
from engine.commands import (
    Intervention,
    ResumeInstance,
    RetryIncident,
    SetVariables,
    SuspendInstance,
    TerminateInstance,
)
from engine.errors import CannotUndo, Conflict, NotFound
from engine.handlers.movement import follow
from engine.handlers.registry import handles
from engine.handlers.rights import must_operate, reason_given
from engine.handlers.work import Work
from engine.ids import new_id
from engine.interventions import MigrateInstance, MoveToken, NoteRefusal, UndoOperation
from engine.lifecycle import OPERATION, step
from engine.model import Json, Variables
from engine.store.cases import HumanTaskRow, IncidentRow, InstanceRow, JobRow
from engine.store.operations import OperationRow

#: What an intervention is called in the list of operations.
KINDS: dict[type[Intervention | RetryIncident], str] = {
    SuspendInstance: "suspend",
    ResumeInstance: "resume",
    TerminateInstance: "terminate",
    SetVariables: "set",
    MoveToken: "move",
    MigrateInstance: "migrate",
    RetryIncident: "retry",
}
#: Jobs in these states have been given to the outside world, or are about to be.
_GIVEN_AWAY = ("running", "reported", "done")


def keep(
    work: Work, instance: InstanceRow, kind: str, reason: str, *, batch: str | None = None, **facts: Json
) -> OperationRow:
    """Keep that an intervention was done; `undoable` makes it one that can be taken back."""
    row = OperationRow(
        id=new_id(),
        tenant=instance.tenant,
        instance_id=instance.id,
        batch=batch,
        kind=kind,
        state="done",
        at=work.now,
        actor=work.actor.username,
        actor_name=work.actor.name,
        reason=reason_given(reason),
        facts=facts,
    )
    work.session.add(row)
    return row


def undoable(work: Work, row: OperationRow, instance: InstanceRow, before: str) -> None:
    """Remember how the case stood before, so that it can be put back as long as it stands where it stands now."""
    work.large(instance).spare(before)
    row.before, row.after = before, kernel.fingerprint(instance.state)


@handles(NoteRefusal)
def note_refusal(work: Work, command: NoteRefusal) -> None:
    """Keep why it could not be done in one of several cases."""
    must_operate(work.actor)
    refused = command.refused
    if isinstance(refused, RetryIncident):
        instance, _ = work.lock_case_of(IncidentRow, refused.incident_id)
    else:
        instance = work.lock(refused.instance_id)
    facts = dict(command.facts) | {"problem": command.problem}
    keep(work, instance, KINDS[type(refused)], refused.reason, batch=refused.batch, **facts).state = "refused"


@handles(UndoOperation)
def undo_operation(work: Work, command: UndoOperation) -> None:
    """Put a case back where it stood before an intervention: the same tasks with their claims, the same moments."""
    must_operate(work.actor)
    instance, row = _locked(work, command.operation_id)
    reason = reason_given(command.reason)
    if row.state != "done":
        raise Conflict("This has already been taken back.", state=row.state)
    if row.before is None or instance.status not in ("running", "suspended"):
        raise CannotUndo(operation=row.kind)
    if kernel.fingerprint(instance.state) != row.after:
        raise CannotUndo(operation=row.kind)
    earlier = row.definition_before or instance.definition_id
    model = work.definition(instance).model
    earlier_definition = work.published.by_id(work.session, work.tenant, earlier)
    restored = kernel.restore(model, earlier_definition.model, instance.state, row.before)
    _must_not_be_given_away(work, instance, [str(e.activity) for e in restored.effects if e.do == "cancelled"])
    row.state = step(OPERATION, row.state, "undone")
    instance.definition_id, instance.version = earlier_definition.id, earlier_definition.version
    work.tell(instance, "operation-undone", operation=row.kind, at=row.at.isoformat(), reason=reason)
    follow(work, instance, restored)
    _name_back(work, instance, row.facts.get("renamed") or {})
    keep(work, instance, "undo", reason, operation=row.id, of=row.kind)


def _locked(work: Work, operation_id: str) -> tuple[InstanceRow, OperationRow]:
    which = (OperationRow.id == operation_id, OperationRow.tenant == work.tenant)
    instance_id = work.session.scalar(select(OperationRow.instance_id).where(*which))
    if instance_id is None:
        raise NotFound
    # The case is locked before anything of it is looked at.
    instance = work.lock(instance_id)
    return instance, work.session.scalars(select(OperationRow).where(*which)).one()


def _must_not_be_given_away(work: Work, instance: InstanceRow, activities: list[str]) -> None:
    statement = select(JobRow.id).where(
        JobRow.tenant == work.tenant,
        JobRow.instance_id == instance.id,
        JobRow.activity.in_(activities),
        JobRow.state.in_(_GIVEN_AWAY),
    )
    if work.session.scalar(statement.limit(1)) is not None:
        raise CannotUndo("An outside action that it set off is already under way.")


def _name_back(work: Work, instance: InstanceRow, renamed: Variables) -> None:
    own = select(HumanTaskRow).where(HumanTaskRow.tenant == work.tenant, HumanTaskRow.instance_id == instance.id)
    for task in work.session.scalars(own.where(HumanTaskRow.id.in_(renamed))).all():
        task.node = renamed[task.id]
