"""What the check and a trial run still find, and how it is mended, round after round."""

from __future__ import annotations

import re
from collections.abc import Callable

from engine.check import check_bpmn
from engine.diagram import ACTIVITIES, FLOW_NODES, GATEWAYS, Problem
from engine.headless import RunResult, run
from engine.reading.schema import refused_parts
from engine.reading.xml import BPMN, Element, is_bpmn, local, plain
from engine.sketch import events
from engine.sketch.asking import insert
from engine.sketch.choices import choose, drop_condition, gateway_after, mend_gateways
from engine.sketch.flowing import as_association, begin_and_end, goes_round, mend_flows
from engine.sketch.paper import Paper, forget, title
from engine.sketch.waiting import confirm, follows_events
from engine.sketch.work import by_person, loop_by_person

#: Most rounds of mending, and most steps of a trial run.
ROUNDS, TRIAL_STEPS = 12, 2_000
_ATTRIBUTE = re.compile(r"attribute '([^']+)'")


def mend_schema(paper: Paper) -> None:
    """Take out what the schema of BPMN refuses."""
    for _ in range(ROUNDS):
        found = refused_parts(paper.root)
        for element, why in found:
            if element is None or element.getparent() is None:
                continue
            _refused(paper, element, why)
        if not found:
            return


def _refused(paper: Paper, element: Element, why: str) -> None:
    attribute = _ATTRIBUTE.search(why)
    told = attribute.group(1) if attribute else None
    name = next((a for a in map(str, element.attrib) if told and (a == told or a.endswith("}" + told))), None)
    place = next((e.get("id") for e in [element, *element.iterancestors()] if e.get("id")), None)
    if name is not None and name not in ("id", "sourceRef", "targetRef"):
        paper.say("invalid", place, what=f"{local(element)}/@{name}")
        del element.attrib[name]
    elif is_bpmn(element) and local(element) in FLOW_NODES and "Missing child" not in why:
        paper.say("invalid", place, what=local(element))
        strip_content(element)
    else:
        paper.say("invalid", place, what=local(element))
        paper.drop(element)


def strip_content(element: Element) -> None:
    """Take text that stands loose between the parts of an element."""
    element.text = None
    for child in element:
        child.tail = None


# --- what the check finds --------------------------------------------------------------------------------------------


def mend_found(paper: Paper, problem: Problem) -> bool:
    """Mend one problem; says whether something was changed."""
    element = paper.by_id.get(problem.element or "")
    mender = MENDERS.get(problem.rule)
    if mender is not None and element is not None:
        return mender(paper, element, problem)
    return element is not None and _remove(paper, element, problem)


def _remove(paper: Paper, element: Element, problem: Problem) -> bool:
    """Take out what no case needs: data, sets, associations, and loops of an activity that stays."""
    if local(element) in FLOW_NODES:
        data = [c for c in element if is_bpmn(c) and local(c) in _DATA]
        for child in data:
            paper.drop(child)
        if data:
            paper.say("removed", element, tag=", ".join(sorted({local(c) for c in data})), why=problem.message)
        return bool(data)
    if local(element) in ("process", "collaboration", "definitions", "participant"):
        return _remove_data_of(paper, element, problem)
    paper.say("removed", _place(element), tag=local(element), why=problem.message)
    paper.drop(element)
    return True


_DATA = frozenset({"ioSpecification", "dataInputAssociation", "dataOutputAssociation", "property"})
_DATA_OF_BODY = frozenset({"ioSpecification", "ioBinding", "correlationSubscription", "participantMultiplicity"})


def _remove_data_of(paper: Paper, element: Element, problem: Problem) -> bool:
    data = [c for c in element if is_bpmn(c) and local(c) in _DATA_OF_BODY]
    for child in data:
        paper.say("removed", element, tag=local(child), why=problem.message)
        paper.drop(child)
    return bool(data)


def _place(element: Element) -> str | None:
    return next((e.get("id") for e in [element, *element.iterancestors()] if e.get("id")), None)


def _soundness(paper: Paper, element: Element, problem: Problem) -> bool:
    """Deadlocks: wait only for what can come. Tokens without end: let a person choose one way."""
    if local(element) == "parallelGateway" and len(paper.into(element)) > 1 and len(paper.out_of(element)) <= 1:
        element.tag = BPMN + "inclusiveGateway"
        paper.say("waits_for_all", element)
        return True
    for identity in (problem.element, *reversed(problem.path)):
        node = paper.by_id.get(identity or "")
        if node is not None and is_bpmn(node) and _splits(paper, node):
            return _one_way(paper, node)
    return _pause(paper, element)


