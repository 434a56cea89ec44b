"""When people signed in the last time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.base import Moment

revision = "0024"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take this step."""
    op.add_column("person", sa.Column("signed_in_at", Moment(), nullable=True))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("person", "signed_in_at")
