"""Idempotency keys when the process dies between the deed and the answer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.commands import StartInstance
from engine.errors import NotFound
from engine.programs import Answer, BeginAnswer, FinishAnswer
from engine.store.cases import InstanceRow
from tests.integration.diagrams import chain, diagram, end, start, user
from tests.integration.office import JANA, Office

ONE = diagram(start(), user("ask"), end(), chain("s", "ask", "e"))


def begin(office: Office) -> Answer | None:
    return office.do(BeginAnswer, JANA, key="k", request_hash="h")


def start_case(office: Office, process: str = "p") -> None:
    office.engine.execute(StartInstance(tenant=office.tenant, actor=JANA, process_key=process), answering="k")


def test_what_was_carried_out_is_never_done_again_although_nobody_answered(engine_on: Office) -> None:
    engine_on.deploy(ONE)
    assert begin(engine_on) is None
    start_case(engine_on)
    engine_on.pass_time(timedelta(hours=1))
    assert begin(engine_on) == Answer(status=None, body=None, carried_out=True)
    assert len(engine_on.rows(InstanceRow)) == 1


def test_a_request_that_died_before_it_did_anything_may_be_sent_again(engine_on: Office) -> None:
    assert begin(engine_on) is None
    assert begin(engine_on) == Answer(status=None, body=None)
    engine_on.pass_time(timedelta(minutes=6))
    assert begin(engine_on) is None


def test_a_command_that_is_refused_carries_nothing_out(engine_on: Office) -> None:
    assert begin(engine_on) is None
    with pytest.raises(NotFound):
        start_case(engine_on, "nothing")
    engine_on.do(FinishAnswer, JANA, key="k", status=None)
    assert begin(engine_on) is None


def test_a_fault_after_the_deed_does_not_give_the_key_back(engine_on: Office) -> None:
    engine_on.deploy(ONE)
    begin(engine_on)
    start_case(engine_on)
    engine_on.do(FinishAnswer, JANA, key="k", status=None)
    assert begin(engine_on) == Answer(status=None, body=None, carried_out=True)
