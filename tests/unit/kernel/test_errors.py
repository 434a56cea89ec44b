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


@pytest.mark.parametrize(
    ("definition", "text"), [(ANY_ERROR, "x = 1 // 0"), (ANY_ERROR, 'fail("e")'), (event("error", "e"), 'fail("e")')]
)
def test_an_error_event_sub_process_takes_over_when_a_script_fails(definition: str, text: str) -> None:
    handler = 'triggeredByEvent="true" |' + body("start_2 -> user -> end_2", start_2=definition)
    case = Case(bpmn("start -> and -> user_b -> end; and -> script -> end", script=script(text), sub_handler=handler))
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


CODED = event("error", "refused")
FAILING = {
    "a script in words": ("script", script('fail("the register is down")')),
    "a parameter": (
        "service",
        JOB.replace("/>", '><radnice:parameter name="ico">nothing</radnice:parameter></radnice:connector>', 1),
    ),
    "an assignee": ("user", extended('<radnice:task assignee="nobody[0]"/>')),
    "a decision": ("rule", extended("<spiffworkflow:calledDecisionId>gone</spiffworkflow:calledDecisionId>")),
}


@pytest.mark.parametrize(("node", "content"), FAILING.values(), ids=FAILING)
def test_an_error_without_a_code_is_never_taken_for_a_business_error(node: str, content: str) -> None:
    case = Case(bpmn(f"start -> {node} -> end; on_code -> user_2", **{node: content, "on_code": on(node, CODED)}))
    assert (case.incidents, case.open) == ([node], [])
    handler = 'triggeredByEvent="true" |' + body("start_2 -> user_2 -> end_2", start_2=CODED)
    case = Case(bpmn(f"start -> {node} -> end", **{node: content, "sub_handler": handler}))
    assert (case.incidents, case.open) == ([node], [])


@pytest.mark.parametrize(("node", "content"), FAILING.values(), ids=FAILING)
def test_an_error_without_a_code_is_caught_by_one_that_takes_all_further_out(node: str, content: str) -> None:
    inside = body(f"start_2 -> {node} -> end_2; on_code -> user_2", **{node: content, "on_code": on(node, CODED)})
    case = Case(bpmn("start -> sub -> end; on_any -> user_3", sub=inside, on_any=on("sub", ANY_ERROR)))
    assert (case.incidents, case.open, len(case.facts["scopes"])) == ([], ["user_3"], 1)


def test_a_script_that_goes_wrong_is_caught_by_any_error_event_at_first_by_one_that_takes_all() -> None:
    broken = script("x = 1 // 0")
    nodes = {"script": broken, "on_code": on("script", CODED)}
    assert Case(bpmn("start -> script -> end; on_code -> user", **nodes)).open == ["user"]
    both = nodes | {"on_any": on("script", ANY_ERROR)}
    assert Case(bpmn("start -> script -> end; on_code -> user; on_any -> user_2", **both)).open == ["user_2"]
    inside = body("start_2 -> script -> end_2; on_code -> user", **nodes)
    outer = bpmn("start -> sub -> end; on_any -> user_2", sub=inside, on_any=on("sub", ANY_ERROR))
    assert Case(outer).open == ["user"]


def test_an_error_of_a_job_without_a_code_passes_by_those_that_name_one() -> None:
    nodes = {"service": JOB, "on_code": on("service", CODED)}
    case = Case(bpmn("start -> service -> end; on_code -> user", **nodes))
    case.do({"do": "fail", "activity": case.activities("service")[0], "message": "timeout"})
    assert (case.incidents, case.open) == (["service"], [])


@pytest.mark.parametrize("text", ['fail("refused")', 'fail("refused", "No such house.")', 'x = 1\nfail("refused")'])
def test_an_error_that_a_script_throws_on_purpose_has_a_code(text: str) -> None:
    nodes = {"script": script(text), "on_other": on("script", event("error", "other")), "on_code": on("script", CODED)}
    case = Case(bpmn("start -> script -> end; on_other -> user_2; on_code -> user", **nodes))
    assert (case.incidents, case.open) == ([], ["user"])
    assert [(e.facts["code"], e.facts["caught_by"]) for e in case.told("error")] == [("refused", "on_code")]


@pytest.mark.parametrize("kind", ["error", "escalation"])
def test_an_error_or_escalation_without_a_code_is_known_by_its_name_and_caught_here_may_be_any(kind: str) -> None:
    def ended(thrown: str) -> list[str]:
        nodes = {"on_a": on("sub", event(kind, "A")), "on_b": on("sub", event(kind, "B"))}
        inside = body("start_2 -> end_2", end_2=event(kind, thrown))
        one = process("p", "start -> sub -> end; on_a -> user_a; on_b -> user_b", sub=inside, **nodes)
        return Case(definitions(f'<{kind} id="A" name="a"/><{kind} id="B" name="b"/>', one)).open

    assert (ended("A"), ended("B"), ended("C")) == (["user_a"], ["user_b"], ["user_a"])
