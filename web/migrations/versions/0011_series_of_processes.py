"""Number series that belong to one process of an agenda, and where a stranger's draft came from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take this step."""
    with op.batch_alter_table("process_definition") as table:
        table.add_column(sa.Column("numbering", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("draft") as table:
        table.add_column(sa.Column("origin", sa.String(length=32), nullable=False, server_default=""))
        table.create_index("ix_draft_origin", ["tenant", "origin"])
    for name, column in (("process_definition", "numbering"), ("draft", "origin")):
        with op.batch_alter_table(name) as table:
            table.alter_column(column, server_default=None)


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("draft") as table:
        table.drop_index("ix_draft_origin")
        table.drop_column("origin")
    with op.batch_alter_table("process_definition") as table:
        table.drop_column("numbering")
