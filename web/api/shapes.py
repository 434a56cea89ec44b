"""The shapes of requests and answers, as marshmallow schemas; the OpenAPI description is made from them."""

from __future__ import annotations

from marshmallow import EXCLUDE, Schema, fields, validate

Anything = fields.Raw
LONGEST = 255


class Shape(Schema):
    """Unknown members are refused in requests and left out of answers."""


class Query(Schema):
    """Query parameters of a list."""

    class Meta:
        unknown = EXCLUDE

    page = fields.Integer(load_default=1, validate=validate.Range(min=1, max=1_000_000))
    page_size = fields.Integer(load_default=50, validate=validate.Range(min=1, max=500))


class Reason(Shape):
    """Why an operator does it; it stands in the case's story."""

    reason = fields.String(required=True, validate=validate.Length(min=1, max=2000))


class StartCase(Shape):
    """A new case."""

    process_key = fields.String(required=True, validate=validate.Length(min=1, max=LONGEST))
    business_key = fields.String(allow_none=True, load_default=None, validate=validate.Length(min=1, max=100))
    variables = fields.Dict(keys=fields.String(), load_default=dict)


class Case(Shape):
    """A process instance."""

    id = fields.String(required=True)
    process_key = fields.String()
    version = fields.Integer(required=True)
    business_key = fields.String(required=True)
    status = fields.String(required=True)
    title = fields.String()
    started_at = fields.AwareDateTime()
    ended_at = fields.AwareDateTime(allow_none=True)


class CaseQuery(Query):
    """Which cases."""

    process_key = fields.String()
    status = fields.String(validate=validate.OneOf(["running", "suspended", "completed", "terminated"]))
    q = fields.String(validate=validate.Length(max=200))


class Entry(Shape):
    """One entry of a case's history."""

    id = fields.Integer()
    at = fields.AwareDateTime()
    kind = fields.String()
    node = fields.String(allow_none=True)
    node_name = fields.String(allow_none=True)
    actor = fields.String(attribute="who")
    actor_name = fields.String(attribute="who_name")
    version = fields.Integer()
    facts = Anything(allow_none=True)


class TaskQuery(Query):
    """Which human tasks; `state` is a view of the inbox."""

    state = fields.String(
        load_default="all", validate=validate.OneOf(["mine", "groups", "all", "overdue", "applicant", "open"])
    )
    process_key = fields.String()
    assignee = fields.String()
    candidate_group = fields.String()
    due_before = fields.AwareDateTime()
    q = fields.String(load_default="", validate=validate.Length(max=200))
    sort = fields.String(load_default="due", validate=validate.OneOf(["due", "opened", "priority"]))


class Task(Shape):
    """A human task."""

    id = fields.String(required=True)
    name = fields.String()
    subject = fields.String()
    node = fields.String()
    state = fields.String()
    process_key = fields.String()
    instance_id = fields.String()
    business_key = fields.String()
    candidate_group = fields.String(attribute="group", allow_none=True)
    assignee = fields.String(allow_none=True)
    priority = fields.Integer()
    opened_at = fields.AwareDateTime()
    due_at = fields.AwareDateTime(allow_none=True)


class TaskForm(Shape):
    """The form of a human task: its JSON Schema and what it begins with."""

    form = fields.String(allow_none=True)
    form_schema = Anything(data_key="schema", allow_none=True)
    data = fields.Dict(keys=fields.String())


class TaskData(Shape):
    """The answer to a human task."""

    data = fields.Dict(keys=fields.String(), load_default=dict)


class Delegation(Shape):
    """To whom."""

    username = fields.String(required=True, validate=validate.Length(min=1, max=150))


class Message(Shape):
    """A message from outside."""

    name = fields.String(required=True, validate=validate.Length(min=1, max=LONGEST))
    correlation = fields.Dict(keys=fields.String(), load_default=dict)
    payload = fields.Dict(keys=fields.String(), load_default=dict)
    message_id = fields.String(allow_none=True, load_default=None, validate=validate.Length(min=1, max=LONGEST))
    #: ISO 8601 moment until which it is kept when nobody waits yet.
    expires_at = fields.AwareDateTime(allow_none=True, load_default=None)


class MessageAnswer(Shape):
    """Which case took the message; null: it is kept until somebody waits."""

    instance_id = fields.String(allow_none=True)


class Incident(Shape):
    """Something a person must look at."""

    id = fields.String()
    instance_id = fields.String()
    business_key = fields.String()
    node = fields.String()
    message = fields.String()
    state = fields.String()
    opened_at = fields.AwareDateTime()


class RetryReason(Shape):
    """Why it is tried again."""

    reason = fields.String(load_default="", validate=validate.Length(max=2000))


class Definition(Shape):
    """A published process."""

    id = fields.String()
    process_key = fields.String()
    version = fields.Integer()
    name = fields.String()
    agenda = fields.String()
    deployed_at = fields.AwareDateTime()


class DeploymentAnswer(Shape):
    """What was published."""

    deployment_id = fields.String()
    agenda = fields.String()
    version = fields.Integer()
    changed = fields.Boolean()
    process_keys = fields.List(fields.String())


class RecordQuery(Query):
    """Which records."""

    q = fields.String(load_default="", validate=validate.Length(max=200))


class Record(Shape):
    """A record of a register."""

    id = fields.String()
    version = fields.Integer()
    caption = fields.String()
    data = fields.Dict(keys=fields.String())


class RecordData(Shape):
    """What to write; `version` is the one that was read."""

    data = fields.Dict(keys=fields.String(), required=True)
    version = fields.Integer(allow_none=True, load_default=None)


class OperationQuery(Query):
    """Which interventions."""

    instance_id = fields.String(validate=validate.Length(max=LONGEST))
    batch = fields.String(validate=validate.Length(max=LONGEST))


class Operation(Shape):
    """An intervention of an operator."""

    id = fields.String()
    instance_id = fields.String()
    business_key = fields.String()
    kind = fields.String()
    state = fields.String()
    at = fields.AwareDateTime()
    actor = fields.String()
    actor_name = fields.String()
    reason = fields.String()
    batch = fields.String(allow_none=True)
    problem = fields.String()
    undoable = fields.Boolean()


class Place(Shape):
    """Where a token stands."""

    token = fields.String()
    node = fields.String()
    body = fields.String()
    standing = fields.String()
    items = fields.Integer()
    #: Why it can't be moved.
    fixed = fields.String()
    targets = fields.Function(lambda place: [node.id for node in place.targets])
