"""Starting cases."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from engine.calendar import day_in_prague
from engine.commands import StartInstance
from engine.diagram import StartForm
from engine.entitled import STAFF
from engine.errors import Conflict, Invalid, NotAllowed, NotFound
from engine.handlers import drafts, numbers, papers
from engine.handlers.movement import advance, attempt
from engine.handlers.published import Definition
from engine.handlers.registry import handles
from engine.handlers.work import Work
from engine.ids import new_id_in_order
from engine.model import ROLE_ADMIN, ROLE_OPERATOR, Actor, Applicant, Json, Started, SubmittedForm, Variables
from engine.store.cases import InstanceRow
from engine.store.definitions import DeploymentRow, ProcessDefinitionRow, is_newest


@handles(StartInstance)
def start_instance(work: Work, command: StartInstance) -> Started:
    """Start a case of the newest version. A draft sent twice leads to the case that it has become."""
    if command.draft_id and (there := drafts.draft_leads_to(work, command.draft_id)):
        return _started(work.lock(there))
    definition = newest(work, command.process_key)
    _must_be_able_to_start(work.actor, definition)
    if command.received_on and command.received_on > day_in_prague(work.now):
        raise Invalid("It can't have been received in the future.")
    instance, secret = open_case(work, definition, command.applicant or Applicant(), command.business_key)
    if command.submission:
        keep_submission(work, instance, command.submission, command.draft_id)
    begin(work, instance, definition, {"data": command.variables}, command.received_on)
    return _started(instance, secret)


def newest(work: Work, process_key: str) -> Definition:
    """Give the newest version of a process."""
    statement = (
        select(ProcessDefinitionRow.id)
        .where(ProcessDefinitionRow.tenant == work.tenant, ProcessDefinitionRow.process_key == process_key)
        .order_by(ProcessDefinitionRow.version.desc())
        .limit(1)
    )
    definition_id = work.session.execute(statement).scalar_one_or_none()
    if definition_id is None:
        raise NotFound(f"No process {process_key!r} is deployed here.", process=process_key)
    return work.published.by_id(work.session, work.tenant, definition_id)


def begun_by(work: Work, kind: str, name: str, targets: list[str]) -> list[tuple[Definition, str]]:
    """Give the processes, in their newest versions, that begin with a message or signal, and at which node.

    They come by their keys; a message begins the first. `targets` are nodes, or `process#node`.
    """
    statement = (
        select(ProcessDefinitionRow.process_key, ProcessDefinitionRow.id, ProcessDefinitionRow.begins_with)
        .join(DeploymentRow, DeploymentRow.id == ProcessDefinitionRow.deployment_id)
        .where(ProcessDefinitionRow.tenant == work.tenant, is_newest(work.tenant))
    )
    # Sorted here: the databases' alphabets differ.
    return [
        (work.published.by_id(work.session, work.tenant, definition_id), begin["node"])
        for key, definition_id, begins_with in sorted(work.session.execute(statement), key=lambda row: row[0])
        for begin in begins_with
        if begin["kind"] == kind
        and begin["name"] == name
        and (not targets or not {begin["node"], f"{key}#{begin['node']}"}.isdisjoint(targets))
    ]


def _is_meant(process: str, node: str, targets: list[str]) -> bool:
    return not targets or node in targets or f"{process}#{node}" in targets


def open_case(
    work: Work, definition: Definition, applicant: Applicant, business_key: str | None = None
) -> tuple[InstanceRow, str]:
    """Write the row of a case that hasn't begun to move; gives it with the secret for following it."""
    secret = secrets.token_urlsafe(24)
    instance = InstanceRow(
        id=new_id_in_order(),
        tenant=work.tenant,
        definition_id=definition.id,
        process_key=definition.process_key,
        version=definition.version,
        business_key=_free_key(work, business_key) if business_key else _next_number(work, definition.numbering),
        status="running",
        state="",
        title=applicant.name,
        applicant_name=applicant.name,
        applicant_email=applicant.email,
        applicant_ico=applicant.ico,
        applicant_username=applicant.username,
        language=applicant.language,
        secret_hash=hashlib.sha256(secret.encode()).hexdigest(),
        started_at=work.now,
        started_by=work.actor.username,
    )
    work.session.add(instance)
    work.tell(instance, "case-started", process=definition.process_key, number=instance.business_key)
    return instance, secret


