"""The rules of the BPMN standard: each finds what is wrong, none refuses what is right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.check import check_bpmn
from engine.check.rule import all_rules
from tests.unit.check.bpmn import extended, file, flow, formal, human, line, node, process, script, split

TIMER = f"<timerEventDefinition>{formal('timeDuration', 'P1D')}</timerEventDefinition>"
MESSAGE = '<message id="m" name="paid"/>'
CATCH = '<messageEventDefinition messageRef="m"/>'


def errors(content: bytes) -> set[tuple[str, str | None]]:
    return {(p.rule, p.element) for p in check_bpmn(content, lang="en") if p.severity == "error"}


def body(*parts: str) -> bytes:
    """Give a process with a start, an end and more."""
    return file(MESSAGE, process(node("startEvent", "s"), node("endEvent", "e"), *parts))


def boundary(inside: str, attributes: str = "", *more: str) -> bytes:
    """Give a task with a boundary event that leads to an end of its own."""
    event = node("boundaryEvent", "b", inside, f'attachedToRef="t" {attributes}')
    task, end = node("userTask", "t"), node("endEvent", "e2")
    return body(task, event, end, flow("s", "t"), flow("t", "e"), flow("b", "e2"), *more)


VALID = {
    "a line of tasks": line(("a", node("task", "a")), ("b", human("b", 'group="x"')), ("c", script("c", "x = 1"))),
    "an exclusive split with a default": split(("a", "x > 1"), ("b", None), attributes='default="g-b"'),
    "a parallel split": split(("a", None), ("b", None), kind="parallelGateway"),
    "a timer": line(("t", node("intermediateCatchEvent", "t", TIMER))),
    "a boundary timer": boundary(TIMER, 'cancelActivity="false"'),
    "a message": line(("c", node("intermediateCatchEvent", "c", CATCH)), roots=MESSAGE),
    "an error on a sub-process": file(
        '<error id="x" errorCode="x"/>',
        process(
            *(node("startEvent", "s"), node("endEvent", "e"), node("endEvent", "e2")),
            node(
                "subProcess",
                "sub",
                node("startEvent", "s1")
                + node("endEvent", "e1", '<errorEventDefinition errorRef="x"/>')
                + node("exclusiveGateway", "g", "", 'default="g-ok"')
                + node("endEvent", "ok")
                + flow("s1", "g")
                + flow("g", "e1", "bad")
                + flow("g", "ok"),
            ),
            node("boundaryEvent", "b", '<errorEventDefinition errorRef="x"/>', 'attachedToRef="sub"'),
            *(flow("s", "sub"), flow("sub", "e"), flow("b", "e2")),
        ),
    ),
    "a compensation": body(
        *(node("task", "t"), node("task", "undo", "", 'isForCompensation="true"')),
        node("boundaryEvent", "b", "<compensateEventDefinition/>", 'attachedToRef="t"'),
        node("intermediateThrowEvent", "x", "<compensateEventDefinition/>"),
        *(flow("s", "t"), flow("t", "x"), flow("x", "e")),
        '<association id="a" sourceRef="b" targetRef="undo" associationDirection="One"/>',
    ),
    "nothing listed as incoming": line(("a", node("task", "a"))),
}


@pytest.mark.parametrize("name", list(VALID))
def test_a_valid_model_has_no_errors(name: str) -> None:
    assert errors(VALID[name]) == set()


WRONG = [
    ("unique-ids", "a", line(("a", node("task", "a", '<documentation id="a"/>')))),
    ("references-lead-somewhere", "c", line(("c", node("intermediateCatchEvent", "c", CATCH)))),
    ("event-kinds", "s", line(start="<errorEventDefinition/>")),
    ("event-kinds", "c", line(("c", node("intermediateCatchEvent", "c")))),
    ("event-kinds", "b", boundary('<errorEventDefinition id="d"/>', 'cancelActivity="false"')),
    ("cancel-belongs-to-transactions", "b", boundary("<cancelEventDefinition/>")),
    ("flow-ends", "s", body(node("task", "t"), flow("s", "t"), flow("t", "e"), flow("t", "s"))),
    ("flow-ends", "e", body(node("task", "t"), flow("s", "t"), flow("t", "e"), flow("e", "t"))),
    ("flow-ends", "b", boundary(TIMER, "", flow("t", "b"))),
    ("compensation", "b", body(node("task", "t"), flow("s", "t"), flow("t", "e"))),
    ("links-pair", "l", line(("l", node("intermediateThrowEvent", "l", '<linkEventDefinition name="x"/>')))),
    ("everything-connected", "t", body(node("task", "t"), flow("s", "e"), flow("t", "e"))),
    ("everything-connected", "t", body(node("task", "t"), flow("s", "e"), flow("s", "t"))),
    ("sub-processes", "x", line(("x", node("adHocSubProcess", "x", "")))),
    ("gateways", "g", line(("g", node("exclusiveGateway", "g")))),
    ("gateways", "g", split(("a", "x"), ("b", None), attributes='default="g-b" gatewayDirection="Converging"')),
    ("event-gateways", "a", split(("a", None), ("b", None), kind="eventBasedGateway")),
    ("defaults-and-conditions", "g", split(("a", "x"), ("b", None), attributes='default="s-g"')),
    ("defaults-and-conditions", "s-t", body(node("task", "t"), flow("s", "t", "x"), flow("t", "e"))),
    ("defaults-and-conditions", "t-e", body(node("task", "t"), flow("s", "t"), flow("t", "e", "x"))),
    ("quantities-and-loops", "t", line(("t", node("task", "t", "", 'startQuantity="0"')))),
    ("quantities-and-loops", "t", line(("t", node("task", "t", "<multiInstanceLoopCharacteristics/>")))),
    ("texts-can-be-read", "t", line(("t", script("t", "x = = 1")))),
    ("texts-can-be-read", "g-a", split(("a", "x >"), ("b", None), attributes='default="g-b"')),
    ("constant-conditions", "g-a", split(("a", '"yes"'), ("b", None), attributes='default="g-b"')),
    ("timers", "t", line(("t", node("intermediateCatchEvent", "t", TIMER.replace("P1D", "P1X"))))),
    ("timers", "t", line(("t", human("t", 'group="x" due="P5WX"')))),
    (
        "formal-expressions",
        "t",
        line(("t", node("intermediateCatchEvent", "t", TIMER.replace(' xsi:type="tFormalExpression"', "")))),
    ),
    ("media-types", "t", line(("t", script("t", "x = 1").replace("text/starlark", "text/javascript")))),
    ("media-types", "t", line(("t", node("task", "t", '<documentation textFormat="word">x</documentation>')))),
    ("process-types", "p", file(process(attributes='isExecutable="true" processType="Public"'))),
    ("messages-named", "c", line(("c", node("intermediateCatchEvent", "c", "<messageEventDefinition/>")))),
    ("messages-named", "r", line(("r", node("receiveTask", "r", "")))),
    ("called-processes", "c", line(("c", node("callActivity", "c", "", 'calledElement="nobody"')))),
    ("declared-flows", "t", line(("t", node("task", "t", "<incoming>other</incoming><outgoing>t-e</outgoing>")))),
    (
        "references-lead-somewhere",
        "l",
        file(process("<laneSet><lane id='l'><flowNodeRef>no</flowNodeRef></lane></laneSet>")),
    ),
    (
        "message-flows",
        "f",
        file(
            '<collaboration id="c"><participant id="a" processRef="p"/><participant id="b"/>'
            '<messageFlow id="f" sourceRef="s" targetRef="b"/></collaboration>',
            process(node("startEvent", "s"), node("endEvent", "e"), flow("s", "e")),
        ),
    ),
    ("called-processes", "c", line(("c", node("callActivity", "c", "", 'calledElement="s"')))),
    (
        "participants",
        "a",
        file(
            '<collaboration id="c"><participant id="a"><participantMultiplicity minimum="3" maximum="2"/>'
            "</participant></collaboration>",
            process(),
        ),
    ),
    ("xml-schema", "t", line(("t", node("task", "t", "<script>x</script>")))),
]


@pytest.mark.parametrize(("rule", "element", "content"), WRONG, ids=[f"{w[0]} {n}" for n, w in enumerate(WRONG)])
def test_what_is_wrong_is_found_at_its_element(rule: str, element: str, content: bytes) -> None:
    if rule == "compensation":
        wrong = node("boundaryEvent", "b", "<compensateEventDefinition/>", 'attachedToRef="t"')
        content = body(wrong, node("task", "t"), flow("s", "t"), flow("t", "e"))
    assert (rule, element) in errors(content)


def test_only_what_can_be_seen_from_the_event_is_undone() -> None:
    undo = node("task", "undo", "", 'isForCompensation="true"')
    at_boundary = node("boundaryEvent", "b", "<compensateEventDefinition/>", 'attachedToRef="t"')
    tie = '<association id="a" sourceRef="b" targetRef="undo"/>'
    inner = [node("startEvent", "s1"), node("task", "t"), undo, at_boundary, node("endEvent", "e1")]
    sub = "".join([*inner, flow("s1", "t"), flow("t", "e1"), tie])
    outside, named = node("subProcess", "sub", sub), '<compensateEventDefinition activityRef="{}"/>'
    around = [outside, flow("s", "sub"), flow("sub", "x"), flow("x", "e")]
    deep = body(*around, node("intermediateThrowEvent", "x", named.format("t")))
    whole = body(*around, node("intermediateThrowEvent", "x", named.format("sub")))
    assert ("compensation", "x") in errors(deep)
    assert errors(whole) == set()


# --- sentences and bad files -----------------------------------------------------------------------------------------


def test_every_rule_has_an_id_and_sentences_in_both_languages_with_the_same_facts() -> None:
    for rule in all_rules():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.id)
        for czech, english in rule.sentences.values():
            assert czech and english and czech != english
            facts = [{m.partition("_")[0] for m in re.findall(r"{(\w+)", text)} for text in (czech, english)]
            assert facts[0] == facts[1], rule.id


def test_rules_have_names_of_their_own() -> None:
    ids = [rule.id for rule in all_rules()]
    assert len(ids) == len(set(ids)) > 30


def test_the_sentence_comes_in_the_language_asked_for() -> None:
    content = line(("g", node("exclusiveGateway", "g")))
    assert "neither splits nor joins" in check_bpmn(content, lang="en")[0].message
    assert "nerozděluje" in check_bpmn(content)[0].message


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no xml",
        b"<a/>",
        b"\xff\xfe\x00",
        b'<!DOCTYPE a [<!ENTITY b "c">]>' + line(),
        b"<a>" * 10_000,
        file("<process/>" * 3),
        file(process(node("subProcess", "x") * 2)),
        file("<process id='p'>" + "<subProcess>" * 200 + "</subProcess>" * 200 + "</process>"),
    ],
    ids=["empty", "text", "other", "bytes", "doctype", "open", "no ids", "twice", "deep"],
)
def test_a_bad_file_is_a_problem_and_never_an_exception(content: bytes) -> None:
    problems = check_bpmn(content, file="x.bpmn")
    assert problems and problems[0].severity == "error" and problems[0].file == "x.bpmn"


SAMPLE = VALID["an error on a sub-process"].decode()


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_damaged_file_is_judged_without_an_exception(data: st.DataObject) -> None:
    words = re.findall(r"\w+", SAMPLE)
    content = SAMPLE
    for _ in range(data.draw(st.integers(1, 3))):
        content = content.replace(
            data.draw(st.sampled_from(words)), data.draw(st.sampled_from([*words, "", "<", "x"])), 1
        )
    check_bpmn(content.encode())


def test_an_unknown_extension_is_a_slip_worth_a_warning() -> None:
    content = line(("t", node("userTask", "t", extended('<radnice:task from="x"/><radnice:tsk/>'))))
    assert {p.message for p in check_bpmn(content, lang="en") if p.rule == "extensions"} == {
        "The element radnice:task has no attribute from.",
        "There is no element radnice:tsk.",
    }


def test_every_rule_is_in_the_documentation() -> None:
    text = (Path(__file__).resolve().parents[3] / "docs" / "checks.md").read_text()
    assert [rule.id for rule in all_rules() if f"`{rule.id}`" not in text] == []


def test_a_way_out_of_a_split_without_a_condition_is_found() -> None:
    found = {(p.rule, p.element) for p in check_bpmn(split(("a", "x > 1"), ("b", None)))}
    assert ("conditions-missing", "g-b") in found


@pytest.mark.parametrize(
    ("kind", "inside", "told"),
    [
        ("sendTask", "", True),
        ("sendTask", extended('<radnice:connector name="mail.send"/>'), False),
        ("scriptTask", "", True),
        ("scriptTask", "<script> </script>", True),
        ("scriptTask", "<script>pass</script>", False),
        ("task", "", False),
    ],
)
def test_a_task_that_does_nothing_of_what_it_promises_is_told(kind: str, inside: str, told: bool) -> None:
    found = warnings_of(line(("t", node(kind, "t", inside))), "does-nothing")
    assert bool(found) is told


def warnings_of(content: bytes, rule: str) -> dict[str | None, str]:
    return {p.element: p.message for p in check_bpmn(content, lang="en") if p.rule == rule}


def escalating(code: str, *catchers: str) -> bytes:
    """Give a sub-process that throws an escalation, with events for some codes on its boundary."""
    thrown = node("endEvent", "x", f"<escalationEventDefinition {code}/>")
    inside = node("startEvent", "s1") + node("task", "t") + thrown + flow("s1", "t") + flow("t", "x")
    events = [
        node("boundaryEvent", f"b{c}", f'<escalationEventDefinition escalationRef="{c}"/>', 'attachedToRef="sub"')
        + node("endEvent", f"e{c}")
        + flow(f"b{c}", f"e{c}")
        for c in catchers
    ]
    roots = [f'<escalation id="{c}" escalationCode="{c}"/>' for c in "ab"]
    return file(*roots, body_of(node("subProcess", "sub", inside), *events))


def body_of(sub: str, *parts: str) -> str:
    return process(node("startEvent", "s"), node("endEvent", "e"), sub, flow("s", "sub"), flow("sub", "e"), *parts)


def test_an_escalation_without_a_code_fires_every_boundary() -> None:
    assert "bb" in warnings_of(escalating("", "a", "b"), "fires-too-much")["x"]
    assert warnings_of(escalating('escalationRef="a"', "a", "b"), "fires-too-much") == {}
    assert warnings_of(escalating("", "a"), "fires-too-much") == {}


def signalling(own: str) -> bytes:
    """Give a process that throws a signal and begins with one."""
    thrown = node("intermediateThrowEvent", "x", '<signalEventDefinition signalRef="g"/>')
    start = f'<signalEventDefinition signalRef="{own}"/>'
    return line(("x", thrown), roots='<signal id="g" name="go"/><signal id="h" name="hey"/>', start=start)


def test_a_signal_that_begins_its_own_process_fires_for_ever() -> None:
    assert "begins this very process again" in warnings_of(signalling("g"), "fires-too-much")["x"]
    assert warnings_of(signalling("h"), "fires-too-much") == {}


def test_every_problem_says_how_to_mend_it() -> None:
    assert all(rule.mend[0] and rule.mend[1] and rule.mend[0] != rule.mend[1] for rule in all_rules())
    found = check_bpmn(body(node("task", "t"), flow("s", "e"), flow("t", "e")), lang="en")
    assert found[0].mend == "Connect the element with a flow or delete it."


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_diagram_may_come_in_any_unicode(encoding: str) -> None:
    text = line(("t", node("task", "t", "", 'name="Žádost"').replace('name="t" ', ""))).decode()
    start = "\ufeff" if encoding.endswith(("le", "be")) else ""
    assert errors((start + text).encode(encoding)) == set()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<!DOCTYPE x><x/>", "DOCTYPE"),
        (b'<?xml version="1.0"?><!-- x --><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "DOCTYPE"),
        ('<?xml version="1.0"?><!DOCTYPE x><x/>'.encode("utf-16"), "DOCTYPE"),
        (b"<!--" + b"x" * 9000 + b"--><!DOCTYPE definitions>" + line(), "DOCTYPE"),
        (b'<?xml version="1.0" encoding="UTF-7"?>' + line(), "UTF-8"),
        (b"<a>" * 300_000, "XML"),
        (line().replace(b'id="s"', b'id="s\0"'), "XML"),
        (b"x" * (9 << 20), "8 MB"),
        (b"<x/>", "BPMN"),
        (line(start=extended("<radnice:start/>")), "Prvek start potřebuje atribut form."),
        (line(start=extended('<radnice:start form="f" audience="x"/>')), "Atribut audience je „x“, může být jen: "),
    ],
)
def test_a_file_that_could_do_harm_is_refused_in_czech(content: bytes, reason: str) -> None:
    (problem,) = check_bpmn(content, lang="cs")
    assert (problem.rule, problem.severity) == ("readable", "error")
    assert reason in problem.message


def test_a_process_without_an_id_and_one_inside_itself_are_refused_in_time() -> None:
    nameless = line(("x", node("endEvent", "x", "<cancelEventDefinition/>"))).replace(b'<process id="p"', b"<process")
    assert errors(nameless)
    assert errors(body(node("subProcess", "p", node("task", "p"))))


STORE = '<dataStoreReference id="store" name="Members"/>'
WRITES = "<dataOutputAssociation>{}<targetRef>store</targetRef>{}</dataOutputAssociation>"


def test_a_data_store_that_is_only_drawn_is_told() -> None:
    drawn = body(STORE, node("task", "t", WRITES.format("", "")), flow("s", "t"), flow("t", "e"))
    assert list(warnings_of(drawn, "data-stores")) == ["t"]
    assert errors(drawn) == set()


def test_a_data_store_that_an_association_would_compute_with_is_refused_by_name() -> None:
    computed = WRITES.format("", "<transformation>{'number': 1}</transformation>")
    (problem,) = [
        p
        for p in check_bpmn(body(STORE, node("task", "t", computed), flow("s", "t"), flow("t", "e")), lang="en")
        if p.severity == "error"
    ]
    assert (problem.rule, problem.element, "Members" in problem.message) == ("cannot-be-executed", "t", True)


@pytest.mark.parametrize("kind", ["error", "escalation"])
@pytest.mark.parametrize("code, refused", [("", True), ("x", False)])
def test_what_an_end_event_throws_has_a_code(kind: str, code: str, refused: bool) -> None:
    root = f'<{kind} id="E" name="Late"' + (f' {kind}Code="{code}"/>' if code else "/>")
    end = node("endEvent", "e", f'<{kind}EventDefinition {kind}Ref="E"/>')
    content = file(root, process(node("startEvent", "s"), end, flow("s", "e")))
    said = [(p.element, p.severity) for p in check_bpmn(content) if p.rule == "messages-named"]
    assert said == ([("e", "error")] if refused else [])


def test_a_multi_instance_activity_says_how_many_or_over_what() -> None:
    loop = (
        "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality><loopDataInputRef>[1]</loopDataInputRef>"
    )
    content = line(("t", node("task", "t", loop + "</multiInstanceLoopCharacteristics>")))
    assert "t" in [p.element for p in check_bpmn(content) if p.rule == "quantities-and-loops"]
