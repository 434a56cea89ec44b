"""Second factors: set up, used, taken away."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, delete, func, select, update

from engine.errors import Conflict, Invalid, NotAllowed
from engine.handlers.auditing import note
from engine.handlers.people import administered, themselves
from engine.handlers.registry import handles
from engine.handlers.sessions import end_all
from engine.handlers.work import Work
from engine.ids import new_id
from engine.second_factor import (
    CodeIsOver,
    ConfirmSecondFactor,
    DropSecondFactor,
    FactorIsDemanded,
    RenewRecoveryCodes,
    Reseal,
    ResetSecondFactor,
    StartSecondFactor,
    UseCode,
    UseRecoveryCode,
)
from engine.store.people import PersonRow, TenantRow
from engine.store.signing_in import RecoveryCodeRow, SecondFactorRow, is_demanded


@handles(StartSecondFactor)
def start_second_factor(work: Work, command: StartSecondFactor) -> None:
    """Keep the secret."""
    person = themselves(work)
    row = _factor(work, person)
    if row is not None and row.confirmed_at is not None:
        raise Conflict("There is a second factor already.")
    if row is None:
        row = SecondFactorRow(id=new_id(), tenant=work.tenant, person_id=person.id)
        work.session.add(row)
    row.sealed, row.created_at = command.sealed, work.now


@handles(ConfirmSecondFactor)
def confirm_second_factor(work: Work, command: ConfirmSecondFactor) -> None:
    """Ask for codes from now on."""
    person = themselves(work)
    row = _factor(work, person)
    if row is None or row.confirmed_at is not None:
        raise Conflict("Nothing waits to be confirmed.")
    row.confirmed_at, row.last_step = work.now, command.step
    _keep_codes(work, person, command.hashes)
    end_all(work, person.id, command.keep)
    note(work, "second-factor-set", "person", person.username)


@handles(UseCode)
def use_code(work: Work, command: UseCode) -> None:
    """Note its step."""
    row = _confirmed(work, themselves(work))
    if command.step <= row.last_step:
        raise CodeIsOver
    row.last_step = command.step
    row.sealed = command.sealed or row.sealed


@handles(UseRecoveryCode)
def use_recovery_code(work: Work, command: UseRecoveryCode) -> int:
    """Use it up."""
    person = themselves(work)
    _confirmed(work, person)
    unused = (*_codes(work, person), RecoveryCodeRow.used_at.is_(None))
    used = update(RecoveryCodeRow).where(*unused, RecoveryCodeRow.code_hash == command.hashed)
    if not work.session.execute(used.values(used_at=work.now).returning(RecoveryCodeRow.id)).all():
        raise CodeIsOver
    left = work.session.scalar(select(func.count()).select_from(RecoveryCodeRow).where(*unused)) or 0
    note(work, "recovery-code-used", "person", person.username, {"number": left})
    return left


@handles(RenewRecoveryCodes)
def renew_recovery_codes(work: Work, command: RenewRecoveryCodes) -> None:
    """Keep them."""
    person = themselves(work)
    _confirmed(work, person)
    _keep_codes(work, person, command.hashes)
    note(work, "recovery-codes-renewed", "person", person.username)


@handles(DropSecondFactor)
def drop_second_factor(work: Work, command: DropSecondFactor) -> None:
    """Forget it, where nobody demands it."""
    person = themselves(work)
    tenant = work.session.get_one(TenantRow, work.tenant)
    if is_demanded(tenant.settings, work.actor.groups):
        raise FactorIsDemanded
    _forget(work, person)
    note(work, "second-factor-dropped", "person", person.username)


@handles(ResetSecondFactor)
def reset_second_factor(work: Work, command: ResetSecondFactor) -> None:
    """Forget it; whoever is signed in by it may not be who they say."""
    person = administered(work, command.username)
    if not command.reason.strip():
        raise Invalid("A reason is needed.")
    _forget(work, person)
    end_all(work, person.id)
    note(work, "second-factor-reset", "person", person.username, {"reason": command.reason.strip()[:500]})


@handles(Reseal)
def reseal(work: Work, command: Reseal) -> None:
    """Replace them."""
    if work.actor.kind != "system":
        raise NotAllowed
    mine = update(SecondFactorRow).where(SecondFactorRow.tenant == work.tenant)
    for before, sealed in command.instead.items():
        work.session.execute(mine.where(SecondFactorRow.sealed == before).values(sealed=sealed))


def _factor(work: Work, person: PersonRow) -> SecondFactorRow | None:
    mine = (SecondFactorRow.tenant == work.tenant, SecondFactorRow.person_id == person.id)
    return work.session.scalar(select(SecondFactorRow).where(*mine).with_for_update())


def _confirmed(work: Work, person: PersonRow) -> SecondFactorRow:
    row = _factor(work, person)
    if row is None or row.confirmed_at is None:
        raise CodeIsOver
    return row


def _codes(work: Work, person: PersonRow) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return RecoveryCodeRow.tenant == work.tenant, RecoveryCodeRow.person_id == person.id


def _keep_codes(work: Work, person: PersonRow, hashes: Sequence[str]) -> None:
    work.session.execute(delete(RecoveryCodeRow).where(*_codes(work, person)))
    work.session.add_all(
        RecoveryCodeRow(id=new_id(), tenant=work.tenant, person_id=person.id, code_hash=one) for one in hashes
    )


def _forget(work: Work, person: PersonRow) -> None:
    work.session.execute(delete(RecoveryCodeRow).where(*_codes(work, person)))
    row = _factor(work, person)
    if row is not None:
        work.session.delete(row)
