"""Answers of the API to be given again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.base import JsonValue, Moment

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take this step."""
    op.create_table(
        "api_answer",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("asker", sa.String(length=150), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("body", JsonValue, nullable=True),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("tenant", sa.String(length=63), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.key"], name=op.f("fk_api_answer_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_answer")),
        sa.UniqueConstraint("tenant", "asker", "key", name=op.f("uq_api_answer_tenant_asker_key")),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("api_answer")
