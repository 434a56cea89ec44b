"""Every expression and script can be read."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.rule import Found, found, rule
from engine.check.subject import Subject
from engine.check.texts import texts
from engine.expressions import problem_in


@rule(
    "texts-can-be-read",
    unreadable=("Výraz „{text}“ nejde přečíst: {why}", "The expression {text!r} can't be read: {why}"),
)
def texts_read(subject: Subject) -> Iterator[Found]:
    """Find texts that are no Starlark."""
    for one in texts(subject.model):
        why = problem_in(one.text)
        if why:
            yield found("unreadable", one.element, text=one.text.strip()[:60], why=why)
