"""Until when a record is public: what has personal data leaves the public archive by itself."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0075"
down_revision = "0066"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take this step."""
    op.add_column("register_record", sa.Column("public_until", sa.Date(), nullable=True))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("register_record", "public_until")
