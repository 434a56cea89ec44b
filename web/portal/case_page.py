"""What the applicant sees of a case: the line of stations, whose turn it is, documents, what may still be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from engine.calendar import schedule
from engine.diagram import Model
from engine.model import Variables
from engine.queries.cases import CaseFacts
from engine.queries.definitions import model_of
from engine.queries.inbox import TaskItem, tasks_of_case
from engine.queries.offers import offers
from engine.queries.papers import DocumentFacts, documents
from engine.queries.payments import payments
from engine.queries.progress import Progress, progress
from engine.queries.story import story
from engine.queries.tasks import task, visible_variables
from web.answering import comments_of
from web.auth import ANYONE
from web.here import now, session
from web.i18n import _
from web.portal import wishes
from web.portal.periods import PERIOD, in_words, known
from web.portal.stations import Stop, Visits, standing
from web.published import agenda_of, form_of
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
    asked = payments(session(), tenant_key(), case.id)
    return {
        "line": line(case, model, Visits(passed=passed(case), open=opened(stands, open_tasks)), lang),
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


def line(case: CaseFacts, model: Model, visits: Visits, lang: str) -> list[Stop]:
    """The line of stations with deadlines in words."""
    ended = case.ended_at is not None
    stops = standing(model, case.process_key, visits, ended=ended)
    parameters = agenda_of(session(), tenant_key(), case.deployment_id).parameters
    if not ended:
        stops = with_expected(with_somewhere(stops), parameters)
    return [
        replace(stop, station=replace(stop.station, due=in_words(stop.station.due, lang, parameters))) for stop in stops
    ]


def with_expected(stops: list[Stop], parameters: Variables) -> list[Stop]:
    """The day by which the nearest station with a period should be over, had it begun now."""
    for at, stop in enumerate(stops):
        period = known(stop.station.due, parameters)
        if stop.state != "done" and stop.due is None and PERIOD.fullmatch(period):
            due = schedule("due", period, now()).first
            return [*stops[:at], replace(stop, due=due), *stops[at + 1 :]]
    return stops


def with_somewhere(stops: list[Stop]) -> list[Stop]:
    """Between two stations the next one is already being worked at."""
    if any(stop.state == "now" for stop in stops):
        return stops
    first = next((at for at, stop in enumerate(stops) if stop.state == "next"), None)
    return [replace(stop, state="now") if at == first else stop for at, stop in enumerate(stops)]


def passed(case: CaseFacts) -> dict[str, datetime]:
    """Where the case has been, and when it left last."""
    entries = story(session(), tenant_key(), case.id, everything=True, limit=1000)
    return {entry.node: entry.at for entry in reversed(entries) if entry.kind == "passed" and entry.node}


def opened(stands: Progress, open_tasks: Sequence[TaskItem]) -> dict[str, datetime | None]:
    """Where the case is, with deadlines."""
    due = {task.node: task.due_at for task in open_tasks}
    return {node: due.get(node) for node in (*stands.active, *stands.armed)}


def is_printing(stands: Progress, model: Model) -> bool:
    """Whether a document is on its way."""
    calls = (model.nodes[node].connector for node in stands.active if node in model.nodes)
    return any(call is not None and call.name in PRINTERS for call in calls) and not stands.incidents


PRINTERS = frozenset({"document.render", "submission.render"})


def paper(item: DocumentFacts) -> Paper:
    """A document in the words of its page."""
    kind = min(ENDINGS.get(item.media_type, {"soubor"}), key=len).upper()
    return Paper(id=item.id, title=item.title, kind=kind, size=item.size, created_at=item.created_at)
