"""Ids identify: each one stands once in a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from engine.check.rule import Found, found, rule
from engine.check.subject import Subject


@rule(
    "unique-ids",
    mend=(
        "Dejte každému prvku vlastní id.",
        "Give each element an id of its own.",
    ),
    repeated=(
        "Označení {id} má v souboru víc prvků; každý potřebuje svoje.",
        "Several elements of the file have the id {id}; each one needs its own.",
    ),
)
def unique_ids(subject: Subject) -> Iterator[Found]:
    """Find ids that repeat."""
    counts = Counter(str(e.get("id")) for e in subject.root.iter("{*}*") if e.get("id"))
    return (found("repeated", identifier, id=identifier) for identifier, count in counts.items() if count > 1)
