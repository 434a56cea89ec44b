"""When people ended their sessions everywhere else."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.base import Moment

revision = "0046"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take this step."""
    op.add_column("person", sa.Column("sessions_ended_at", Moment(), nullable=True))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("person", "sessions_ended_at")
