"""Fourth: events of a kind that is possible where they stand, with a name, a time, and somebody to make them happen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from lxml import etree

from engine import calendar
from engine.diagram import ACTIVITIES
from engine.errors import BadTime
from engine.reading.problems import ALLOWED, INTERRUPT_ALWAYS
from engine.reading.xml import BPMN, Element, content, flag, is_bpmn, local
from engine.sketch import forms
from engine.sketch.asking import ask, form_of, insert, variable
from engine.sketch.choices import can_be_read
from engine.sketch.paper import Paper, extension, forget, formal, ours, title

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
EVENTS = ("startEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent", "endEvent")
PLACES = {
    "endEvent": "end",
    "intermediateCatchEvent": "catch",
    "intermediateThrowEvent": "throw",
    "boundaryEvent": "boundary",
}
#: Kinds of events that are told by a name or a code.
ROOTS = {"message": "message", "signal": "signal", "error": "error", "escalation": "escalation"}


def mend_events(paper: Paper) -> None:
    """Put all events right."""
    for node in paper.nodes("boundaryEvent"):
        _attached(paper, node)
    for node in paper.nodes("subProcess"):
        _event_sub(paper, node)
    _compensation(paper)
    _links(paper)
    for node in paper.nodes(*EVENTS):
        _possible(paper, node)
    _errors(paper)
    for node in paper.nodes(*EVENTS):
        for definition in definitions(paper, node):
            _named(paper, node, definition)
    for body in paper.root.iterchildren(BPMN + "process"):
        _somebody_begins(paper, body)
    for node in paper.nodes(*EVENTS):
        _settle(paper, node)


def definitions(paper: Paper, node: Element) -> list[Element]:
    """Give the event definitions of an event, those of the file's roots too."""
    own = [c for c in node if is_bpmn(c) and local(c).endswith("EventDefinition")]
    shared = [paper.by_id.get(content(c)) for c in node.iterchildren(BPMN + "eventDefinitionRef")]
    return own + [s for s in shared if s is not None]


def kind_of(definition: Element) -> str:
    """Give the kind of an event definition: message, timer and so on."""
    return local(definition).removesuffix("EventDefinition")


def strip(node: Element, *kinds: str) -> None:
    """Take the definitions of these kinds off an event; without kinds all of them."""
    for child in list(node):
        defines = is_bpmn(child) and local(child).endswith(("EventDefinition", "eventDefinitionRef"))
        if defines and (not kinds or kind_of(child) in kinds):
            node.remove(child)


def place_of(node: Element) -> str:
    """Give the place of an event in the standard's table."""
    if local(node) != "startEvent":
        return PLACES[local(node)]
    body = node.getparent()
    if body is None or local(body) == "process":
        return "start"
    return "event sub-process start" if flag(body, "triggeredByEvent") else "sub-process start"


# --- places ----------------------------------------------------------------------------------------------------------


def _attached(paper: Paper, node: Element) -> None:
    host = paper.by_id.get(node.get("attachedToRef") or "")
    if host is not None and local(host) in ACTIVITIES and host.getparent() is node.getparent():
        return
    paper.turn(node, "intermediateCatchEvent", *(local(c) for c in definitions(paper, node)))
    forget(node, *("attachedToRef", "cancelActivity"))
    paper.say("detached", node)


def _event_sub(paper: Paper, node: Element) -> None:
    """An event sub-process that stands in the flow is a plain one."""
    if not flag(node, "triggeredByEvent"):
        return
    starts = [m for m in paper.members(node) if local(m) == "startEvent"]
    if paper.into(node) or paper.out_of(node) or not starts or paper.boundaries(node):
        del node.attrib["triggeredByEvent"]
        paper.say("not_aside", node)
        return
    for extra in starts[1:]:
        extra.tag = BPMN + "intermediateThrowEvent"
        strip(extra)
        forget(extra, *("isInterrupting", "parallelMultiple"))
        first = paper.out_of(starts[0])
        if first and not paper.into(extra):
            paper.join(starts[0], extra)
        paper.say("plain_event", extra, kinds="start")


def _possible(paper: Paper, node: Element) -> None:
    place, found = place_of(node), definitions(paper, node)
    kinds = {kind_of(d) for d in found}
    wrong = kinds - ALLOWED[place]
    if wrong:
        strip(node, *wrong, "eventDefinitionRef")
        paper.say("plain_event", node, kinds=", ".join(sorted(wrong)))
        kinds -= wrong
    if not kinds and place == "catch":
        _as_throw(node)
        paper.say("plain_event", node, kinds="–") if not wrong else None
    elif not kinds and place in ("boundary", "event sub-process start"):
        _offered(paper, node)
    flags = "cancelActivity" if place == "boundary" else "isInterrupting"
    if place in ("boundary", "event sub-process start") and not flag(node, flags, True) and kinds & INTERRUPT_ALWAYS:
        del node.attrib[flags]
        paper.say("interrupts", node)
    if "cancel" in kinds and not _of_transaction(paper, node, place):
        strip(node, "cancel")
        _offered(paper, node) if place == "boundary" else paper.say("plain_event", node, kinds="cancel")


