"""The line of stations of one case, with deadlines in words: what the applicant follows and the clerk sees in short."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from engine.calendar import schedule
from engine.model import Variables
from engine.queries.cases import CaseFacts
from engine.queries.definitions import model_of
from engine.queries.inbox import TaskItem
from engine.queries.progress import last_passed, places
from web.periods import PERIOD, in_words, known
from web.published import agenda_of
from web.stations import Stop, Visits, standing


def visits(session: Session, tenant: str, case: CaseFacts, open_tasks: Sequence[TaskItem]) -> Visits:
    """Where the case has been and when it left last, where it is and until when."""
    due = {task.node: task.due_at for task in open_tasks}
    here = {node: due.get(node) for node in places(session, tenant, case.id)}
    return Visits(passed=last_passed(session, tenant, case.id), open=here)


def line(session: Session, tenant: str, case: CaseFacts, been: Visits, *, now: datetime, lang: str) -> list[Stop]:
    """The stations the case has passed, where it is, and those it may still meet."""
    model = model_of(session, tenant, case.definition_id)
    ended = case.ended_at is not None
    stops = standing(model, case.process_key, been, ended=ended)
    parameters = agenda_of(session, tenant, case.deployment_id).parameters
    if not ended:
        stops = with_expected(with_somewhere(stops), parameters, now)
    return [
        replace(stop, station=replace(stop.station, due=in_words(stop.station.due, lang, parameters))) for stop in stops
    ]


def with_expected(stops: list[Stop], parameters: Variables, now: datetime) -> list[Stop]:
    """The day by which the nearest station with a period should be over, had it begun now."""
    for at, stop in enumerate(stops):
        period = known(stop.station.due, parameters)
        if stop.state != "done" and stop.due is None and PERIOD.fullmatch(period):
            due = schedule("due", period, now).first
            return [*stops[:at], replace(stop, due=due), *stops[at + 1 :]]
    return stops


def with_somewhere(stops: list[Stop]) -> list[Stop]:
    """Between two stations the next one is already being worked at."""
    if any(stop.state == "now" for stop in stops):
        return stops
    first = next((at for at, stop in enumerate(stops) if stop.state == "next"), None)
    return [replace(stop, state="now") if at == first else stop for at, stop in enumerate(stops)]
