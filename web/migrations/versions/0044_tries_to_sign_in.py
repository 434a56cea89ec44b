"""Tries to sign in that failed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.base import Moment

revision = "0044"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take this step."""
    op.create_table(
        "sign_in_tries",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("tenant", sa.String(63), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", Moment(), nullable=False),
        sa.Column("locked_until", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.key"], name="fk_sign_in_tries_tenant"),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_tries"),
        sa.UniqueConstraint("tenant", "kind", "key_hash", name="uq_sign_in_tries_tenant_kind_key_hash"),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("sign_in_tries")
