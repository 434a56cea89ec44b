"""For whom a human task is. Commands refuse by it and pages show buttons by it, so that both always agree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from engine.model import Actor

#: Who works for the office: a person, or a program with a person's token.
STAFF = ("person", "api")


class Work(Protocol):
    """A human task as far as rights go."""

    @property
    def audience(self) -> str: ...
    @property
    def assignee(self) -> str | None: ...
    @property
    def candidates(self) -> Sequence[str] | None: ...
    @property
    def candidate_group(self) -> str | None: ...


def names(actor: Actor) -> set[str]:
    """The person and whom they stand in for."""
    return {name for name in (actor.username, actor.acting_for) if name}


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


def _is_among(task: Work, actor: Actor) -> bool:
    people = {*(task.candidates or ()), *filter(None, [task.assignee])}
    if not people and not task.candidate_group:
        return True
    return bool(names(actor) & people) or task.candidate_group in actor.groups
