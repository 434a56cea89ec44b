"""Which kinds of events may stand where (BPMN 2.0.2, tables 10.84 to 10.93)."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.rule import Found, found, rule
from engine.check.subject import Subject
from engine.diagram import Node
from engine.reading.problems import ALLOWED, INTERRUPT_ALWAYS, WAITING, place_of

NAMES = {
    "start": ("začátku procesu", "the start of a process"),
    "event sub-process start": ("začátku událostního podprocesu", "the start of an event sub-process"),
    "catch": ("čekající události", "an intermediate catch event"),
    "throw": ("vyvolané události", "an intermediate throw event"),
    "end": ("konci", "an end event"),
    "boundary": ("okraji činnosti", "the boundary of an activity"),
}


@rule(
    "event-kinds",
    mend=(
        "Vyberte druh události, který norma na tomto místě dovoluje.",
        "Choose a kind of event that the standard allows in this place.",
    ),
    impossible=(
        "Událost druhu {kinds} nemůže být na {place_cs}.",
        "An event of the kind {kinds} is not possible at {place_en}.",
    ),
    missing=(
        "Událost na {place_cs} neříká, na co čeká.",
        "The event at {place_en} does not say what it waits for.",
    ),
    none_start=(
        "Podproces začíná událostí bez druhu; {kinds} sem nepatří.",
        "A sub-process begins with a none start event; {kinds} does not belong here.",
    ),
    always=(
        "Událost druhu {kinds} činnost vždy přeruší, nemůže být nepřerušující.",
        "An event of the kind {kinds} always interrupts; it can't be a non-interrupting one.",
    ),
)
def event_kinds(subject: Subject) -> Iterator[Found]:
    """Find events of kinds that are not possible where they stand."""
    for node in subject.nodes():
        place = place_of(subject.model, node)
        if place is not None:
            yield from _judged(node, place)


def _judged(node: Node, place: str) -> Iterator[Found]:
    kinds = {t.kind for t in node.triggers}
    czech, english = NAMES.get(place, ("", ""))
    wrong = ", ".join(sorted(kinds - ALLOWED[place]))
    if wrong:
        sentence = "none_start" if place == "sub-process start" else "impossible"
        yield found(sentence, node.id, kinds=wrong, place_cs=czech, place_en=english)
    if place in WAITING and not kinds:
        yield found("missing", node.id, place_cs=czech, place_en=english)
    always = ", ".join(sorted(kinds & INTERRUPT_ALWAYS))
    if place in ("event sub-process start", "boundary") and not node.interrupting and always:
        yield found("always", node.id, kinds=always)
