"""Published agendas. Immutable: a change is a new version."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, LargeBinary, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, aliased, mapped_column

from engine.ids import new_id
from engine.store.base import Base, Owned


class DeploymentRow(Owned, Base):
    """One act of publishing an agenda."""

    __tablename__ = "deployment"
    __table_args__ = (UniqueConstraint("tenant", "agenda", "version"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    agenda: Mapped[str] = mapped_column(String(100))
    version: Mapped[int]
    title: Mapped[dict[str, Any]]
    #: SHA-256 over all paths and contents: the same content is the same version.
    content_hash: Mapped[str] = mapped_column(String(64))
    numbering: Mapped[str]
    parameters: Mapped[dict[str, Any]]
    #: Starlark over the variables of a case that gives its title; "" = the applicant's name.
    title_expression: Mapped[str] = mapped_column(default="")
    deployed_at: Mapped[datetime]
    deployed_by: Mapped[str]


class AgendaGroupRow(Owned, Base):
    """A group that some version of an agenda names: its members work in the agenda and read its cases."""

    __tablename__ = "agenda_group"
    __table_args__ = (UniqueConstraint("tenant", "agenda", "group_key"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    agenda: Mapped[str] = mapped_column(String(100))
    group_key: Mapped[str] = mapped_column(String(100))


class DeploymentFileRow(Owned, Base):
    """A file of a deployment, by its path inside the agenda's folder."""

    __tablename__ = "deployment_file"
    __table_args__ = (UniqueConstraint("deployment_id", "path"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    deployment_id: Mapped[str] = mapped_column(ForeignKey("deployment.id"))
    path: Mapped[str] = mapped_column(String(255))
    content: Mapped[bytes] = mapped_column(LargeBinary)


class ProcessDefinitionRow(Owned, Base):
    """An executable process of a deployment."""

    __tablename__ = "process_definition"
    __table_args__ = (
        UniqueConstraint("tenant", "process_key", "version"),
        Index("ix_process_definition_deployment_id", "deployment_id"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    deployment_id: Mapped[str] = mapped_column(ForeignKey("deployment.id"))
    #: BPMN id of the process
    process_key: Mapped[str] = mapped_column(String(255))
    #: Version of the deployment.
    version: Mapped[int]
    name: Mapped[str]
    #: Path of the BPMN file in the deployment.
    path: Mapped[str]
    #: Number series of its cases; "" = the agenda's.
    numbering: Mapped[str] = mapped_column(default="")
    #: Messages and signals that begin a case: [{"kind", "name", "node"}]
    begins_with: Mapped[list[Any]]


def is_newest(tenant: str) -> ColumnElement[bool]:
    """Of DeploymentRow: it is the newest version of its agenda."""
    other = aliased(DeploymentRow)
    newest = select(func.max(other.version)).where(other.tenant == tenant, other.agenda == DeploymentRow.agenda)
    return DeploymentRow.version == newest.scalar_subquery()
