"""What operators did to cases, and which workers are alive."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.base import JsonValue, Moment

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take this step."""
    op.create_table(
        "operation",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("batch", sa.String(length=32), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("actor", sa.String(length=150), nullable=False),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("facts", JsonValue, nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.String(length=64), nullable=True),
        sa.Column("definition_before", sa.String(length=32), nullable=True),
        sa.Column("tenant", sa.String(length=63), nullable=False),
        sa.ForeignKeyConstraint(
            ["definition_before"], ["process_definition.id"], name=op.f("fk_operation_definition_before")
        ),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instance.id"], name=op.f("fk_operation_instance_id")),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.key"], name=op.f("fk_operation_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operation")),
    )
    op.create_table(
        "worker",
        sa.Column("name", sa.String(length=150), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_worker")),
    )
    op.create_index("ix_operation_list", "operation", ["tenant", "at"])
    op.create_index("ix_operation_instance_id", "operation", ["instance_id"])
    op.create_index("ix_operation_batch", "operation", ["tenant", "batch"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("worker")
    op.drop_table("operation")
