"""Quantities of tokens, loops, and tasks that begin a process."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.rule import Found, found, rule
from engine.check.subject import Subject, children
from engine.diagram import Loop, Node


@rule(
    "quantities-and-loops",
    mend=(
        "Doplňte počet nebo seznam opakování a kladná čísla.",
        "Say the number or list of rounds, with positive numbers.",
    ),
    quantity=("Počty značek na vstupu a výstupu jsou aspoň 1.", "Start and completion quantities are 1 or more."),
    begins=(
        "Do příjmu zprávy, který začíná proces, nic nevede.",
        "Nothing leads to a receive task that begins the process.",
    ),
    over_what=(
        "Vícenásobná činnost musí říci kolikrát nebo pro které položky běží.",
        "A multi-instance activity says how many times or over which items it runs.",
    ),
    two_ways=(
        "Vícenásobná činnost říká počet, nebo položky, ne obojí.",
        "A multi-instance activity says how many times or over which items it runs, not both.",
    ),
    behaviour=(
        "Toto chování vícenásobné činnosti potřebuje událost, kterou vyvolá.",
        "This behaviour of the multi-instance activity needs an event to throw.",
    ),
    maximum=("Nejvyšší počet opakování je kladné číslo.", "The most rounds of a loop is a positive number."),
    both=(
        "Činnost je buď opakovaná, nebo vícenásobná, ne obojí.",
        "An activity is either a loop or multi-instance, not both.",
    ),
)
def quantities_and_loops(subject: Subject) -> Iterator[Found]:
    """Find loops and quantities that make no sense."""
    for node in subject.nodes():
        if node.start_quantity < 1 or node.completion_quantity < 1:
            yield found("quantity", node.id)
        if node.instantiate and node.kind == "receiveTask" and node.incoming:
            yield found("begins", node.id)
        if node.loop:
            yield from _of_loop(node, node.loop)
    for element in subject.elements("standardLoopCharacteristics"):
        activity = element.getparent()
        if activity is not None and next(children(activity, "multiInstanceLoopCharacteristics"), None) is not None:
            yield found("both", activity.get("id"))


def _of_loop(node: Node, loop: Loop) -> Iterator[Found]:
    if loop.kind == "standard":
        if loop.maximum is not None and loop.maximum < 1:
            yield found("maximum", node.id)
        return
    if not loop.cardinality and not loop.collection:
        yield found("over_what", node.id)
    if loop.cardinality and loop.collection:
        yield found("two_ways", node.id)
    if loop.behaviour in ("None", "One") and loop.throws is None:
        yield found("behaviour", node.id)
