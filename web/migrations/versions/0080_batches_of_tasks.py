"""The same done with many tasks by a worker; people are told what belongs to no case."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.base import JsonText, JsonValue, Moment

revision = "0080"
down_revision = "0077"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take this step."""
    op.create_table(
        "task_batch",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("tenant", sa.String(63), nullable=False),
        sa.Column("username", sa.String(150), nullable=False),
        sa.Column("act", sa.String(10), nullable=False),
        sa.Column("recipient", sa.String(150), nullable=False),
        sa.Column("tasks", JsonText, nullable=False),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.Column("refused", JsonValue, nullable=False),
        sa.Column("given", JsonValue, nullable=False),
        sa.Column("begun_at", Moment(), nullable=False),
        sa.Column("taken_until", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.key"], name="fk_task_batch_tenant"),
        sa.PrimaryKeyConstraint("id", name="pk_task_batch"),
    )
    goes_on = sa.text("ended_at IS NULL")
    op.create_index("ix_task_batch_own", "task_batch", ["tenant", "username", "ended_at"])
    op.create_index(
        "ix_task_batch_waiting", "task_batch", ["taken_until"], sqlite_where=goes_on, postgresql_where=goes_on
    )
    with op.batch_alter_table("notification") as table:
        table.alter_column("instance_id", existing_type=sa.String(32), nullable=True)


def downgrade() -> None:
    """Take it back."""
    op.execute("DELETE FROM notification WHERE instance_id IS NULL")
    with op.batch_alter_table("notification") as table:
        table.alter_column("instance_id", existing_type=sa.String(32), nullable=False)
    op.drop_table("task_batch")
