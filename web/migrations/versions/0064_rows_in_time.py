"""Rows in time under records, and what they count by day, month and year."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.base import JsonText, Moment

revision = "0064"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take this step."""
    op.create_table(
        "series_row",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("register", sa.String(100), nullable=False),
        sa.Column("record_id", sa.String(32), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("mark", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("source_key", sa.String(120), nullable=False),
        sa.Column("supersedes", sa.String(32), nullable=True),
        sa.Column("data", JsonText, nullable=False),
        sa.Column("written_at", Moment(), nullable=False),
        sa.Column("written_by", sa.String(), nullable=False),
        sa.Column("instance_id", sa.String(32), nullable=True),
        sa.Column("tenant", sa.String(63), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["register_record.id"], name="fk_series_row_record_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.key"], name="fk_series_row_tenant"),
        sa.PrimaryKeyConstraint("id", name="pk_series_row"),
        sa.UniqueConstraint("record_id", "register", "source_key", name="uq_series_row_source"),
    )
    op.create_index("ix_series_row_time", "series_row", ["record_id", "register", "channel", "at"])
    op.create_index("ix_series_row_state", "series_row", ["tenant", "register", "state"])
    op.create_table(
        "series_total",
        sa.Column("register", sa.String(100), nullable=False),
        sa.Column("record_id", sa.String(32), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("span", sa.String(5), nullable=False),
        sa.Column("period", sa.String(10), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("tenant", sa.String(63), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["register_record.id"], name="fk_series_total_record_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.key"], name="fk_series_total_tenant"),
        sa.PrimaryKeyConstraint("register", "record_id", "channel", "span", "period", name="pk_series_total"),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("series_total")
    op.drop_table("series_row")
