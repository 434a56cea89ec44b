"""One function per command: load, check, advance, save."""

# Importing a room registers its handlers.
from engine.handlers import (
    cases,
    definitions,
    drafts,
    jobs,
    messages,
    operations,
    papers,
    people,
    registers,
    signals,
    statements,
    tasks,
    timers,
)

__all__ = [
    "cases",
    "definitions",
    "drafts",
    "jobs",
    "messages",
    "operations",
    "papers",
    "people",
    "registers",
    "signals",
    "statements",
    "tasks",
    "timers",
]
