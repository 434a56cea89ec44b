"""For whom a human task is. Commands refuse by it and pages show buttons by it, so that both always agree."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Protocol

from engine.model import ROLE_ADMIN, ROLE_AUDITOR, ROLE_OPERATOR, Absence, Actor

#: Who works for the office: a person, or a program with a person's token.
STAFF = ("person", "api")
#: Who runs the installation takes part in every case; who examines it only reads.
RUNNING = frozenset({ROLE_ADMIN, ROLE_OPERATOR})
READING = RUNNING | {ROLE_AUDITOR}


class Work(Protocol):
    """A human task as far as rights go."""

    @property
    def audience(self) -> str: ...
    @property
    def process_key(self) -> str: ...
    @property
    def assignee(self) -> str | None: ...
    @property
    def acting_for(self) -> str | None: ...
    @property
    def candidates(self) -> Sequence[str] | None: ...
    @property
    def candidate_group(self) -> str | None: ...


def names(actor: Actor) -> set[str]:
    """The person and whom they stand in for."""
    return {name for name in (actor.username, actor.acting_for) if name}


def acting(task: Work, actor: Actor, *, personal: bool, doers: Collection[str] = ()) -> Actor:
    """Give the actor as they act on this task: in their own right, else for a colleague who is away.

    A `personal` task, as a vote, is nobody else's even then. Of several colleagues one is taken who has not done what
    the task checks (`doers`).
    """
    if actor.kind not in STAFF or personal or actor.acting_for:
        return actor
    if task.acting_for and task.assignee == actor.username:
        return replace(actor, acting_for=task.acting_for)
    if _is_among(task, actor) and not is_taken(task, actor):
        return actor
    away = sorted(
        (one for one in actor.stands_in if covers(one, task, actor)), key=lambda absent: absent.username in doers
    )
    return replace(actor, acting_for=away[0].username, groups=actor.groups | away[0].groups) if away else actor


def covers(absence: Absence, task: Work, actor: Actor) -> bool:
    """Whether the absent person could do this task, and their substitute was asked to."""
    if absence.processes is not None and task.process_key not in absence.processes:
        return False
    absent = Actor(kind="person", username=absence.username, groups=absence.groups)
    return _is_among(task, absent) and task.assignee in (None, absence.username, actor.username)


def is_for(task: Work, actor: Actor, applicant: str | None) -> bool:
    """Whether the task is the actor's to do; `applicant` is the username of the case's registered applicant."""
    if actor.kind == "system":
        return True
    if task.audience == "applicant":
        # An applicant without an account has shown the case's secret to the web before this.
        stranger = actor.username and applicant and actor.username != applicant
        return actor.kind == "applicant" and not stranger
    return actor.kind in STAFF and _is_among(task, actor)


def is_taken(task: Work, actor: Actor) -> bool:
    """Whether somebody else has claimed it."""
    return bool(task.assignee) and actor.kind in STAFF and task.assignee not in names(actor)


def is_for_everybody(task: Work) -> bool:
    """Whether nobody is named: it is everybody's who works in its agenda."""
    return not (task.candidates or task.assignee or task.candidate_group)


def _is_among(task: Work, actor: Actor) -> bool:
    if is_for_everybody(task):
        # Whoever examines only reads.
        return ROLE_AUDITOR not in actor.groups
    people = {*(task.candidates or ()), *filter(None, [task.assignee])}
    return bool(names(actor) & people) or task.candidate_group in actor.groups
