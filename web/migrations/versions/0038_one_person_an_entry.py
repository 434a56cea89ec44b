"""An entry of the directory is one person here."""

from __future__ import annotations

from alembic import op

revision = "0038"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take this step."""
    with op.batch_alter_table("person") as table:
        table.create_unique_constraint("uq_person_tenant_directory_id", ["tenant", "directory_id"])


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("person") as table:
        table.drop_constraint("uq_person_tenant_directory_id", type_="unique")
