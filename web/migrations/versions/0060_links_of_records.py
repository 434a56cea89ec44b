"""Records tied to one another."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.base import JsonValue, Moment

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take this step."""
    op.create_table(
        "register_link",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("tenant", sa.String(63), nullable=False),
        sa.Column("register", sa.String(100), nullable=False),
        sa.Column("record_id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("other_register", sa.String(100), nullable=False),
        sa.Column("other_id", sa.String(32), nullable=False),
        sa.Column("data", JsonValue, nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_in", sa.String(32), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=False),
        sa.Column("ended_in", sa.String(32), nullable=True),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.key"], name="fk_register_link_tenant"),
        sa.ForeignKeyConstraint(
            ["record_id"], ["register_record.id"], name="fk_register_link_record_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["register_record.id"], name="fk_register_link_other_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_register_link"),
    )
    live = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_register_link_live",
        "register_link",
        ["record_id", "name", "other_id"],
        unique=True,
        sqlite_where=live,
        postgresql_where=live,
    )
    op.create_index("ix_register_link_other", "register_link", ["other_id", "name"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("register_link")
