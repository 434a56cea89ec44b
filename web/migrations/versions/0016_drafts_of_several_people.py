"""Drafts that several windows and people write, and whose end is told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.base import Moment

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take this step."""
    with op.batch_alter_table("draft") as table:
        table.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("tab", sa.String(40), nullable=False, server_default=""))
        table.add_column(sa.Column("share_hash", sa.String(64), nullable=True))
        table.add_column(sa.Column("warned_at", Moment(), nullable=True))


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("draft") as table:
        for name in ("warned_at", "share_hash", "tab", "revision"):
            table.drop_column(name)