def _of_transaction(paper: Paper, node: Element, place: str) -> bool:
    around = paper.by_id.get(node.get("attachedToRef") or "") if place == "boundary" else node.getparent()
    return around is not None and local(around) == "transaction"


def _as_throw(node: Element) -> None:
    node.tag = BPMN + "intermediateThrowEvent"
    strip(node)
    forget(node, *("parallelMultiple", "attachedToRef", "cancelActivity"))


def _offered(paper: Paper, node: Element) -> None:
    """Let a person of the office report the event from the case."""
    etree.SubElement(node, BPMN + "messageEventDefinition")
    if ours(node, "offer") is None:
        extension(node, "offer", label=title(node))
    paper.say("offered", node)


# --- undoing, links, errors ------------------------------------------------------------------------------------------


def _compensation(paper: Paper) -> None:
    for event in paper.nodes("boundaryEvent"):
        if event.find(BPMN + "compensateEventDefinition") is not None:
            _undone_by(paper, event)
    for node in paper.nodes(*sorted(ACTIVITIES)):
        if flag(node, "isForCompensation") and (paper.into(node) or paper.out_of(node) or not _is_handler(paper, node)):
            del node.attrib["isForCompensation"]
            paper.say("undo_flag", node)
    for event in paper.nodes("intermediateThrowEvent", "endEvent"):
        definition = event.find(BPMN + "compensateEventDefinition")
        if definition is not None and not _can_undo(paper, definition):
            strip(event, "compensate")
            paper.say("no_undo", event)


def _undone_by(paper: Paper, event: Element) -> None:
    """Give a compensation boundary the activity that undoes; a flow to one becomes an association."""
    for flow in paper.out_of(event):
        target = paper.target(flow)
        if local(target) in ACTIVITIES and len(paper.into(target)) == 1 and not paper.out_of(target):
            flow.tag = BPMN + "association"
            for name in [n for n in flow.attrib if n not in ("id", "sourceRef", "targetRef")]:
                del flow.attrib[name]
            for child in list(flow.iterchildren(BPMN + "conditionExpression")):
                flow.remove(child)
            flow.set("associationDirection", "One")
            target.set("isForCompensation", "true")
            paper.say("undo_joined", flow)
    if paper.out_of(event) or not any(True for _ in _handlers(paper, event)):
        strip(event, "compensate")
        paper.say("no_undo", event)


def _handlers(paper: Paper, event: Element) -> Iterator[Element]:
    for association in paper.root.iter(BPMN + "association"):
        ends = (association.get("sourceRef"), association.get("targetRef"))
        if event.get("id") == ends[1]:
            ends = (ends[1], ends[0])
            handler = paper.by_id.get(ends[1] or "")
            if handler is not None and local(handler) in ACTIVITIES:
                association.set("sourceRef", ends[0] or "")
                association.set("targetRef", ends[1] or "")
        handler = paper.by_id.get(ends[1] or "")
        if ends[0] == event.get("id") and handler is not None and local(handler) in ACTIVITIES:
            handler.set("isForCompensation", "true")
            yield handler


def _is_handler(paper: Paper, node: Element) -> bool:
    sources = [
        a.get("sourceRef") for a in paper.root.iter(BPMN + "association") if a.get("targetRef") == node.get("id")
    ]
    events = [paper.by_id.get(s or "") for s in sources]
    found = [e for e in events if e is not None and local(e) == "boundaryEvent"]
    return any(e.find(BPMN + "compensateEventDefinition") is not None for e in found)


def _can_undo(paper: Paper, definition: Element) -> bool:
    name = definition.get("activityRef")
    target = paper.by_id.get(name or "")
    if name and target is None:
        del definition.attrib["activityRef"]
    hosts = {
        e.get("attachedToRef")
        for e in paper.nodes("boundaryEvent")
        if e.find(BPMN + "compensateEventDefinition") is not None
    }
    return target.get("id") in hosts if name and target is not None else bool(hosts)


