"""A message is for one receiver: of several processes that begin with it only one does."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.rule import Found, found, rule
from engine.check.subject import Subject
from engine.diagram import begins_with

#: Messages of the office itself, which tell whose they are: engine.handlers.stray_money.
ROUTED = frozenset({"payment.unmatched"})


@rule(
    "messages-begin-one",
    "warning",
    mend=(
        "Ať na zprávu začíná jediný proces organizace: ostatní začátky smažte, nebo jim dejte zprávu jiného jména; "
        "má-li začít všechny, použijte signál.",
        "Let the message begin one process of the organisation: delete the other starts or give them a message of "
        "another name; use a signal where all of them should begin.",
    ),
    here=(
        "Na zprávu {message} začíná i proces {others}. Zprávu dostane jen jeden z nich, první podle abecedy: {first}.",
        "The message {message} also begins {others}. Only one of them gets it, the first by its key: {first}.",
    ),
    elsewhere=(
        "Na zprávu {message} začíná i {others}. Zprávu dostane jediný proces organizace, první podle abecedy: {first}.",
        "The message {message} also begins {others}. One process of the organisation gets it, the first by its key: "
        "{first}.",
    ),
)
def messages_begin_one(subject: Subject) -> Iterator[Found]:
    """Find starts by a message that begins other processes too; a message flow says itself where it leads."""
    known = subject.surroundings
    drawn = {target for _source, target, _id in subject.model.message_flows}
    for process in subject.model.processes:
        for one in begins_with(subject.model, subject.model.nodes[process]):
            if one["kind"] != "message" or not one["name"] or one["node"] in drawn or one["name"] in ROUTED:
                continue
            message, node = one["name"], one["node"]
            here = sorted((known.begun or {}).get(message, frozenset()) - {process})
            there = known.begun_elsewhere.get(message, {})
            first = min([process, *here, *there])
            if here:
                yield found("here", node, message=message, others=", ".join(here), first=first)
            if there:
                others = ", ".join(f"{key} ({agenda})" for key, agenda in sorted(there.items()))
                yield found("elsewhere", node, message=message, others=others, first=first)
