"""Accounts of applicants; links by which they come in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from engine.store.base import Moment

revision = "0053"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take this step. Links that are on their way have to be asked for once more: they live an hour at most."""
    value = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
    op.create_table(
        "applicant_account",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("tenant", sa.String(63), nullable=False),
        sa.Column("email", sa.String(255), nullable=True),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("verified", value, nullable=True),
        sa.Column("verified_at", Moment(), nullable=True),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("signed_in_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.key"], name="fk_applicant_account_tenant"),
        sa.PrimaryKeyConstraint("id", name="pk_applicant_account"),
        sa.UniqueConstraint("tenant", "email", name="uq_applicant_account_tenant_email"),
    )
    op.create_table(
        "account_case",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("tenant", sa.String(63), nullable=False),
        sa.Column("account_id", sa.String(32), nullable=False),
        sa.Column("instance_id", sa.String(32), nullable=False),
        sa.Column("how", sa.String(10), nullable=False),
        sa.Column("added_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.key"], name="fk_account_case_tenant"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["applicant_account.id"], name="fk_account_case_account_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instance.id"], name="fk_account_case_instance_id"),
        sa.PrimaryKeyConstraint("id", name="pk_account_case"),
        sa.UniqueConstraint("account_id", "instance_id", name="uq_account_case_account_id_instance_id"),
    )
    op.create_index("ix_account_case_instance_id", "account_case", ["instance_id"])
    op.add_column("draft", sa.Column("account_id", sa.String(32), nullable=True))
    op.create_index("ix_draft_account_id", "draft", ["account_id"])
    op.drop_table("mailed_link")
    links(
        sa.Column("person_id", sa.String(32), nullable=True),
        sa.Column("account_id", sa.String(32), nullable=True),
        sa.Column("browser_hash", sa.String(64), nullable=False),
        sa.Column("target", sa.String(500), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
    )
    op.create_index("ix_mailed_link_email", "mailed_link", ["tenant", "email"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("mailed_link")
    links(sa.Column("person_id", sa.String(32), nullable=False))
    op.drop_index("ix_draft_account_id", "draft")
    op.drop_column("draft", "account_id")
    op.drop_table("account_case")
    op.drop_table("applicant_account")


def links(*more: sa.Column[str]) -> None:
    """Make the table of links that are mailed."""
    op.create_table(
        "mailed_link",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("tenant", sa.String(63), nullable=False),
        *more,
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("sent_at", Moment(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", Moment(), nullable=False),
        sa.Column("used_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.key"], name="fk_mailed_link_tenant"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_mailed_link_person_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_mailed_link"),
        sa.UniqueConstraint("secret_hash", name="uq_mailed_link_secret_hash"),
    )
    unsent = sa.text("sent_at IS NULL")
    op.create_index("ix_mailed_link_due", "mailed_link", ["next_at"], sqlite_where=unsent, postgresql_where=unsent)
    op.create_index("ix_mailed_link_person_id", "mailed_link", ["person_id"])
