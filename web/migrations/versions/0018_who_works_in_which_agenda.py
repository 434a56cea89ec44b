"""Which groups work in which agenda."""

from __future__ import annotations

import tomllib
import uuid
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from engine.diagram import groups_named
from engine.errors import EngineError
from engine.reading import read_model

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

DEPLOYMENT = sa.table("deployment", sa.column("id"), sa.column("tenant"), sa.column("agenda"))
FILE = sa.table("deployment_file", sa.column("deployment_id"), sa.column("path"), sa.column("content", sa.LargeBinary))


def upgrade() -> None:
    """Take this step."""
    table = op.create_table(
        "agenda_group",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("agenda", sa.String(length=100), nullable=False),
        sa.Column("group_key", sa.String(length=100), nullable=False),
        sa.Column("tenant", sa.String(length=63), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.key"], name=op.f("fk_agenda_group_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_group")),
        sa.UniqueConstraint("tenant", "agenda", "group_key", name=op.f("uq_agenda_group_tenant_agenda_group_key")),
    )
    named = sorted(set(_named()))
    if named:
        rows = [{"id": uuid.uuid4().hex, "tenant": one[0], "agenda": one[1], "group_key": one[2]} for one in named]
        op.bulk_insert(table, rows)


def _named() -> Iterator[tuple[str, str, str]]:
    """Tenant, agenda and group of everything published so far."""
    found = sa.select(DEPLOYMENT.c.tenant, DEPLOYMENT.c.agenda, FILE.c.path, FILE.c.content)
    found = found.join(FILE, FILE.c.deployment_id == DEPLOYMENT.c.id)
    found = found.where(sa.or_(FILE.c.path == "agenda.toml", FILE.c.path.like("%.bpmn")))
    for tenant, agenda, path, content in op.get_bind().execute(found):
        for group in _of_manifest(content) if path == "agenda.toml" else _of_diagram(content):
            yield tenant, agenda, group


def _of_manifest(content: bytes) -> Iterator[str]:
    try:
        yield from tomllib.loads(content.decode()).get("groups", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return


def _of_diagram(content: bytes) -> Iterator[str]:
    try:
        yield from groups_named(read_model(content))
    except EngineError:
        return


def downgrade() -> None:
    """Take it back."""
    op.drop_table("agenda_group")
