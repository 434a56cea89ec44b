"""Tables brought into registers, with what became of each row."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.base import JsonText, JsonValue, Moment

revision = "0059"
down_revision = "0064"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take this step."""
    op.create_table(
        "register_import",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("tenant", sa.String(63), nullable=False),
        sa.Column("register", sa.String(100), nullable=False),
        sa.Column("filename", sa.String(255), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("columns", JsonValue, nullable=False),
        sa.Column("mode", sa.String(20), nullable=False),
        sa.Column("only_good", sa.Boolean(), nullable=False),
        sa.Column("counts", JsonValue, nullable=False),
        sa.Column("problem", JsonValue, nullable=False),
        sa.Column("begun_at", Moment(), nullable=False),
        sa.Column("begun_by", sa.String(150), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.key"], name="fk_register_import_tenant"),
        sa.PrimaryKeyConstraint("id", name="pk_register_import"),
    )
    op.create_index("ix_register_import_list", "register_import", ["tenant", "register", "begun_at"])
    op.create_index("ix_register_import_state", "register_import", ["state"])
    op.create_table(
        "register_import_row",
        sa.Column("import_id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tenant", sa.String(63), nullable=False),
        sa.Column("fate", sa.String(10), nullable=False),
        sa.Column("problems", JsonText, nullable=False),
        sa.Column("data", JsonText, nullable=False),
        sa.Column("record_id", sa.String(32), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("undone", sa.String(10), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.key"], name="fk_register_import_row_tenant"),
        sa.ForeignKeyConstraint(
            ["import_id"], ["register_import.id"], name="fk_register_import_row_import_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("import_id", "number", name="pk_register_import_row"),
    )
    op.create_index("ix_register_import_row_fate", "register_import_row", ["import_id", "fate", "number"])
    op.create_index("ix_register_import_row_record_id", "register_import_row", ["record_id"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("register_import_row")
    op.drop_table("register_import")
