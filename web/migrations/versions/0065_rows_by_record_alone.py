"""Rows in time are found by their record: an index of all that count led planners through every row of a register."""

from __future__ import annotations

from alembic import op

revision = "0065"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take this step."""
    op.drop_index("ix_series_row_state", "series_row")


def downgrade() -> None:
    """Take it back."""
    op.create_index("ix_series_row_state", "series_row", ["tenant", "register", "state"])
