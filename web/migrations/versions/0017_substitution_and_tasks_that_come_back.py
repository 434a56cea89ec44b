"""Substitution, and tasks that come back to whoever handed them over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

NEW = {
    "human_task": ("acting_for", "returns_to", "answered_by"),
    "history": ("acting_for",),
    "submission": ("acting_for",),
}


def upgrade() -> None:
    """Take this step."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "substitution",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("tenant", sa.String(63), nullable=False),
        sa.Column("absent", sa.String(150), nullable=False),
        sa.Column("substitute", sa.String(150), nullable=False),
        sa.Column("agenda", sa.String(100), nullable=True),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("arranged_at", moment, nullable=False),
        sa.Column("arranged_by", sa.String(150), nullable=False),
        sa.Column("cancelled_at", moment, nullable=True),
        sa.Column("cancelled_by", sa.String(150), nullable=True),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.key"], name="fk_substitution_tenant"),
        sa.PrimaryKeyConstraint("id", name="pk_substitution"),
    )
    op.create_index("ix_substitution_ends_on", "substitution", ["tenant", "ends_on"])
    for table, columns in NEW.items():
        for column in columns:
            op.add_column(table, sa.Column(column, sa.String(150), nullable=True))
    op.add_column("human_task", sa.Column("personal", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("human_task", "personal")
    for table, columns in NEW.items():
        for column in columns:
            op.drop_column(table, column)
    op.drop_index("ix_substitution_ends_on", "substitution")
    op.drop_table("substitution")
