"""What people of the staff are told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take this step."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "notification",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("tenant", sa.String(63), nullable=False),
        sa.Column("username", sa.String(150), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("instance_id", sa.String(32), nullable=False),
        sa.Column("task_id", sa.String(32), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("read_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.key"], name="fk_notification_tenant"),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instance.id"], name="fk_notification_instance_id"),
        sa.PrimaryKeyConstraint("id", name="pk_notification"),
    )
    op.create_index("ix_notification_unread", "notification", ["tenant", "username", "read_at"])


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_notification_unread", "notification")
    op.drop_table("notification")
