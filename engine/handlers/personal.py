"""Holds on personal data, and erasures that one asks for and another agrees to."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import select

from engine.erasing import AskErasure, DecideErasure, FinishErasure, LiftHold, PlaceHold
from engine.errors import Conflict, Invalid, NotAllowed, NotFound
from engine.handlers.auditing import note
from engine.handlers.registry import handles
from engine.handlers.work import Work
from engine.ids import new_id
from engine.model import ROLE_ADMIN
from engine.store.cases import InstanceRow
from engine.store.personal import ErasureRow, HoldRow


@handles(PlaceHold)
def place_hold(work: Work, command: PlaceHold) -> str:
    """Hold a case or a person."""
    _must_administer(work)
    _must_say_why(command.reason)
    case = _case(work, command.case_number) if command.case_number else None
    if case is None and not command.person.strip():
        raise Invalid("Say the number of a case, an e-mail or a company number.")
    hold = HoldRow(
        id=new_id(),
        tenant=work.tenant,
        instance_id=case.id if case else None,
        person="" if case else command.person.strip().lower()[:255],
        reason=command.reason.strip(),
        placed_by=work.actor.username,
        placed_at=work.now,
    )
    work.session.add(hold)
    note(work, "hold-placed", "case" if case else "hold", command.case_number if case else hold.id)
    return hold.id


@handles(LiftHold)
def lift_hold(work: Work, command: LiftHold) -> None:
    """End a hold."""
    _must_administer(work)
    _must_say_why(command.reason)
    hold = work.session.scalar(select(HoldRow).where(HoldRow.tenant == work.tenant, HoldRow.id == command.hold_id))
    if hold is None or hold.lifted_at is not None:
        raise NotFound
    hold.lifted_by, hold.lifted_at = work.actor.username, work.now
    # The person isn't kept for the sake of a hold that is over.
    hold.person = ""
    note(work, "hold-lifted", "hold", hold.id)


@handles(AskErasure)
def ask_erasure(work: Work, command: AskErasure) -> str:
    """Write the wish down."""
    _must_administer(work)
    _must_say_why(command.reason)
    row = ErasureRow(
        id=new_id(),
        tenant=work.tenant,
        subject=asdict(command.subject),
        reason=command.reason.strip(),
        state="asked",
        asked_by=work.actor.username,
        asked_at=work.now,
    )
    work.session.add(row)
    note(work, "erasure-asked", "erasure", row.id)
    return row.id


@handles(DecideErasure)
def decide_erasure(work: Work, command: DecideErasure) -> None:
    """Agree or refuse; four eyes."""
    _must_administer(work)
    row = _erasure(work, command.erasure_id)
    if row.state != "asked":
        raise Conflict("This was decided already.")
    if command.agreed and row.asked_by in (work.actor.username, work.actor.acting_for):
        raise NotAllowed("Somebody else than who asked has to agree.")
    row.state = "agreed" if command.agreed else "refused"
    row.decided_by, row.decided_at = work.actor.username, work.now
    if not command.agreed:
        row.subject, row.reason = None, ""
    note(work, f"erasure-{row.state}", "erasure", row.id)


@handles(FinishErasure)
def finish_erasure(work: Work, command: FinishErasure) -> None:
    """Keep the protocol and forget whose it was."""
    row = _erasure(work, command.erasure_id)
    if row.state != "agreed":
        raise Conflict("This wasn't agreed.")
    # A reason may name the person.
    row.state, row.subject, row.reason = "done", None, ""
    row.done_at, row.protocol = work.now, dict(command.protocol)
    note(work, "erasure-done", "erasure", row.id, command.protocol)


def _must_administer(work: Work) -> None:
    if work.actor.kind != "system" and ROLE_ADMIN not in work.actor.groups:
        raise NotAllowed


def _must_say_why(reason: str) -> None:
    if not reason.strip():
        raise Invalid("A reason is needed.")


def _erasure(work: Work, erasure_id: str) -> ErasureRow:
    query = select(ErasureRow).where(ErasureRow.tenant == work.tenant, ErasureRow.id == erasure_id)
    row = work.session.scalar(query.with_for_update())
    if row is None:
        raise NotFound
    return row


def _case(work: Work, number: str) -> InstanceRow:
    query = select(InstanceRow).where(InstanceRow.tenant == work.tenant, InstanceRow.business_key == number)
    case = work.session.scalar(query)
    if case is None:
        raise NotFound("There is no case of this number.")
    return case
