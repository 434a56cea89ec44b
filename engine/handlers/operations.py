"""What an operator does to a case. Each needs a reason, and each is in the case's story."""

from __future__ import annotations

from engine import kernel
from engine.commands import ResumeInstance, RetryIncident, SetVariables, SuspendInstance, TerminateInstance
from engine.errors import Conflict, InstanceNotRunning, Spinning
from engine.handlers import jobs, payments
from engine.handlers.interventions import keep, undoable
from engine.handlers.movement import advance
from engine.handlers.registry import handles
from engine.handlers.rights import must_operate, reason_given
from engine.handlers.work import Work
from engine.interventions import MoveToken, Rehearse
from engine.lifecycle import INCIDENT, INSTANCE, step
from engine.model import Refusal, Variables, Verdict
from engine.store.cases import IncidentRow, InstanceRow


@handles(SuspendInstance)
def suspend_instance(work: Work, command: SuspendInstance) -> None:
    """Stop a case. Its timers and messages wait; an outside action already on its way may still report."""
    must_operate(work.actor)
    instance = work.lock(command.instance_id)
    instance.status = step(INSTANCE, instance.status, "suspended", InstanceNotRunning)
    work.tell(instance, "case-suspended", reason=reason_given(command.reason))
    keep(work, instance, "suspend", command.reason, batch=command.batch)


@handles(ResumeInstance)
def resume_instance(work: Work, command: ResumeInstance) -> None:
    """Let a suspended case go on with what came meanwhile."""
    must_operate(work.actor)
    instance = work.lock(command.instance_id)
    if instance.status != "suspended":
        raise Conflict("The case is not suspended.", status=instance.status)
    instance.status = step(INSTANCE, instance.status, "running")
    work.tell(instance, "case-resumed", reason=reason_given(command.reason))
    keep(work, instance, "resume", command.reason, batch=command.batch)
    jobs.take_reported(work, instance)
    work.waiting.add(instance.id)


@handles(TerminateInstance)
def terminate_instance(work: Work, command: TerminateInstance) -> None:
    """End a case with everything that is open in it, so that money which still comes is somebody's work."""
    must_operate(work.actor)
    instance = work.lock(command.instance_id)
    step(INSTANCE, instance.status, "terminated", InstanceNotRunning)
    work.tell(instance, "case-terminated", reason=reason_given(command.reason))
    keep(work, instance, "terminate", command.reason, batch=command.batch)
    payments.cancel(work, instance, {})
    advance(work, instance, asked_of(command))


@handles(SetVariables)
def set_variables(work: Work, command: SetVariables) -> None:
    """Correct variables; conditions that wait for them are looked at again."""
    must_operate(work.actor)
    instance = _alive(work, command.instance_id)
    before, reason, changed = instance.state, reason_given(command.reason), dict(command.variables)
    old = {name: value for name, value in _known(work, instance, command).items() if name in changed}
    work.tell(instance, "variables-changed", variables=changed, before=old, reason=reason)
    movement = advance(work, instance, asked_of(command))
    row = keep(work, instance, "set", reason, batch=command.batch, variables=sorted(changed))
    if not movement.lasting:
        undoable(work, row, instance, before)


def _known(work: Work, instance: InstanceRow, command: SetVariables) -> Variables:
    """Give the variables as they are seen from where they are corrected."""
    large = work.large(instance)
    if command.activity:
        return kernel.visible(work.definition(instance).model, instance.state, command.activity, large)
    known = kernel.own_lookup(instance.state, large)
    return {name: value for name in command.variables for here, value in (known(name),) if here}


@handles(MoveToken)
def move_token(work: Work, command: MoveToken) -> None:
    """End what a token does and put it before another node of its body."""
    must_operate(work.actor)
    instance = _alive(work, command.instance_id)
    before, reason = instance.state, reason_given(command.reason)
    facts = {"to": command.target} | ({"over": command.over} if command.over else {})
    work.tell(instance, "token-moved", command.source, reason=reason, **facts)
    movement = advance(work, instance, asked_of(command))
    row = keep(work, instance, "move", reason, batch=command.batch, source=command.source, **facts)
    if not movement.lasting:
        undoable(work, row, instance, before)


@handles(RetryIncident)
def retry_incident(work: Work, command: RetryIncident) -> None:
    """Try again what failed: the outside action, or where it has ended what came after it, or the diagram's step."""
    must_operate(work.actor)
    instance, incident = work.lock_case_of(IncidentRow, command.incident_id)
    if instance.status != "running":
        raise InstanceNotRunning(status=instance.status)
    incident.state = step(INCIDENT, incident.state, "resolved")
    incident.resolved_at, incident.resolved_by = work.now, work.actor.username
    reason = reason_given(command.reason)
    keep(work, instance, "retry", reason, batch=command.batch, node=incident.node)
    if incident.job_id:
        work.tell(instance, "incident-resolved", incident.node, incident.activity, reason=reason)
        jobs.again(work, instance, incident.job_id)
    elif incident.activity:
        advance(work, instance, {"do": "retry", "activity": incident.activity, "reason": reason})
    else:
        work.tell(instance, "incident-resolved", incident.node, reason=reason)


@handles(Rehearse)
def rehearse(work: Work, command: Rehearse) -> Verdict:
    """Let the kernel do it and keep nothing; what service tasks would do in the database is not looked into."""
    must_operate(work.actor)
    instance = _alive(work, command.wanted.instance_id)
    about: Variables = {"instance_id": instance.id, "business_key": instance.business_key, "title": instance.title}
    definition = work.definition(instance)
    try:
        asked = asked_of(command.wanted)
        logic, large = definition.logic, work.large(instance)
        effects = kernel.advance(definition.model, instance.state, asked, work.now, logic, large=large).effects
    except (Conflict, Spinning) as error:
        refusal = Refusal(code=error.facts.get("code", "failed"), node=error.facts.get("node", ""), message=str(error))
        return Verdict(**about, kind="not-possible", refusals=[refusal])
    return Verdict(**about, kind="ok-with-changes" if effects else "ok", changes=effects)


def asked_of(command: MoveToken | SetVariables | TerminateInstance) -> Variables:
    """Give an intervention as a command of the kernel."""
    if isinstance(command, TerminateInstance):
        return {"do": "cancel"}
    if isinstance(command, SetVariables):
        return {"do": "change", "data": dict(command.variables), "activity": command.activity}
    asked = {"do": "move", "token": command.token, "from": command.source, "to": command.target}
    return asked | ({"over": command.over} if command.over else {})


def _alive(work: Work, instance_id: str) -> InstanceRow:
    instance = work.lock(instance_id)
    if instance.status not in ("running", "suspended"):
        raise InstanceNotRunning(status=instance.status)
    return instance
