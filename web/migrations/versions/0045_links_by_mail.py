"""Links that are mailed to people of the staff, each to be used once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.base import Moment

revision = "0045"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take this step."""
    op.create_table(
        "mailed_link",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("tenant", sa.String(63), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("sent_at", Moment(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", Moment(), nullable=False),
        sa.Column("used_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.key"], name="fk_mailed_link_tenant"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_mailed_link_person_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_mailed_link"),
        sa.UniqueConstraint("secret_hash", name="uq_mailed_link_secret_hash"),
    )
    unsent = sa.text("sent_at IS NULL")
    op.create_index("ix_mailed_link_due", "mailed_link", ["next_at"], sqlite_where=unsent, postgresql_where=unsent)
    op.create_index("ix_mailed_link_person_id", "mailed_link", ["person_id"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("mailed_link")
