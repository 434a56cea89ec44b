"""What is read of a file, and what is refused."""

from __future__ import annotations

import pytest

from engine.diagram import NOT_EXECUTABLE
from engine.errors import UnreadableModel
from engine.reading import read_model
from tests.unit.kernel.diagrams import body, bpmn, definitions, event, extended, on, process, script

ENTITY = b'<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
OUTSIDE = b'<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"not xml",
        b"<a/>",
        b"<?xml version='1.0'?><definitions/>",
        ENTITY + bpmn("start -> end"),
        OUTSIDE + bpmn("start -> end"),
        b'<!DOCTYPE d SYSTEM "http://example.org/x.dtd">' + bpmn("start -> end"),
        bpmn("start -> end")[:-5],
        b"\xff\xfe\x00",
        bpmn("start -> user -> end", user='startQuantity="many"'),
        bpmn("start -> user", user=extended('<radnice:task audience="everybody"/>')),
        bpmn("start -> service", service=extended("<radnice:connector/>")),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(text: bytes) -> None:
    with pytest.raises(UnreadableModel) as refused:
        read_model(text)
    assert str(refused.value).endswith(".") or ": " in str(refused.value)


def test_absurd_depth_and_size_are_refused() -> None:
    deep = "<subProcess id='s'>" * 5000 + "</subProcess>" * 5000
    with pytest.raises(UnreadableModel):
        read_model(definitions(f"<process id='p'>{deep}</process>"))
    with pytest.raises(UnreadableModel):
        read_model(b" " * (9 << 20))
    with pytest.raises(UnreadableModel):
        read_model(definitions(process("p", "start -> end") + "<message/>" * 250_000))


def problems(source: bytes) -> list[tuple[str | None, str]]:
    return [(p.element, p.message) for p in read_model(source).problems if p.rule == NOT_EXECUTABLE]


@pytest.mark.parametrize(
    ("source", "element"),
    [
        (bpmn("start -> end; on_x -> end", on_x=on("nobody", event("message", "m"))), "on_x"),
        (bpmn("start -> catch -> end"), "catch"),
        (bpmn("start -> end", end=event("timer")), "end"),
        (bpmn("start -> catch -> end", catch="<timerEventDefinition/>"), "catch"),
        (bpmn("start -> catch -> end", catch="<conditionalEventDefinition/>"), "catch"),
        (bpmn("start -> script -> end", script=script("x = = 1")), "script"),
        (bpmn("start -> xor -> end if a b; xor -> user"), "xor-end"),
        (bpmn("start -> user -> end", user="<multiInstanceLoopCharacteristics/>"), "user"),
        (bpmn("start -> user -> end", user='completionQuantity="0"'), "user"),
        (bpmn("start -> sub -> end", sub='triggeredByEvent="true"|' + body("user_2 -> end_2")), "sub"),
        (
            definitions(
                '<process id="p"><startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="no"/></process>'
            ),
            "f",
        ),
        (definitions('<process id="p"><task id="a"/><task id="a"/></process>'), "a"),
        (definitions('<process id="p"><callChoreography id="c"/></process>'), "c"),
        (definitions('<choreography id="c"/>'), "c"),
    ],
)
def test_what_cannot_be_executed_is_named(source: bytes, element: str) -> None:
    assert element in [found for found, _ in problems(source)]


def test_a_flow_node_without_an_id_is_named_by_its_kind() -> None:
    assert problems(definitions('<process id="p"><task/></process>')) == [(None, "A task has no id.")]


def test_names_behind_references_are_read() -> None:
    model = read_model(
        definitions(
            '<message id="m1" name="payment.received"/><signal id="s1" name="fire"/>',
            '<error id="e1" name="Broken" errorCode="E-1"/><escalation id="x1" name="Help"/>',
            process(
                "p",
                "start -> catch_m -> catch_s -> end; on_e -> end; on_x -> end",
                catch_m=event("message", "m1"),
                catch_s=event("signal", "s1"),
                sub_1=body("user"),
                on_e=on("sub_1", event("error", "e1")),
                on_x=on("sub_1", event("escalation", "x1")),
            ),
        )
    )
    names = {n.id: n.triggers[0].name for n in model.nodes.values() if n.triggers}
    assert names == {"catch_m": "payment.received", "catch_s": "fire", "on_e": "E-1", "on_x": "Help"}


def test_a_lane_is_the_group_of_tasks_that_name_none_even_inside_a_sub_process() -> None:
    lanes = (
        '<laneSet id="ls"><lane id="l1" name="Secretariat"><flowNodeRef>user_a</flowNodeRef>'
        "<flowNodeRef>user_b</flowNodeRef><flowNodeRef>sub</flowNodeRef></lane></laneSet>"
    )
    named = extended('<radnice:task group="board"/>')
    model = read_model(bpmn("start -> user_a -> user_b -> sub -> end", more=lanes, user_b=named, sub=body("user_c")))
    groups = {n.id: n.human.group for n in model.nodes.values() if n.human}
    assert groups == {"user_a": "Secretariat", "user_b": "board", "user_c": "Secretariat"}


