"""Interventions: move, correct, migrate with a rehearsal, take back, and the list of what was done."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask_smorest import Blueprint
from marshmallow import fields, validate

from engine.commands import SetVariables
from engine.interventions import MigrateInstance, MoveToken, RehearseMigration, UndoOperation
from engine.model import ROLE_ADMIN, ROLE_OPERATOR
from engine.queries import interventions
from web.api.cases import case, execute
from web.api.paging import listed
from web.api.shapes import Anything, Case, Operation, OperationQuery, Place, Reason, Shape
from web.auth import actor, require_group
from web.here import session
from web.tenancy import tenant_key

blueprint = Blueprint("api_operations", __name__, description="Interventions of operators")


class Migration(Reason):
    """To which version, and which steps have another id there; `rehearse` says only what would happen."""

    version = fields.Integer(required=True, validate=validate.Range(min=1, max=1_000_000))
    mapping = fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict)
    rehearse = fields.Boolean(load_default=False)


class MigrationAnswer(Shape):
    """The verdict of a rehearsal, or of what was done."""

    verdict = fields.String(required=True)
    refusals = fields.List(Anything())
    changes = fields.List(Anything())
    tasks_kept = fields.Integer()
    drafts_kept = fields.Integer()
    case = fields.Nested(Case)


class Move(Reason):
    """Which token, where it was seen, and before which step it goes."""

    token = fields.String(required=True, validate=validate.Length(min=1, max=40))
    source = fields.String(required=True, validate=validate.Length(min=1, max=255))
    target = fields.String(required=True, validate=validate.Length(min=1, max=255))
    over = fields.String(allow_none=True, load_default=None, validate=validate.Length(min=1, max=255))


class Correction(Reason):
    """Variables with their right values."""

    variables = fields.Dict(keys=fields.String(), required=True, validate=validate.Length(min=1))


def must_operate() -> None:
    """Only operators and administrators."""
    require_group(ROLE_OPERATOR, ROLE_ADMIN)


def about(instance_id: str, reason: str) -> dict[str, Any]:
    """What every intervention says; a case of others is not found."""
    return {"tenant": tenant_key(), "actor": actor(), "instance_id": case(instance_id).id, "reason": reason}


@blueprint.get("/process-instances/<instance_id>/places")
@blueprint.response(200, Place(many=True))
def places(instance_id: str) -> Any:
    """Read where the tokens of a case stand, and where each may be moved."""
    must_operate()
    return interventions.places(session(), tenant_key(), case(instance_id).id)


@blueprint.post("/process-instances/<instance_id>/migrate")
@blueprint.arguments(Migration)
@blueprint.response(200, MigrationAnswer)
@blueprint.alt_response(409, description="What the case is doing has no place in that version; `reasons` says what.")
def migrate(wanted: dict[str, Any], instance_id: str) -> Any:
    """Let a case go on with another version of its process, or rehearse that."""
    must_operate()
    facts = about(instance_id, wanted["reason"])
    there = {"version": wanted["version"], "mapping": wanted["mapping"]}
    rehearsal = RehearseMigration(
        tenant=facts["tenant"], actor=facts["actor"], instance_ids=[facts["instance_id"]], **there
    )
    (verdict,) = execute(rehearsal)
    if not wanted["rehearse"]:
        execute(MigrateInstance(**facts, **there))
    said = asdict(verdict)
    return said | {"verdict": verdict.kind, "case": case(instance_id)}


@blueprint.post("/process-instances/<instance_id>/move")
@blueprint.arguments(Move)
@blueprint.response(200, Case)
def move(wanted: dict[str, Any], instance_id: str) -> Any:
    """End what a token does and put it before another step of the same body."""
    must_operate()
    facts = about(instance_id, wanted.pop("reason"))
    execute(MoveToken(**facts, **wanted))
    return case(instance_id)


@blueprint.post("/process-instances/<instance_id>/variables")
@blueprint.arguments(Correction)
@blueprint.response(200, Case)
def correct(wanted: dict[str, Any], instance_id: str) -> Any:
    """Correct variables of a case."""
    must_operate()
    execute(SetVariables(**about(instance_id, wanted["reason"]), variables=wanted["variables"]))
    return case(instance_id)


@blueprint.get("/operations")
@blueprint.arguments(OperationQuery, location="query")
@blueprint.response(200, Operation(many=True))
def find(query: dict[str, Any]) -> Any:
    """List what operators have done, the newest first."""
    must_operate()
    return listed(interventions.operations(session(), tenant_key(), **query))


@blueprint.post("/operations/<operation_id>/undo")
@blueprint.arguments(Reason)
@blueprint.response(204)
@blueprint.alt_response(409, description="The case has moved on since.")
def undo(wanted: dict[str, str], operation_id: str) -> None:
    """Put a case back where it stood before an intervention."""
    must_operate()
    execute(UndoOperation(tenant=tenant_key(), actor=actor(), operation_id=operation_id, reason=wanted["reason"]))
