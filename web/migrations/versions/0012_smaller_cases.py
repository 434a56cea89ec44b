"""What makes a case smaller: tasks without an assignee are not in the index of assignees, history is plain JSON."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ASSIGNED = sa.text("assignee IS NOT NULL")


def upgrade() -> None:
    """Take this step."""
    op.drop_index("ix_human_task_mine", table_name="human_task")
    op.create_index(
        "ix_human_task_mine",
        "human_task",
        ["tenant", "assignee", "state"],
        sqlite_where=ASSIGNED,
        postgresql_where=ASSIGNED,
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE history ALTER COLUMN facts TYPE json USING facts::json")


def downgrade() -> None:
    """Take it back."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE history ALTER COLUMN facts TYPE jsonb USING facts::jsonb")
    op.drop_index("ix_human_task_mine", table_name="human_task")
    op.create_index("ix_human_task_mine", "human_task", ["tenant", "state", "assignee"])
