"""Registers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.base import JsonValue, Moment

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take this step."""
    op.create_table(
        "register_record",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("register", sa.String(length=100), nullable=False),
        sa.Column("data", JsonValue, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("caption", sa.String(), nullable=False),
        sa.Column("search", sa.String(), nullable=False),
        sa.Column("public_search", sa.String(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("tenant", sa.String(length=63), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.key"], name=op.f("fk_register_record_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_record")),
    )
    with op.batch_alter_table("register_record", schema=None) as batch_op:
        batch_op.create_index("ix_register_record_list", ["tenant", "register", "state"], unique=False)

    op.create_table(
        "register",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("deployment_id", sa.String(length=32), nullable=False),
        sa.Column("definition", JsonValue, nullable=False),
        sa.Column("tenant", sa.String(length=63), nullable=False),
        sa.ForeignKeyConstraint(["deployment_id"], ["deployment.id"], name=op.f("fk_register_deployment_id")),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.key"], name=op.f("fk_register_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register")),
        sa.UniqueConstraint("tenant", "key", name=op.f("uq_register_tenant_key")),
    )
    op.create_table(
        "register_unique",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("register", sa.String(length=100), nullable=False),
        sa.Column("fields", sa.String(length=255), nullable=False),
        sa.Column("value_hash", sa.String(length=64), nullable=False),
        sa.Column("record_id", sa.String(length=32), nullable=False),
        sa.Column("tenant", sa.String(length=63), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["register_record.id"], name=op.f("fk_register_unique_record_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.key"], name=op.f("fk_register_unique_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_unique")),
        sa.UniqueConstraint(
            "tenant",
            "register",
            "fields",
            "value_hash",
            name=op.f("uq_register_unique_tenant_register_fields_value_hash"),
        ),
    )
    with op.batch_alter_table("register_unique", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_register_unique_record_id"), ["record_id"], unique=False)

    op.create_table(
        "register_version",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("record_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("data", JsonValue, nullable=True),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=True),
        sa.Column("tenant", sa.String(length=63), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["register_record.id"], name=op.f("fk_register_version_record_id")),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.key"], name=op.f("fk_register_version_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_version")),
        sa.UniqueConstraint("record_id", "version", name=op.f("uq_register_version_record_id_version")),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("register_version")
    with op.batch_alter_table("register_unique", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_register_unique_record_id"))

    op.drop_table("register_unique")
    op.drop_table("register")
    with op.batch_alter_table("register_record", schema=None) as batch_op:
        batch_op.drop_index("ix_register_record_list")

    op.drop_table("register_record")
