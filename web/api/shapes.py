"""The shapes of requests and answers, as marshmallow schemas; the OpenAPI description is made from them."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from marshmallow import INCLUDE, RAISE, Schema, ValidationError, fields, validate

Anything = fields.Raw
LONGEST = 255
#: Whole numbers that both databases can keep in a column.
BIGGEST = 2**31 - 1
#: Years that every time zone and both databases can tell.
YEARS = range(1900, 3000)


def said(description: str, *examples: Any) -> dict[str, Any]:
    """What the description says of a field."""
    return {"description": description, **({"examples": list(examples)} if examples else {})}


class Whole(validate.Regexp):
    """A text that fits a pattern from its first letter to its last."""

    def __call__(self, value: Any) -> Any:
        if self.regex.fullmatch(value) is None:
            raise ValidationError(self._format_error(value))
        return value


class Number(fields.Integer):
    """A whole number, in an address written as digits; 1.5 and true are none."""

    def _validated(self, value: Any) -> int:
        written = isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,18}", value)
        if not written and (not isinstance(value, int) or isinstance(value, bool)):
            raise self.make_error("invalid", input=value)
        return int(value)


def sensible(moment: datetime) -> None:
    """Refuse moments that no calendar of an office holds."""
    if moment.year not in YEARS:
        raise ValidationError(f"The year should be between {YEARS[0]} and {YEARS[-1]}.")


def text(description: str, *examples: str, longest: int = LONGEST, **options: Any) -> fields.String:
    """A text of a request that isn't empty."""
    return fields.String(validate=validate.Length(min=1, max=longest), metadata=said(description, *examples), **options)


class Shape(Schema):
    """Unknown members are refused in requests; answers hold exactly what is described."""

    class Meta:
        unknown = RAISE


class Query(Shape):
    """Query parameters of a list."""

    page = Number(
        load_default=1,
        validate=validate.Range(min=1, max=1_000_000),
        metadata=said("Which page, from 1; one beyond the end is empty."),
    )
    page_size = Number(
        load_default=50,
        validate=validate.Range(min=1, max=500),
        metadata=said("How many on a page."),
    )


class FieldError(Shape):
    """One thing that is wrong in a request."""

    pointer = fields.String(metadata=said("JSON pointer to the place in the body or in the answers.", "/ico"))
    parameter = fields.String(metadata=said("The query parameter, where it is one.", "page_size"))
    message = fields.String(required=True, metadata=said("One sentence.", "The IČO is not valid."))


class FoundProblem(Shape):
    """One thing that is wrong in an agenda."""

    severity = fields.String(
        required=True, validate=validate.OneOf(["error", "warning", "hint"]), metadata=said("Only errors refuse.")
    )
    rule = fields.String(required=True, metadata=said("Which rule of `radnice check`.", "conditions-missing"))
    element = fields.String(required=True, allow_none=True, metadata=said("BPMN id, JSON pointer or place.", "decide"))
    file = fields.String(required=True, metadata=said("Path in the agenda.", "dog.bpmn"))
    message = fields.String(required=True, metadata=said("One sentence."))


class Problem(Schema):
    """A refusal, as RFC 9457 says. Further members are facts that a program may want."""

    class Meta:
        unknown = INCLUDE

    type = fields.String(required=True, metadata=said("Always about:blank: the status says the kind.", "about:blank"))
    title = fields.String(required=True, metadata=said("The status in words.", "Conflict"))
    status = fields.Integer(required=True, metadata=said("The HTTP status.", 409))
    detail = fields.String(required=True, metadata=said("One sentence.", "Somebody else has claimed this human task."))
    errors = fields.List(fields.Nested(FieldError), metadata=said("Everything that doesn't fit, in its order."))
    problems = fields.List(fields.Nested(FoundProblem), metadata=said("What is wrong in an agenda, errors first."))


#: A sentence, not only spaces.
REASONED = [validate.Length(min=1, max=2000), Whole(r"[\s\S]*\S[\s\S]*", error="A reason is needed.")]


