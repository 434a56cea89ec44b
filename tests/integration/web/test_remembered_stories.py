"""What stories came to is remembered, but not what only a passing trouble made of them, nor the stage they stood on."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from engine.expressions import pool
from processes.agenda import Agenda
from processes.scenarios import Coverage, Outcome, Scenario, play
from tests.integration.diagrams import chain, diagram, end, script, start, user
from web import i18n
from web.studio import remembering
from web.studio.remembering import Heard, Playbill

AGENDA = b'key = "sums"\n[title]\ncs = "Soucty"\n[groups.board]\ncs = "Vybor"\n'
#: Not so simple that it would be computed here, without a guarded process.
TEXT = "x = sum([i for i in range(10)])"
STORY = """title: Soucet
process: p
starts: 2026-06-01 09:00
steps:
  - start:
    by: clerk
  - expect: {open: [%s]}
"""


@pytest.fixture(autouse=True)
def page() -> Iterator[None]:
    app = Flask("stories")
    i18n.install(app)
    with app.test_request_context("/"):
        yield


def files(name: str, passed: str = "u") -> dict[str, bytes]:
    """An agenda with one story; each test has its own, as what was heard is remembered beyond a test."""
    drawn = diagram(start(), script("x", TEXT), user("u", 'group="board"'), end(), chain("s", "x", "u", "e"))
    people = b"- {username: clerk, name: Clerk, email: clerk@example.cz, groups: [board]}"
    return {
        "agenda.toml": AGENDA,
        "demo/people.yaml": people,
        "p.bpmn": drawn,
        f"scenarios/{name}.yaml": (STORY % passed).encode(),
    }


def heard(told: dict[str, bytes]) -> Heard:
    with Playbill(told) as bill:
        return bill.hear(bill.stories[0])


def test_a_story_that_failed_as_too_much_was_computed_is_played_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    told = files("busy")
    busy = pool.Pool(most=1)

    def crowded(story: Scenario, agenda: Agenda, stage: Any, coverage: Coverage) -> Outcome:
        monkeypatch.setattr(pool, "_pool", busy)
        monkeypatch.setattr(pool, "QUEUE_SECONDS", 0.01)
        with busy.turns:
            return play(story, agenda, stage, coverage)

    monkeypatch.setattr(remembering, "play", crowded)
    assert "too many expressions" in heard(told).outcome.problem
    with Playbill(told) as bill:
        assert not bill.unheard, "telling how far it is goes on to the next story"
    monkeypatch.undo()
    busy.stop()
    assert heard(told).outcome.problem == ""


def test_a_remembered_failure_keeps_no_stage_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    stages: list[weakref.ref[Any]] = []

    def watched(story: Scenario, agenda: Agenda, stage: Any, coverage: Coverage) -> Outcome:
        stages.append(weakref.ref(stage))
        return play(story, agenda, stage, coverage)

    monkeypatch.setattr(remembering, "play", watched)
    told = files("wrong", passed="nowhere")
    first = heard(told)
    assert first.outcome.failure and heard(told) is first
    error = first.outcome.failure.error
    assert error.__traceback__ is None and error.__cause__ is None and error.__context__ is None
    gc.collect()
    assert [one() for one in stages] == [None]
