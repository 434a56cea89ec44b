"""Orders for the bank: payments that cases send, up to their confirmation from a statement."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.base import Moment

revision = "0036"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take this step."""
    op.create_table(
        "bank_order",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column(
            "instance_id",
            sa.String(32),
            sa.ForeignKey("process_instance.id", name="fk_bank_order_instance_id"),
            nullable=False,
        ),
        sa.Column("account", sa.String(30), nullable=False),
        sa.Column("counter_account", sa.String(30), nullable=False),
        sa.Column("counter_name", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("variable_symbol", sa.String(10), nullable=False),
        sa.Column("constant_symbol", sa.String(10), nullable=False),
        sa.Column("specific_symbol", sa.String(10), nullable=False),
        sa.Column("message", sa.String(140), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("prepared_at", Moment(), nullable=False),
        sa.Column("batch", sa.String(20), nullable=False),
        sa.Column("sent_at", Moment(), nullable=True),
        sa.Column("sent_by", sa.String(), nullable=False),
        sa.Column(
            "transaction_id",
            sa.String(32),
            sa.ForeignKey("bank_transaction.id", name="fk_bank_order_transaction_id"),
            nullable=True,
        ),
        sa.Column(
            "refund_of",
            sa.String(32),
            sa.ForeignKey("bank_transaction.id", name="fk_bank_order_refund_of"),
            nullable=True,
        ),
        sa.Column("tenant", sa.String(63), sa.ForeignKey("tenant.key", name="fk_bank_order_tenant"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_bank_order"),
    )
    op.create_index("ix_bank_order_state", "bank_order", ["tenant", "state"])
    op.create_index("ix_bank_order_instance_id", "bank_order", ["instance_id"])
    op.create_index("ix_bank_order_refund_of", "bank_order", ["refund_of"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("bank_order")
