"""Interventions: move, correct, migrate with a rehearsal, take back, and the list of what was done."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from engine.commands import SetVariables
from engine.interventions import MigrateInstance, MoveToken, RehearseMigration, UndoOperation
from engine.model import ROLE_ADMIN, ROLE_OPERATOR
from engine.queries import interventions
from web.api.cases import OPERATING, case, execute
from web.api.operation_shapes import Correction, Migration, MigrationAnswer, Move, Operation, OperationQuery, Place
from web.api.paging import listed
from web.api.room import Room
from web.api.shapes import Case, Reason
from web.auth import actor, require_group_or_reading
from web.db import close_session
from web.here import engine, session
from web.tenancy import tenant_key

room = Room("operations", "What operators do to cases: move, correct, migrate, take back.")


#: What every call of operators refuses.
ONLY = {403: OPERATING[403]}


def must_operate() -> None:
    """Only operators and administrators."""
    require_group_or_reading(ROLE_OPERATOR, ROLE_ADMIN)


def about(instance_id: str, reason: str) -> dict[str, Any]:
    """What every intervention says; a case of others is not found."""
    return {"tenant": tenant_key(), "actor": actor(), "instance_id": case(instance_id).id, "reason": reason}


@room.get("/process-instances/<instance_id>/places")
@room.response(200, Place(many=True), description="The tokens, the oldest first.")
@room.refuses(ONLY)
def places(instance_id: str) -> Any:
    """Read where the tokens of a case stand, and where each may be moved."""
    must_operate()
    return interventions.places(session(), tenant_key(), case(instance_id).id)


@room.post("/process-instances/<instance_id>/migrate")
@room.arguments(Migration)
@room.response(200, MigrationAnswer, description="The verdict, and the case as it is now.")
@room.refuses({**ONLY, 409: "What the case is doing has no place in that version; `reasons` says what."})
def migrate(wanted: dict[str, Any], instance_id: str) -> Any:
    """Let a case go on with another version of its process, or rehearse that."""
    must_operate()
    facts = about(instance_id, wanted["reason"])
    there = {"version": wanted["version"], "mapping": wanted["mapping"]}
    rehearsal = RehearseMigration(
        tenant=facts["tenant"], actor=facts["actor"], instance_ids=[facts["instance_id"]], **there
    )
    close_session()
    # Without the request's Idempotency-Key: a rehearsal carries nothing out.
    (verdict,) = engine().execute(rehearsal)
    if not wanted["rehearse"]:
        execute(MigrateInstance(**facts, **there))
    said = asdict(verdict)
    return said | {"verdict": verdict.kind, "case": case(instance_id)}


@room.post("/process-instances/<instance_id>/move")
@room.arguments(Move)
@room.response(200, Case, description="The case as it is now.")
@room.refuses(OPERATING)
def move(wanted: dict[str, Any], instance_id: str) -> Any:
    """End what a token does and put it before another step of the same body."""
    must_operate()
    facts = about(instance_id, wanted.pop("reason"))
    execute(MoveToken(**facts, **wanted))
    return case(instance_id)


@room.post("/process-instances/<instance_id>/variables")
@room.arguments(Correction)
@room.response(200, Case, description="The case as it is now.")
@room.refuses(OPERATING)
def correct(wanted: dict[str, Any], instance_id: str) -> Any:
    """Correct variables of a case."""
    must_operate()
    execute(SetVariables(**about(instance_id, wanted.pop("reason")), **wanted))
    return case(instance_id)


@room.get("/operations")
@room.arguments(OperationQuery, location="query")
@room.lists(Operation, "The newest first.")
@room.refuses(ONLY)
def find(query: dict[str, Any]) -> Any:
    """List what operators have done, the newest first."""
    must_operate()
    return listed(interventions.operations(session(), tenant_key(), **query))


@room.post("/operations/<operation_id>/undo")
@room.arguments(Reason)
@room.response(204, description="The case stands where it stood before.")
@room.refuses({**ONLY, 409: "The case has moved on since."})
def undo(wanted: dict[str, str], operation_id: str) -> None:
    """Put a case back where it stood before an intervention."""
    must_operate()
    execute(UndoOperation(tenant=tenant_key(), actor=actor(), operation_id=operation_id, reason=wanted["reason"]))
