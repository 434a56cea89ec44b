"""Published process definitions as the kernel needs them: read once, shared by all cases, never changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.diagram import Model, groups_named
from engine.errors import NotFound
from engine.handlers.logic import logic_of
from engine.kernel.logic import Logic
from engine.model import Json, Variables
from engine.shelf import Shelf
from engine.store.definitions import DeploymentFileRow, DeploymentRow, ProcessDefinitionRow
from engine.store.diagrams import diagrams_of, merged


@dataclass(frozen=True, kw_only=True)
class Definition:
    """One version of a process, ready to run."""

    id: str
    process_key: str
    version: int
    #: All diagrams of the agenda, so that a call activity finds what it calls.
    model: Model
    logic: Logic
    numbering: str
    parameters: Variables
    #: What begins to hold on a day, the earliest first.
    parameter_changes: Sequence[Mapping[str, Json]]
    #: Starlark over the case's variables that gives its title.
    title_expression: str

    def parameters_on(self, day: date) -> dict[str, Json]:
        """Give the values that hold on a day."""
        held = dict(self.parameters)
        for change in self.parameter_changes:
            if change["from"] <= day.isoformat():
                held |= change["values"]
        return held

    @cached_property
    def groups(self) -> frozenset[str]:
        """The groups for which there is work in the agenda's diagrams."""
        return frozenset(groups_named(self.model))


class Published:
    """The definitions used lately, by id."""

    def __init__(self, most: int = 200) -> None:
        self._known: Shelf[Definition] = Shelf(most)

    def known(self, tenant: str, definition_id: str) -> Definition | None:
        """Give a definition that was used lately."""
        return self._known.known((tenant, definition_id))

    def by_id(self, session: Session, tenant: str, definition_id: str) -> Definition:
        """Give a definition, read from its deployment where it isn't known yet."""
        return self._known.get((tenant, definition_id), lambda: _read(session, tenant, definition_id))


def files_of(session: Session, tenant: str, deployment_id: str) -> Mapping[str, bytes]:
    """Give the files of a deployment by path."""
    statement = select(DeploymentFileRow.path, DeploymentFileRow.content).where(
        DeploymentFileRow.deployment_id == deployment_id, DeploymentFileRow.tenant == tenant
    )
    return {path: content for path, content in session.execute(statement)}


def _read(session: Session, tenant: str, definition_id: str) -> Definition:
    statement = (
        select(ProcessDefinitionRow, DeploymentRow)
        .join(DeploymentRow, DeploymentRow.id == ProcessDefinitionRow.deployment_id)
        .where(ProcessDefinitionRow.id == definition_id, ProcessDefinitionRow.tenant == tenant)
    )
    found = session.execute(statement).one_or_none()
    if found is None:
        raise NotFound
    row, deployment = found
    files = files_of(session, tenant, deployment.id)
    return Definition(
        id=row.id,
        process_key=row.process_key,
        version=row.version,
        model=merged(diagrams_of(files)),
        logic=logic_of(files),
        numbering=row.numbering or deployment.numbering,
        parameters=dict(deployment.parameters),
        parameter_changes=tuple(deployment.parameter_changes),
        title_expression=deployment.title_expression,
    )
