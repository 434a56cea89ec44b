"""A process that runs is private."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.rule import Found, found, rule
from engine.check.subject import Subject


@rule(
    "process-types",
    mend=(
        'Smažte processType="Public", nebo isExecutable.',
        'Delete processType="Public" or isExecutable.',
    ),
    public=(
        'Spustitelný proces nemůže být veřejný (processType="Public").',
        'A process that can be run is not a public one (processType="Public").',
    ),
)
def process_types(subject: Subject) -> Iterator[Found]:
    """Find public processes marked as executable."""
    for element in subject.elements("process"):
        if element.get("processType") == "Public" and subject.is_executable(element):
            yield found("public", element.get("id"))
