"""Running a file headless."""

from __future__ import annotations

import json
from pathlib import Path

from engine import headless
from tests.unit.kernel.diagrams import bpmn, definitions, event, on, process, script, timer, when


def test_people_s_answers_decide_and_the_trace_tells_the_way() -> None:
    model = bpmn("start -> user -> xor -> user_a if ok; xor -> user_b; user_a -> end", xor='default="xor-user_b"')
    result = headless.run(model, answers={"user": {"data": {"ok": True}}})
    assert (result.status, result.trace) == ("completed", ["start", "user", "xor", "user_a", "end"])
    assert result.data == {"ok": True}


def test_a_list_answers_successive_rounds() -> None:
    model = bpmn("start -> xor -> user -> xor_2; xor_2 -> xor if more; xor_2 -> end", xor_2='default="xor_2-end"')
    answers = {"user": [{"data": {"more": True}}, {"data": {"more": True}}, {"data": {"more": False}}]}
    assert headless.run(model, answers=answers).trace.count("user") == 3


def test_a_person_who_takes_too_long_is_overtaken_by_a_timer() -> None:
    model = bpmn("start -> user -> end; on_late -> user_b -> end", on_late=on("user", timer("P1D")))
    assert "user_b" in headless.run(model, answers={"user": {"after": "P2D"}}).trace
    assert "user_b" not in headless.run(model, answers={"user": {"after": "PT2H"}}).trace


def test_processes_of_one_file_exchange_messages_and_signals() -> None:
    model = definitions(
        process("p", "start -> throw -> catch -> end", throw=event("message", "ask"), catch=event("message", "answer")),
        process(
            "q",
            "start_q -> script -> throw_q -> end_q",
            start_q=event("message", "ask"),
            throw_q=event("message", "answer"),
            script=script("x = 1"),
        ),
    )
    result = headless.run(model)
    assert (result.status, result.data) == ("completed", {"x": 1})
    assert result.trace.index("start_q") < result.trace.index("catch")


def test_a_message_that_comes_before_anybody_waits_is_kept() -> None:
    model = definitions(
        process("p", "start -> throw -> end", throw=event("message", "m")),
        process("q", "start_q -> user -> catch -> end_q", catch=event("message", "m")),
    )
    assert headless.run(model, answers={"user": {"after": "P1D"}}).status == "completed"


def test_what_nobody_does_is_waiting() -> None:
    result = headless.run(bpmn("start -> catch -> end", catch=event("message", "never")))
    assert (result.status, result.waiting) == ("waiting", ["catch"])


def test_an_incident_names_its_element() -> None:
    result = headless.run(bpmn("start -> script -> end", script=script("1 // 0")))
    assert (result.status, result.problems[0]["element"]) == ("incident", "script")


def test_what_cannot_run_at_all_is_refused() -> None:
    assert headless.run(b"rubbish").status == "refused"
    assert headless.run(bpmn("start -> catch -> end")).problems[0]["element"] == "catch"
    assert headless.run(bpmn("start -> end"), process="nothing").status == "refused"


def test_an_endless_process_is_an_incident() -> None:
    assert headless.run(bpmn("start -> xor -> script -> xor", script=script("x = 1"))).status == "incident"
    assert headless.run(bpmn("start -> xor -> user -> xor"), max_steps=500).status == "incident"


def test_one_bad_line_does_not_stop_the_batch(tmp_path: Path) -> None:
    good = tmp_path / "good.bpmn"
    good.write_bytes(bpmn("start -> end"))
    lines = [
        "{",
        "[]",
        json.dumps({"model": "/nowhere"}),
        json.dumps({"model": str(good), "data": 5}),
        json.dumps({"model": str(good)}),
    ]
    assert [headless.run_line(line)["status"] for line in lines] == ["refused"] * 4 + ["completed"]


def test_a_process_that_begins_with_a_timer_begins_as_often_as_it_says() -> None:
    once = headless.run(bpmn("start -> end", start=timer("P1D")))
    assert (once.status, once.trace) == ("completed", ["start", "end"])
    thrice = headless.run(bpmn("start -> end", start=timer("R3/P1D", "timeCycle")))
    assert thrice.trace.count("end") == 3


def test_a_process_that_begins_with_a_condition_begins_only_if_it_holds() -> None:
    model = bpmn("start -> end", start=when("n > 1"))
    assert headless.run(model, data={"n": 2}).status == "completed"
    assert headless.run(model, data={"n": 1}).trace == []


def test_a_process_that_begins_with_a_timer_runs_beside_one_that_begins_by_itself() -> None:
    model = definitions(process("p", "start -> user -> end"), process("q", "start_2 -> end_2", start_2=timer("P1D")))
    assert headless.run(model).trace == ["start", "user", "end", "start_2", "end_2"]


def test_the_starts_of_a_cycle_come_one_after_another() -> None:
    model = bpmn("start -> user -> end", start=timer("R2/P1D", "timeCycle"))
    assert headless.run(model, answers={"user": {"after": "PT1H"}}).trace == ["start", "user", "end"] * 2


def test_a_message_goes_where_its_message_flow_leads_and_not_to_another_of_the_same_name() -> None:
    pools = '<collaboration id="c"><participant id="pool_r" processRef="r"/>'
    pools += '<messageFlow id="mf" sourceRef="throw" targetRef="pool_r"/></collaboration>'
    model = definitions(
        '<message id="m" name="m"/>' + pools,
        process("q", "start_2 -> catch_2 -> end_2", catch_2=event("message", "m")),
        process("r", "start_3 -> user -> catch_3 -> end_3", catch_3=event("message", "m")),
        process("p", "start -> throw -> end", throw=event("message", "m")),
    )
    result = headless.run(model, answers={"user": {"after": "P1D"}})
    assert ("end_3" in result.trace, result.waiting) == (True, ["catch_2"])


def test_two_signals_that_both_begin_a_process_begin_it_once() -> None:
    both = 'parallelMultiple="true" |' + event("signal", "a") + event("signal", "b")
    model = definitions(
        process("p", "start -> throw_a -> throw_b -> end", throw_a=event("signal", "a"), throw_b=event("signal", "b")),
        process("q", "start_2 -> end_2", start_2=both),
    )
    result = headless.run(model)
    assert (result.status, result.trace.count("end_2")) == ("completed", 1)
