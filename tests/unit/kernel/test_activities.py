"""Tasks of every kind, quantities, flows with conditions, sub-processes and calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from engine import kernel
from engine.errors import HumanTaskNotOpen
from engine.kernel import StarlarkLogic
from tests.unit.kernel.diagrams import body, bpmn, definitions, each, event, extended, on, process, script, timer
from tests.unit.kernel.playing import Case


def test_a_script_changes_variables_and_tells_which() -> None:
    case = Case(bpmn("start -> script -> end", script=script("total = a + b\na = 7")), a=1, b=2)
    assert (case.status, case.variables) == ("completed", {"a": 7, "b": 2, "total": 3})
    assert case.told("set", "script")[0].facts == {"variables": {"a": 7, "total": 3}}


def test_a_failing_script_is_an_incident_and_is_run_again_on_retry() -> None:
    case = Case(bpmn("start -> script -> end", script=script("x = 1 // n")), n=0)
    assert case.incidents == ["script"]
    case.do({"do": "change", "data": {"n": 1}})
    case.do({"do": "retry", "activity": case.told("incident")[0].activity})
    assert (case.status, case.variables["x"]) == ("completed", 1)


def test_every_entry_into_an_activity_is_a_fresh_instance_and_stale_ones_are_refused() -> None:
    case = Case(bpmn("start -> xor -> user_a -> xor"))
    (first,) = case.activities()
    case.complete("user_a")
    (second,) = case.activities()
    assert first != second
    with pytest.raises(HumanTaskNotOpen):
        case.do({"do": "complete", "activity": first, "data": {}})


def test_completing_a_task_twice_is_refused_and_nothing_has_changed() -> None:
    case = Case(bpmn("start -> user_a -> user_b -> end"))
    activity = case.activities()[0]
    case.complete("user_a")
    before = case.state
    with pytest.raises(HumanTaskNotOpen):
        case.do({"do": "complete", "activity": activity, "data": {"x": 1}})
    assert case.state == before


def test_a_service_task_with_a_connector_is_a_job_and_its_result_a_variable() -> None:
    ico = '<radnice:parameter name="ico">ico</radnice:parameter>'
    call = f'<radnice:connector name="ares.lookup" result="company">{ico}</radnice:connector>'
    case = Case(bpmn("start -> service -> end", service=extended(call)), ico="00064581")
    (job,) = case.told("job-opened")
    assert job.facts == {
        "kind": "serviceTask",
        "connector": "ares.lookup",
        "parameters": {"ico": "00064581"},
        "result": "company",
    }
    case.result("service", {"name": "Praha"})
    assert (case.status, case.variables["company"]) == ("completed", {"name": "Praha"})


def test_a_service_task_without_a_connector_is_open_for_somebody_outside() -> None:
    case = Case(bpmn("start -> service -> end"))
    assert case.told("task-opened")[0].facts["kind"] == "serviceTask"
    case.complete("service", done=True)
    assert case.variables == {"done": True}


def test_a_send_task_throws_its_message_after_its_connector_has_acted() -> None:
    content = 'messageRef="hello" |' + extended(
        '<radnice:connector name="mail.send" result="sent"/>',
        '<radnice:correlation key="to">who</radnice:correlation>',
        '<radnice:payload name="text">"Hi " + who</radnice:payload>',
    )
    case = Case(bpmn("start -> send -> end", send=content), who="Eva")
    assert not case.told("message")
    case.result("send", "m1")
    (thrown,) = case.told("message")
    assert (thrown.facts["name"], thrown.facts["correlation"], thrown.facts["payload"]) == (
        "hello",
        {"to": "Eva"},
        {"text": "Hi Eva"},
    )
    assert case.variables == {"who": "Eva", "sent": "m1"}


def test_a_receive_task_waits_for_its_message() -> None:
    case = Case(bpmn("start -> receive -> end", receive='messageRef="answer"'))
    assert (case.status, case.open) == ("running", [])
    case.message("answer", yes=True)
    assert (case.status, case.variables) == ("completed", {"yes": True})


@dataclass(frozen=True)
class Fee:
    value: Any
    outputs: Mapping[str, Any]
    inputs: Mapping[str, Any]
    rules: list[Any] = field(default_factory=list)


class FeeTable(StarlarkLogic):
    """A decision that is a tenth of `n`."""

    def decide(self, ref: str, variables: dict[str, Any]) -> Fee:
        assert ref == "fee"
        return Fee(variables["n"] // 10, {"fee": variables["n"] // 10}, {"n": variables["n"]}, [{"number": 1}])


def test_a_business_rule_task_asks_its_decision_and_tells_how_it_was_made() -> None:
    rule = extended('<radnice:decision ref="fee" result="price"/>')
    case = Case(bpmn("start -> rule -> end", rule=rule), logic=FeeTable(), n=120)
    assert case.variables["price"] == 12
    assert case.told("decision")[0].facts == {
        "ref": "fee",
        "inputs": {"n": 120},
        "outputs": {"fee": 12},
        "rules": [{"number": 1}],
    }


def test_a_decision_that_is_not_there_is_an_incident() -> None:
    case = Case(bpmn("start -> rule -> end", rule=extended('<radnice:decision ref="nothing"/>')))
    assert case.incidents == ["rule"]


def test_conditional_and_default_flows_leave_an_activity() -> None:
    model = bpmn(
        "start -> user -> user_a if n > 1; user -> user_b if n > 2; user -> user_c", user='default="user-user_c"'
    )
    for n, expected in ((3, ["user_a", "user_b"]), (2, ["user_a"]), (0, ["user_c"])):
        case = Case(model)
        case.complete("user", n=n)
        assert case.open == expected


def test_a_task_whose_flows_cannot_be_taken_is_not_done_again_on_retry() -> None:
    case = Case(bpmn("start -> user -> user_a if n > 1; user -> user_b if n < 0"))
    case.complete("user", n=0)
    assert case.incidents == ["user"]
    case.do({"do": "change", "data": {"n": 9}})
    case.do({"do": "retry", "activity": case.told("incident")[0].activity})
    assert (case.open, case.count("user")) == (["user_a"], 1)


def test_start_quantity_waits_for_tokens_and_completion_quantity_gives_some() -> None:
    case = Case(bpmn("start -> user -> user_b -> end", user='completionQuantity="3"', user_b='startQuantity="2"'))
    case.complete("user")
    assert case.open == ["user_b"]
    case.complete("user_b")
    assert (case.status, case.open) == ("running", [])


def test_a_sub_process_ends_when_its_last_token_is_gone() -> None:
    inside = body("start_2 -> and -> user_a; and -> user_b")
    case = Case(bpmn("start -> sub -> user_c", sub=inside))
    case.complete("user_a")
    assert case.open == ["user_b"]
    case.complete("user_b")
    assert case.open == ["user_c"]
    assert case.passed.index("sub") > case.passed.index("user_b")


def test_an_empty_sub_process_is_passed() -> None:
    assert Case(bpmn("start -> sub -> end", sub="")).status == "completed"


def test_variables_declared_in_a_sub_process_stay_there() -> None:
    inside = '<dataObject id="x"/>' + body("start_2 -> script -> user", script=script("x = 1\ny = 2"))
    case = Case(bpmn("start -> sub -> end", sub=inside))
    assert kernel.visible(case.model, case.state or "", case.activities()[0]) == {"x": 1, "y": 2}
    case.complete("user")
    assert case.variables == {"y": 2}


def called(**call: str) -> bytes:
    return definitions(
        process("p", "start -> call -> end", call='calledElement="q" |' + call.get("call", "")),
        process("q", "start_q -> script -> user -> end_q", script=script("n = n + 1\nmine = 1")),
    )


def test_a_called_process_sees_a_copy_and_what_it_changed_comes_back() -> None:
    case = Case(called(), n=1, other=5)
    assert case.variables == {"n": 1, "other": 5}
    case.complete("user", answer="yes")
    assert case.variables == {"n": 2, "other": 5, "mine": 1, "answer": "yes"}


def test_a_call_with_inputs_and_outputs_lets_only_those_pass() -> None:
    mapping = extended(
        '<radnice:input name="n">amount * 10</radnice:input>', '<radnice:output name="total">n + 1</radnice:output>'
    )
    case = Case(called(call=mapping), amount=4)
    assert kernel.visible(case.model, case.state or "", case.activities()[0]) == {"n": 41, "mine": 1}
    case.complete("user")
    assert case.variables == {"amount": 4, "total": 42}


def test_a_call_of_nothing_is_an_incident() -> None:
    assert Case(bpmn("start -> call -> end", call='calledElement="gone"')).incidents == ["call"]


def test_scripts_before_and_after_an_activity_run() -> None:
    around = extended(
        "<spiffworkflow:preScript>a = 1</spiffworkflow:preScript>",
        "<spiffworkflow:postScript>b = a + x</spiffworkflow:postScript>",
    )
    case = Case(bpmn("start -> user -> end", user=around))
    case.complete("user", x=4)
    assert case.variables == {"a": 1, "x": 4, "b": 5}


def test_a_link_goes_on_at_its_other_half() -> None:
    case = Case(
        bpmn(
            "start -> throw; catch -> user",
            throw='<linkEventDefinition name="L"/>',
            catch='<linkEventDefinition name="L"/>',
        )
    )
    assert case.open == ["user"]


def test_a_terminate_end_event_ends_its_own_scope_only() -> None:
    inside = body("start_2 -> and -> user_a; and -> user_b -> end_2", end_2=event("terminate"))
    case = Case(bpmn("start -> sub -> user_c", sub=inside))
    case.complete("user_b")
    assert case.open == ["user_c"]
    assert [e.node for e in case.told("cancelled")] == ["user_a"]


def mended(case: Case, **data: object) -> None:
    """Correct variables and try the incident again."""
    case.do({"do": "change", "data": data})
    case.do({"do": "retry", "activity": case.told("incident")[-1].activity})


def test_a_sub_process_whose_event_sub_process_cannot_listen_leaves_nothing_behind() -> None:
    late = 'triggeredByEvent="true" |' + body("start_e -> user_e", start_e=timer("limit"))
    case = Case(bpmn("start -> sub -> end", sub=body("start_2 -> user", sub_late=late)), limit="soon")
    assert (case.incidents, len(case.facts["scopes"])) == (["sub"], 1)
    mended(case, limit="P1D")
    assert (case.open, len(case.waits("timer"))) == (["user"], 1)


def test_an_activity_that_has_its_tokens_together_does_not_wait_for_them_again_on_retry() -> None:
    flows = "start -> and -> xor; and -> xor -> user -> end; on_t -> end"
    case = Case(bpmn(flows, user='startQuantity="2"', on_t=on("user", timer("limit"))), limit="soon")
    assert case.incidents == ["user"]
    mended(case, limit="P1D")
    assert (case.open, len(case.waits("timer"))) == (["user"], 1)


def test_a_call_whose_results_cannot_be_told_does_not_call_again_on_retry() -> None:
    output = '<radnice:output name="share">1 // n</radnice:output>'
    caller = process("p", "start -> call -> end", call='calledElement="callee" |' + extended(output))
    case = Case(definitions(caller, process("callee", "start_2 -> user -> end_2")), n=0)
    case.complete("user")
    assert (case.incidents, case.open) == (["call"], [])
    case.do({"do": "change", "data": {"n": 2}})
    case.do({"do": "retry", "activity": case.told("incident")[0].activity})
    assert (case.status, case.count("user"), case.variables["share"]) == ("completed", 1, 0)


def test_a_global_task_is_called_like_a_process() -> None:
    task = f'<globalScriptTask id="shared">{script("n = n + 1")}</globalScriptTask>'
    case = Case(definitions(process("p", "start -> call -> end", call='calledElement="shared"'), task), n=1)
    assert (case.status, case.variables) == ("completed", {"n": 2})


def test_what_comes_after_an_activity_is_tried_again_without_the_activity() -> None:
    after = extended("<spiffworkflow:postScript>share = total // people</spiffworkflow:postScript>")
    inside = after + body("start_2 -> user -> end_2")
    case = Case(bpmn("start -> sub -> end; on_m -> end", sub=inside, on_m=on("sub", event("message", "m"))), total=6)
    case.do({"do": "change", "data": {"people": 0}})
    case.complete("user")
    assert (case.incidents, len(case.waits("message"))) == (["sub"], 1)
    mended(case, people=3)
    assert (case.status, case.count("user"), case.count("sub"), case.variables["share"]) == ("completed", 1, 1, 2)


def test_what_a_person_did_is_kept_when_what_comes_after_it_fails() -> None:
    after = extended("<spiffworkflow:postScript>share = total // people</spiffworkflow:postScript>")
    many = after + each("rows")
    case = Case(bpmn("start -> user -> end", user=many), rows=[1, 2], people=0)
    case.complete("user", total=6)
    assert (case.incidents, case.open) == (["user"], ["user"])
    mended(case, people=3)
    case.complete("user", total=9)
    assert (case.status, case.count("user"), len(case.told("task-opened"))) == ("completed", 2, 2)


@pytest.mark.parametrize("number", ["0", "-1"])
def test_a_loop_whose_maximum_is_not_positive_is_an_incident(number: str) -> None:
    loop = f'<standardLoopCharacteristics loopMaximum="{number}"/>'
    assert Case(bpmn("start -> user -> end", user=loop)).incidents == ["user"]
