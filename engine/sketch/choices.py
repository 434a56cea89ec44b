"""Third: gateways. Where no condition says where to go, a person is asked."""

from __future__ import annotations

from engine.check.texts import ALWAYS_KNOWN
from engine.diagram import ACTIVITIES, GATEWAYS
from engine.errors import EngineError
from engine.expressions import FUNCTIONS, problem_in, read
from engine.reading.xml import BPMN, Element, content, flag, is_bpmn, local
from engine.sketch import forms
from engine.sketch.asking import ask, form_of, variable
from engine.sketch.flowing import distances_to_end, goes_round
from engine.sketch.paper import XSI_TYPE, Paper, forget, formal, slug, title

SPLITTING = ("exclusiveGateway", "inclusiveGateway", "complexGateway")


def mend_gateways(paper: Paper) -> None:
    """Make every gateway and every split one that can be decided."""
    for node in paper.nodes(*sorted(GATEWAYS)):
        _kind(paper, node)
        _direction(paper, node)
    for node in paper.nodes():
        _default(paper, node)
        if local(node) in SPLITTING or local(node) in ACTIVITIES:
            _split(paper, node)
        else:
            _unconditional(paper, node)
            if local(node) not in GATEWAYS and len(paper.out_of(node)) > 1 and goes_round(paper, node):
                gateway_after(paper, node)


def _kind(paper: Paper, node: Element) -> None:
    into, out = paper.into(node), paper.out_of(node)
    if flag(node, "instantiate") and (into or not _begins_by_messages(paper, node)):
        forget(node, "instantiate", "eventGatewayType")
        paper.say("no_start", node)
    if len(into) <= 1 and len(out) <= 1:
        _pass_through(paper, node)
    elif local(node) == "complexGateway":
        _plain(paper, node, "inclusiveGateway", "inclusive")
    elif local(node) == "eventBasedGateway" and not _waits_for_events(paper, node):
        _plain(paper, node, "exclusiveGateway", "exclusive")


def _pass_through(paper: Paper, node: Element) -> None:
    forget(node, *("gatewayDirection", "default", "instantiate", "eventGatewayType"))
    paper.turn(node, "intermediateThrowEvent")
    paper.say("pass_through", node)


def _begins_by_messages(paper: Paper, node: Element) -> bool:
    """Say whether only messages follow a gateway that is to begin the process."""
    following = [paper.target(f) for f in paper.out_of(node)]
    return all(f.find(BPMN + "messageEventDefinition") is not None or local(f) == "receiveTask" for f in following)


def _plain(paper: Paper, node: Element, kind: str, word: str) -> None:
    paper.say("plain_gateway", node, kind=local(node), new=paper.word(word))
    forget(node, *("instantiate", "eventGatewayType"))
    node.tag = BPMN + kind
    for child in list(node.iterchildren(BPMN + "activationCondition")):
        paper.remember(node, content(child))
        node.remove(child)


def _waits_for_events(paper: Paper, node: Element) -> bool:
    """Say whether an event-based gateway leads only to events, each with no other way in."""
    following = [paper.target(f) for f in paper.out_of(node)]
    kinds = {local(f) for f in following}
    alone = all(len(paper.into(f)) == 1 and not paper.boundaries(f) for f in following)
    fits = kinds <= {"intermediateCatchEvent", "receiveTask"} and len(following) > 1 and alone
    catches = [f for f in following if local(f) == "intermediateCatchEvent"]
    links = any(f.find(BPMN + "linkEventDefinition") is not None for f in catches)
    told = all(any(local(c).endswith(("EventDefinition", "DefinitionRef")) for c in f) for f in catches)
    mixed = "receiveTask" in kinds and any(f.find(BPMN + "messageEventDefinition") is not None for f in catches)
    return fits and told and not links and not mixed


def mend_directions(paper: Paper) -> None:
    """Take directions off that no longer fit, and defaults of what doesn't split."""
    for node in paper.nodes(*sorted(GATEWAYS)):
        _direction(paper, node)


def _direction(paper: Paper, node: Element) -> None:
    direction = node.get("gatewayDirection")
    many = (len(paper.into(node)) > 1, len(paper.out_of(node)) > 1)
    fits = {"Converging": (True, False), "Diverging": (False, True), "Mixed": (True, True)}
    if direction in fits and fits[direction] != many:
        del node.attrib["gatewayDirection"]
        paper.say("direction", node)


def _default(paper: Paper, node: Element) -> None:
    default = node.get("default")
    if default is None:
        return
    kind = local(node)
    own = [f for f in paper.out_of(node) if f.get("id") == default]
    if not own or kind not in (*SPLITTING, *ACTIVITIES) or len(paper.out_of(node)) < 2:
        del node.attrib["default"]
        paper.say("default_dropped", node)
    elif own[0].find(BPMN + "conditionExpression") is not None:
        drop_condition(paper, own[0])


def _unconditional(paper: Paper, node: Element) -> None:
    for flow in paper.out_of(node):
        drop_condition(paper, flow)


def drop_condition(paper: Paper, flow: Element) -> None:
    """Take a condition off a flow and keep its text."""
    for child in list(flow.iterchildren(BPMN + "conditionExpression")):
        if content(child):
            paper.remember(flow, content(child))
            paper.say("condition_dropped", flow, text=content(child))
        flow.remove(child)


