"""Identities that a provider proves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.base import Moment

revision = "0054"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take this step."""
    op.create_table(
        "oidc_identity",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("tenant", sa.String(63), nullable=False),
        sa.Column("issuer", sa.String(500), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("holder_kind", sa.String(10), nullable=False),
        sa.Column("holder_id", sa.String(32), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.key"], name="fk_oidc_identity_tenant"),
        sa.PrimaryKeyConstraint("id", name="pk_oidc_identity"),
        sa.UniqueConstraint(
            "tenant", "holder_kind", "issuer", "subject", name="uq_oidc_identity_tenant_holder_kind_issuer_subject"
        ),
    )
    op.create_index("ix_oidc_identity_holder_id", "oidc_identity", ["holder_id"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("oidc_identity")
