"""Messages and signals: to the right case, kept, once, between cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from engine.commands import (
    BroadcastSignal,
    CompleteHumanTask,
    CorrelateMessage,
    ResumeInstance,
    RetryIncident,
    SuspendInstance,
    TerminateInstance,
)
from engine.errors import Conflict, NotAllowed, Spinning
from engine.handlers.undelivered import TIME_TO_LIVE, ExpireMessages
from engine.interventions import RetryMessage
from engine.store.cases import IncidentRow, InstanceRow, KeptMessageRow, MessageWaitRow
from engine.store.definitions import ProcessDefinitionRow
from tests.integration.diagrams import (
    boundary,
    catch,
    chain,
    correlation,
    diagram,
    end,
    gateway,
    message,
    messages,
    payload,
    script,
    signal,
    signals,
    start,
    throw,
    user,
)
from tests.integration.office import APPLICANT, JANA, OPERATOR, Office

PAID = message("payment_received")
HEAD = messages("payment.received")
WAITS = diagram(
    start(), catch("m", PAID, correlation("vs", "vs")), user("a"), end(), chain("s", "m", "a", "e"), head=HEAD
)


def test_a_message_goes_to_the_case_that_waits_for_it(engine_on: Office) -> None:
    engine_on.deploy(WAITS)
    first, second = (engine_on.start(variables={"vs": vs}).instance_id for vs in ("1", "2"))
    assert engine_on.message("payment.received", {"vs": "2"}, payload={"amount": 500}) == second
    assert engine_on.open_task("a").instance_id == second
    assert [row.instance_id for row in engine_on.rows(MessageWaitRow)] == [first]


def test_a_message_may_name_more_than_the_case_asks(engine_on: Office) -> None:
    engine_on.deploy(WAITS)
    case = engine_on.start(variables={"vs": "1"}).instance_id
    assert engine_on.message("payment.received", {"vs": "1", "ss": "9"}) == case


def test_a_message_nobody_waits_for_is_kept_until_somebody_does(engine_on: Office) -> None:
    engine_on.deploy(WAITS)
    assert engine_on.message("payment.received", {"vs": "7"}) is None
    engine_on.start(variables={"vs": "8"})
    case = engine_on.start(variables={"vs": "7"}).instance_id
    assert engine_on.open_task("a").instance_id == case
    (kept,) = engine_on.rows(KeptMessageRow)
    assert (kept.state, kept.instance_id) == ("delivered", case)


def test_a_kept_message_lives_only_so_long(engine_on: Office) -> None:
    engine_on.deploy(WAITS)
    until = engine_on.clock.now() + timedelta(hours=1)
    engine_on.message("payment.received", {"vs": "7"}, expires_at=until)
    engine_on.pass_time(timedelta(hours=2))
    engine_on.start(variables={"vs": "7"})
    assert not engine_on.open_tasks()


def test_how_long_a_message_is_kept_is_the_organisation_s_own_choice(engine_on: Office) -> None:
    engine_on.add_tenant("village", message_days="3")
    engine_on.tenant = "village"
    engine_on.deploy(WAITS)
    engine_on.message("payment.received", {"vs": "7"})
    (row,) = engine_on.rows(KeptMessageRow)
    assert row.expires_at == engine_on.clock.now() + timedelta(days=3)
    engine_on.pass_time(timedelta(days=2))
    assert engine_on.do(ExpireMessages) == 0
    engine_on.pass_time(timedelta(days=2))
    assert engine_on.do(ExpireMessages) == 1
    engine_on.start(variables={"vs": "7"})
    assert not engine_on.open_tasks() and not engine_on.engine.due()
    assert [row.state for row in engine_on.rows(KeptMessageRow)] == ["expired"]


def test_what_a_case_sends_to_nobody_runs_out_too(engine_on: Office) -> None:
    sends = diagram(start("s2"), throw("t2", PAID), end("e2"), chain("s2", "t2", "e2"), process="q", head=HEAD)
    engine_on.deploy(sends)
    engine_on.start("q")
    (row,) = engine_on.rows(KeptMessageRow)
    assert (row.state, row.expires_at) == ("kept", engine_on.clock.now() + TIME_TO_LIVE)


def spinning(inner: str, head: str) -> bytes:
    return diagram(start(inner=inner), gateway("m"), script("x", "n = 1"), end(), chain("s", "m", "x", "m"), head=head)


@pytest.mark.parametrize("kind", ["message", "signal"])
def test_a_process_that_spins_at_its_very_start_is_held_there_as_an_incident(engine_on: Office, kind: str) -> None:
    if kind == "message":
        engine_on.deploy(spinning(PAID, HEAD))
        case = engine_on.message("payment.received", payload={"amount": 500})
    else:
        engine_on.deploy(spinning(signal("alarm"), signals("alarm")))
        engine_on.do(BroadcastSignal, name="alarm")
        case = engine_on.rows(InstanceRow)[0].id
    (incident,) = engine_on.rows(IncidentRow)
    assert (incident.instance_id, incident.node, incident.state) == (case, "s", "open")
    assert not engine_on.engine.due()
    with pytest.raises(Spinning):
        engine_on.do(RetryIncident, OPERATOR, incident_id=incident.id, reason="mended")
    engine_on.do(TerminateInstance, OPERATOR, instance_id=case, reason="spins")


@pytest.mark.parametrize("order", [("b_case", "a_case"), ("a_case", "b_case")])
def test_of_two_agendas_that_begin_with_a_message_the_process_first_by_its_key_gets_it(
    engine_on: Office, order: tuple[str, str]
) -> None:
    for key in order:
        begins = diagram(start(inner=PAID), user("a"), end(), chain("s", "a", "e"), process=key, head=HEAD)
        engine_on.deploy(begins, agenda=f"agenda_of_{key}")
    engine_on.message("payment.received")
    assert [row.process_key for row in engine_on.rows(InstanceRow)] == ["a_case"]
    known = engine_on.begun_elsewhere("agenda_of_a_case")
    assert known == {"payment.received": {"b_case": "agenda_of_b_case"}}


def test_a_message_whose_delivery_always_fails_is_set_aside_until_somebody_tries_again(engine_on: Office) -> None:
    begins = diagram(start(inner=PAID), user("a"), end(), chain("s", "a", "e"), head=HEAD)
    sends = diagram(start("s2"), throw("t2", PAID), end("e2"), chain("s2", "t2", "e2"), process="q", head=HEAD)
    engine_on.deploy(begins, sends)
    begun = engine_on.rows(ProcessDefinitionRow, process_key="p")[0].begins_with
    set_begins(engine_on, [{**begun[0], "node": "nowhere"}])
    engine_on.start("q")
    (row,) = engine_on.rows(KeptMessageRow)
    assert row.state == "failed" and row.problem
    assert not engine_on.engine.due()
    set_begins(engine_on, begun)
    with pytest.raises(NotAllowed):
        engine_on.do(RetryMessage, JANA, row_id=row.id)
    engine_on.do(RetryMessage, OPERATOR, row_id=row.id)
    assert engine_on.open_task("a")


def set_begins(office: Office, begins: object) -> None:
    """Spoil or mend what an agenda begins with, as a fault of ours might."""
    with office.everything.begin() as connection:
        connection.execute(
            update(ProcessDefinitionRow).where(ProcessDefinitionRow.process_key == "p").values(begins_with=begins)
        )


def test_a_message_continues_a_case_rather_than_begin_another(engine_on: Office) -> None:
    both = diagram(
        start(inner=PAID),
        user("a"),
        boundary("b", "a", PAID, interrupting=False),
        user("c"),
        end(),
        end("w"),
        chain("s", "a", "e") + chain("b", "c", "w"),
        head=HEAD,
    )
    engine_on.deploy(both)
    first = engine_on.message("payment.received")
    assert engine_on.message("payment.received") == first
    assert len(engine_on.rows(InstanceRow)) == 1


def test_a_message_goes_to_the_case_that_names_most_of_its_keys(engine_on: Office) -> None:
    keys = correlation("vs", "vs") + correlation("ss", "ss")
    exact = diagram(
        start("s2"),
        catch("m2", PAID, keys),
        user("a2"),
        end("e2"),
        chain("s2", "m2", "a2", "e2"),
        process="q",
        head=HEAD,
    )
    engine_on.deploy(WAITS, exact)
    loose = engine_on.start(variables={"vs": "1"}).instance_id
    named = engine_on.start("q", {"vs": "1", "ss": "9"}).instance_id
    assert engine_on.message("payment.received", {"vs": "1", "ss": "9"}) == named
    assert engine_on.message("payment.received", {"vs": "1", "ss": "8"}) == loose


def test_the_same_message_twice_is_one(engine_on: Office) -> None:
    engine_on.deploy(WAITS)
    for _ in range(2):
        engine_on.start(variables={"vs": "1"})
    (receiver,) = {engine_on.message("payment.received", {"vs": "1"}, message_id="bank-17") for _ in range(2)}
    assert [task.instance_id for task in engine_on.open_tasks()] == [receiver]


def test_the_same_message_twice_is_kept_once(engine_on: Office) -> None:
    engine_on.deploy(WAITS)
    for _ in range(2):
        engine_on.message("payment.received", {"vs": "1"}, message_id="bank-17")
    engine_on.start(variables={"vs": "1"})
    engine_on.start(variables={"vs": "1"})
    assert len(engine_on.open_tasks()) == 1


def test_a_message_begins_a_process(engine_on: Office) -> None:
    begins = diagram(start(inner=PAID), user("a"), end(), chain("s", "a", "e"), head=HEAD)
    engine_on.deploy(begins)
    case = engine_on.message("payment.received", payload={"amount": 500})
    assert engine_on.open_task("a").instance_id == case


def test_only_the_newest_version_begins_with_a_message(engine_on: Office) -> None:
    engine_on.deploy(diagram(start(inner=PAID), user("a"), end(), chain("s", "a", "e"), head=HEAD))
    engine_on.deploy(diagram(start(), user("a"), end(), chain("s", "a", "e"), head=HEAD))
    assert engine_on.message("payment.received") is None


def test_a_case_sends_a_message_to_another(engine_on: Office) -> None:
    extensions = correlation("vs", "vs") + payload("amount", "amount")
    sender = diagram(start(), throw("t", PAID, extensions), end(), chain("s", "t", "e"), process="q", head=HEAD)
    engine_on.deploy(WAITS)
    engine_on.deploy(sender.replace(b'id="s_', b'id="q_').replace(b'id="t_', b'id="qt_'), agenda="other")
    case = engine_on.start(variables={"vs": "1"}).instance_id
    engine_on.start("q", {"vs": "1", "amount": 500})
    assert engine_on.open_task("a").instance_id == case
    assert "message-received m" in engine_on.story(case)
    assert not engine_on.engine.due()


def test_a_suspended_case_gets_its_message_when_it_resumes(engine_on: Office) -> None:
    engine_on.deploy(WAITS)
    case = engine_on.start(variables={"vs": "1"}).instance_id
    engine_on.do(SuspendInstance, OPERATOR, instance_id=case, reason="court")
    assert engine_on.message("payment.received", {"vs": "1"}) is None
    engine_on.do(ResumeInstance, OPERATOR, instance_id=case, reason="over")
    assert engine_on.open_task("a").instance_id == case


def test_an_interrupted_task_is_closed_by_the_message(engine_on: Office) -> None:
    body = diagram(
        start(),
        user("a"),
        boundary("b", "a", PAID),
        user("c"),
        end(),
        chain("s", "a", "e") + chain("b", "c", "e"),
        head=HEAD,
    )
    engine_on.deploy(body)
    engine_on.start()
    engine_on.message("payment.received")
    assert [task.node for task in engine_on.open_tasks()] == ["c"]
    assert not engine_on.rows(MessageWaitRow)


def test_a_boundary_that_does_not_interrupt_hears_again_and_again(engine_on: Office) -> None:
    body = diagram(
        start(),
        user("a"),
        boundary("b", "a", PAID, interrupting=False),
        user("c"),
        end(),
        chain("s", "a", "e") + chain("b", "c", "e"),
        head=HEAD,
    )
    engine_on.deploy(body)
    engine_on.start()
    engine_on.message("payment.received")
    engine_on.message("payment.received")
    assert sorted(task.node for task in engine_on.open_tasks()) == ["a", "c", "c"]


def test_an_applicant_uses_only_what_is_offered(engine_on: Office) -> None:
    offered = boundary("b", "a", PAID, extensions='<radnice:offer label="Vzít zpět" audience="applicant"/>')
    hidden = boundary("h", "a", message("secret"))
    body = diagram(
        start(),
        user("a"),
        offered,
        hidden,
        end(),
        end("w"),
        chain("s", "a", "e") + chain("b", "w") + chain("h", "w"),
        head=HEAD + messages("secret"),
    )
    engine_on.deploy(body)
    case = engine_on.start().instance_id
    waits = {row.node: row.wait for row in engine_on.rows(MessageWaitRow)}
    with pytest.raises(NotAllowed):
        engine_on.do(CorrelateMessage, APPLICANT, name="secret", instance_id=case, wait=waits["h"])
    with pytest.raises(NotAllowed):
        engine_on.do(CorrelateMessage, JANA, name="payment.received", instance_id=case, wait=waits["b"])
    engine_on.do(CorrelateMessage, APPLICANT, name="payment.received", instance_id=case, wait=waits["b"])
    assert engine_on.case(case).status == "completed"
    with pytest.raises(Conflict):
        engine_on.do(CorrelateMessage, APPLICANT, name="payment.received", instance_id=case, wait=waits["b"])


def test_what_is_offered_to_a_group_is_not_sent_by_others_who_only_name_the_message(engine_on: Office) -> None:
    extensions = '<radnice:offer label="Vyloučit" audience="staff" group="board"/>'
    offered = boundary("b", "a", message("exclude"), extensions=extensions)
    flows = chain("s", "a", "e") + chain("b", "w")
    engine_on.deploy(diagram(start(), user("a"), offered, end(), end("w"), flows, head=messages("exclude")))
    case = engine_on.start().instance_id
    for stranger in (JANA, APPLICANT):
        with pytest.raises(NotAllowed):
            engine_on.do(CorrelateMessage, stranger, name="exclude", instance_id=case)
    engine_on.do(CorrelateMessage, replace(JANA, groups=frozenset({"board"})), name="exclude")
    assert engine_on.case(case).status == "completed"


def test_an_activity_of_an_ad_hoc_sub_process_is_begun_again_by_those_who_would_do_it(engine_on: Office) -> None:
    condition = "<bpmn:completionCondition>value_of('enough', False)</bpmn:completionCondition>"
    opinion = user("a", 'group="building"', name="Opinion")
    adhoc = f'<bpmn:adHocSubProcess id="h">{opinion}{condition}</bpmn:adHocSubProcess>'
    engine_on.deploy(diagram(start(), adhoc, end(), chain("s", "h", "e")))
    case = engine_on.start().instance_id
    builder = replace(JANA, groups=frozenset({"building"}))
    engine_on.do(CompleteHumanTask, builder, task_id=engine_on.open_task("a").id)
    (offered,) = engine_on.rows(MessageWaitRow)
    assert (engine_on.open_tasks(), offered.offer["label"], engine_on.case(case).status) == ([], "Opinion", "running")
    again = {"name": offered.name, "instance_id": case, "wait": offered.wait, "message_id": "pressed twice"}
    with pytest.raises(NotAllowed):
        engine_on.do(CorrelateMessage, JANA, **again)
    for _ in range(2):
        engine_on.do(CorrelateMessage, builder, **again)
    engine_on.do(CompleteHumanTask, builder, task_id=engine_on.open_task("a").id, data={"enough": True})
    assert (engine_on.case(case).status, engine_on.rows(MessageWaitRow)) == ("completed", [])


def test_only_the_bank_or_an_operator_says_that_money_came(engine_on: Office) -> None:
    engine_on.deploy(WAITS)
    case = engine_on.start(variables={"vs": "7"}).instance_id
    facts = {"name": "payment.received", "correlation": {"vs": "7"}}
    with pytest.raises(NotAllowed):
        engine_on.do(CorrelateMessage, replace(JANA, kind="api", groups=frozenset({"secretariat"})), **facts)
    assert engine_on.do(CorrelateMessage, OPERATOR, **facts) == case


def test_a_signal_is_heard_by_all(engine_on: Office) -> None:
    listens = diagram(
        start(), catch("g", signal("alarm")), user("a"), end(), chain("s", "g", "a", "e"), head=signals("alarm")
    )
    engine_on.deploy(listens)
    cases = {engine_on.start().instance_id for _ in range(3)}
    assert engine_on.do(BroadcastSignal, name="alarm") == 3
    assert {task.instance_id for task in engine_on.open_tasks()} == cases


def test_a_case_sends_a_signal_to_all_others_and_begins_processes(engine_on: Office) -> None:
    alarm = signals("alarm")
    listens = diagram(start(), catch("g", signal("alarm")), end(), chain("s", "g", "e"), head=alarm)
    sends = diagram(start("s2"), end("e2", signal("alarm")), chain("s2", "e2"), process="q", head=alarm)
    begins = diagram(
        start("s3", signal("alarm")), user("c"), end("e3"), chain("s3", "c", "e3"), process="r", head=alarm
    )
    engine_on.deploy(listens, sends, begins)
    case = engine_on.start().instance_id
    engine_on.start("q")
    assert engine_on.case(case).status == "completed"
    assert [task.node for task in engine_on.open_tasks()] == ["c"]


def test_no_message_crosses_to_another_tenant(engine_on: Office) -> None:
    engine_on.deploy(WAITS)
    engine_on.start(variables={"vs": "1"})
    engine_on.add_tenant("village")
    engine_on.tenant = "village"
    assert engine_on.message("payment.received", {"vs": "1"}) is None
    assert not engine_on.open_tasks()
    assert len(engine_on.rows(InstanceRow)) == 1


BOTH = signal("alarm") + signal("all_clear")


def test_two_signals_that_both_begin_a_process_begin_it_once(engine_on: Office) -> None:
    begins = start("s", BOTH).replace('id="s"', 'id="s" parallelMultiple="true"')
    engine_on.deploy(diagram(begins, user("a"), end(), chain("s", "a", "e"), head=signals("alarm", "all_clear")))
    for name, tasks in (("alarm", 0), ("all_clear", 1), ("all_clear", 1), ("alarm", 2)):
        assert engine_on.do(BroadcastSignal, name=name) == 1
        assert len(engine_on.open_tasks()) == tasks
    assert len(engine_on.rows(InstanceRow)) == 2
