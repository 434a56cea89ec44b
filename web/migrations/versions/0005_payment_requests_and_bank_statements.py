"""Payment requests and bank statements."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.base import Moment

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take this step."""
    op.create_table(
        "bank_statement",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("account", sa.String(length=30), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("filename", sa.String(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("opening_balance", sa.BigInteger(), nullable=False),
        sa.Column("closing_balance", sa.BigInteger(), nullable=False),
        sa.Column("imported_at", Moment(), nullable=False),
        sa.Column("imported_by", sa.String(), nullable=False),
        sa.Column("tenant", sa.String(length=63), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.key"], name=op.f("fk_bank_statement_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_statement")),
        sa.UniqueConstraint(
            "tenant", "account", "number", "closed_on", name=op.f("uq_bank_statement_tenant_account_number_closed_on")
        ),
        sa.UniqueConstraint("tenant", "sha256", name=op.f("uq_bank_statement_tenant_sha256")),
    )
    op.create_table(
        "payment_request",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("variable_symbol", sa.String(length=10), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("account", sa.String(length=30), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("paid_at", Moment(), nullable=True),
        sa.Column("tenant", sa.String(length=63), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instance.id"], name=op.f("fk_payment_request_instance_id")),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.key"], name=op.f("fk_payment_request_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_request")),
        sa.UniqueConstraint("tenant", "variable_symbol", name=op.f("uq_payment_request_tenant_variable_symbol")),
    )
    with op.batch_alter_table("payment_request", schema=None) as batch_op:
        batch_op.create_index("ix_payment_request_instance_id", ["instance_id"], unique=False)

    op.create_table(
        "bank_transaction",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("statement_id", sa.String(length=32), nullable=False),
        sa.Column("account", sa.String(length=30), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("counter_account", sa.String(length=40), nullable=False),
        sa.Column("counter_name", sa.String(), nullable=False),
        sa.Column("variable_symbol", sa.String(length=10), nullable=False),
        sa.Column("constant_symbol", sa.String(length=10), nullable=False),
        sa.Column("specific_symbol", sa.String(length=10), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("reversal", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=30), nullable=False),
        sa.Column("payment_request_id", sa.String(length=32), nullable=True),
        sa.Column("instance_id", sa.String(length=32), nullable=True),
        sa.Column("tenant", sa.String(length=63), nullable=False),
        sa.ForeignKeyConstraint(
            ["payment_request_id"], ["payment_request.id"], name=op.f("fk_bank_transaction_payment_request_id")
        ),
        sa.ForeignKeyConstraint(["statement_id"], ["bank_statement.id"], name=op.f("fk_bank_transaction_statement_id")),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.key"], name=op.f("fk_bank_transaction_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_transaction")),
        sa.UniqueConstraint("tenant", "account", "key", name=op.f("uq_bank_transaction_tenant_account_key")),
    )
    with op.batch_alter_table("bank_transaction", schema=None) as batch_op:
        batch_op.create_index("ix_bank_transaction_vs", ["tenant", "variable_symbol"], unique=False)


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("bank_transaction", schema=None) as batch_op:
        batch_op.drop_index("ix_bank_transaction_vs")

    op.drop_table("bank_transaction")
    with op.batch_alter_table("payment_request", schema=None) as batch_op:
        batch_op.drop_index("ix_payment_request_instance_id")

    op.drop_table("payment_request")
    op.drop_table("bank_statement")