def _links(paper: Paper) -> None:
    """Pair link events of a body by name; one throw and one catch that are left over belong together."""
    for body in paper.bodies():
        found = [(m, d) for m in paper.members(body) for d in definitions(paper, m) if kind_of(d) == "link"]
        throws = [(m, d) for m, d in found if local(m) == "intermediateThrowEvent"]
        catches = [(m, d) for m, d in found if local(m) == "intermediateCatchEvent"]
        for node, definition in found:
            if not definition.get("name"):
                definition.set("name", title(node))
        names = ({d.get("name") for _, d in throws}, {d.get("name") for _, d in catches})
        lost = [(m, d) for m, d in throws if d.get("name") not in names[1]]
        free = [(m, d) for m, d in catches if d.get("name") not in names[0]]
        if len(lost) == 1 and len(free) == 1:
            lost[0][1].set("name", free[0][1].get("name") or "")
            continue
        for node, _ in lost:
            strip(node)
            node.tag = BPMN + "endEvent"
            paper.say("link", node, what=paper.word("is_throw"))
        for node, _ in [*free, *_repeated(catches)]:
            strip(node)
            node.tag = BPMN + "startEvent"
            paper.say("link", node, what=paper.word("is_catch"))


def _repeated(catches: list[tuple[Element, Element]]) -> list[tuple[Element, Element]]:
    seen: set[str | None] = set()
    again = []
    for node, definition in catches:
        if definition.get("name") in seen:
            again.append((node, definition))
        seen.add(definition.get("name"))
    return again


def _errors(paper: Paper) -> None:
    """An error that nobody catches would end the case as an incident; the office wants an end."""
    for node in paper.nodes("endEvent"):
        for definition in definitions(paper, node):
            if kind_of(definition) == "error" and not _is_caught(paper, node):
                strip(node, "error")
                paper.say("plain_end", node, name=title(node))


def _is_caught(paper: Paper, node: Element) -> bool:
    for body in node.iterancestors(
        BPMN + "subProcess", BPMN + "transaction", BPMN + "adHocSubProcess", BPMN + "process"
    ):
        subs = [m for m in paper.members(body) if flag(m, "triggeredByEvent")]
        catchers = [
            *paper.boundaries(body),
            *(s for sub in subs for s in paper.members(sub) if local(s) == "startEvent"),
        ]
        if any(
            c.find(BPMN + "errorEventDefinition") is not None for c in catchers if body is not node.getparent() or c
        ):
            return True
    return False


# --- names and times -------------------------------------------------------------------------------------------------


def _named(paper: Paper, node: Element, definition: Element) -> None:
    kind = kind_of(definition)
    if kind not in ROOTS:
        return
    catches_all = kind in ("error", "escalation") and local(node) in ("boundaryEvent", "startEvent")
    reference = definition.get(kind + "Ref")
    target = paper.by_id.get((reference or "").rpartition(":")[2])
    if target is not None and local(target) == kind:
        return
    if reference is None and (catches_all or (kind == "message" and _by_flow(paper, node))):
        return
    if reference is not None and catches_all:
        del definition.attrib[kind + "Ref"]
        return
    root = name_root(paper, kind, title(node))
    definition.set(kind + "Ref", root.get("id") or "")
    paper.say("named", node, kind=kind, name=root.get("name") or "")


def name_root(paper: Paper, kind: str, name: str) -> Element:
    """Give the message, signal, error or escalation of a name, a new one where there is none."""
    for element in paper.root.iterchildren(BPMN + kind):
        if element.get("name") == name:
            return element
    root = paper.add(paper.root, kind, f"{kind}_{name}", name=name)
    if kind in ("error", "escalation"):
        root.set(kind + "Code", root.get("id") or "")
    return root


def _by_flow(paper: Paper, node: Element) -> bool:
    return any(
        node.get("id") in (f.get("sourceRef"), f.get("targetRef")) for f in paper.root.iter(BPMN + "messageFlow")
    )


def has_sender(paper: Paper, node: Element) -> bool:
    """Say whether something of this very file sends what an event or task waits for."""
    sources = [
        f.get("sourceRef") for f in paper.root.iter(BPMN + "messageFlow") if f.get("targetRef") == node.get("id")
    ]
    senders = [paper.by_id.get(s or "") for s in sources]
    if any(s is not None and local(s) in ("sendTask", "intermediateThrowEvent", "endEvent") for s in senders):
        return True
    wanted = {d.get(kind_of(d) + "Ref") for d in definitions(paper, node) if kind_of(d) in ("message", "signal")}
    wanted |= {node.get("messageRef")} if local(node) == "receiveTask" else set()
    thrown = {
        d.get(kind_of(d) + "Ref")
        for e in paper.nodes("intermediateThrowEvent", "endEvent")
        for d in definitions(paper, e)
    }
    thrown |= {t.get("messageRef") for t in paper.nodes("sendTask")}
    return bool((wanted & thrown) - {None})


