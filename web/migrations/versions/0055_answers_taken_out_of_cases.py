"""What was taken out of cases that stay: made anonymous, or single answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take this step."""
    op.create_table(
        "case_retention",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("tenant", sa.String(63), nullable=False),
        sa.Column("instance_id", sa.String(32), nullable=False),
        sa.Column("what", sa.String(500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.key"], name="fk_case_retention_tenant"),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instance.id"], name="fk_case_retention_instance_id"),
        sa.PrimaryKeyConstraint("id", name="pk_case_retention"),
        sa.UniqueConstraint("instance_id", "what", name="uq_case_retention_instance_id_what"),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("case_retention")
