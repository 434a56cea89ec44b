"""A data association copies one thing; several it must transform."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.items import Items
from engine.check.rule import Found, found, rule
from engine.check.subject import Element, Subject, children, holder, texts


@rule(
    "data-associations",
    mend=(
        "Nechte jediný zdroj téhož druhu, nebo doplňte transformation.",
        "Keep one source of the same kind or add a transformation.",
    ),
    several=(
        "Vazba dat má víc zdrojů, a proto potřebuje transformaci.",
        "The data association has several sources and therefore needs a transformation.",
    ),
    differs=(
        "Zdroj a cíl vazby dat mají různý druh ({source}, {target}).",
        "The source and the target of the data association are of different kinds ({source}, {target}).",
    ),
)
def data_associations(subject: Subject) -> Iterator[Found]:
    """Find associations that can't be carried out."""
    items = Items(subject)
    for association in subject.elements("dataInputAssociation", "dataOutputAssociation"):
        if next(children(association, "transformation", "assignment"), None) is not None:
            continue
        sources = texts(association, "sourceRef")
        if len(sources) > 1:
            yield found("several", holder(association))
            continue
        ends = [_data(subject, name) for name in [*sources, *texts(association, "targetRef")]]
        if len(ends) == 2 and not items.same(*ends):
            yield found("differs", holder(association), source=sources[0], target=texts(association, "targetRef")[0])


def _data(subject: Subject, name: str) -> Element | None:
    element = subject.by_id.get(name)
    if element is not None and element.get("dataObjectRef"):
        return subject.by_id.get(element.get("dataObjectRef") or "")
    return element
