"""The shapes of what operators do to cases."""

from __future__ import annotations

from marshmallow import fields, validate

from web.api.shapes import Case, Query, Reason, Shape, said, text


class OperationQuery(Query):
    """Which interventions."""

    instance_id = text("Only in this process instance.")
    batch = text("Only of this batch.")


class Operation(Shape):
    """An intervention of an operator."""

    id = fields.String(required=True, metadata=said("Id of the intervention."))
    instance_id = fields.String(required=True, metadata=said("The case."))
    business_key = fields.String(required=True, metadata=said("Number of the case.", "PRI-2026-0001"))
    kind = fields.String(required=True, metadata=said("What was done.", "migrate"))
    state = fields.String(required=True, metadata=said("What came of it.", "done"))
    at = fields.AwareDateTime(required=True, metadata=said("When."))
    actor = fields.String(required=True, metadata=said("Username of the operator.", "spravce"))
    actor_name = fields.String(required=True, metadata=said("The operator's name."))
    reason = fields.String(required=True, metadata=said("Why."))
    batch = fields.String(required=True, allow_none=True, metadata=said("Those done at once have the same."))
    problem = fields.String(required=True, metadata=said("Why it could not be done; empty when it was."))
    undoable = fields.Boolean(required=True, metadata=said("It can be taken back while the case stands there."))


class Place(Shape):
    """Where a token stands."""

    token = fields.String(required=True, metadata=said("Name of the token."))
    node = fields.String(required=True, metadata=said("BPMN id of the place.", "check"))
    body = fields.String(required=True, metadata=said("The process or sub-process it is in.", "membership"))
    standing = fields.String(required=True, metadata=said("How it stands there."))
    items = fields.Integer(required=True, metadata=said("Open items of a multi-instance activity.", 0))
    fixed = fields.String(required=True, metadata=said("Why it can't be moved; empty when it can."))
    targets = fields.Function(
        lambda place: [node.id for node in place.targets],
        required=True,
        metadata={**said("Steps before which it can be put."), "type": "array", "items": {"type": "string"}},
    )


class Migration(Reason):
    """To which version, and which steps have another id there."""

    version = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(min=1, max=1_000_000),
        metadata=said("Version of the process with which the case is to go on.", 4),
    )
    mapping = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        load_default=dict,
        metadata=said("Steps with another id there: old → new.", {"check": "check_again"}),
    )
    rehearse = fields.Boolean(load_default=False, metadata=said("Only say what would happen."))


class MigrationAnswer(Shape):
    """The verdict of a rehearsal, or of what was done."""

    verdict = fields.String(required=True, metadata=said("How the case takes it.", "not-possible"))
    refusals = fields.List(fields.Raw(), required=True, metadata=said("Why it can't be done."))
    changes = fields.List(fields.Raw(), required=True, metadata=said("What closes, opens and changes."))
    tasks_kept = fields.Integer(required=True, metadata=said("Open human tasks that go on.", 1))
    drafts_kept = fields.Integer(required=True, metadata=said("Drafts of these that stay.", 0))
    case = fields.Nested(Case, required=True)


class Move(Reason):
    """Which token, where it was seen, and before which step it goes."""

    token = text("The token, as `places` names it.", longest=40, required=True)
    source = text("Where it was seen; elsewhere by now: 409.", "check", required=True)
    target = text("The step before which it goes.", "vote", required=True)
    over = text("Over which flow it comes, where the target is a join.", allow_none=True, load_default=None)


class Correction(Reason):
    """Variables with their right values."""

    variables = fields.Dict(
        keys=fields.String(),
        required=True,
        validate=validate.Length(min=1),
        metadata=said("The variables to write; others stay.", {"fee": "500.00"}),
    )
    activity = fields.String(
        allow_none=True,
        load_default=None,
        validate=validate.Length(min=1, max=255),
        metadata=said("The activity instance of an incident, where a called process or an item has its own.", "a17"),
    )
