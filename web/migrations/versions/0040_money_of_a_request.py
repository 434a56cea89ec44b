"""What came for a payment request is found without reading all movements."""

from __future__ import annotations

from alembic import op

revision = "0040"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take this step."""
    op.create_index("ix_bank_transaction_payment_request", "bank_transaction", ["payment_request_id"])


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_bank_transaction_payment_request", "bank_transaction")
