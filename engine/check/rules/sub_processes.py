"""What bodies of sub-processes may hold."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.rule import Found, found, rule
from engine.check.subject import Subject, children, holder
from engine.diagram import ACTIVITIES


@rule(
    "sub-processes",
    mend=(
        "Opravte podproces podle věty.",
        "Put the sub-process right as the sentence says.",
    ),
    event_sub=(
        "Událostní podproces má právě jeden začátek.",
        "An event sub-process has exactly one start event.",
    ),
    ad_hoc_events=(
        "Podproces bez pořadí (ad-hoc) nemá začátek ani konec.",
        "An ad-hoc sub-process has no start or end events.",
    ),
    ad_hoc_empty=("Podproces bez pořadí (ad-hoc) nemá žádnou činnost.", "The ad-hoc sub-process has no activity."),
    data=(
        "Podproces nemá vstupy a výstupy dat; sahá na data procesu, v němž leží.",
        "A sub-process has no data inputs and outputs; it reaches the data of the process around it.",
    ),
)
def sub_processes(subject: Subject) -> Iterator[Found]:
    """Find bodies with the wrong contents."""
    for body in subject.nodes():
        kinds = [subject.model.nodes[m].kind for m in body.members if m in subject.model.nodes]
        if body.event_sub and kinds.count("startEvent") != 1:
            yield found("event_sub", body.id)
        if body.kind == "adHocSubProcess":
            if {"startEvent", "endEvent"} & set(kinds):
                yield found("ad_hoc_events", body.id)
            if not ACTIVITIES & set(kinds):
                yield found("ad_hoc_empty", body.id)
    for element in subject.elements("subProcess", "transaction", "adHocSubProcess"):
        if next(children(element, "ioSpecification"), None) is not None:
            yield found("data", holder(element))
