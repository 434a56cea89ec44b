"""What a person of the staff may read of cases. Pages and the API take a case from here, never from a query."""

from __future__ import annotations

from engine.errors import AgendaOfOthers
from engine.queries import cases, tasks
from engine.queries.cases import CaseFacts
from engine.queries.tasks import TaskFacts
from web.auth import actor
from web.here import session
from web.tenancy import tenant_key


def case_seen(*, number: str | None = None, instance_id: str | None = None) -> CaseFacts:
    """A case of this tenant by its number or id. Raises AgendaOfOthers where it is of an agenda of others."""
    found = cases.case(session(), tenant_key(), number=number, instance_id=instance_id)
    _must_read(found.id)
    return found


def task_seen(task_id: str) -> TaskFacts:
    """A human task as this person sees it, if they may read its case."""
    found = tasks.task(session(), tenant_key(), task_id, actor())
    _must_read(found.instance_id)
    return found


def may_write_into(case: CaseFacts) -> bool:
    """Whether this person may add a note to the case; whoever only examines may not."""
    return cases.is_writable(session(), tenant_key(), case.id, actor())


def _must_read(instance_id: str) -> None:
    if not cases.is_readable(session(), tenant_key(), instance_id, actor()):
        raise AgendaOfOthers