class Reason(Shape):
    """Why an operator does it; it stands in the case's story."""

    reason = fields.String(
        required=True,
        validate=REASONED,
        metadata=said("One sentence for the story of the case.", "Čeká se na rozhodnutí soudu."),
    )


# --- definitions -----------------------------------------------------------------------------------------------------


class DefinitionQuery(Query):
    """Which process definitions."""

    process_key = text("Only this process.", "membership")
    newest = fields.Boolean(load_default=False, metadata=said("Only the newest version of each process."))


class Definition(Shape):
    """A published process: one version, which never changes."""

    id = fields.String(required=True, metadata=said("Id of this version."))
    process_key = fields.String(required=True, metadata=said("Id of the process in its diagram.", "membership"))
    version = fields.Integer(required=True, metadata=said("Version of its agenda.", 3))
    name = fields.String(required=True, metadata=said("Name in the diagram.", "Přijetí za člena"))
    agenda = fields.String(required=True, metadata=said("Key of the agenda it belongs to.", "membership"))
    deployment_id = fields.String(required=True, metadata=said("The deployment it came with."))
    deployed_at = fields.AwareDateTime(required=True, metadata=said("When it was published."))


class DeploymentAnswer(Shape):
    """What was published."""

    deployment_id = fields.String(required=True, metadata=said("Id of the deployment."))
    agenda = fields.String(required=True, metadata=said("Key of the agenda.", "membership"))
    version = fields.Integer(required=True, metadata=said("Its version; the very same files give the same one.", 3))
    changed = fields.Boolean(required=True, metadata=said("False: the very same files were there already."))
    process_keys = fields.List(fields.String(), required=True, metadata=said("The processes it holds.", ["membership"]))


# --- process instances -----------------------------------------------------------------------------------------------


class StartCase(Shape):
    """A new case."""

    process_key = text("Which process; its newest version runs.", "membership", required=True)
    business_key = fields.String(
        allow_none=True,
        load_default=None,
        validate=[
            validate.Length(min=1, max=100),
            Whole(
                r"[A-Za-zÀ-ž0-9]([A-Za-zÀ-ž0-9 ._:+()-]*[A-Za-zÀ-ž0-9)])?",
                error="A number holds letters, digits, spaces and . _ : + ( ) -, and begins with a letter or a digit.",
            ),
        ],
        metadata=said("Number of the case, unique; without one the agenda's series gives it.", "PRI-2026-0001"),
    )
    variables = fields.Dict(
        keys=fields.String(),
        load_default=dict,
        metadata=said("Where the process begins with a form: the answers to it. Else the first variables."),
    )


class Case(Shape):
    """A process instance."""

    id = fields.String(required=True, metadata=said("Id of the case."))
    process_key = fields.String(required=True, metadata=said("Its process.", "membership"))
    version = fields.Integer(required=True, metadata=said("Version it runs on.", 3))
    definition_id = fields.String(required=True, metadata=said("The process definition it runs on."))
    business_key = fields.String(required=True, metadata=said("Number of the case.", "PRI-2026-0001"))
    status = fields.String(
        required=True,
        validate=validate.OneOf(["running", "suspended", "completed", "terminated"]),
        metadata=said("Where it is in its life.", "running"),
    )
    title = fields.String(required=True, metadata=said("What it is about.", "Obec Rokytnice"))
    started_at = fields.AwareDateTime(required=True, metadata=said("When it began."))
    ended_at = fields.AwareDateTime(
        required=True, allow_none=True, metadata=said("When it ended; null while it lasts.")
    )
    open_tasks = fields.Integer(required=True, metadata=said("Human tasks that wait for somebody.", 1))
    open_incidents = fields.Integer(required=True, metadata=said("Incidents that wait for an operator.", 0))


