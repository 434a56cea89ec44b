"""Data objects, data associations, correlation keys: what the standard has besides variables."""

from __future__ import annotations

import pytest

from engine import kernel
from engine.errors import NothingWaits
from tests.unit.kernel.diagrams import body, bpmn, definitions, event, extended, on, process, script
from tests.unit.kernel.playing import Case

INVOICE = '<dataObject id="do"/><dataObjectReference id="ref" name="invoice" dataObjectRef="do"/>'


def takes(source: str, target: str) -> str:
    return (
        f"<dataInputAssociation><sourceRef>{source}</sourceRef><targetRef>{target}</targetRef></dataInputAssociation>"
    )


def gives(source: str, target: str) -> str:
    return (
        f"<dataOutputAssociation><sourceRef>{source}</sourceRef><targetRef>{target}</targetRef></dataOutputAssociation>"
    )


def test_a_data_object_is_a_variable_of_its_scope_by_the_name_on_the_sheet() -> None:
    case = Case(bpmn("start -> script -> end", more=INVOICE, script=script("invoice = 5")))
    assert case.variables == {"invoice": 5}


def test_data_associations_copy_in_and_out_and_leave_no_trace_of_the_activity_s_own_names() -> None:
    io = '<ioSpecification><dataInput id="in1" name="amount"/><dataOutput id="out1" name="total"/></ioSpecification>'
    content = io + takes("ref", "in1") + gives("out1", "ref") + script("total = amount * 2")
    case = Case(bpmn("start -> script -> end", more=INVOICE, script=content), invoice=21)
    assert case.variables == {"invoice": 42}


def test_data_may_have_names_that_are_no_words_of_starlark() -> None:
    store = '<dataObject id="do"/><dataObjectReference id="ref" name="Datový objekt" dataObjectRef="do"/>'
    io = '<dataInput id="in1" name="amount"/><dataOutput id="out1" name="Data Output"/>'
    content = (
        f"<ioSpecification>{io}</ioSpecification>"
        + takes("ref", "in1")
        + gives("out1", "ref")
        + script("seen = amount")
    )
    case = Case(bpmn("start -> script -> end", more=store, script=content), **{"Datový objekt": 3})
    assert (case.incidents, case.variables) == ([], {"Datový objekt": 3, "seen": 3})


def test_an_association_may_transform_or_assign() -> None:
    transformed = (
        "<dataOutputAssociation><sourceRef>out1</sourceRef><targetRef>ref</targetRef>"
        "<transformation>total * 2</transformation></dataOutputAssociation>"
        "<dataOutputAssociation><targetRef>ref</targetRef>"
        "<assignment><from>total + 1</from><to>next</to></assignment></dataOutputAssociation>"
    )
    io = '<ioSpecification><dataOutput id="out1" name="total"/></ioSpecification>'
    case = Case(bpmn("start -> user -> end", more=INVOICE, user=io + transformed))
    case.complete("user", total=7)
    assert case.variables == {"invoice": 14, "next": 8}


def test_a_person_s_data_output_becomes_the_data_object() -> None:
    io = '<ioSpecification><dataOutput id="out1" name="total"/></ioSpecification>'
    case = Case(bpmn("start -> user -> end", more=INVOICE, user=io + gives("out1", "ref")))
    case.complete("user", total=7)
    assert case.variables == {"invoice": 7}


def test_an_association_that_is_only_drawn_does_nothing() -> None:
    drawn = '<property id="pr" name="__targetRef_placeholder"/>' + takes("ref", "pr")
    drawn += "<dataOutputAssociation><targetRef>ref</targetRef></dataOutputAssociation>"
    case = Case(bpmn("start -> user -> end", more=INVOICE, user=drawn))
    case.complete("user", a=1)
    assert case.variables == {"invoice": None, "a": 1}


def test_a_thrown_message_carries_the_data_that_the_event_takes_in() -> None:
    content = '<dataInput id="in1" name="sum"/>' + takes("ref", "in1") + event("message", "m")
    case = Case(bpmn("start -> throw -> end", more=INVOICE, throw=content), invoice=9)
    assert case.told("message")[0].facts["payload"] == {"sum": 9}


def test_a_sub_process_has_data_objects_of_its_own_and_gives_what_it_says() -> None:
    inside = '<dataObject id="note"/>' + body("start_2 -> script -> end_2", script=script('note = "x"\nkept = 1'))
    case = Case(bpmn("start -> sub -> end", sub=inside))
    assert case.variables == {"kept": 1}


