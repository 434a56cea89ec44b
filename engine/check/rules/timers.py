"""Every timer says a time that can be read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from engine import calendar
from engine.check.rule import Found, found, rule
from engine.check.subject import Subject
from engine.check.texts import givers
from engine.errors import BadTime
from engine.expressions import names_in

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)


@rule(
    "timers",
    mend=(
        "Napište datum, trvání nebo cyklus, třeba P10WD.",
        "Write a date, a duration or a cycle, for example P10WD.",
    ),
    no_time=("Časovač neříká, kdy se má ozvat.", "The timer says no time."),
    no_condition=("Událost neříká, na jakou podmínku čeká.", "The event says no condition."),
    unreadable=(
        "Čas „{text}“ nejde přečíst. Pište třeba 2026-12-31, P30D, P10WD nebo R3/P7D.",
        "The time {text!r} can't be read. Write for example 2026-12-31, P30D, P10WD or R3/P7D.",
    ),
    unset=(
        "Čas „{text}“ není datum ani trvání a nic v procesu proměnnou {name} nenastaví.",
        "The time {text!r} is neither a date nor a duration, and nothing in the process sets the variable {name}.",
    ),
)
def timers(subject: Subject) -> Iterator[Found]:
    """Find timers and due dates that can't be read."""
    for node, trigger in subject.triggers("conditional"):
        if not trigger.text:
            yield found("no_condition", node.id)
    for node, trigger in subject.triggers("timer"):
        if not trigger.text or not trigger.timer:
            yield found("no_time", node.id)
        else:
            yield from _judged(subject, node.id, trigger.timer, trigger.text)
    for node in subject.nodes():
        if node.human and node.human.due:
            yield from _judged(subject, node.id, "due", node.human.due)


def _judged(subject: Subject, element: str, kind: str, text: str) -> Iterator[Found]:
    if calendar.is_time_text(text):
        try:
            calendar.schedule(kind, text, NOW)
        except BadTime:
            yield found("unreadable", element, text=text)
        return
    known = givers(subject)
    for name in names_in(text):
        if known is not None and name not in known:
            yield found("unset", element, text=text, name=name)
