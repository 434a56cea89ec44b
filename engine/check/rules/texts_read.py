"""Every expression and script can be read."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.rule import Found, found, rule
from engine.check.subject import Subject
from engine.check.texts import texts
from engine.expressions import FUNCTIONS, problem_in, read


@rule(
    "texts-can-be-read",
    mend=(
        "Opravte výraz; docs/expressions.md má příklady.",
        "Correct the expression; docs/expressions.md has examples.",
    ),
    unknown_function=(
        "Funkce {name} neexistuje; které jsou, říká docs/expressions.md.",
        "There is no function {name}; docs/expressions.md lists those there are.",
    ),
    unreadable=("Výraz „{text}“ nejde přečíst: {why}", "The expression {text!r} can't be read: {why}"),
)
def texts_read(subject: Subject) -> Iterator[Found]:
    """Find texts that are no Starlark."""
    for one in texts(subject.model):
        why = problem_in(one.text)
        if why:
            yield found("unreadable", one.element, text=one.text.strip()[:60], why=why)
            continue
        reading = read(one.text)
        # A variable is data and can't be called, so a name that only stands before a parenthesis is a function.
        for name in sorted(reading.only_called - reading.assigns - FUNCTIONS):
            yield found("unknown_function", one.element, name=name)
