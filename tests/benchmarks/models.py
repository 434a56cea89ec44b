"""The two processes that are measured, for us and for stock SpiffWorkflow."""

from __future__ import annotations

from tests.integration.diagrams import chain, diagram, end, flow, gateway, script, start, user

STEPS = tuple(f"u{number}" for number in range(10))

TEN_TASKS = diagram(start(), *(user(step) for step in STEPS), end(), chain("s", *STEPS, "e"))
FIVE_TASKS = diagram(start(), *(user(step) for step in STEPS[:5]), end(), chain("s", *STEPS[:5], "e"))

#: A person, a script, back to the person: a case as old as one likes.
LOOP = diagram(
    start(),
    script("x0", "n = 0"),
    gateway("m"),
    user("u"),
    script("x", "n = n + 1"),
    gateway("g").replace("/>", ' default="g_e"/>'),
    end(),
    chain("s", "x0", "m", "u", "x", "g", "e") + flow("g", "m", "n &lt; 1000000"),
    process="loop",
)


def many_items(count: int, process: str = "p") -> bytes:
    """A person's work, once for each of so many items, all open at once."""
    items = f"<bpmn:loopCardinality>{count}</bpmn:loopCardinality>"
    loop = f"<bpmn:multiInstanceLoopCharacteristics>{items}</bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>"
    return diagram(
        start(), user("each").replace("</bpmn:userTask>", loop), end(), chain("s", "each", "e"), process=process
    )


ANSWER = {"name": "Obec Horní Dolní", "inhabitants": 2540, "agreed": True, "note": "Usnesení č. 12/2026"}
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "title": "Answer",
    "required": ["name", "inhabitants"],
    "properties": {
        "name": {"type": "string", "title": "Name", "maxLength": 200},
        "inhabitants": {"type": "integer", "title": "Inhabitants", "minimum": 1},
        "agreed": {"type": "boolean", "title": "Agreed"},
        "note": {"type": "string", "title": "Note"},
    },
}
