"""Who makes an event happen: a time that can be read, something of this very file, else a person."""

from __future__ import annotations

from datetime import UTC, datetime

from lxml import etree

from engine import calendar
from engine.errors import BadTime
from engine.expressions import read
from engine.reading.xml import BPMN, Element, content, is_bpmn, local
from engine.sketch import forms
from engine.sketch.asking import ask, form_of, insert, variable
from engine.sketch.choices import can_be_read
from engine.sketch.events import (
    EVENTS,
    as_throw,
    definitions,
    kind_of,
    mend_kinds,
    mend_places,
    name_definition,
    name_root,
    offer,
    place_of,
    strip,
)
from engine.sketch.paper import Paper, extension, forget, formal, ours, title
from engine.sketch.undoing import mend_compensation, mend_errors, mend_links

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)


def mend_events(paper: Paper) -> None:
    """Put all events right."""
    mend_places(paper)
    mend_compensation(paper)
    mend_links(paper)
    mend_kinds(paper)
    mend_errors(paper)
    for node in paper.nodes(*EVENTS):
        for definition in definitions(paper, node):
            name_definition(paper, node, definition)
    for body in paper.root.iterchildren(BPMN + "process"):
        _somebody_begins(paper, body)
    for node in paper.nodes(*EVENTS):
        _settle(paper, node)


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
    return all(is_time(paper, d) for d in definitions(paper, start) if kind_of(d) == "timer") and kinds == {"timer"}


def _settle(paper: Paper, node: Element) -> None:
    """Give an event its time or condition, or let a person say that it happened."""
    for definition in definitions(paper, node):
        if kind_of(definition) == "timer" and not is_time(paper, definition):
            _ask_time(paper, node, definition)
        elif kind_of(definition) == "conditional" and not _has_condition(paper, definition):
            _happened(paper, node, definition)
    waits = local(node) == "intermediateCatchEvent"
    kinds = {kind_of(d) for d in definitions(paper, node)}
    if waits and kinds and kinds <= {"message", "signal"} and not has_sender(paper, node):
        if not follows_events(paper, node):
            confirm(paper, node)
        elif "message" in kinds and ours(node, "offer") is None:
            extension(node, "offer", label=title(node))
            paper.say("offered", node)


def is_time(paper: Paper, definition: Element) -> bool:
    """Say whether a timer has a time that can be read; an expression of a tool is none."""
    for child in definition:
        if is_bpmn(child) and local(child).startswith("time"):
            text = content(child)
            try:
                if not calendar.is_time_text(text):
                    return can_be_read(paper, text) and bool(read(text).names)
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


def follows_events(paper: Paper, node: Element) -> bool:
    return any(local(paper.source(f)) == "eventBasedGateway" for f in paper.into(node))


def _happened(paper: Paper, node: Element, definition: Element) -> None:
    """A condition in words: a person says that it holds."""
    if text := _words(definition):
        paper.remember(node, text)
    strip(node, "conditional")
    if local(node) == "intermediateCatchEvent" and not follows_events(paper, node) and not definitions(paper, node):
        confirm(paper, node)
    elif local(node) == "startEvent" and place_of(node) == "start":
        etree.SubElement(
            node, BPMN + "messageEventDefinition", messageRef=name_root(paper, "message", title(node)).get("id") or ""
        )
        paper.say("offered", node)
    elif not definitions(paper, node):
        offer(paper, node)
        for fresh in definitions(paper, node):
            name_definition(paper, node, fresh)


def confirm(paper: Paper, node: Element) -> None:
    """Let a person confirm that something happened, in a task before the event."""
    as_throw(node)
    task = insert(paper, node, paper.word("confirm", of=title(node)))
    paper.say("confirmed", node, what=title(node), task=title(task))
