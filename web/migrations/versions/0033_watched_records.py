"""Watched records: what a date or a change in a register sets off, once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.base import Moment

revision = "0033"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take this step."""
    op.create_table(
        "register_watch",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("register", sa.String(100), nullable=False),
        sa.Column("record_id", sa.String(32), nullable=False),
        sa.Column("watch", sa.String(64), nullable=False),
        sa.Column("counted_by", sa.String(64), nullable=False),
        sa.Column("occasion", sa.String(32), nullable=False),
        sa.Column("period", sa.String(32), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("fired_at", Moment(), nullable=True),
        sa.Column("case_id", sa.String(32), nullable=True),
        sa.Column("problem", sa.String(), nullable=False),
        sa.Column("tenant", sa.String(63), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["register_record.id"], name="fk_register_watch_record_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.key"], name="fk_register_watch_tenant"),
        sa.PrimaryKeyConstraint("id", name="pk_register_watch"),
        sa.UniqueConstraint(
            "tenant", "record_id", "watch", "counted_by", "occasion", "period", name="uq_register_watch_occasion"
        ),
    )
    op.create_index("ix_register_watch_due", "register_watch", ["state", "due_at"])
    op.create_index("ix_register_watch_record_id", "register_watch", ["record_id"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("register_watch")
