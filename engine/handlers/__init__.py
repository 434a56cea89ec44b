"""One function per command: load, check, advance, save."""

# Importing a room registers its handlers.
from engine.handlers import (
    answers,
    authoring,
    cases,
    definitions,
    drafts,
    interventions,
    jobs,
    messages,
    migrations,
    operations,
    papers,
    people,
    registers,
    signals,
    statements,
    tasks,
    timers,
    undelivered,
)

__all__ = [
    "answers",
    "authoring",
    "cases",
    "definitions",
    "drafts",
    "interventions",
    "jobs",
    "messages",
    "migrations",
    "operations",
    "papers",
    "people",
    "registers",
    "signals",
    "statements",
    "tasks",
    "timers",
    "undelivered",
]
