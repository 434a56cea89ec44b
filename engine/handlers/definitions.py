"""Publishing agendas. What is published never changes; a change is a new version."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from sqlalchemy import select

from engine.commands import Deploy
from engine.diagram import Model, begins_with, groups_named
from engine.errors import Invalid, NotFound, PublishedMeanwhile, RefusedModel, ReviewWanted
from engine.handlers.beginnings import plan_starts
from engine.handlers.registers import deploy_registers
from engine.handlers.registry import handles
from engine.handlers.rights import must_publish
from engine.handlers.watch_plans import try_again_at_once
from engine.handlers.work import Work
from engine.ids import new_id
from engine.model import Deployed
from engine.store.definitions import AgendaGroupRow, DeploymentFileRow, DeploymentRow, ProcessDefinitionRow
from engine.store.diagrams import diagrams_of, merged
from engine.store.people import GroupRow, TenantRow
from engine.store.reviews import wants_review


@handles(Deploy)
def deploy(work: Work, command: Deploy) -> Deployed:
    """Publish an agenda. The very same content again is the version that is there."""
    must_publish(work.actor)
    newest = newest_deployment(work, command.agenda)
    differs = newest is not None and newest.content_hash != content_hash(command)
    if differs and work.actor.kind != "system" and wants_review(work.session, work.tenant):
        raise ReviewWanted
    return put_out(work, command)


def put_out(work: Work, command: Deploy) -> Deployed:
    """Publish what is known to be approved where an organisation wants that."""
    must_publish(work.actor)
    lock_tenant(work)
    newest = newest_deployment(work, command.agenda)
    if command.over is not None and command.over != (newest.version if newest else 0):
        raise PublishedMeanwhile
    digest = content_hash(command)
    models = diagrams_of(command.files)
    if newest and newest.content_hash == digest:
        # What an earlier release published without planning its starts is planned now.
        plan_starts(work, command.agenda, models)
        return _deployed(work, newest, changed=False)
    _refuse_wrong(models)
    row = _write(work, command, (newest.version if newest else 0) + 1, digest)
    _write_definitions(work, row, models, command.series)
    _write_groups(work, command.groups)
    _let_in(work, command.agenda, {*command.groups, *groups_named(*models.values())})
    deploy_registers(work, row, command.files)
    plan_starts(work, command.agenda, models)
    try_again_at_once(work)
    return _deployed(work, row, changed=True)


def content_hash(command: Deploy) -> str:
    """SHA-256 over all paths and contents, in the order of the paths."""
    digest = hashlib.sha256()
    for path in sorted(command.files):
        content = hashlib.sha256(command.files[path]).hexdigest()
        digest.update(f"{path}\0{content}\n".encode())
    return digest.hexdigest()


def lock_tenant(work: Work) -> None:
    """Let whoever publishes or begins to change wait for the other. Raises NotFound."""
    statement = select(TenantRow.key).where(TenantRow.key == work.tenant).with_for_update()
    if work.session.execute(statement).first() is None:
        raise NotFound(f"There is no organisation {work.tenant!r}.", tenant=work.tenant)


def newest_deployment(work: Work, agenda: str) -> DeploymentRow | None:
    """Give the newest version of an agenda."""
    statement = (
        select(DeploymentRow)
        .where(DeploymentRow.tenant == work.tenant, DeploymentRow.agenda == agenda)
        .order_by(DeploymentRow.version.desc())
        .limit(1)
    )
    return work.session.execute(statement).scalar_one_or_none()


def _refuse_wrong(models: Mapping[str, Model]) -> None:
    merged(models)
    wrong = [problem for model in models.values() for problem in model.problems if problem.severity == "error"]
    if wrong:
        raise RefusedModel(f"{wrong[0].element}: {wrong[0].message}", problems=wrong)


def _write(work: Work, command: Deploy, version: int, digest: str) -> DeploymentRow:
    row = DeploymentRow(
        id=new_id(),
        tenant=work.tenant,
        agenda=command.agenda,
        version=version,
        title=dict(command.title),
        content_hash=digest,
        numbering=command.numbering,
        parameters=dict(command.parameters),
        parameter_changes=[dict(one) for one in command.parameter_changes],
        title_expression=command.title_expression,
        deployed_at=work.now,
        deployed_by=work.actor.username,
    )
    work.session.add(row)
    work.session.flush()
    work.session.add_all(
        DeploymentFileRow(id=new_id(), tenant=work.tenant, deployment_id=row.id, path=path, content=content)
        for path, content in sorted(command.files.items())
    )
    return row


def _write_definitions(
    work: Work, deployment: DeploymentRow, models: Mapping[str, Model], series: Mapping[str, str]
) -> None:
    for path, model in models.items():
        for key in model.processes:
            _refuse_foreign(work, deployment, key)
            process = model.nodes[key]
            work.session.add(
                ProcessDefinitionRow(
                    id=new_id(),
                    tenant=work.tenant,
                    deployment_id=deployment.id,
                    process_key=key,
                    version=deployment.version,
                    name=process.name or key,
                    path=path,
                    numbering=series.get(key, ""),
                    begins_with=list(begins_with(model, process)),
                )
            )
    work.session.flush()


def _refuse_foreign(work: Work, deployment: DeploymentRow, process_key: str) -> None:
    statement = (
        select(DeploymentRow.agenda)
        .join(ProcessDefinitionRow, ProcessDefinitionRow.deployment_id == DeploymentRow.id)
        .where(
            DeploymentRow.tenant == work.tenant,
            DeploymentRow.agenda != deployment.agenda,
            ProcessDefinitionRow.process_key == process_key,
        )
        .limit(1)
    )
    if agenda := work.session.execute(statement).scalar_one_or_none():
        raise Invalid(f"The process {process_key} belongs to the agenda {agenda}.", process=process_key)


def _write_groups(work: Work, groups: Mapping[str, Mapping[str, str]]) -> None:
    statement = select(GroupRow).where(GroupRow.tenant == work.tenant, GroupRow.key.in_(groups))
    known = {row.key: row for row in work.session.execute(statement).scalars()}
    for key, title in groups.items():
        if key in known:
            known[key].title = dict(title)
        else:
            work.session.add(GroupRow(id=new_id(), tenant=work.tenant, key=key, title=dict(title)))


def _let_in(work: Work, agenda: str, groups: set[str]) -> None:
    """Let groups work in an agenda. None is ever taken away: older cases are still its own."""
    own = select(AgendaGroupRow.group_key).where(AgendaGroupRow.tenant == work.tenant, AgendaGroupRow.agenda == agenda)
    new = groups - set(work.session.scalars(own))
    work.session.add_all(
        AgendaGroupRow(id=new_id(), tenant=work.tenant, agenda=agenda, group_key=key) for key in sorted(new)
    )


def _deployed(work: Work, row: DeploymentRow, *, changed: bool) -> Deployed:
    statement = (
        select(ProcessDefinitionRow.process_key)
        .where(ProcessDefinitionRow.deployment_id == row.id, ProcessDefinitionRow.tenant == work.tenant)
        .order_by(ProcessDefinitionRow.process_key)
    )
    keys = work.session.execute(statement).scalars().all()
    return Deployed(
        deployment_id=row.id, agenda=row.agenda, version=row.version, changed=changed, process_keys=list(keys)
    )
