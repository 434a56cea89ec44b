"""What the applicant sees of a case: the line of stations, whose turn it is, documents, what may still be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.diagram import Model
from engine.queries.cases import CaseFacts
from engine.queries.definitions import model_of
from engine.queries.inbox import TaskItem, tasks_of_case
from engine.queries.offers import offers
from engine.queries.papers import DocumentFacts, documents
from engine.queries.payments import payments
from engine.queries.progress import Progress, progress
from engine.queries.tasks import task, visible_variables
from web.answering import comments_of
from web.auth import ANYONE
from web.here import now, session
from web.i18n import _
from web.line import line, visits
from web.portal import wishes
from web.published import form_of, say
from web.tenancy import tenant_key
from web.ui.uploads import ENDINGS


@dataclass(frozen=True, kw_only=True)
class Turn:
    """A task of the applicant."""

    id: str
    name: str
    due_at: datetime | None
    action: str
    wishes: Sequence[wishes.Wish]


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A document the applicant may have."""

    id: str
    title: str
    kind: str
    size: int
    created_at: datetime


def contents(case: CaseFacts, lang: str) -> dict[str, Any]:
    """Everything the pages of a case show."""
    model = model_of(session(), tenant_key(), case.definition_id)
    open_tasks = tasks_of_case(session(), tenant_key(), case.id, now())
    stands = progress(session(), tenant_key(), case.id)
    papers = [paper(item) for item in documents(session(), tenant_key(), case.id, public_only=True) if item.newest]
    been = visits(session(), tenant_key(), case, open_tasks)
    asked = payments(session(), tenant_key(), case.id)
    return {
        "say": say(session(), tenant_key(), case.deployment_id, lang),
        "line": line(session(), tenant_key(), case, been, now=now(), lang=lang),
        "tasks": [turn(case, item) for item in open_tasks if item.audience == "applicant"],
        "documents": papers,
        "waiting": is_printing(stands, model),
        "payments": [item for item in asked if item.state == "open"],
        "offers": offers(session(), tenant_key(), case.id, ANYONE),
    }


def turn(case: CaseFacts, item: TaskItem) -> Turn:
    """What the applicant should do now, with what the office wrote to the fields."""
    facts = task(session(), tenant_key(), item.id, ANYONE)
    known = visible_variables(session(), tenant_key(), item.id)
    said = comments_of(known.get(facts.comments or ""))
    form = form_of(session(), tenant_key(), case.deployment_id, facts.form) if facts.form and said else None
    return Turn(
        id=item.id,
        name=item.name,
        due_at=item.due_at,
        action=_("Complete the application") if said else _("Answer"),
        wishes=wishes.wishes(form, known, said) if form else [],
    )


def is_printing(stands: Progress, model: Model) -> bool:
    """Whether a document is on its way."""
    calls = (model.nodes[node].connector for node in stands.active if node in model.nodes)
    return any(call is not None and call.name in PRINTERS for call in calls) and not stands.incidents


PRINTERS = frozenset({"document.render", "submission.render"})


def paper(item: DocumentFacts) -> Paper:
    """A document in the words of its page."""
    kind = min(ENDINGS.get(item.media_type, {"soubor"}), key=len).upper()
    return Paper(id=item.id, title=item.title, kind=kind, size=item.size, created_at=item.created_at)
