"""The file follows the XML schema of the standard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from engine.check.rule import Found, found, rule
from engine.check.subject import Subject
from engine.reading.schema import schema_problems

_UNKNOWN_ATTRIBUTE = re.compile(r"attribute '\w+': The attribute '\w+' is not allowed")


@rule(
    "xml-schema",
    mend=(
        "Uložte diagram znovu v modeleru, nebo opravte řádek podle schématu.",
        "Save the diagram again in the modeller or correct the line by the schema.",
    ),
    invalid=(
        "Soubor neodpovídá schématu BPMN (řádek {line}): {why}",
        "The file does not follow the schema of BPMN (line {line}): {why}",
    ),
)
def schema(subject: Subject) -> Iterator[Found]:
    """Find what the schema refuses."""
    for line, element, why in schema_problems(subject.root):
        one = found("invalid", element, line=line, why=why)
        # An attribute that nobody reads does no harm, yet it may be a slip of the pen.
        yield replace(one, severity="warning") if _UNKNOWN_ATTRIBUTE.search(why) else one
