"""The nearest period of a case at its open tasks, so that an inbox sorted by it reads an index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.base import Moment

revision = "0068"
down_revision = "0072"
branch_labels = None
depends_on = None

_NEAREST = """UPDATE human_task SET case_due_at = (SELECT min(deadline.due_at) FROM deadline
WHERE deadline.instance_id = human_task.instance_id AND deadline.state = 'running')
WHERE state IN ('claimed', 'open')"""


def upgrade() -> None:
    """Take this step."""
    op.add_column("human_task", sa.Column("case_due_at", Moment(), nullable=True))
    op.execute(_NEAREST)
    still_open = sa.text("state IN ('claimed', 'open')")
    op.create_index(
        "ix_human_task_open_case_due",
        "human_task",
        ["tenant", "case_due_at"],
        sqlite_where=still_open,
        postgresql_where=still_open,
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_human_task_open_case_due", "human_task")
    op.drop_column("human_task", "case_due_at")
