"""Fifth: work. What no system knows how to do is done by people; every human task gets a form and a group."""

from __future__ import annotations

from engine.diagram import ACTIVITIES, BODIES, HUMAN
from engine.expressions import problem_in
from engine.reading.xml import BPMN, Element, content, flag, is_bpmn, local, plain
from engine.sketch import forms
from engine.sketch.asking import ask, form_of, has_form, variable
from engine.sketch.choices import can_be_read
from engine.sketch.paper import Paper, extension, forget, formal, is_person, ours, slug, title
from engine.sketch.waiting import has_sender


def mend_work(paper: Paper) -> None:
    """Make every activity one that can be done."""
    for node in paper.nodes(*sorted(ACTIVITIES)):
        _quantities(paper, node)
        DOING.get(local(node), _nothing)(paper, node)
    for node in paper.nodes(*sorted(ACTIVITIES)):
        _loops(paper, node)


def _nothing(paper: Paper, node: Element) -> None:
    """A person's work is as it is."""


def by_person(paper: Paper, node: Element, why: str) -> None:
    """Let a person do it until an author says how."""
    paper.turn(node, "userTask")
    paper.say("person_does", node, why=why)


def _service(paper: Paper, node: Element) -> None:
    if ours(node, "connector") is None:
        by_person(paper, node, local(node))


def _business_rule(paper: Paper, node: Element) -> None:
    if ours(node, "decision") is None:
        by_person(paper, node, local(node))


def _send(paper: Paper, node: Element) -> None:
    sends = any(f.get("sourceRef") == node.get("id") for f in paper.root.iter(BPMN + "messageFlow"))
    named = plain(node.get("messageRef")) in paper.by_id
    if ours(node, "connector") is None and not sends and not named:
        by_person(paper, node, local(node))


def _receive(paper: Paper, node: Element) -> None:
    after_events = any(local(paper.source(f)) == "eventBasedGateway" for f in paper.into(node))
    if flag(node, "instantiate") and (paper.into(node) or not has_sender(paper, node)):
        del node.attrib["instantiate"]
        paper.say("no_start", node)
    if not has_sender(paper, node) and not after_events:
        by_person(paper, node, local(node))


def _script(paper: Paper, node: Element) -> None:
    text = next((content(s) for s in node.iterchildren(BPMN + "script")), "")
    language = node.get("scriptFormat") or ""
    if text and "starlark" in (language or "starlark").lower() and runs(paper, text):
        node.set("scriptFormat", "text/starlark")
        return
    if text:
        paper.remember(node, text)
    paper.turn(node, "userTask")
    sentence = "vendor_script" if text else "person_does"
    paper.say(sentence, node, language=language or "?", why="scriptTask")


def runs(paper: Paper, text: str) -> bool:
    """Say whether a script can be read and uses only what scripts set."""
    return problem_in(text) is None and can_be_read(paper, text)


def _call(paper: Paper, node: Element) -> None:
    called = plain(node.get("calledElement"))
    target = paper.by_id.get(called or "")
    if target is None or not (local(target) == "process" or local(target).startswith("global")):
        paper.turn(node, "userTask")
        paper.say("call", node, called=called or "?")


def _body(paper: Paper, node: Element) -> None:
    """Put a task into a sub-process in which nothing happens."""
    if any(local(m) in ACTIVITIES for m in paper.members(node)):
        return
    if paper.members(node) and local(node) != "adHocSubProcess":
        return
    for member in paper.members(node):
        paper.drop(member)
    task = paper.add(node, "userTask", f"do_{node.get('id')}", name=title(node))
    paper.sheet.put_inside(task.get("id") or "", node.get("id") or "")
    paper.in_lane_of(task, node)
    paper.say("empty_sub", node)


def _ad_hoc(paper: Paper, node: Element) -> None:
    _body(paper, node)
    for member in paper.members(node):
        if local(member) in ("startEvent", "endEvent"):
            for flow in [*paper.into(member), *paper.out_of(member)]:
                paper.drop(flow)
            paper.say("removed", node, tag=local(member), why=title(member))
            paper.drop(member)
    _keep_or_note(paper, node, node, "completionCondition")


DOING = {
    "serviceTask": _service,
    "businessRuleTask": _business_rule,
    "sendTask": _send,
    "receiveTask": _receive,
    "scriptTask": _script,
    "callActivity": _call,
    "subProcess": _body,
    "transaction": _body,
    "adHocSubProcess": _ad_hoc,
}


def _quantities(paper: Paper, node: Element) -> None:
    for name in ("startQuantity", "completionQuantity"):
        if node.get(name) is not None and node.get(name) != "1":
            del node.attrib[name]
            paper.say("quantity", node)


# --- loops -----------------------------------------------------------------------------------------------------------


def _loops(paper: Paper, node: Element) -> None:
    markers = [c for c in node if is_bpmn(c) and local(c).endswith("LoopCharacteristics")]
    for extra in markers[1:]:
        node.remove(extra)
        paper.say("two_markers", node)
    if markers and local(markers[0]) == "standardLoopCharacteristics":
        _standard(paper, node, markers[0])
    elif markers:
        _several(paper, node, markers[0])


def loop_by_person(paper: Paper, node: Element) -> bool:
    """Let a person say how often, whatever the diagram says."""
    for marker in [c for c in node if is_bpmn(c) and local(c).endswith("LoopCharacteristics")]:
        for child in [c for c in marker if is_bpmn(c) and local(c) in (*_LOOP_TEXTS, *_LOOP_DATA)]:
            if content(child):
                paper.remember(node, content(child))
            marker.remove(child)
    _loops(paper, node)
    return True


