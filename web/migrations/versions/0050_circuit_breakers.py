"""Circuit breakers of connectors, and the actions that wait for one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take this step."""
    op.create_table(
        "connector_breaker",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("tenant", sa.String(63), nullable=False),
        sa.Column("connector", sa.String(100), nullable=False),
        sa.Column("target", sa.String(255), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(20), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("job_id", sa.String(32), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.key"], name="fk_connector_breaker_tenant"),
        sa.PrimaryKeyConstraint("id", name="pk_connector_breaker"),
        sa.UniqueConstraint("tenant", "connector", "target", name="uq_connector_breaker_tenant_connector_target"),
    )
    op.add_column("job", sa.Column("spared", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("job", sa.Column("breaker_id", sa.String(32), nullable=True))
    held = sa.text("breaker_id IS NOT NULL")
    op.create_index("ix_job_breaker_id", "job", ["breaker_id"], sqlite_where=held, postgresql_where=held)


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_job_breaker_id", "job")
    op.drop_column("job", "breaker_id")
    op.drop_column("job", "spared")
    op.drop_table("connector_breaker")