def _somebody_begins(paper: Paper, process: Element) -> None:
    """Where nothing here can begin a process, a person does."""
    starts = [m for m in paper.members(process) if local(m) == "startEvent"]
    if not starts or any(not definitions(paper, s) for s in starts) or any(_begins(paper, s) for s in starts):
        return
    first = starts[0]
    strip(first)
    forget(first, "parallelMultiple")
    paper.say("no_start", first)


def _begins(paper: Paper, start: Element) -> bool:
    kinds = {kind_of(d) for d in definitions(paper, start)}
    if kinds & {"message", "signal"}:
        return has_sender(paper, start)
    return all(is_time(d) for d in definitions(paper, start) if kind_of(d) == "timer") and kinds == {"timer"}


def _settle(paper: Paper, node: Element) -> None:
    """Give an event its time or condition, or let a person say that it happened."""
    for definition in definitions(paper, node):
        if kind_of(definition) == "timer" and not is_time(definition):
            _ask_time(paper, node, definition)
        elif kind_of(definition) == "conditional" and not _has_condition(paper, definition):
            _happened(paper, node, definition)
    waits = local(node) == "intermediateCatchEvent"
    kinds = {kind_of(d) for d in definitions(paper, node)}
    if waits and kinds and kinds <= {"message", "signal"} and not has_sender(paper, node):
        if not _follows_events(paper, node):
            confirm(paper, node)
        elif "message" in kinds and ours(node, "offer") is None:
            extension(node, "offer", label=title(node))
            paper.say("offered", node)


def is_time(definition: Element) -> bool:
    """Say whether a timer has a time that can be read; an expression of a tool is none."""
    for child in definition:
        if is_bpmn(child) and local(child).startswith("time"):
            text = content(child)
            try:
                if not calendar.is_time_text(text):
                    return False
                calendar.schedule(local(child), text, NOW)
            except BadTime:
                return False
            formal(definition, local(child), text)
            return True
    return False


def _has_condition(paper: Paper, definition: Element) -> bool:
    child = definition.find(BPMN + "condition")
    return child is not None and can_be_read(paper, content(child))


def _words(definition: Element) -> str:
    return next((content(c) for c in definition if is_bpmn(c) and content(c)), "")


def _time(definition: Element, tag: str, text: str) -> None:
    for child in list(definition):
        if is_bpmn(child) and local(child).startswith("time"):
            definition.remove(child)
    formal(definition, tag, text)


def _ask_time(paper: Paper, node: Element, definition: Element) -> None:
    """Ask a person for the date before the timer is set."""
    text, before = _words(definition), _asked_before(paper, node)
    shown = text or title(node)
    if text:
        paper.remember(node, text)
    if before is None:
        _time(definition, "timeDuration", "P1M")
        paper.say("month", node, text=shown)
        return
    name = variable("date", node)
    asker = ask(paper, before, name, forms.day(paper.word("date", of=shown)), "enter", shown)
    # Until somebody answers there is no date; a day from now keeps a trial run going.
    _time(definition, "timeDate", f'value_of("{name}", "2026-12-31")')
    paper.say("date", node, text=shown, task=title(asker), form=form_of(paper, asker))


def _asked_before(paper: Paper, node: Element) -> Element | None:
    """Give the node before which the date of a timer is asked for; None where there is no moment to ask."""
    if local(node) == "boundaryEvent":
        host = paper.by_id[node.get("attachedToRef") or ""]
        return host if paper.into(host) else None
    if local(node) != "intermediateCatchEvent":
        return None
    into = paper.into(node)
    if len(into) == 1 and local(paper.source(into[0])) == "eventBasedGateway":
        return paper.source(into[0])
    return node if into else None


def _follows_events(paper: Paper, node: Element) -> bool:
    return any(local(paper.source(f)) == "eventBasedGateway" for f in paper.into(node))


def _happened(paper: Paper, node: Element, definition: Element) -> None:
    """A condition in words: a person says that it holds."""
    if text := _words(definition):
        paper.remember(node, text)
    strip(node, "conditional")
    if local(node) == "intermediateCatchEvent" and not _follows_events(paper, node) and not definitions(paper, node):
        confirm(paper, node)
    elif local(node) == "startEvent" and place_of(node) == "start":
        etree.SubElement(
            node, BPMN + "messageEventDefinition", messageRef=name_root(paper, "message", title(node)).get("id") or ""
        )
        paper.say("offered", node)
    elif not definitions(paper, node):
        _offered(paper, node)
        for fresh in definitions(paper, node):
            _named(paper, node, fresh)


def confirm(paper: Paper, node: Element) -> None:
    """Let a person confirm that something happened, in a task before the event."""
    _as_throw(node)
    task = insert(paper, node, paper.word("confirm", of=title(node)))
    paper.say("confirmed", node, what=title(node), task=title(task))
