"""Indexes of inboxes hold open tasks only: what is done stays in them for years without a reader."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0078"
down_revision = "0080"
branch_labels = None
depends_on = None

_OPEN = sa.text("state IN ('claimed', 'open')")
_OPEN_NAMED = sa.text("candidates IS NOT NULL AND state IN ('claimed', 'open')")
_NAMED = sa.text("candidates IS NOT NULL")
_GROUPED = ["tenant", "candidate_group", "due_at"]


def upgrade() -> None:
    """Take this step."""
    op.create_index("ix_human_task_open", "human_task", _GROUPED, sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_index(
        "ix_human_task_open_named", "human_task", ["tenant"], sqlite_where=_OPEN_NAMED, postgresql_where=_OPEN_NAMED
    )
    op.drop_index("ix_human_task_inbox", "human_task")
    op.drop_index("ix_human_task_named", "human_task")


def downgrade() -> None:
    """Take it back."""
    op.create_index("ix_human_task_inbox", "human_task", ["tenant", "state", "candidate_group", "due_at"])
    op.create_index(
        "ix_human_task_named", "human_task", ["tenant", "state"], sqlite_where=_NAMED, postgresql_where=_NAMED
    )
    op.drop_index("ix_human_task_open", "human_task")
    op.drop_index("ix_human_task_open_named", "human_task")
