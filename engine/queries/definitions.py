"""Published agendas: what is deployed, its files, its diagrams as models."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import Session, aliased

from engine.diagram import Model
from engine.dmn import Decisions, read_decisions
from engine.errors import NotFound
from engine.model import Json, Variables
from engine.queries.paging import Page, page_of
from engine.shelf import Shelf
from engine.store.definitions import DeploymentFileRow, DeploymentRow, ProcessDefinitionRow, is_newest
from engine.store.diagrams import diagrams_of, merged


@dataclass(frozen=True, kw_only=True)
class AgendaFacts:
    """A deployment of an agenda; where listed alone, the newest."""

    deployment_id: str
    agenda: str
    version: int
    title: Mapping[str, str]
    parameters: Variables
    deployed_at: datetime
    deployed_by: str
    #: Content of agenda.toml; b"" where the deployment has none.
    toml: bytes


@dataclass(frozen=True, kw_only=True)
class DefinitionFacts:
    """A process definition."""

    id: str
    process_key: str
    version: int
    name: str
    #: Of the BPMN file in its deployment.
    path: str
    deployment_id: str
    agenda: str
    begins_with: Sequence[Json]
    deployed_at: datetime


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which process definitions to list."""

    process_key: str | None = None
    #: Only the newest version of each process.
    newest: bool = False
    page: int = 1
    page_size: int = 50


def agendas(session: Session, tenant: str) -> Sequence[AgendaFacts]:
    """Give the newest deployment of every agenda, with its agenda.toml: the services of the portal are there."""
    return _agendas(session, tenant, is_newest(tenant))


def agenda_versions(session: Session, tenant: str, agenda: str) -> Sequence[AgendaFacts]:
    """Give all deployments of an agenda, the newest first."""
    return sorted(_agendas(session, tenant, DeploymentRow.agenda == agenda), key=lambda one: -one.version)


def _agendas(session: Session, tenant: str, which: ColumnElement[bool]) -> Sequence[AgendaFacts]:
    toml = (DeploymentFileRow.deployment_id == DeploymentRow.id) & (DeploymentFileRow.path == "agenda.toml")
    rows = session.execute(
        select(DeploymentRow, DeploymentFileRow.content)
        .outerjoin(DeploymentFileRow, toml)
        .where(DeploymentRow.tenant == tenant, which)
        .order_by(DeploymentRow.agenda)
    )
    return [
        AgendaFacts(
            deployment_id=row.id,
            agenda=row.agenda,
            version=row.version,
            title=row.title,
            parameters=row.parameters,
            deployed_at=row.deployed_at,
            deployed_by=row.deployed_by,
            toml=content or b"",
        )
        for row, content in rows
    ]


def file_of(session: Session, tenant: str, deployment_id: str, path: str) -> bytes:
    """Give a file of a deployment. Raises NotFound."""
    content = session.scalar(
        select(DeploymentFileRow.content)
        .where(DeploymentFileRow.tenant == tenant, DeploymentFileRow.deployment_id == deployment_id)
        .where(DeploymentFileRow.path == path)
    )
    if content is None:
        raise NotFound(f"The agenda has no file {path!r}.")
    return content


def files_of(session: Session, tenant: str, deployment_id: str, folder: str = "") -> Mapping[str, bytes]:
    """Give the files of a deployment by path, all or those of a folder, `forms/`."""
    rows = session.execute(
        select(DeploymentFileRow.path, DeploymentFileRow.content)
        .where(DeploymentFileRow.tenant == tenant, DeploymentFileRow.deployment_id == deployment_id)
        .where(DeploymentFileRow.path.startswith(folder, autoescape=True))
        .order_by(DeploymentFileRow.path)
    )
    return dict(rows.all())


def definition_file(session: Session, tenant: str, definition_id: str, path: str | None = None) -> bytes:
    """Give a file of the deployment that a definition belongs to; its own diagram without a path."""
    facts = definition(session, tenant, definition_id)
    return file_of(session, tenant, facts.deployment_id, path or facts.path)


