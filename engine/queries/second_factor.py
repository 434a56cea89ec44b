"""Who has a second factor, and of whom it is demanded."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.store.signing_in import RecoveryCodeRow, SecondFactorRow, is_demanded

__all__ = ["FactorFacts", "factor_of", "is_demanded", "sealed_secrets", "with_factor"]


@dataclass(frozen=True, kw_only=True)
class FactorFacts:
    """A person's second factor."""

    #: The secret, encrypted.
    sealed: str = field(repr=False)
    #: False = it is being set up.
    confirmed: bool
    last_step: int
    codes_left: int


def factor_of(session: Session, tenant: str, person_id: str) -> FactorFacts | None:
    """Give a person's second factor; None where there is none, not even one being set up."""
    row = session.scalar(
        select(SecondFactorRow).where(SecondFactorRow.tenant == tenant, SecondFactorRow.person_id == person_id)
    )
    if row is None:
        return None
    unused = (RecoveryCodeRow.tenant == tenant, RecoveryCodeRow.person_id == person_id)
    left = select(func.count()).select_from(RecoveryCodeRow).where(*unused, RecoveryCodeRow.used_at.is_(None))
    return FactorFacts(
        sealed=row.sealed,
        confirmed=row.confirmed_at is not None,
        last_step=row.last_step,
        codes_left=session.scalar(left) or 0,
    )


def with_factor(session: Session, tenant: str) -> Collection[str]:
    """Give ids of the people who have one."""
    confirmed = (SecondFactorRow.tenant == tenant, SecondFactorRow.confirmed_at.is_not(None))
    return set(session.scalars(select(SecondFactorRow.person_id).where(*confirmed)))


def sealed_secrets(session: Session, tenant: str) -> Sequence[str]:
    """Give all secrets of an organisation, encrypted."""
    return session.scalars(select(SecondFactorRow.sealed).where(SecondFactorRow.tenant == tenant)).all()