def begin_untold(work: Work, instance: InstanceRow, definition: Definition, how: Mapping[str, Json]) -> None:
    """Let a case move that nobody stands by to hear of; one that never rests is held at its start, as an incident."""
    command = _start_command(instance, definition, how, None)
    if problem := attempt(work, instance, command):
        advance(work, instance, command | {"held": problem})


def begin(
    work: Work, instance: InstanceRow, definition: Definition, how: Mapping[str, Json], received_on: date | None = None
) -> None:
    """Let a new case move; `how` holds data, and at and payload where an event begins it."""
    advance(work, instance, _start_command(instance, definition, how, received_on))


def _start_command(
    instance: InstanceRow, definition: Definition, how: Mapping[str, Json], received_on: date | None
) -> dict[str, Json]:
    started_on = day_in_prague(instance.started_at)
    # § 44 of the Administrative Code: a proceeding begins on the day the request came to the office.
    begun_on = received_on or started_on
    variables: Variables = dict(how.get("data") or {}) | {
        "parameters": definition.parameters_on(begun_on),
        "case": {
            "number": instance.business_key,
            "started_on": started_on.isoformat(),
            "received_on": begun_on.isoformat(),
            "applicant_name": instance.applicant_name,
            "applicant_email": instance.applicant_email,
        },
    }
    return {"do": "start", "process": definition.process_key} | dict(how) | {"data": variables}


def keep_submission(work: Work, instance: InstanceRow, submission: SubmittedForm, draft_id: str | None = None) -> None:
    """Keep the form that begins a case word for word, with its files; its draft ends."""
    work.session.flush()
    papers.adopt_attachments(work, instance, submission.attachments, draft_id)
    row = papers.record_submission(work, instance, submission)
    if draft_id:
        drafts.end_draft(work, draft_id, instance)
    work.tell(instance, "form-submitted", **papers.told_of(row, submission))


def _must_be_able_to_start(actor: Actor, definition: Definition) -> None:
    form = _start_form(definition)
    if actor.kind == "system" or (form is not None and form.audience == "public"):
        return
    if actor.kind not in STAFF or (form is not None and form.group and form.group not in actor.groups):
        raise NotAllowed
    # A called process relies on what was decided before it: by itself it would pay out or strike off unasked.
    if form is None and _is_called(definition) and not actor.groups & {ROLE_OPERATOR, ROLE_ADMIN}:
        raise NotAllowed("This process is a part of another one; only an operator may start it by itself.")


def _is_called(definition: Definition) -> bool:
    return any(node.called == definition.process_key for node in definition.model.nodes.values())


def _start_form(definition: Definition) -> StartForm | None:
    nodes = definition.model.nodes
    return next((nodes[node].start for node in nodes[definition.process_key].starts if nodes[node].start), None)


def _next_number(work: Work, series: str) -> str:
    """Draw a case's number, passing over those that programs have given to cases themselves."""
    while _is_taken(work, number := numbers.draw(work, series)):
        pass
    return number


def _is_taken(work: Work, business_key: str) -> bool:
    statement = select(InstanceRow.id).where(
        InstanceRow.tenant == work.tenant, InstanceRow.business_key == business_key
    )
    return work.session.execute(statement).first() is not None


def _free_key(work: Work, business_key: str) -> str:
    if _is_taken(work, business_key):
        raise Conflict("There is a case with this number already.", business_key=business_key)
    return business_key


def _started(instance: InstanceRow, secret: str | None = None) -> Started:
    return Started(
        instance_id=instance.id,
        business_key=instance.business_key,
        status=instance.status,
        version=instance.version,
        secret=secret,
    )
