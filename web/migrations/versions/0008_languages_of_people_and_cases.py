"""In which language a person sees pages, and in which letters of a case are written."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take this step."""
    with op.batch_alter_table("person") as table:
        table.add_column(sa.Column("language", sa.String(length=2), nullable=True))
    with op.batch_alter_table("process_instance") as table:
        table.add_column(sa.Column("language", sa.String(length=2), nullable=False, server_default="cs"))
    with op.batch_alter_table("process_instance") as table:
        table.alter_column("language", server_default=None)


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("process_instance") as table:
        table.drop_column("language")
    with op.batch_alter_table("person") as table:
        table.drop_column("language")
