"""Another side that is away: it is left alone, what is to go there waits without losing a try, and all go on after."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.commands import ReportJob, RetryIncident
from engine.errors import NotAllowed, NotFound
from engine.handlers.breakers import FIRST_PAUSE, LONGEST_PAUSE, OPENS_AFTER, TRIES_FOR
from engine.interventions import TryConnector
from engine.model import Cause, ClaimedJob, JobOutcome
from engine.queries.breakers import Silent, silent
from engine.store.breakers import BreakerRow
from engine.store.cases import IncidentRow, JobRow
from engine.store.session import read_sessions
from tests.integration.diagrams import chain, diagram, end, service, start, user
from tests.integration.office import JANA, OPERATOR, Office

SENDS = diagram(
    start(), service("mail", "mail.send", to="host", result="sent"), user("a"), end(), chain("s", "mail", "a", "e")
)
CALLS = diagram(
    start(), service("hook", "webhook.post", url="host", data="{}"), user("a"), end(), chain("s", "hook", "a", "e")
)
DONE = JobOutcome(kind="done", result={})
LITTLE = timedelta(seconds=2)


def failed(cause: Cause = "unreachable", retry: bool = True) -> JobOutcome:
    return JobOutcome(kind="failed", message="The mail server did not answer.", cause=cause, retry=retry)


def begin(office: Office, number: int, diagram_: bytes = SENDS, host: str = "a@x.cz") -> None:
    if not office.rows(JobRow):
        office.deploy(diagram_)
    for _ in range(number):
        office.start(variables={"host": host})


def claim(office: Office) -> ClaimedJob | None:
    """Take the first that may go out, as workers do; gives None where all must wait."""
    for job_id in office.engine.due().job_ids:
        if job := office.engine.claim_job(job_id):
            return job
    return None


def act(office: Office, outcome: JobOutcome) -> ClaimedJob:
    job = claim(office)
    assert job is not None
    office.do(ReportJob, job_id=job.id, outcome=outcome, attempt=job.attempt)
    return job


def seen(office: Office, tenant: str = "") -> list[Silent]:
    with read_sessions(office.database, tenant or office.tenant)() as session:
        return list(silent(session, tenant or office.tenant))


@pytest.mark.parametrize("cause", OPENS_AFTER)
def test_after_failures_in_a_row_of_a_kind_the_others_wait(engine_on: Office, cause: Cause) -> None:
    begin(engine_on, 10)
    for _ in range(OPENS_AFTER[cause]):
        assert not seen(engine_on)
        act(engine_on, failed(cause, retry=cause != "locked-out"))
    assert claim(engine_on) is None
    (one,) = seen(engine_on)
    assert (one.connector, one.state, one.cause) == ("mail.send", "open", cause)
    assert one.waiting == 10 - OPENS_AFTER[cause] + 1
    assert one.next_at == engine_on.clock.now() + FIRST_PAUSE


def test_what_waits_loses_no_try_however_long_the_other_side_is_away(engine_on: Office) -> None:
    begin(engine_on, 5)
    for _ in range(OPENS_AFTER["unreachable"]):
        act(engine_on, failed())
    pauses = []
    for _ in range(30):
        engine_on.pass_time((seen(engine_on)[0].next_at or engine_on.clock.now()) - engine_on.clock.now() + LITTLE)
        act(engine_on, failed())
        assert claim(engine_on) is None
        pauses.append((seen(engine_on)[0].next_at or engine_on.clock.now()) - engine_on.clock.now())
    assert pauses[:3] == [FIRST_PAUSE * 2, FIRST_PAUSE * 4, FIRST_PAUSE * 8]
    assert pauses[-1] == LONGEST_PAUSE
    assert not engine_on.rows(IncidentRow)
    engine_on.pass_time(LONGEST_PAUSE + LITTLE)
    for _ in range(5):
        act(engine_on, DONE)
    assert (len(engine_on.open_tasks()), seen(engine_on)) == (5, [])


def test_one_tries_while_the_others_wait_and_with_its_answer_all_go_on(engine_on: Office) -> None:
    begin(engine_on, 6)
    for _ in range(3):
        act(engine_on, failed())
    assert claim(engine_on) is None
    engine_on.pass_time(FIRST_PAUSE + LITTLE)
    tries = claim(engine_on)
    assert tries is not None
    assert claim(engine_on) is None
    assert seen(engine_on)[0].state == "half-open"
    engine_on.do(ReportJob, job_id=tries.id, outcome=JobOutcome(kind="error", code="no", message="No."))
    assert not seen(engine_on)
    for _ in range(5):
        act(engine_on, DONE)
    assert {row.breaker_id for row in engine_on.rows(JobRow)} == {None}


def test_another_tries_where_nothing_is_heard_of_the_one_that_did(engine_on: Office) -> None:
    begin(engine_on, 4)
    for _ in range(3):
        act(engine_on, failed())
    engine_on.pass_time(FIRST_PAUSE + LITTLE)
    lost = claim(engine_on)
    engine_on.pass_time(TRIES_FOR + LITTLE)
    other = claim(engine_on)
    assert lost is not None
    assert other is not None
    engine_on.do(ReportJob, job_id=other.id, outcome=DONE, attempt=other.attempt)
    assert not seen(engine_on)


def test_an_action_that_never_succeeds_stops_no_other(engine_on: Office) -> None:
    """Its failures in a row count once, and its tries are used up as ever."""
    begin(engine_on, 1)
    for _ in range(5):
        act(engine_on, failed())
        engine_on.pass_time(timedelta(hours=1))
    assert len(engine_on.rows(IncidentRow)) == 1
    assert not seen(engine_on)
    begin(engine_on, 1)
    act(engine_on, DONE)
    assert engine_on.rows(BreakerRow)[0].failures == 0


def test_an_answer_between_failures_and_a_failure_of_ones_own_do_not_count(engine_on: Office) -> None:
    begin(engine_on, 8)
    for _ in range(2):
        act(engine_on, failed())
        act(engine_on, failed())
        act(engine_on, DONE)
    act(engine_on, JobOutcome(kind="failed", message="The address is odd.", retry=False))
    act(engine_on, failed())
    assert not seen(engine_on)


def test_each_host_has_a_breaker_of_its_own(engine_on: Office) -> None:
    begin(engine_on, 4, CALLS, "https://dead.example.cz/a")
    for _ in range(3):
        act(engine_on, failed())
    engine_on.start(variables={"host": "https://alive.example.cz/a"})
    assert act(engine_on, DONE).parameters["url"] == "https://alive.example.cz/a"
    assert claim(engine_on) is None
    assert [one.target for one in seen(engine_on)] == ["dead.example.cz"]


def test_what_one_organisation_learned_is_not_anothers(engine_on: Office) -> None:
    begin(engine_on, 3)
    for _ in range(3):
        act(engine_on, failed())
    engine_on.add_tenant("village")
    (one,) = seen(engine_on)
    assert not seen(engine_on, "village")
    stranger = OPERATOR
    with pytest.raises(NotFound):
        engine_on.engine.execute(TryConnector(tenant="village", actor=stranger, breaker_id=one.id))


def test_an_operator_lets_it_be_tried_at_once(engine_on: Office) -> None:
    begin(engine_on, 4)
    for _ in range(3):
        act(engine_on, failed())
    assert claim(engine_on) is None
    (one,) = seen(engine_on)
    with pytest.raises(NotAllowed):
        engine_on.do(TryConnector, JANA, breaker_id=one.id)
    engine_on.do(TryConnector, OPERATOR, breaker_id=one.id)
    act(engine_on, DONE)
    assert not seen(engine_on)
    with pytest.raises(NotFound):
        engine_on.do(TryConnector, OPERATOR, breaker_id=one.id)


def test_an_incident_that_is_tried_again_waits_too(engine_on: Office) -> None:
    begin(engine_on, 3)
    act(engine_on, failed("locked-out", retry=False))
    (incident,) = engine_on.rows(IncidentRow)
    act(engine_on, failed("locked-out", retry=False))
    assert claim(engine_on) is None
    engine_on.do(RetryIncident, OPERATOR, incident_id=incident.id, reason="New password.")
    assert claim(engine_on) is None
    assert seen(engine_on)[0].waiting == 3
