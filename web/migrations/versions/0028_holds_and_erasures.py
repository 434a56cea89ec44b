"""Holds on personal data and erasures that somebody asked for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take this step."""
    moment = sa.DateTime(timezone=True)
    value = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
    op.create_table(
        "legal_hold",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("tenant", sa.String(63), sa.ForeignKey("tenant.key", name="fk_legal_hold_tenant"), nullable=False),
        sa.Column("instance_id", sa.String(32), nullable=True),
        sa.Column("person", sa.String(255), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("placed_by", sa.String(150), nullable=False),
        sa.Column("placed_at", moment, nullable=False),
        sa.Column("lifted_by", sa.String(150), nullable=True),
        sa.Column("lifted_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_legal_hold"),
    )
    op.create_index("ix_legal_hold_list", "legal_hold", ["tenant", "placed_at"])
    op.create_table(
        "erasure",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("tenant", sa.String(63), sa.ForeignKey("tenant.key", name="fk_erasure_tenant"), nullable=False),
        sa.Column("subject", value, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("asked_by", sa.String(150), nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("decided_by", sa.String(150), nullable=True),
        sa.Column("decided_at", moment, nullable=True),
        sa.Column("done_at", moment, nullable=True),
        sa.Column("protocol", value, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_erasure"),
    )
    op.create_index("ix_erasure_list", "erasure", ["tenant", "asked_at"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("erasure")
    op.drop_table("legal_hold")