class CaseQuery(Query):
    """Which cases."""

    process_key = text("Only this process.", "membership")
    business_key = text("The case with exactly this number.", "PRI-2026-0001")
    status = fields.String(
        validate=validate.OneOf(["running", "suspended", "completed", "terminated"]),
        metadata=said("Only in this status."),
    )
    q = fields.String(
        validate=validate.Length(max=200), metadata=said("Words of the number, title or applicant.", "rokytnice")
    )


class Entry(Shape):
    """One entry of a case's history."""

    id = fields.Integer(required=True, metadata=said("Grows with time."))
    at = fields.AwareDateTime(required=True, metadata=said("When it happened."))
    kind = fields.String(required=True, metadata=said("What happened.", "task-completed"))
    node = fields.String(required=True, allow_none=True, metadata=said("BPMN id of the place.", "check"))
    node_name = fields.String(required=True, metadata=said("Its name in the diagram.", "Kontrola úplnosti"))
    activity = fields.String(required=True, allow_none=True, metadata=said("One entry into the activity.", "a17"))
    actor = fields.String(
        required=True, attribute="who", metadata=said("Username; empty: applicant or system.", "jana")
    )
    actor_name = fields.String(required=True, attribute="who_name", metadata=said("The person's name."))
    acting_for = fields.String(
        required=True, allow_none=True, metadata=said("Name of the absent colleague for whom it was done.")
    )
    version = fields.Integer(required=True, metadata=said("Version of the process at that moment.", 3))
    facts = fields.Dict(required=True, keys=fields.String(), metadata=said("What else is known; depends on the kind."))


# --- human tasks -----------------------------------------------------------------------------------------------------


class TaskQuery(Query):
    """Which human tasks."""

    state = fields.String(
        validate=validate.OneOf(["open", "claimed", "completed", "cancelled"]),
        metadata=said("Exactly this state; without it everything that can still be done, open and claimed."),
    )
    view = fields.String(
        load_default="all",
        validate=validate.OneOf(["all", "mine", "groups", "standing_in", "overdue", "applicant"]),
        metadata=said(
            "all: of the staff; mine: assigned to me; groups: free, and I may take it; standing_in: of colleagues for "
            "whom I stand in; overdue; applicant: waits for the applicant."
        ),
    )
    process_key = text("Only of this process.", "membership")
    instance_id = text("Only of this process instance.")
    node = text("Only at this element of the diagram.", "check")
    assignee = text("Only assigned to this username.", "sekretarka")
    candidate_group = text("Only of this group.", "secretariat")
    due_before = fields.AwareDateTime(
        validate=sensible, metadata=said("Only due before this moment.", "2026-07-01T00:00:00+02:00")
    )
    q = fields.String(
        load_default="",
        validate=validate.Length(max=200),
        metadata=said("Words of the case's number, title or applicant, or of the task's name.", "rokytnice"),
    )
    sort = fields.String(
        load_default="due",
        validate=validate.OneOf(["due", "opened", "priority"]),
        metadata=said("due: the nearest deadline first; opened: the newest first; priority: the highest first."),
    )


class Task(Shape):
    """A human task."""

    id = fields.String(required=True, metadata=said("Id of the task."))
    name = fields.String(required=True, metadata=said("Name in the diagram.", "Kontrola úplnosti"))
    subject = fields.String(required=True, metadata=said("What it is about in this case; may be empty."))
    node = fields.String(required=True, metadata=said("BPMN id.", "check"))
    state = fields.String(
        required=True,
        validate=validate.OneOf(["open", "claimed", "completed", "cancelled"]),
        metadata=said("Where it is in its life.", "open"),
    )
    process_key = fields.String(required=True, metadata=said("Process of the case.", "membership"))
    instance_id = fields.String(required=True, metadata=said("The case."))
    business_key = fields.String(required=True, metadata=said("Number of the case.", "PRI-2026-0001"))
    title = fields.String(required=True, metadata=said("What the case is about.", "Obec Rokytnice"))
    candidate_group = fields.String(
        required=True, attribute="group", allow_none=True, metadata=said("Whose group it is.", "secretariat")
    )
    assignee = fields.String(required=True, allow_none=True, metadata=said("Username of who has it.", "sekretarka"))
    priority = fields.Integer(required=True, metadata=said("The higher, the sooner.", 50))
    opened_at = fields.AwareDateTime(required=True, metadata=said("Since when it waits."))
    due_at = fields.AwareDateTime(required=True, allow_none=True, metadata=said("Its deadline."))