def _standard(paper: Paper, node: Element, marker: Element) -> None:
    if _keep_or_note(paper, node, marker, "loopCondition"):
        return
    maximum = (marker.get("loopMaximum") or "").strip()
    if maximum and not (maximum.isdigit() and int(maximum) > 0):
        del marker.attrib["loopMaximum"]
    name = variable("again", node)
    formal(marker, "loopCondition", f'value_of("{name}", False)')
    if is_person(node) and not has_form(node):
        forget(marker, "testBefore")
        paper.fields.setdefault(node.get("id") or "", {})[name] = forms.yes_no(paper.word("again"))
        paper.say("once_more", node, form=form_of(paper, node))
    else:
        forget(marker, "testBefore")
        paper.say("once", node)


def _several(paper: Paper, node: Element, marker: Element) -> None:
    _keep_or_note(paper, node, marker, "completionCondition")
    for child in [c for c in marker if is_bpmn(c) and local(c) in _LOOP_DATA]:
        marker.remove(child)
    forget(marker, "behavior", "noneBehaviorEventRef", "oneBehaviorEventRef")
    if _keep_or_note(paper, node, marker, "loopCardinality"):
        return
    name = variable("count", node)
    formal(marker, "loopCardinality", f'value_of("{name}", 1)')
    if not paper.into(node):
        paper.say("once", node)
        return
    asker = ask(paper, node, name, forms.number(paper.word("number", of=title(node))), "enter", title(node))
    paper.say("how_many", node, task=title(asker), form=form_of(paper, asker))


def _keep_or_note(paper: Paper, node: Element, holder: Element, tag: str) -> bool:
    """Keep an expression that can be evaluated; another's text goes into the description of the node."""
    child = holder.find(BPMN + tag)
    if child is None:
        return False
    if can_be_read(paper, content(child)):
        formal(holder, tag, content(child))
        return True
    if content(child):
        paper.remember(node, content(child))
    holder.remove(child)
    return False


_LOOP_TEXTS = ("loopCondition", "loopCardinality", "completionCondition")
_LOOP_DATA = frozenset(
    {"loopDataInputRef", "loopDataOutputRef", "inputDataItem", "outputDataItem", "complexBehaviorDefinition"}
)


# --- people ----------------------------------------------------------------------------------------------------------


def give_forms(paper: Paper) -> None:
    """Give every human task its form and its group, and every plain start a form to begin with."""
    for node in paper.nodes(*sorted(HUMAN)):
        _form(paper, node)
    for process in paper.root.iterchildren(BPMN + "process"):
        for start in paper.members(process):
            if local(start) == "startEvent" and len(start.findall(BPMN + "*")) == len(_plain_parts(start)):
                _start_form(paper, process, start)


def _plain_parts(start: Element) -> list[Element]:
    plain_tags = ("documentation", "extensionElements", "incoming", "outgoing")
    return [c for c in start if is_bpmn(c) and local(c) in plain_tags]


def _form(paper: Paper, node: Element) -> None:
    told = ours(node, "task")
    if told is None:
        told = extension(node, "task")
    identity = node.get("id") or ""
    if not told.get("form"):
        told.set("form", form_of(paper, node))
        fields = paper.fields.get(identity, {})
        note = (variable("note", node), paper.word("note"))
        paper.forms[form_of(paper, node)] = forms.form(title(node), fields, note)
        if not fields:
            paper.say("form", node, form=form_of(paper, node))
    if not told.get("group") and told.get("audience") != "applicant":
        name = group_name(paper, node)
        told.set("group", slug(name).lower() or "office")
        paper.say("group", None, group=told.get("group"), name=name)


def _start_form(paper: Paper, process: Element, start: Element) -> None:
    if ours(start, "start") is not None:
        return
    key = form_of(paper, start)
    group = slug(group_name(paper, start)).lower() or "office"
    extension(start, "start", form=key, audience="staff", group=group)
    subject = {"subject": {"type": "string", "title": paper.word("subject"), "maxLength": 200}}
    paper.say("start_form", start, form=key)
    heading = start.get("name") or process.get("name") or paper.word("begin")
    paper.forms[key] = forms.form(heading, subject, (variable("note", start), paper.word("note")))


def group_name(paper: Paper, node: Element) -> str:
    """Give who does it: what a tool noted, the lane, the pool, else the office."""
    return (
        _noted_group(node) or _lane(paper, node) or _pool(paper, node) or ("office" if paper.lang == "en" else "úřad")
    )


def _noted_group(node: Element) -> str | None:
    """Give the first candidate group that a tool's own attribute or element names."""
    texts = [str(value) for name, value in node.attrib.items() if str(name).endswith("}candidateGroups")]
    texts += [e.get("candidateGroups") or "" for e in node.iter("{*}assignmentDefinition")]
    return next((t.split(",")[0].strip() for t in texts if t and not _is_expression(t)), None)


def _lane(paper: Paper, node: Element) -> str | None:
    """Give the lane of a node, or of the sub-process it lies in."""
    lanes = {content(r): r.getparent() for r in paper.root.iter(BPMN + "flowNodeRef")}
    for element in [node, *node.iterancestors(*(BPMN + b for b in BODIES))]:
        lane = lanes.get(element.get("id") or "")
        if lane is not None and lane.get("name"):
            return title(lane)
    return None


def _pool(paper: Paper, node: Element) -> str | None:
    process = next(node.iterancestors(BPMN + "process"), None)
    for pool in paper.root.iter(BPMN + "participant"):
        if process is not None and pool.get("processRef") == process.get("id") and pool.get("name"):
            return title(pool)
    return None


def _is_expression(text: str) -> bool:
    return "${" in text or "#{" in text or text.strip().startswith("=")
