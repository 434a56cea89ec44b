"""Who is told before a draft is thrown away: owners and those who only help, each with a promise of their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.base import Moment

revision = "0067"
down_revision = "0058"
branch_labels = None
depends_on = None

#: Drafts have an id of 32 letters; the reader that each had so far takes the same.
COPY = """INSERT INTO draft_reader (id, tenant, draft_id, email, language, as_guest, attempts)
SELECT id, tenant, id, email, 'cs', false, 0 FROM draft WHERE email <> '' AND instance_id IS NULL"""
COPY_BACK = """UPDATE draft SET email = COALESCE((SELECT max(email) FROM draft_reader
WHERE draft_reader.draft_id = draft.id AND NOT as_guest), '')"""


def upgrade() -> None:
    """Take this step."""
    op.create_table(
        "draft_reader",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("tenant", sa.String(63), nullable=False),
        sa.Column("draft_id", sa.String(32), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("as_guest", sa.Boolean(), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=True),
        sa.Column("next_at", Moment(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.key"], name="fk_draft_reader_tenant"),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name="fk_draft_reader_draft_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_draft_reader"),
    )
    op.create_index("ix_draft_reader_draft_id", "draft_reader", ["draft_id"])
    due = sa.text("next_at IS NOT NULL")
    op.create_index("ix_draft_reader_due", "draft_reader", ["next_at"], sqlite_where=due, postgresql_where=due)
    op.execute(COPY)
    op.drop_column("draft", "email")


def downgrade() -> None:
    """Take it back."""
    op.add_column("draft", sa.Column("email", sa.String(), nullable=False, server_default=""))
    op.execute(COPY_BACK)
    op.drop_table("draft_reader")