def _split(paper: Paper, node: Element) -> None:
    out = paper.out_of(node)
    conditional = [f for f in out if f.find(BPMN + "conditionExpression") is not None]
    if len(out) < 2:
        for flow in conditional:
            drop_condition(paper, flow)
        return
    labelled = all((f.get("name") or "").strip() for f in out)
    if local(node) in ACTIVITIES and not conditional and not labelled and not goes_round(paper, node):
        forget(node, "default")
        paper.say("both_ways", node)
        return
    others = [f for f in out if f.get("id") != node.get("default")]
    if all(is_decided(paper, f) for f in others) and (node.get("default") or local(node) != "exclusiveGateway"):
        return
    choose(paper, node)


def is_decided(paper: Paper, flow: Element) -> bool:
    """Say whether a flow has a condition that the data of this very diagram can decide."""
    child = flow.find(BPMN + "conditionExpression")
    return child is not None and bool(child.get(XSI_TYPE)) and can_be_read(paper, content(child))


def can_be_read(paper: Paper, text: str) -> bool:
    """Say whether a text is Starlark whose variables scripts of the diagram set."""
    try:
        if not text or problem_in(text) is not None:
            return False
        return all(n in FUNCTIONS or n in ALWAYS_KNOWN or n in script_names(paper) for n in read(text).reads)
    except EngineError:
        return False


def script_names(paper: Paper) -> frozenset[str]:
    """Give what the scripts of the diagram set."""
    names: set[str] = set()
    for script in paper.root.iter(BPMN + "script"):
        if content(script) and problem_in(content(script)) is None:
            names |= read(content(script)).assigns
    return frozenset(names)


def choose(paper: Paper, node: Element) -> None:
    """Let a person pick among the flows that leave a node."""
    out = paper.out_of(node)
    several = local(node) == "inclusiveGateway"
    name, keys = variable("choice", node), _keys(out)
    best = nearest_to_end(paper, node, out)
    for flow in out:
        _forget(paper, flow)
    default = _default_of(node, best, several)
    shown = [(keys[f.get("id") or ""], _shown(paper, f)) for f in out]
    label = title(node) if node.get("name") else paper.word("which_way")
    field = forms.some_of(label, shown) if several else forms.one_of(label, shown)
    asker = _ask_at(paper, node, name, field, label)
    fallback = keys[best.get("id") or ""]
    for flow in out:
        if flow.get("id") != default:
            key = keys[flow.get("id") or ""]
            text = (
                f'"{key}" in value_of("{name}", ["{fallback}"])'
                if several
                else f'value_of("{name}", "{fallback}") == "{key}"'
            )
            formal(flow, "conditionExpression", text)
    paper.say("choice", node, task=title(asker), form=form_of(paper, asker))


def _default_of(node: Element, best: Element, several: bool) -> str | None:
    """Give the flow that is taken when nobody chose; where several may be chosen, each has its condition."""
    if several:
        forget(node, "default")
        return None
    node.set("default", node.get("default") or best.get("id") or "")
    return node.get("default")


def gateway_after(paper: Paper, node: Element) -> None:
    """Put a gateway after a node from which several ways lead, and let a person choose there."""
    body, out = node.getparent(), paper.out_of(node)
    assert body is not None
    gateway = paper.add(body, "exclusiveGateway", f"which_{node.get('id')}")
    identity = gateway.get("id") or ""
    paper.sheet.put_after(identity, node.get("id") or "", "gateway")
    paper.in_lane_of(gateway, node)
    for flow in out:
        paper.lead(flow, source=identity)
    paper.join(node, gateway)
    paper.say("gateway", node)
    choose(paper, gateway)


def _ask_at(paper: Paper, node: Element, name: str, field: object, label: str) -> Element:
    """Ask in the task itself when it is a person's, else before."""
    from_itself = is_bpmn(node) and local(node) in ("task", "userTask", "manualTask")
    if from_itself and not any(local(c).endswith("LoopCharacteristics") for c in node):
        paper.fields.setdefault(node.get("id") or "", {})[name] = field
        return node
    return ask(paper, node, name, field, "decide", label)


def _keys(out: list[Element]) -> dict[str, str]:
    """Give a short word for each flow: its name where that tells it from the others, else its id."""
    words = {f.get("id") or "": slug(f.get("name") or "").lower() for f in out}
    taken = list(words.values())
    return {i: word if word and taken.count(word) == 1 else slug(i) or i for i, word in words.items()}


def _shown(paper: Paper, flow: Element) -> str:
    return " ".join((flow.get("name") or "").split()) or f"→ {title(paper.target(flow))}"


def _forget(paper: Paper, flow: Element) -> None:
    for child in list(flow.iterchildren(BPMN + "conditionExpression")):
        if content(child):
            paper.remember(flow, content(child))
            paper.say("condition_kept", flow, text=content(child))
        flow.remove(child)


def nearest_to_end(paper: Paper, node: Element, out: list[Element]) -> Element:
    """Give the flow by which the end is nearest, so that what nobody answers comes to an end."""
    body = node.getparent()
    assert body is not None
    distances = distances_to_end(paper, body)
    return min(out, key=lambda f: distances.get(f.get("targetRef") or "", 10**6))
