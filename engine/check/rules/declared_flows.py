"""Where a file lists incoming and outgoing flows at its nodes, the lists agree with the flows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from engine.check.rule import Found, found, rule
from engine.check.subject import Element, Subject, texts
from engine.diagram import FLOW_NODES


@rule(
    "declared-flows",
    mend=(
        "Srovnejte incoming a outgoing se spojnicemi, nebo je vynechte.",
        "Make incoming and outgoing agree with the flows or leave them out.",
    ),
    differs=(
        "Prvek uvádí spojnice {listed}, ale podle spojnic to jsou {real} ({side}).",
        "The element lists the flows {listed}, but the flows themselves say {real} ({side}).",
    ),
)
def declared_flows(subject: Subject) -> Iterator[Found]:
    """Find nodes whose lists differ; a file that lists nothing is fine."""
    if next(subject.elements("incoming", "outgoing"), None) is None:
        return
    real: dict[tuple[str | None, str], set[str]] = defaultdict(set)
    for flow in subject.elements("sequenceFlow"):
        real[flow.get("sourceRef"), "outgoing"].add(str(flow.get("id")))
        real[flow.get("targetRef"), "incoming"].add(str(flow.get("id")))
    for element in subject.elements(*FLOW_NODES):
        for side in ("incoming", "outgoing"):
            yield from _judged(element, side, real[element.get("id"), side])


def _judged(element: Element, side: str, real: set[str]) -> Iterator[Found]:
    listed = {text.rpartition(":")[2] for text in texts(element, side)}
    if listed != real:
        yield found("differs", element.get("id"), side=side, listed=_names(listed), real=_names(real))


def _names(ids: set[str]) -> str:
    return ", ".join(sorted(ids)) or "–"
