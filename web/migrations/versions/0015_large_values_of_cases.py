"""Large values of cases, apart from their state."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take this step."""
    op.create_table(
        "large_value",
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("lasting", sa.Boolean(), nullable=False),
        sa.Column("tenant", sa.String(length=63), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instance.id"], name=op.f("fk_large_value_instance_id")),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.key"], name=op.f("fk_large_value_tenant")),
        sa.PrimaryKeyConstraint("instance_id", "name", name=op.f("pk_large_value")),
    )


def downgrade() -> None:
    """Take it back; cases that name a value in it can't go on then."""
    op.drop_table("large_value")
