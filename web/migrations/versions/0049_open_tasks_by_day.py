"""Open tasks in the order of their days, and those that name people, whatever number of others is beside them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take this step."""
    still_open = sa.text("state IN ('claimed', 'open')")
    op.create_index(
        "ix_human_task_open_due",
        "human_task",
        ["tenant", "due_at"],
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
    named = sa.text("candidates IS NOT NULL")
    op.create_index(
        "ix_human_task_named", "human_task", ["tenant", "state"], sqlite_where=named, postgresql_where=named
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_human_task_named", "human_task")
    op.drop_index("ix_human_task_open_due", "human_task")