def test_all_extension_elements_are_read() -> None:
    model = read_model(
        bpmn(
            "start -> user -> service -> rule -> catch -> throw -> call -> end",
            start=extended('<radnice:start form="application" audience="staff" group="office"/>'),
            user=extended(
                '<radnice:task form="f" formFrom="kind" group="g" due="P5WD" audience="applicant" subject="name" '
                'assignee="who" candidates="[a]" differsFrom="other" comments="defects" priority="70"/>',
                '<radnice:public station="Kontrola"/>',
            ),
            service=extended(
                '<radnice:connector name="c" result="r">'
                '<radnice:parameter name="a">1 + 1</radnice:parameter></radnice:connector>'
            ),
            rule=extended('<radnice:decision ref="fee" result="price"/>'),
            catch=extended(
                '<radnice:offer label="Back" audience="applicant" form="w" group="g"/>',
                '<radnice:correlation key="vs">symbol</radnice:correlation>',
            )
            + event("message", "m"),
            throw=extended('<radnice:payload name="a">b</radnice:payload>') + event("message", "m"),
            call='calledElement="q"|'
            + extended('<radnice:input name="x">1</radnice:input>', '<radnice:output name="y">2</radnice:output>'),
        )
    )
    node = model.nodes
    assert (node["start"].start.form, node["start"].start.audience, node["start"].start.group) == (
        "application",
        "staff",
        "office",
    )  # type: ignore[union-attr]
    human = node["user"].human
    assert human is not None
    assert (human.form, human.group, human.due, human.audience, human.subject) == (
        "f",
        "g",
        "P5WD",
        "applicant",
        "name",
    )
    assert (human.assignee, human.candidates, human.differs_from, human.comments) == ("who", "[a]", "other", "defects")
    assert human.form_from == "kind"
    assert (human.priority, node["user"].station) == (70, "Kontrola")
    assert (node["service"].connector.name, node["service"].connector.parameters) == ("c", {"a": "1 + 1"})  # type: ignore[union-attr]
    assert (node["rule"].decision.ref, node["rule"].decision.result) == ("fee", "price")  # type: ignore[union-attr]
    assert node["catch"].offer.label == "Back"  # type: ignore[union-attr]
    assert (node["catch"].correlation, node["throw"].payload) == ({"vs": "symbol"}, {"a": "b"})
    assert (node["call"].inputs, node["call"].outputs) == ([("x", "1")], [("y", "2")])


def test_extension_elements_of_spiffworkflow_are_read_where_they_mean_the_same() -> None:
    operator = (
        '<spiffworkflow:serviceTaskOperator id="http/get" resultVariable="r"><spiffworkflow:parameters>'
        '<spiffworkflow:parameter id="url" type="str" value="u"/>'
        "</spiffworkflow:parameters></spiffworkflow:serviceTaskOperator>"
    )
    form = '<spiffworkflow:property name="formJsonSchemaFilename" value="fee.json"/>'
    prop = f"<spiffworkflow:properties>{form}</spiffworkflow:properties>"
    model = read_model(
        bpmn(
            "start -> user -> service -> rule -> end",
            user=extended(prop),
            service=extended(operator),
            rule=extended("<spiffworkflow:calledDecisionId>fee</spiffworkflow:calledDecisionId>"),
        )
    )
    assert model.nodes["user"].human.form == "fee"  # type: ignore[union-attr]
    assert (model.nodes["service"].connector.name, model.nodes["service"].connector.parameters) == (
        "http/get",
        {"url": "u"},
    )  # type: ignore[union-attr]
    assert model.nodes["rule"].decision.ref == "fee"  # type: ignore[union-attr]


def test_pools_and_message_flows_are_read_and_give_a_name_to_messages_without_one() -> None:
    collaboration = (
        '<collaboration id="c"><participant id="pa" name="Town" processRef="p"/><participant id="pb" name="Other"/>'
        '<messageFlow id="mf" sourceRef="throw" targetRef="catch"/></collaboration>'
    )
    model = read_model(
        definitions(
            collaboration,
            process("p", "start -> throw -> end", throw="<messageEventDefinition/>"),
            process("q", "start_q -> catch -> end_q", catch="<messageEventDefinition/>"),
        )
    )
    assert [(p.name, p.process) for p in model.participants] == [("Town", "p"), ("Other", None)]
    assert model.nodes["throw"].triggers[0].name == model.nodes["catch"].triggers[0].name == "#mf"


def test_a_data_store_of_any_name_is_read() -> None:
    store = '<dataStore id="ds" name="members"/>'
    assert read_model(definitions(store, process("p", "start -> end"))).processes == ["p"]


def test_an_end_of_a_message_flow_that_names_no_message_means_that_of_the_other_end() -> None:
    flow = '<collaboration id="c"><messageFlow id="mf" sourceRef="throw" targetRef="catch"/></collaboration>'
    thrower = process("p", "start -> throw", throw=event("message", "m"))
    model = read_model(definitions(flow, thrower, process("q", "start_2 -> catch", catch=event("message"))))
    assert model.nodes["catch"].triggers[0].name == "m"
