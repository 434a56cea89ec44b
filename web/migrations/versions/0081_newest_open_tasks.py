"""Open tasks in the order in which they came: an inbox by the newest read and sorted all of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0081"
down_revision = "0078"
branch_labels = None
depends_on = None

_OPEN = sa.text("state IN ('claimed', 'open')")


def upgrade() -> None:
    """Take this step."""
    op.create_index(
        "ix_human_task_open_newest", "human_task", ["tenant", "opened_at"], sqlite_where=_OPEN, postgresql_where=_OPEN
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_human_task_open_newest", "human_task")