class TaskForm(Shape):
    """The form of a human task: its JSON Schema and what it begins with."""

    form = fields.String(
        required=True, allow_none=True, metadata=said("Key of the form; null: the task has none.", "completeness")
    )
    form_schema = fields.Dict(
        required=True, data_key="schema", allow_none=True, metadata=said("JSON Schema 2020-12 of the answers.")
    )
    data = fields.Dict(required=True, keys=fields.String(), metadata=said("What the form begins with."))


class TaskData(Shape):
    """The answer to a human task."""

    data = fields.Dict(
        keys=fields.String(),
        load_default=dict,
        metadata=said("Answers, by the names of the form.", {"outcome": "complete"}),
    )


class Delegation(Shape):
    """To whom."""

    username = text("Somebody who works here.", "sekretarka", longest=150, required=True)
    returns = fields.Boolean(
        load_default=False, metadata=said("It comes back with their answer, for whoever handed it over to complete.")
    )


# --- messages and incidents ------------------------------------------------------------------------------------------


class Message(Shape):
    """A message from outside."""

    name = text("Name of the message in the diagram.", "hearing.held", required=True)
    correlation = fields.Dict(
        keys=fields.String(),
        load_default=dict,
        validate=validate.Length(max=6),
        metadata=said("Which case: it agrees in every key that the case waits with.", {"hearing": "2026-17"}),
    )
    payload = fields.Dict(keys=fields.String(), load_default=dict, metadata=said("What the case gets as variables."))
    message_id = text("The same id twice is one message.", "m-2026-17", allow_none=True, load_default=None)
    expires_at = fields.AwareDateTime(
        allow_none=True,
        load_default=None,
        validate=sensible,
        metadata=said("Kept until then while nobody waits; without it 30 days.", "2026-12-31T23:59:59+01:00"),
    )


class MessageAnswer(Shape):
    """Which case took the message."""

    instance_id = fields.String(
        required=True, allow_none=True, metadata=said("The case; null: it is kept until somebody waits.")
    )


class IncidentQuery(Query):
    """Which incidents."""

    state = fields.String(
        load_default="open", validate=validate.OneOf(["open", "resolved"]), metadata=said("open or resolved.")
    )
    instance_id = text("Only of this process instance.")


class Incident(Shape):
    """Something a person must look at."""

    id = fields.String(required=True, metadata=said("Id of the incident."))
    instance_id = fields.String(required=True, metadata=said("The case."))
    business_key = fields.String(required=True, metadata=said("Number of the case.", "PRI-2026-0001"))
    process_key = fields.String(required=True, metadata=said("Its process.", "membership"))
    version = fields.Integer(required=True, metadata=said("Version the case runs on.", 3))
    node = fields.String(required=True, metadata=said("BPMN id of what failed.", "send_invoice"))
    message = fields.String(required=True, metadata=said("Why, in one sentence."))
    state = fields.String(
        required=True, validate=validate.OneOf(["open", "resolved"]), metadata=said("open or resolved.", "open")
    )
    opened_at = fields.AwareDateTime(required=True, metadata=said("When it happened."))
    resolved_at = fields.AwareDateTime(required=True, allow_none=True, metadata=said("When it was tried again."))


class RetryReason(Shape):
    """Why it is tried again; who gives none has the story say so."""

    reason = fields.String(
        load_default=None,
        allow_none=False,
        validate=REASONED,
        metadata=said("For the story of the case.", "Pošta už běží."),
    )
