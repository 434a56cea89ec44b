"""Views of the inbox that people keep; the nearest period of a case and an applicant's cases are found at once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.base import JsonValue

revision = "0047"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take this step."""
    op.create_table(
        "saved_view",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("tenant", sa.String(63), nullable=False),
        sa.Column("username", sa.String(150), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("group_key", sa.String(100), nullable=True),
        sa.Column("given", JsonValue, nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.key"], name="fk_saved_view_tenant"),
        sa.PrimaryKeyConstraint("id", name="pk_saved_view"),
        sa.UniqueConstraint("tenant", "username", "name", name="uq_saved_view_tenant_username_name"),
    )
    op.create_index("ix_saved_view_group", "saved_view", ["tenant", "group_key"])
    running = sa.text("state = 'running'")
    op.create_index(
        "ix_deadline_running",
        "deadline",
        ["instance_id", "due_at"],
        sqlite_where=running,
        postgresql_where=running,
    )
    op.create_index("ix_process_instance_applicant", "process_instance", ["tenant", "applicant_name"])


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_process_instance_applicant", "process_instance")
    op.drop_index("ix_deadline_running", "deadline")
    op.drop_index("ix_saved_view_group", "saved_view")
    op.drop_table("saved_view")
