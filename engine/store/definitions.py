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
    #: Values that begin to hold on a day, the earliest first: {"from": "2027-01-01", "values": {…}}.
    parameter_changes: Mapped[list[Any]] = mapped_column(default=list)
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


class ProcessStartRow(Owned, Base):
    """What begins cases of a process's newest version by itself: one timer or condition of a start event."""

    __tablename__ = "process_start"
    __table_args__ = (
        UniqueConstraint("tenant", "process_key", "node", "which", name="uq_process_start_node"),
        Index("ix_process_start_due_at", "due_at"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    agenda: Mapped[str] = mapped_column(String(100))
    process_key: Mapped[str] = mapped_column(String(255))
    node: Mapped[str] = mapped_column(String(255))
    #: Which event definition of the node.
    which: Mapped[int]
    #: timeDate, timeDuration, timeCycle or condition
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str]
    #: When it begins a case, or its condition is looked at; None = never again.
    due_at: Mapped[datetime | None]
    #: A cycle: how often still (None for ever), the time between, what it counts from and how many are behind.
    remaining: Mapped[int | None]
    period: Mapped[str | None] = mapped_column(String(60))
    origin: Mapped[datetime | None]
    passed: Mapped[int] = mapped_column(default=0)
    #: Whether its condition held when last looked at.
    held: Mapped[bool] = mapped_column(default=False)
    #: Why it failed when it was last tried.
    problem: Mapped[str] = mapped_column(default="")


def is_newest(tenant: str) -> ColumnElement[bool]:
    """Of DeploymentRow: it is the newest version of its agenda."""
    other = aliased(DeploymentRow)
    newest = select(func.max(other.version)).where(other.tenant == tenant, other.agenda == DeploymentRow.agenda)
    return DeploymentRow.version == newest.scalar_subquery()