def definition(session: Session, tenant: str, definition_id: str) -> DefinitionFacts:
    """Give a process definition by its id. Raises NotFound."""
    return _facts.get((tenant, definition_id), lambda: _one(session, tenant, ProcessDefinitionRow.id == definition_id))


def newest_definition(session: Session, tenant: str, process_key: str) -> DefinitionFacts:
    """Give the version of a process that a new case would run on. Raises NotFound."""
    return _one(session, tenant, ProcessDefinitionRow.process_key == process_key)


def definitions(session: Session, tenant: str) -> Sequence[DefinitionFacts]:
    """Give all versions of all processes, the newest of each first."""
    return _definitions(session, tenant, ProcessDefinitionRow.tenant == tenant)


def begun_elsewhere(session: Session, tenant: str, agenda: str) -> Mapping[str, Mapping[str, str]]:
    """Give the messages that begin processes of other agendas, each with those processes and their agendas."""
    found: dict[str, dict[str, str]] = {}
    for one in map(_read, session.execute(_query(tenant, is_newest(tenant), DeploymentRow.agenda != agenda))):
        for begin in one.begins_with:
            if begin["kind"] == "message":
                found.setdefault(begin["name"], {})[one.process_key] = one.agenda
    return found


def definitions_page(session: Session, tenant: str, wanted: Wanted) -> Page[DefinitionFacts]:
    """List versions of processes, the newest of each first."""
    query = _query(tenant, *_filters(wanted))
    return page_of(session, query, _read, wanted.page, wanted.page_size)


def _filters(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.process_key:
        yield ProcessDefinitionRow.process_key == wanted.process_key
    if wanted.newest:
        other = aliased(ProcessDefinitionRow)
        same = (other.tenant == ProcessDefinitionRow.tenant, other.process_key == ProcessDefinitionRow.process_key)
        yield ProcessDefinitionRow.version == select(func.max(other.version)).where(*same).scalar_subquery()


def _one(session: Session, tenant: str, which: ColumnElement[bool]) -> DefinitionFacts:
    found = _definitions(session, tenant, which)
    if not found:
        raise NotFound
    return found[0]


def _definitions(session: Session, tenant: str, which: ColumnElement[bool]) -> Sequence[DefinitionFacts]:
    return [_read(row) for row in session.execute(_query(tenant, which))]


def _query(tenant: str, *which: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(ProcessDefinitionRow, DeploymentRow.agenda, DeploymentRow.deployed_at)
        .join(DeploymentRow, DeploymentRow.id == ProcessDefinitionRow.deployment_id)
        .where(ProcessDefinitionRow.tenant == tenant, *which)
        .order_by(ProcessDefinitionRow.process_key, ProcessDefinitionRow.version.desc())
    )


def _read(found: Row[*tuple[Any, ...]]) -> DefinitionFacts:
    row, agenda, deployed_at = found
    return DefinitionFacts(
        id=row.id,
        process_key=row.process_key,
        version=row.version,
        name=row.name or row.process_key,
        path=row.path,
        deployment_id=row.deployment_id,
        agenda=agenda,
        begins_with=row.begins_with,
        deployed_at=deployed_at,
    )


# --- diagrams --------------------------------------------------------------------------------------------------------

_facts: Shelf[DefinitionFacts] = Shelf(1_000)
_models: Shelf[Model] = Shelf(50)
_decisions: Shelf[Decisions] = Shelf(50)


def model_of(session: Session, tenant: str, definition_id: str) -> Model:
    """Give all diagrams of the deployment as one model. A deployment never changes, so it is read once."""
    deployment = definition(session, tenant, definition_id).deployment_id
    return _models.get((tenant, deployment), lambda: merged(diagrams_of(files_of(session, tenant, deployment))))


def decisions_of(session: Session, tenant: str, definition_id: str) -> Decisions:
    """Give all decision tables of the deployment, read once."""
    deployment = definition(session, tenant, definition_id).deployment_id

    def read() -> Decisions:
        files = files_of(session, tenant, deployment)
        return read_decisions(*(files[path] for path in sorted(files) if path.endswith(".dmn")))

    return _decisions.get((tenant, deployment), read)
