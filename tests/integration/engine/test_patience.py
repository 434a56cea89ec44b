"""A command that collides with another is tried again, and only a while."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from sqlalchemy.orm.exc import StaleDataError

from engine.commands import Command
from engine.handlers.registry import handles
from engine.handlers.work import Work
from engine.store.patience import MOST_TRIES
from engine.store.people import PersonRow
from tests.integration.office import Office


@dataclass(frozen=True, kw_only=True)
class Collides(Command[int]):
    """Writes a row and collides so many times before it succeeds."""

    times: int
    tries: list[int] = field(default_factory=list)


@handles(Collides)
def collide(work: Work, command: Collides) -> int:
    command.tries.append(1)
    username = f"t{len(command.tries)}"
    row = {"username": username, "name": username, "email": "", "active": True, "created_at": work.now}
    work.session.add(PersonRow(tenant=work.tenant, **row))
    work.session.flush()
    if len(command.tries) <= command.times:
        raise StaleDataError
    return len(command.tries)


def test_a_collision_is_tried_again_from_the_beginning(engine_on: Office) -> None:
    assert engine_on.do(Collides, times=2) == 3
    assert sorted(row.username for row in engine_on.rows(PersonRow)) == ["t3"]


def test_a_collision_that_does_not_end_is_told_and_leaves_nothing(engine_on: Office) -> None:
    with pytest.raises(StaleDataError):
        engine_on.do(Collides, times=MOST_TRIES)
    assert engine_on.rows(PersonRow) == []