def _pause(paper: Paper, element: Element) -> bool:
    """Put a task where the process runs in a circle by itself."""
    if (
        local(element) not in FLOW_NODES
        or not paper.into(element)
        or element.get("id") in {*paper.asking, *paper.asking.values()}
    ):
        return False
    task = insert(paper, element, paper.word("confirm", of=title(element)))
    paper.say("pause", element, task=title(task))
    return True


def _splits(paper: Paper, node: Element) -> bool:
    out = paper.out_of(node) if local(node) in FLOW_NODES else []
    free = [f for f in out if f.find(BPMN + "conditionExpression") is None]
    splits = local(node) not in ("exclusiveGateway", "eventBasedGateway", "complexGateway")
    return splits and len(free) > 1


def _one_way(paper: Paper, node: Element) -> bool:
    paper.say("not_parallel", node)
    if local(node) not in (*ACTIVITIES, *GATEWAYS):
        gateway_after(paper, node)
        return True
    if local(node) in GATEWAYS:
        node.tag = BPMN + "exclusiveGateway"
    choose(paper, node)
    return True


def _flow(paper: Paper, element: Element, problem: Problem) -> bool:
    """A message flow or association with the wrong ends stays as a picture."""
    if local(element) == "messageFlow":
        as_association(paper, element, "message_flow")
        return True
    flows = [
        f
        for f in paper.root.iter(BPMN + "messageFlow")
        if element.get("id") in (f.get("sourceRef"), f.get("targetRef"))
    ]
    for flow in flows:
        as_association(paper, flow, "message_flow")
    return bool(flows)


def _plain_event(paper: Paper, element: Element, problem: Problem) -> bool:
    """An event that nothing else could mend becomes a plain one."""
    told = any(local(c).endswith(("EventDefinition", "eventDefinitionRef")) for c in element)
    if local(element) not in events.EVENTS or not told:
        return _remove(paper, element, problem)
    kinds = ", ".join(sorted(events.kind_of(d) for d in events.definitions(paper, element)))
    events.strip(element)
    if local(element) == "intermediateCatchEvent":
        element.tag = BPMN + "intermediateThrowEvent"
    if local(element) == "boundaryEvent":
        events.offer(paper, element)
        for definition in events.definitions(paper, element):
            events.name_definition(paper, element, definition)
    paper.say("plain_event", element, kinds=kinds)
    return True


def _reference(paper: Paper, element: Element, problem: Problem) -> bool:
    """Take out references that lead nowhere."""
    changed = False
    for inner in [element, *element.iterdescendants(BPMN + "*")]:
        for name, value in list(inner.attrib.items()):
            if str(name).endswith("Ref") and plain(str(value)) not in paper.by_id and not str(name).startswith("{"):
                paper.say("reference", element, attribute=str(name), target=str(value))
                del inner.attrib[name]
                changed = True
        if local(inner).endswith(("Ref", "Refs")) and inner.text and plain(inner.text.strip()) not in paper.by_id:
            paper.say("reference", element, attribute=local(inner), target=inner.text.strip())
            if inner.getparent() is not None:
                inner.getparent().remove(inner)  # type: ignore[union-attr]
            changed = True
    return changed or _plain_or_remove(paper, element, problem)


def _plain_or_remove(paper: Paper, element: Element, problem: Problem) -> bool:
    if local(element) in events.EVENTS:
        return _plain_event(paper, element, problem)
    return _remove(paper, element, problem)


def _condition(paper: Paper, element: Element, problem: Problem) -> bool:
    flow = element if local(element) == "sequenceFlow" else None
    if flow is None or flow.find(BPMN + "conditionExpression") is None:
        return _text(paper, element, problem)
    drop_condition(paper, flow)
    node = paper.source(flow)
    if len(paper.out_of(node)) > 1 and (
        local(node).startswith(("exclusive", "inclusive")) or local(node) in ACTIVITIES
    ):
        choose(paper, node)
    return True


def _flows_again(paper: Paper, element: Element, problem: Problem) -> bool:
    """Put flows right that another change has bent."""
    before = len(paper.todo)
    mend_flows(paper)
    begin_and_end(paper)
    mend_gateways(paper)
    return len(paper.todo) > before


