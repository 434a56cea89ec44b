"""Photographs that prove rows in time, and keys by which rows are sent that were revoked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.base import Moment

revision = "0041"
down_revision = "0065"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take this step."""
    op.create_table(
        "row_photo",
        sa.Column("row_id", sa.String(32), nullable=False),
        sa.Column("media_type", sa.String(127), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("tenant", sa.String(63), nullable=False),
        sa.ForeignKeyConstraint(["row_id"], ["series_row.id"], name="fk_row_photo_row_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.key"], name="fk_row_photo_tenant"),
        sa.PrimaryKeyConstraint("row_id", name="pk_row_photo"),
    )
    op.create_table(
        "row_key",
        sa.Column("tenant", sa.String(63), nullable=False),
        sa.Column("register", sa.String(100), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("name", sa.String(250), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("revoked_at", Moment(), nullable=False),
        sa.Column("revoked_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.key"], name="fk_row_key_tenant"),
        sa.PrimaryKeyConstraint("tenant", "register", "kind", "name", name="pk_row_key"),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("row_key")
    op.drop_table("row_photo")