def test_a_loop_may_take_its_collection_from_a_data_input() -> None:
    io = '<ioSpecification><dataInput id="in1" name="rows"/></ioSpecification>'
    marker = (
        "<multiInstanceLoopCharacteristics><loopDataInputRef>in1</loopDataInputRef>"
        '<inputDataItem id="i1" name="row"/></multiInstanceLoopCharacteristics>'
    )
    case = Case(bpmn("start -> user -> end", more=INVOICE, user=io + takes("ref", "in1") + marker), invoice=["a", "b"])
    assert kernel.visible(case.model, case.state or "", case.activities("user")[1])["row"] == "b"


CONVERSATION = (
    '<message id="order" name="order"/><message id="paid" name="paid"/>'
    '<collaboration id="c"><correlationKey id="k" name="k"><correlationPropertyRef>nr</correlationPropertyRef>'
    '</correlationKey></collaboration><correlationProperty id="nr">'
    '<correlationPropertyRetrievalExpression messageRef="order"><messagePath>number</messagePath>'
    "</correlationPropertyRetrievalExpression>"
    '<correlationPropertyRetrievalExpression messageRef="paid"><messagePath>order_number</messagePath>'
    "</correlationPropertyRetrievalExpression></correlationProperty>"
)


def test_a_case_waits_for_the_messages_of_its_own_conversation() -> None:
    order = extended('<radnice:payload name="number">n</radnice:payload>') + event("message", "order")
    flows = "start -> throw -> catch -> end"
    case = Case(definitions(CONVERSATION, process("p", flows, throw=order, catch=event("message", "paid"))), n=17)
    assert case.told("message")[0].facts["correlation"] == {"nr": 17}
    assert case.told("wait-set")[0].facts["correlation"] == {"nr": 17}
    with pytest.raises(NothingWaits):
        case.message("paid", {"nr": 18})
    case.message("paid", {"nr": 17})
    assert case.status == "completed"


def test_a_subscription_says_what_of_the_process_a_message_must_equal() -> None:
    binding = (
        '<correlationSubscription id="cs" correlationKeyRef="k">'
        '<correlationPropertyBinding correlationPropertyRef="nr">'
        "<dataPath>my_order</dataPath></correlationPropertyBinding></correlationSubscription>"
    )
    model = process("p", "start -> catch -> end", catch=event("message", "paid"), more=binding)
    case = Case(definitions(CONVERSATION, model), my_order=3)
    assert case.told("wait-set")[0].facts["correlation"] == {"nr": 3}


def test_a_case_that_a_message_begins_keeps_the_keys_found_in_its_payload() -> None:
    flows = "start -> catch -> end"
    model = process("p", flows, start=event("message", "order"), catch=event("message", "paid"))
    case = Case(definitions(CONVERSATION, model), at="start", payload={"number": 5})
    assert case.told("wait-set")[0].facts["correlation"] == {"nr": 5}


def test_each_process_of_a_file_has_subscriptions_of_its_own() -> None:
    def bound(key: str, path: str) -> str:
        binding = (
            f'<correlationSubscription id="cs_{key}" correlationKeyRef="k"><correlationPropertyBinding '
            f'correlationPropertyRef="nr"><dataPath>{path}</dataPath></correlationPropertyBinding>'
            "</correlationSubscription>"
        )
        return process(key, f"start_{key} -> catch_{key}", more=binding, **{f"catch_{key}": event("message", "paid")})

    case = Case(definitions(CONVERSATION, bound("p", "mine"), bound("q", "yours")), mine=1)
    assert case.told("wait-set")[0].facts["correlation"] == {"nr": 1}


def test_what_two_branches_write_is_told_with_both_values_and_who_wrote_them() -> None:
    case = Case(bpmn("start -> and -> user_a -> and_2 -> end; and -> user_b -> and_2"))
    case.complete("user_b", fee=100)
    case.complete("user_a", fee=200)
    assert [(e.node, e.facts["variables"]["fee"]) for e in case.told("set")] == [("user_b", 100), ("user_a", 200)]
    assert case.variables["fee"] == 200


def sets(*required: str, optional: str = "") -> str:
    """Give an input set."""
    listed = "".join(f"<dataInputRefs>{name}</dataInputRefs>" for name in [*required, *filter(None, [optional])])
    more = f"<optionalInputRefs>{optional}</optionalInputRefs>" if optional else ""
    return f"<inputSet>{listed}{more}</inputSet>"