def _text(paper: Paper, element: Element, problem: Problem) -> bool:
    """A text that can't be read: a person does the work instead."""
    if local(element) in ACTIVITIES and local(element) not in (
        "userTask",
        "subProcess",
        "transaction",
        "adHocSubProcess",
    ):
        by_person(paper, element, problem.message)
        return True
    loops = [c for c in element if is_bpmn(c) and local(c).endswith("LoopCharacteristics")]
    for loop in loops:
        paper.say("removed", element, tag=local(loop), why=problem.message)
        element.remove(loop)
    return bool(loops) or _plain_or_remove(paper, element, problem)


Mender = Callable[[Paper, Element, Problem], bool]
MENDERS: dict[str, Mender] = {
    "soundness": _soundness,
    "message-flows": _flow,
    "event-kinds": _plain_event,
    "timers": _plain_event,
    "messages-named": _plain_event,
    "compensation": _plain_event,
    "links-pair": _plain_event,
    "cancel-belongs-to-transactions": _plain_event,
    "event-definitions": _plain_event,
    "references-lead-somewhere": _reference,
    "texts-can-be-read": _condition,
    "constant-conditions": _condition,
    "formal-expressions": _condition,
    "defaults-and-conditions": _condition,
    "quantities-and-loops": _text,
    "loop-data": _text,
    "media-types": _text,
    "called-processes": _text,
    "cannot-be-executed": _text,
    "flow-ends": _flows_again,
    "everything-connected": _flows_again,
    "gateways": _flows_again,
    "event-gateways": _flows_again,
}


def errors_of(content: bytes, lang: str) -> list[Problem]:
    """Give what still stands in the way."""
    return [p for p in check_bpmn(content, lang=lang) if p.severity == "error"]


# --- a trial run -----------------------------------------------------------------------------------------------------


def trial(content: bytes) -> RunResult:
    """Run the sketch as if everybody confirmed everything at once."""
    return run(content, max_steps=TRIAL_STEPS)


def mend_run(paper: Paper, result: RunResult) -> bool:
    """Mend what a trial run stopped at; says whether something was changed."""
    changed = False
    for identity in dict.fromkeys(result.waiting):
        changed = _let_go(paper, identity) or changed
    for problem in result.problems:
        if problem.get("element") is None or "round" in str(problem.get("message")):
            changed = _break_circle(paper, result) or changed
        element = paper.by_id.get(str(problem.get("element") or ""))
        if element is not None:
            changed = _unstick(paper, element, str(problem.get("message"))) or changed
    return changed


def _break_circle(paper: Paper, result: RunResult) -> bool:
    """Let a person choose where a run goes round for ever."""
    for identity in dict.fromkeys(reversed(result.trace[-200:])):
        node = paper.by_id.get(identity)
        if node is not None and _splits(paper, node) and goes_round(paper, node):
            return _one_way(paper, node)
    return False


def _let_go(paper: Paper, identity: str) -> bool:
    """Let a person say that what nobody sends has come; a join waits only for what can come."""
    element = paper.by_id.get(identity)
    if element is None:
        return False
    if local(element) == "intermediateCatchEvent" and not follows_events(paper, element):
        confirm(paper, element)
        return True
    if local(element) == "receiveTask":
        by_person(paper, element, local(element))
        return True
    if local(element) == "parallelGateway" and len(paper.into(element)) > 1 and len(paper.out_of(element)) <= 1:
        element.tag = BPMN + "inclusiveGateway"
        paper.say("waits_for_all", element)
        return True
    if local(element) == "eventBasedGateway":
        return _choose_event(paper, element)
    return False


def _choose_event(paper: Paper, gateway: Element) -> bool:
    """Let a person say which of the events happened."""
    for flow in paper.out_of(gateway):
        event = paper.target(flow)
        if local(event) == "receiveTask":
            by_person(paper, event, local(event))
        else:
            events.as_throw(event)
            paper.say("confirmed", event, what=title(event), task=title(gateway))
    gateway.tag = BPMN + "exclusiveGateway"
    forget(gateway, *("instantiate", "eventGatewayType"))
    choose(paper, gateway)
    return True


def _unstick(paper: Paper, element: Element, why: str) -> bool:
    loops = [c for c in element if is_bpmn(c) and local(c).endswith("LoopCharacteristics")]
    if loops and not any("value_of" in (c.text or "") for c in loops[0]):
        return loop_by_person(paper, element)
    if local(element) in ("exclusiveGateway", "inclusiveGateway") and len(paper.out_of(element)) > 1:
        choose(paper, element)
        return True
    if local(element) in ("scriptTask", "serviceTask", "businessRuleTask", "sendTask"):
        by_person(paper, element, why)
        return True
    if local(element) == "endEvent" and events.definitions(paper, element):
        events.strip(element)
        paper.say("plain_end", element, name=title(element))
        return True
    return False
