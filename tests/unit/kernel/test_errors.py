"""What fails is caught, or an incident that can be tried again where it failed."""

from __future__ import annotations

import pytest

from tests.unit.kernel.diagrams import body, bpmn, definitions, each, event, extended, on, process, script
from tests.unit.kernel.playing import Case

ANY_ERROR = "<errorEventDefinition/>"
JOB = extended('<radnice:connector name="ares"/>')


def retry(case: Case) -> None:
    """Try every incident again after it has been mended."""
    for tid in [t for t in case.facts["tokens"].values() if t["state"] == "incident"]:
        case.do({"do": "retry", "activity": tid["activity"]})


@pytest.mark.parametrize("definition", [ANY_ERROR, event("error", "refused")])
def test_an_error_of_a_job_is_caught_with_its_code_or_by_one_that_takes_all(definition: str) -> None:
    case = Case(bpmn("start -> service -> end; on_error -> user", service=JOB, on_error=on("service", definition)))
    case.do({"do": "fail", "activity": case.activities("service")[0], "code": "refused", "message": "no"})
    assert (case.open, case.incidents) == (["user"], [])


def test_an_error_that_names_the_code_goes_before_one_that_takes_all() -> None:
    nodes = {"on_any": on("service", ANY_ERROR), "on_code": on("service", event("error", "refused"))}
    case = Case(bpmn("start -> service -> end; on_any -> user_a; on_code -> user_b", service=JOB, **nodes))
    case.do({"do": "fail", "activity": case.activities("service")[0], "code": "refused"})
    assert case.open == ["user_b"]


def test_an_error_with_another_code_is_an_incident_and_never_a_success() -> None:
    nodes = {"service": JOB, "on_code": on("service", event("error", "refused"))}
    case = Case(bpmn("start -> service -> end; on_code -> user", **nodes))
    case.do({"do": "fail", "activity": case.activities("service")[0], "code": "down"})
    assert (case.status, case.incidents, case.open) == ("running", ["service"], [])
    retry(case)
    case.result("service")
    assert case.status == "completed"


@pytest.mark.parametrize("definition", [ANY_ERROR, event("error", "e")])
def test_an_error_event_sub_process_takes_over_when_a_script_fails(definition: str) -> None:
    handler = 'triggeredByEvent="true" |' + body("start_2 -> user -> end_2", start_2=definition)
    case = Case(
        bpmn("start -> and -> user_b -> end; and -> script -> end", script=script("x = 1 // 0"), sub_handler=handler)
    )
    assert (case.open, case.incidents) == (["user"], [])
    case.complete("user")
    assert case.status == "completed"


def test_an_error_in_an_item_ends_the_other_items_where_a_boundary_event_catches_it() -> None:
    many = each("rows") + script("x = 10 // item")
    flows = "start -> script -> end; on_error -> user"
    case = Case(bpmn(flows, script=many, on_error=on("script", ANY_ERROR)), rows=[1, 0, 2])
    assert (case.open, case.incidents) == (["user"], [])


def test_an_error_in_a_called_process_is_caught_at_the_call() -> None:
    callee = process("callee", "start_2 -> script -> end_2", script=script("x = 1 // 0"))
    nodes = {"call": 'calledElement="callee"', "on_error": on("call", ANY_ERROR)}
    case = Case(definitions(process("p", "start -> call -> end; on_error -> user", **nodes), callee))
    assert (case.open, case.incidents, len(case.facts["scopes"])) == (["user"], [], 1)


def test_an_incident_is_tried_again_in_a_sub_process_of_an_item_of_a_called_process() -> None:
    inside = each("rows") + body("start_3 -> script -> user -> end_3", script=script("share = total // item"))
    callee = process("callee", "start_2 -> sub -> end_2", sub=inside)
    case = Case(
        definitions(process("p", "start -> call -> end", call='calledElement="callee"'), callee), rows=[2, 0], total=10
    )
    assert (case.incidents, case.open) == (["script"], ["user"])
    retry(case)
    assert case.incidents == ["script"]
    case.complete("user")
    assert case.status == "running"


def test_an_incident_of_a_standard_loop_goes_on_in_the_round_in_which_it_failed() -> None:
    loop = "<standardLoopCharacteristics><loopCondition>n &lt; 4</loopCondition></standardLoopCharacteristics>"
    case = Case(bpmn("start -> script -> end", script=loop + script("n = n + 1; x = 6 // (n - stop)")), n=0, stop=3)
    assert (case.incidents, case.count("script"), case.variables["n"]) == (["script"], 2, 2)
    case.do({"do": "change", "data": {"stop": 9}})
    retry(case)
    assert (case.status, case.count("script"), case.variables["n"]) == ("completed", 4, 4)


def test_an_incident_that_is_tried_again_keeps_its_boundary_events() -> None:
    nodes = {"script": script("x = 1 // n"), "on_m": on("script", event("message", "m"))}
    case = Case(bpmn("start -> script -> end; on_m -> user", **nodes), n=0)
    retry(case)
    case.message("m")
    assert (case.open, case.incidents) == (["user"], [])


FAILS = script("share = total // people")


def mended(case: Case, **data: object) -> None:
    """Correct variables of the case and try every incident again."""
    case.do({"do": "change", "data": data})
    retry(case)


@pytest.mark.parametrize("sequential", [False, True])
def test_an_incident_of_an_item_is_mended_and_all_items_are_done(sequential: bool) -> None:
    content = each("rows", sequential=sequential) + script("share = total // item - people")
    case = Case(bpmn("start -> script -> end", script=content), rows=[1, 2], total=4)
    assert set(case.incidents) == {"script"}
    for _ in range(2):
        if case.incidents:
            mended(case, people=1)
    assert (case.status, case.count("script"), case.incidents) == ("completed", 2, [])


@pytest.mark.parametrize("marker", ["", each("rows"), each("rows", sequential=True)])
def test_an_incident_in_a_sub_process_is_mended_and_the_sub_process_goes_on(marker: str) -> None:
    inside = marker + body("start_2 -> script -> user -> end_2", script=FAILS)
    case = Case(bpmn("start -> sub -> end", sub=inside), rows=[7], total=6, people=0)
    assert case.incidents == ["script"]
    mended(case, people=2)
    assert (case.incidents, case.open) == ([], ["user"])
    case.complete("user")
    assert (case.status, case.count("script"), case.count("sub")) == ("completed", 1, 1)


def test_an_incident_in_a_called_process_is_mended_from_outside_and_the_call_goes_on() -> None:
    callee = process("callee", "start_2 -> catch -> script -> end_2", script=FAILS, catch=event("message", "go"))
    case = Case(definitions(process("p", "start -> call -> end", call='calledElement="callee"'), callee), total=6)
    case.message("go", people=0)
    assert case.incidents == ["script"]
    failed = case.told("incident")[0].activity
    case.do({"do": "change", "data": {"people": 2}, "activity": failed})
    retry(case)
    assert (case.status, case.count("script"), case.count("call")) == ("completed", 1, 1)


def test_an_incident_of_a_call_of_items_is_mended_and_every_call_ends() -> None:
    called = process("callee", "start_2 -> script -> end_2", script=script("done = item"))
    many = (
        'calledElement="callee" |' + each("rows") + extended('<radnice:input name="item">total // item</radnice:input>')
    )
    case = Case(definitions(process("p", "start -> call -> end", call=many), called), rows=[1, 2])
    assert case.incidents == ["call", "call"]
    mended(case, total=4)
    assert (case.status, case.count("script"), case.count("call")) == ("completed", 2, 2)