def needing(*input_sets: str) -> str:
    """Give a user task that takes the objects `plan` and `map`."""
    inputs = '<dataInput id="in_plan" name="scheme"/><dataInput id="in_map" name="sheet"/>'
    given = takes("ref_plan", "in_plan") + takes("ref_map", "in_map")
    return f"<ioSpecification>{inputs}{''.join(input_sets)}</ioSpecification>{given}"


OBJECTS = "".join(
    f'<dataObject id="{name}"/><dataObjectReference id="ref_{name}" name="{name}" dataObjectRef="{name}"/>'
    for name in ("plan", "map")
)


def test_data_that_an_input_set_needs_is_waited_for() -> None:
    flows = "start -> and -> user -> end; and -> user_b -> end; on_m -> user_x"
    nodes = {"user": needing(sets("in_plan", "in_map")), "on_m": on("user", event("message", "stop"))}
    case = Case(bpmn(flows, more=OBJECTS, **nodes), plan="A")
    assert (case.open, case.facts["waits"], kernel.places(case.state or "")) == (["user_b"], {}, ["user", "user_b"])
    case.complete("user_b", map="B")
    assert (case.open, len(case.waits("message"))) == (["user"], 1)
    seen = kernel.visible(case.model, case.state or "", case.activities()[0])
    assert (seen["scheme"], seen["sheet"]) == ("A", "B")


def test_data_that_is_optional_in_an_input_set_is_not_waited_for() -> None:
    case = Case(bpmn("start -> user -> end", more=OBJECTS, user=needing(sets("in_plan", optional="in_map"))), plan="A")
    assert case.open == ["user"]


def test_data_is_taken_by_the_first_input_set_that_is_whole() -> None:
    user = needing(sets("in_plan"), sets("in_map"))
    case = Case(bpmn("start -> user -> end", more=OBJECTS, user=user), map="B")
    seen = kernel.visible(case.model, case.state or "", case.activities()[0])
    assert (seen.get("scheme"), seen["sheet"]) == (None, "B")
    both = Case(bpmn("start -> user -> end", more=OBJECTS, user=user), plan="A", map="B")
    seen = kernel.visible(both.model, both.state or "", both.activities()[0])
    assert (seen["scheme"], "sheet" in seen) == ("A", False)


def test_data_that_an_operator_fills_in_lets_the_activity_begin() -> None:
    case = Case(bpmn("start -> user -> end", more=OBJECTS, user=needing(sets("in_plan"))))
    assert case.open == []
    case.do({"do": "change", "data": {"plan": 0}})
    assert case.open == ["user"]


def outputs(first: str, second: str) -> str:
    """Give a task with two output sets."""
    outs = '<dataOutput id="out_plan" name="scheme"/><dataOutput id="out_map" name="sheet"/>'
    of = "".join(f"<outputSet><dataOutputRefs>{one}</dataOutputRefs></outputSet>" for one in (first, second))
    return (
        f"<ioSpecification>{outs}{of}</ioSpecification>" + gives("out_plan", "ref_plan") + gives("out_map", "ref_map")
    )


def test_data_is_given_by_the_first_output_set_that_is_whole() -> None:
    model = bpmn("start -> user -> end", more=OBJECTS, user=outputs("out_plan", "out_map"))
    for given, wanted in (
        ({"sheet": "B"}, {"plan": None, "map": "B"}),
        ({"sheet": "B", "scheme": "A"}, {"plan": "A", "map": None}),
    ):
        case = Case(model)
        case.complete("user", **given)
        assert (case.status, case.variables) == ("completed", wanted)


def test_data_of_no_whole_output_set_is_an_incident_and_the_work_is_not_done_again() -> None:
    case = Case(bpmn("start -> user -> end", more=OBJECTS, user=outputs("out_plan", "out_map")))
    case.complete("user")
    assert (case.status, case.incidents) == ("running", ["user"])
    failed = case.told("incident")[0].activity
    case.do({"do": "change", "data": {"sheet": "B"}, "activity": failed})
    case.do({"do": "retry", "activity": failed})
    assert (case.status, case.count("user"), case.variables["map"]) == ("completed", 1, "B")


def test_data_of_a_store_that_is_only_drawn_becomes_no_variable() -> None:
    store = '<dataStoreReference id="store" name="members"/>'
    io = '<ioSpecification><dataOutput id="out1" name="total"/></ioSpecification>'
    case = Case(bpmn("start -> user -> end", more=store, user=io + gives("out1", "store")))
    case.complete("user", total=7)
    assert case.variables == {"total": 7}
