"""Outside actions: promised once, claimed by one, tried again, given up as an incident, mended by a person."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from engine.commands import NewDocument, ReportJob, ResumeInstance, RetryIncident, SetVariables, SuspendInstance
from engine.errors import NotAllowed
from engine.handlers.jobs import LEASE
from engine.model import ClaimedJob, JobOutcome
from engine.store.cases import IncidentRow, JobRow
from engine.store.papers import DocumentRow
from tests.integration.diagrams import boundary, chain, diagram, end, error, flow, gateway, service, start, user
from tests.integration.office import JANA, OPERATOR, Office

MAIL = service("mail", "mail.send", to='"a@" + host', result="sent")
SENDS = diagram(start(), MAIL, user("a", 'subject="sent[&quot;id&quot;]"'), end(), chain("s", "mail", "a", "e"))
DONE = JobOutcome(kind="done", result={"id": "m1"})
FAILED = JobOutcome(kind="failed", message="The mail server does not answer.")


def claim(office: Office) -> ClaimedJob:
    (job_id,) = office.engine.due().job_ids
    claimed = office.engine.claim_job(job_id)
    assert claimed is not None
    return claimed


def report(office: Office, job: ClaimedJob, outcome: JobOutcome) -> None:
    office.do(ReportJob, job_id=job.id, outcome=outcome)


def test_a_job_is_promised_done_and_the_case_goes_on_with_its_result(engine_on: Office) -> None:
    engine_on.deploy(SENDS)
    case = engine_on.start(variables={"host": "example.cz"}).instance_id
    job = claim(engine_on)
    assert (job.connector, job.parameters, job.attempt) == ("mail.send", {"to": "a@example.cz"}, 1)
    assert job.key == f"{case}:{job.activity}"
    assert [hint.id for hint in engine_on.hints] == [job.id]
    report(engine_on, job, DONE)
    assert engine_on.open_task("a").subject == "m1"
    assert not engine_on.engine.due()


def test_a_job_is_claimed_by_one_worker(engine_on: Office) -> None:
    engine_on.deploy(SENDS)
    engine_on.start(variables={"host": "x"})
    (job_id,) = engine_on.engine.due().job_ids
    with ThreadPoolExecutor(4) as workers:
        claimed = [job for job in workers.map(engine_on.engine.claim_job, [job_id] * 4) if job]
    assert len(claimed) == 1


def test_a_second_report_changes_nothing(engine_on: Office) -> None:
    engine_on.deploy(SENDS)
    engine_on.start(variables={"host": "x"})
    job = claim(engine_on)
    report(engine_on, job, DONE)
    report(engine_on, job, FAILED)
    assert len(engine_on.open_tasks()) == 1
    assert engine_on.rows(JobRow)[0].state == "done"


def test_the_job_of_a_worker_that_died_is_taken_by_another(engine_on: Office) -> None:
    engine_on.deploy(SENDS)
    engine_on.start(variables={"host": "x"})
    dead = claim(engine_on)
    assert engine_on.engine.claim_job(dead.id) is None
    engine_on.pass_time(LEASE + timedelta(seconds=1))
    alive = claim(engine_on)
    assert (alive.key, alive.attempt) == (dead.key, 2)
    report(engine_on, alive, DONE)
    assert engine_on.open_task("a")


def test_a_worker_that_says_it_is_still_at_it_keeps_its_job(engine_on: Office) -> None:
    engine_on.deploy(SENDS)
    engine_on.start(variables={"host": "x"})
    job = claim(engine_on)
    for _ in range(5):
        engine_on.pass_time(LEASE * 0.6)
        assert engine_on.engine.keep_job(job)
        assert engine_on.engine.claim_job(job.id) is None
    engine_on.pass_time(LEASE * 1.1)
    assert claim(engine_on).attempt == 2
    assert not engine_on.engine.keep_job(job)


def test_of_a_worker_taken_for_dead_a_failure_is_no_news_and_a_success_is(engine_on: Office) -> None:
    engine_on.deploy(SENDS)
    engine_on.start(variables={"host": "x"})
    slow = claim(engine_on)
    engine_on.pass_time(LEASE + timedelta(seconds=1))
    quick = claim(engine_on)
    engine_on.do(ReportJob, job_id=slow.id, outcome=FAILED, attempt=slow.attempt)
    assert engine_on.rows(JobRow)[0].state == "running"
    engine_on.do(ReportJob, job_id=quick.id, outcome=FAILED, attempt=quick.attempt)
    assert engine_on.rows(JobRow)[0].state == "ready"
    engine_on.do(ReportJob, job_id=slow.id, outcome=DONE, attempt=slow.attempt)
    assert engine_on.open_task("a")
    assert engine_on.rows(JobRow)[0].state == "done"


def test_a_failed_job_is_tried_five_times_with_growing_pauses(engine_on: Office) -> None:
    engine_on.deploy(SENDS)
    case = engine_on.start(variables={"host": "x"}).instance_id
    pauses = []
    for _ in range(4):
        report(engine_on, claim(engine_on), FAILED)
        (row,) = engine_on.rows(JobRow)
        pauses.append((row.next_at - engine_on.clock.now()).total_seconds())
        assert not engine_on.engine.due()
        engine_on.pass_time(row.next_at - engine_on.clock.now())
    assert [8, 24, 72, 216] <= pauses <= [12, 36, 108, 324]
    report(engine_on, claim(engine_on), FAILED)
    (incident,) = engine_on.rows(IncidentRow)
    assert (incident.instance_id, incident.node, incident.state) == (case, "mail", "open")
    assert incident.message == "The mail server does not answer."
    assert engine_on.story(case)[-2:] == ["job-failed mail", "incident mail"]


def test_a_failure_that_makes_no_sense_to_repeat_is_an_incident_at_once(engine_on: Office) -> None:
    engine_on.deploy(SENDS)
    engine_on.start(variables={"host": "x"})
    report(engine_on, claim(engine_on), JobOutcome(kind="failed", message="No such address.", retry=False))
    assert len(engine_on.rows(IncidentRow, state="open")) == 1


def test_an_operator_lets_a_failed_job_be_tried_again(engine_on: Office) -> None:
    engine_on.deploy(SENDS)
    engine_on.start(variables={"host": "x"})
    first = claim(engine_on)
    report(engine_on, first, JobOutcome(kind="failed", message="No.", retry=False))
    (incident,) = engine_on.rows(IncidentRow)
    with pytest.raises(NotAllowed):
        engine_on.do(RetryIncident, JANA, incident_id=incident.id, reason="mended")
    engine_on.do(RetryIncident, OPERATOR, incident_id=incident.id, reason="server mended")
    again = claim(engine_on)
    assert (again.key, again.attempt) == (first.key, 1)
    report(engine_on, again, DONE)
    assert engine_on.open_task("a")
    assert engine_on.rows(IncidentRow)[0].state == "resolved"


def test_a_business_error_is_caught_by_the_diagram(engine_on: Office) -> None:
    body = diagram(
        start(),
        MAIL,
        boundary("b", "mail", error()),
        user("c"),
        end(),
        chain("s", "mail", "e") + chain("b", "c", "e"),
    )
    engine_on.deploy(body)
    engine_on.start(variables={"host": "x"})
    report(engine_on, claim(engine_on), JobOutcome(kind="error", code="refused", message="Refused."))
    assert engine_on.open_task("c")
    assert not engine_on.rows(IncidentRow)


def test_a_business_error_nobody_catches_is_an_incident_and_can_be_tried_again(engine_on: Office) -> None:
    engine_on.deploy(SENDS)
    engine_on.start(variables={"host": "x"})
    report(engine_on, claim(engine_on), JobOutcome(kind="error", code="refused", message="Refused."))
    (incident,) = engine_on.rows(IncidentRow)
    assert (incident.state, incident.message) == ("open", "Refused.")
    engine_on.do(RetryIncident, OPERATOR, incident_id=incident.id, reason="mended")
    report(engine_on, claim(engine_on), DONE)
    assert engine_on.open_task("a")
    assert engine_on.rows(IncidentRow)[0].state == "resolved"


def test_what_is_reported_while_the_case_is_suspended_waits_for_it(engine_on: Office) -> None:
    engine_on.deploy(SENDS)
    case = engine_on.start(variables={"host": "x"}).instance_id
    job = claim(engine_on)
    engine_on.do(SuspendInstance, OPERATOR, instance_id=case, reason="court")
    report(engine_on, job, DONE)
    assert not engine_on.open_tasks()
    engine_on.do(ResumeInstance, OPERATOR, instance_id=case, reason="over")
    assert engine_on.open_task("a").subject == "m1"


def test_no_job_of_a_suspended_case_is_claimed(engine_on: Office) -> None:
    engine_on.deploy(SENDS)
    case = engine_on.start(variables={"host": "x"}).instance_id
    (job_id,) = engine_on.engine.due().job_ids
    engine_on.do(SuspendInstance, OPERATOR, instance_id=case, reason="court")
    assert not engine_on.engine.due()
    assert engine_on.engine.claim_job(job_id) is None


#: Goes round for ever where `spin` holds.
SPINS = diagram(
    start(),
    MAIL,
    boundary("b", "mail", error()),
    gateway("m"),
    gateway("g").replace("/>", ' default="g_a"/>'),
    user("a", 'subject="sent[&quot;id&quot;] if sent else &quot;none&quot;"'),
    end(),
    chain("s", "mail", "m", "g", "a", "e") + chain("b", "m") + flow("g", "m", "spin"),
)
REFUSED = JobOutcome(kind="error", code="refused", message="Refused.")


@pytest.mark.parametrize(("outcome", "subject", "told"), [(DONE, "m1", "job-done"), (REFUSED, "none", "job-failed")])
def test_an_action_that_has_ended_is_not_repeated_when_the_case_does_not_come_to_rest_after_it(
    engine_on: Office, outcome: JobOutcome, subject: str, told: str
) -> None:
    engine_on.deploy(SPINS)
    case = engine_on.start(variables={"host": "x", "spin": True, "sent": None}).instance_id
    report(engine_on, claim(engine_on), outcome)
    if outcome is DONE:
        (first,) = engine_on.rows(IncidentRow)
        engine_on.do(RetryIncident, OPERATOR, incident_id=first.id, reason="once more")
    (incident,) = engine_on.rows(IncidentRow, state="open")
    assert (incident.node, engine_on.rows(JobRow)[0].state) == ("mail", "reported")
    engine_on.pass_time(timedelta(days=1))
    assert not engine_on.engine.due()
    engine_on.do(SuspendInstance, OPERATOR, instance_id=case, reason="a look")
    engine_on.do(SetVariables, OPERATOR, instance_id=case, variables={"spin": False}, reason="no circle")
    engine_on.do(ResumeInstance, OPERATOR, instance_id=case, reason="seen")
    assert not engine_on.open_tasks()
    engine_on.do(RetryIncident, OPERATOR, incident_id=incident.id, reason="mended")
    assert engine_on.open_task("a").subject == subject
    assert not engine_on.rows(IncidentRow, state="open")
    assert not engine_on.engine.due()
    assert engine_on.story(case).count(f"{told} mail") == 1


def test_what_a_case_could_not_take_in_is_kept_and_taken_in_when_somebody_tries_again(engine_on: Office) -> None:
    engine_on.deploy(SENDS)
    engine_on.start(variables={"host": "x"})
    job = claim(engine_on)
    engine_on.do(ReportJob, job_id=job.id, outcome=DONE, attempt=job.attempt, problem="It could not.")
    engine_on.do(ReportJob, job_id=job.id, outcome=DONE, attempt=job.attempt)
    (incident,) = engine_on.rows(IncidentRow)
    assert incident.message == "It could not."
    assert not engine_on.open_tasks()
    assert not engine_on.engine.due()
    engine_on.do(RetryIncident, OPERATOR, incident_id=incident.id, reason="mended")
    assert engine_on.open_task("a").subject == "m1"
    assert engine_on.rows(JobRow)[0].state == "done"


def test_documents_a_job_produced_are_kept_with_it(engine_on: Office) -> None:
    engine_on.deploy(SENDS)
    case = engine_on.start(variables={"host": "x"}).instance_id
    job = claim(engine_on)
    paper = NewDocument(key="r", title="R", filename="r.pdf", media_type="application/pdf", content=b"%PDF-")
    report(engine_on, job, JobOutcome(kind="done", result={"id": "m1"}, documents=[paper]))
    (row,) = engine_on.rows(DocumentRow, instance_id=case)
    assert (row.key, row.version, row.job_id) == ("r", 1, job.id)
