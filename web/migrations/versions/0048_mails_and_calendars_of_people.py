"""Whether people are mailed what they are told, and the tokens of their calendars."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take this step."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "desk",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("tenant", sa.String(63), nullable=False),
        sa.Column("username", sa.String(150), nullable=False),
        sa.Column("mail", sa.String(10), nullable=False),
        sa.Column("digest_on", sa.Date(), nullable=True),
        sa.Column("digest_until", moment, nullable=True),
        sa.Column("calendar_hash", sa.String(64), nullable=True),
        sa.Column("calendar_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.key"], name="fk_desk_tenant"),
        sa.PrimaryKeyConstraint("id", name="pk_desk"),
        sa.UniqueConstraint("tenant", "username", name="uq_desk_tenant_username"),
        sa.UniqueConstraint("calendar_hash", name="uq_desk_calendar_hash"),
    )
    op.add_column("notification", sa.Column("mail_at", moment, nullable=True))
    op.add_column("notification", sa.Column("mail_attempts", sa.Integer(), nullable=False, server_default="0"))
    waiting = sa.text("mail_at IS NOT NULL")
    op.create_index(
        "ix_notification_to_mail", "notification", ["mail_at"], sqlite_where=waiting, postgresql_where=waiting
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_notification_to_mail", "notification")
    op.drop_column("notification", "mail_attempts")
    op.drop_column("notification", "mail_at")
    op.drop_table("desk")
