"""In a process that runs, an expression is a formal one and has a text."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.rule import Found, found, rule
from engine.check.subject import XSI_TYPE, Element, Subject, holder
from engine.reading.xml import local

#: Elements whose declared type is the informal one, so that xsi:type has to make them formal.
INFORMAL = (
    *("conditionExpression", "loopCondition", "loopCardinality", "completionCondition", "activationCondition"),
    *("timeDate", "timeDuration", "timeCycle", "from", "to"),
)
#: Elements that are formal by declaration.
FORMAL = ("messagePath", "dataPath", "transformation")


@rule(
    "formal-expressions",
    mend=(
        'Doplňte text a xsi:type="tFormalExpression".',
        'Add the text and xsi:type="tFormalExpression".',
    ),
    informal=(
        'Výraz {tag} nemá xsi:type="tFormalExpression", takže je to jen poznámka; doplňte typ.',
        'The expression {tag} lacks xsi:type="tFormalExpression", so it is a mere remark; add the type.',
    ),
    empty=("Výraz {tag} je prázdný.", "The expression {tag} is empty."),
)
def formal_expressions(subject: Subject) -> Iterator[Found]:
    """Find expressions that can't be evaluated by their form."""
    for element in subject.elements(*INFORMAL):
        if subject.is_executable(element):
            yield from _judged(element)
    for element in subject.elements(*FORMAL, "condition"):
        if _is_empty(element) and (local(element) != "condition" or _in_behaviour(element)):
            yield found("empty", holder(element), tag=local(element))


def _judged(element: Element) -> Iterator[Found]:
    if not (element.get(XSI_TYPE) or "").endswith("tFormalExpression"):
        yield found("informal", holder(element), tag=local(element))
    elif _is_empty(element):
        yield found("empty", holder(element), tag=local(element))


def _in_behaviour(element: Element) -> bool:
    parent = element.getparent()
    return parent is not None and local(parent) == "complexBehaviorDefinition"


def _is_empty(element: Element) -> bool:
    return not (element.text or "").strip()
