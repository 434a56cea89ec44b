"""Parameters of an agenda that begin to hold on a day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.base import JsonValue

revision = "0072"
down_revision = "0075"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take this step."""
    op.add_column("deployment", sa.Column("parameter_changes", JsonValue, nullable=False, server_default="[]"))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("deployment", "parameter_changes")
