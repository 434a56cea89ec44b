"""Pools: how many participants there may be."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.rule import Found, found, rule
from engine.check.subject import Element, Subject, holder


@rule(
    "participants",
    mend=(
        "Nejmenší počet je aspoň 0 a největší není menší.",
        "The least number is 0 or more and the greatest not smaller.",
    ),
    multiplicity=(
        "Počet účastníků ({low} až {high}) nedává smysl.",
        "The number of participants ({low} to {high}) makes no sense.",
    ),
)
def participants(subject: Subject) -> Iterator[Found]:
    """Find impossible numbers of participants."""
    for element in subject.elements("participantMultiplicity"):
        low, high = _number(element, "minimum", 0), _number(element, "maximum", 1)
        if low < 0 or high < max(low, 1):
            yield found("multiplicity", holder(element), low=low, high=high)


def _number(element: Element, name: str, default: int) -> int:
    text = (element.get(name) or "").strip()
    return int(text) if text.lstrip("-").isdigit() and len(text) < 10 else default
