"""People of an organisation's directory, and how it is reached."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from engine.store.base import Moment

revision = "0025"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take this step."""
    value = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
    op.add_column("person", sa.Column("directory_id", sa.String(200), nullable=True))
    op.add_column("person", sa.Column("left_directory_at", Moment(), nullable=True))
    op.create_table(
        "staff_directory",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("settings", value, nullable=False),
        sa.Column("synced_at", Moment(), nullable=True),
        sa.Column("report", value, nullable=False),
        sa.Column("problem", sa.String(), nullable=False),
        sa.Column(
            "tenant", sa.String(63), sa.ForeignKey("tenant.key", name="fk_staff_directory_tenant"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name="pk_staff_directory"),
        sa.UniqueConstraint("tenant", name="uq_staff_directory_tenant"),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("staff_directory")
    op.drop_column("person", "left_directory_at")
    op.drop_column("person", "directory_id")
