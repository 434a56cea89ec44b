"""The API keeps to its own description, whatever a program sends, on both databases."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

import pytest
import yaml
from sqlalchemy import select

from engine.commands import Deploy, SaveRecord, StartInstance
from engine.model import SYSTEM, SubmittedForm
from engine.store.cases import HumanTaskRow, IncidentRow, InstanceRow
from engine.store.registers import RecordRow
from processes.agenda import Agenda
from processes.scenarios.reading import as_json
from tests.integration.diagrams import chain, diagram, end, message, messages, script, start, user
from tests.integration.web.desk import app_of, open_office, token
from tests.integration.web.fuzzing import fuzz
from web.limits import limiter
from web.stage import MemoryStage

LONG = os.environ.get("RADNICE_TEST_LONG") == "1"
#: Made-up requests for each call, besides those at every limit that its description names.
EXAMPLES = 60 if LONG else 4
SEEDS = range(1, 6) if LONG else range(1, 2)
TOWN = {"ico": "00276057", "name": "Rokytnice", "kind": "regular", "since": "2026-07-01", "state": "active"}

#: Takes any variables, hands them to a script and to a person; one more is begun by a message.
PLAIN = diagram(
    start(),
    script("s1", "seen = str(size) if size else 0"),
    user("u", 'group="secretariat"'),
    end(),
    chain("s", "s1", "u", "e"),
    process="plain",
)
BEGUN = diagram(
    start("m", message("asked")),
    user("v", 'group="secretariat"'),
    end("f"),
    chain("m", "v", "f"),
    process="begun",
    head=messages("asked"),
)


@pytest.fixture
def office(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[MemoryStage, Agenda]]:
    monkeypatch.setattr(limiter, "enabled", False)
    with open_office(database_url) as (stage, agenda):
        yield stage, agenda


def furnish(stage: MemoryStage, agenda: Agenda) -> None:
    """Cases that wait for people and one that failed, a record, processes that take anything."""

    def do(command: Any, **facts: Any) -> Any:
        return stage.engine.execute(command(tenant=stage.tenant, actor=SYSTEM, **facts))

    do(Deploy, agenda="plain", title={"cs": "Pokus"}, files={"plain.bpmn": PLAIN, "begun.bpmn": BEGUN})
    forms = as_json(yaml.safe_load(agenda.text("scenarios/_forms.yaml") or ""))
    application = deepcopy(forms["rokytnice"])
    for _ in range(4):
        do(
            StartInstance,
            process_key="membership",
            variables=application,
            submission=SubmittedForm(form="application", data=application),
        )
        do(StartInstance, process_key="plain", variables={"size": 1})
        do(StartInstance, process_key="plain")
    do(SaveRecord, register="members", data=TOWN)


def known(stage: MemoryStage) -> Mapping[str, Sequence[str]]:
    """Things that are there, by the parameters that name them."""
    columns = {
        "path.instance_id": InstanceRow.id,
        "path.task_id": HumanTaskRow.id,
        "path.incident_id": IncidentRow.id,
        "path.record_id": RecordRow.id,
    }
    with stage.sessions() as session:
        ids = {name: list(session.scalars(select(column))) for name, column in columns.items()}
    assert all(ids.values()), ids
    return ids | {
        "path.key": ["members"],
        "body.process_key": ["plain", "membership"],
        "body.name": ["asked", "payment.received"],
        "body.username": ["sekretarka"],
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_no_request_breaks_the_api_and_every_answer_is_as_described(
    office: tuple[MemoryStage, Agenda], seed: int
) -> None:
    stage, agenda = office
    furnish(stage, agenda)
    came = fuzz(app_of(stage), token("spravce", stage.tenant), known(stage), EXAMPLES, seed)
    assert not came.failures, "\n\n".join(came.failures)
    assert not [status for status in came.statuses if status >= 500 or status == 0], came.statuses
    assert came.answers > 500 and {200, 201, 202, 204, 404, 409, 422} <= came.statuses.keys(), came.statuses
