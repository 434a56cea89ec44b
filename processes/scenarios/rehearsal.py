"""Plays a story as far as it goes and says where the case then stands, for an author who plays on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from engine.errors import EngineError
from engine.model import Actor, Json, Variables
from engine.queries.offers import offers
from engine.queries.progress import Progress, progress
from engine.store.cases import HumanTaskRow
from processes.agenda import Agenda
from processes.scenarios.acting import Acting
from processes.scenarios.failing import Failed
from processes.scenarios.office import Office
from processes.scenarios.playing import act
from processes.scenarios.reading import Scenario
from processes.scenarios.stage import Person, SentMail, Stage

#: How a story calls whoever asked for something.
APPLICANT = "applicant"


@dataclass(frozen=True, kw_only=True)
class OpenTask:
    """A task that somebody of the story may do now."""

    node: str
    name: str
    form: str
    due_at: datetime | None
    #: Usernames, or "applicant".
    doers: Sequence[str]
    #: What its form shows before it is filled in.
    shown: Variables


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a story stands after its last step."""

    #: Number of the steps that were taken.
    taken: int
    #: Why the step after them could not be taken; None when all were.
    error: Failed | EngineError | None
    now: datetime
    #: "" before a case has begun.
    status: str = ""
    progress: Progress | None = None
    tasks: Sequence[OpenTask] = ()
    #: Labels of what the case offers, with who may use it.
    offers: Sequence[tuple[str, str, str]] = ()
    mails: Sequence[SentMail] = ()
    variables: Variables = field(default_factory=dict)
    #: When the next timer fires.
    next_timer: datetime | None = None


def rehearse(scenario: Scenario, agenda: Agenda, stage: Stage) -> Standing:
    """Play a story to its end or to the first step that can't be taken."""
    office = Office(stage)
    acting = Acting(office=office, agenda=agenda, process=scenario.process)
    stage.clock.set(scenario.starts)
    taken, failed = 0, None
    for step in scenario.steps:
        try:
            act(acting, step)
        except (Failed, EngineError) as error:
            failed = error
            break
        taken += 1
    return _standing(acting, taken, failed)


def _standing(acting: Acting, taken: int, error: Failed | EngineError | None) -> Standing:
    office = acting.office
    now = office.stage.clock.now()
    if not office.main:
        return Standing(taken=taken, error=error, now=now)
    case = office.case()
    with office.stage.sessions() as session:
        gone = progress(session, office.stage.tenant, case.id)
    return Standing(
        taken=taken,
        error=error,
        now=now,
        status=case.status,
        progress=gone,
        tasks=[_task(acting, one) for one in office.open_tasks(case)],
        offers=_offers(office, case.id),
        mails=list(office.stage.mails),
        variables=office.variables(case),
        next_timer=office.next_moment(),
    )


def _task(acting: Acting, task: HumanTaskRow) -> OpenTask:
    return OpenTask(
        node=task.node,
        name=task.name or task.node,
        form=task.form or "",
        due_at=task.due_at,
        doers=_doers(acting.office.stage, task),
        shown=acting.shown(task),
    )


def _doers(stage: Stage, task: HumanTaskRow) -> list[str]:
    """Who may do a task: the applicant, its assignee, else the people of its group, else everybody."""
    if task.audience == "applicant":
        return [APPLICANT]
    if task.assignee:
        return [task.assignee]
    if task.candidates:
        return [str(one) for one in task.candidates]
    people = [one.username for one in stage.people.values() if task.candidate_group in (None, *one.groups)]
    return people or [*stage.people]


def _offers(office: Office, case: str) -> list[tuple[str, str, str]]:
    found: dict[str, tuple[str, str, str]] = {}
    with office.stage.sessions() as session:
        for name, actor in _actors(office.stage.people.values()):
            for one in offers(session, office.stage.tenant, case, actor):
                found.setdefault(one.label, (one.label, one.form or "", name))
    return list(found.values())


def _actors(people: Json) -> list[tuple[str, Actor]]:
    staff: list[Person] = list(people)
    return [(APPLICANT, Actor(kind="applicant")), *((one.username, one.actor()) for one in staff)]
