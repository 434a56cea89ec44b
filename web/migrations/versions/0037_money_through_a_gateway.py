"""Money through a payment gateway: a movement that no statement of the bank has."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take this step."""
    with op.batch_alter_table("bank_transaction", schema=None) as batch_op:
        batch_op.alter_column("statement_id", existing_type=sa.String(32), nullable=True)


def downgrade() -> None:
    """Take it back; what came through a gateway has no place there."""
    op.execute("DELETE FROM bank_transaction WHERE statement_id IS NULL")
    with op.batch_alter_table("bank_transaction", schema=None) as batch_op:
        batch_op.alter_column("statement_id", existing_type=sa.String(32), nullable=False)
