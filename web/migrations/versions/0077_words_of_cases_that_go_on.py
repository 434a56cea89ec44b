"""Words of cases that go on in an index of their own: inboxes look only for these."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.wording import INDEX_GOING_ON

revision = "0077"
down_revision = "0068"
branch_labels = None
depends_on = None

_GOING_ON = """UPDATE case_words SET going_on = true
WHERE instance_id IN (SELECT id FROM process_instance WHERE ended_at IS NULL)"""


def upgrade() -> None:
    """Take this step."""
    op.add_column("case_words", sa.Column("going_on", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(_GOING_ON)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(INDEX_GOING_ON)


def downgrade() -> None:
    """Take it back."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP INDEX case_words_going_on")
    op.drop_column("case_words", "going_on")
