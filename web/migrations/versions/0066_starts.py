"""Starts: what begins processes by itself, at a time or when a condition of the day comes true."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.base import Moment

revision = "0066"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take this step."""
    op.create_table(
        "process_start",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("tenant", sa.String(63), nullable=False),
        sa.Column("agenda", sa.String(100), nullable=False),
        sa.Column("process_key", sa.String(255), nullable=False),
        sa.Column("node", sa.String(255), nullable=False),
        sa.Column("which", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("due_at", Moment(), nullable=True),
        sa.Column("remaining", sa.Integer(), nullable=True),
        sa.Column("period", sa.String(60), nullable=True),
        sa.Column("origin", Moment(), nullable=True),
        sa.Column("passed", sa.Integer(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("problem", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.key"], name="fk_process_start_tenant"),
        sa.PrimaryKeyConstraint("id", name="pk_process_start"),
        sa.UniqueConstraint("tenant", "process_key", "node", "which", name="uq_process_start_node"),
    )
    op.create_index("ix_process_start_due_at", "process_start", ["due_at"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("process_start")
