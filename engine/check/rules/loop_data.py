"""The item of a multi-instance activity is one of its collection."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.items import Items
from engine.check.rule import Found, found, rule
from engine.check.subject import Element, Subject, children, holder, texts
from engine.reading.xml import flag

PAIRS = (("loopDataInputRef", "inputDataItem"), ("loopDataOutputRef", "outputDataItem"))


@rule(
    "loop-data",
    mend=(
        "Nechte činnost procházet seznam téhož druhu položek.",
        "Let the activity run over a list of items of the same kind.",
    ),
    no_collection=(
        "Vícenásobná činnost jde přes {data}, což není seznam (isCollection).",
        "The multi-instance activity runs over {data}, which is no collection (isCollection).",
    ),
    item=(
        "Jedna položka ({item}) má jiný druh než položky seznamu {data}.",
        "One item ({item}) is of another kind than the items of the collection {data}.",
    ),
)
def loop_data(subject: Subject) -> Iterator[Found]:
    """Find items that don't fit their collection."""
    items = Items(subject)
    for loop in subject.elements("multiInstanceLoopCharacteristics"):
        for reference, tag in PAIRS:
            data = next((subject.by_id.get(name) for name in texts(loop, reference)), None)
            item = next(children(loop, tag), None)
            if data is not None:
                yield from _judged(items, loop, data, item)


def _judged(items: Items, loop: Element, data: Element, item: Element | None) -> Iterator[Found]:
    if items.of(data) is None:
        return
    if not flag(data, "isCollection"):
        yield found("no_collection", holder(loop), data=data.get("id"))
    whole, one = items.of(data), items.of(item)
    if item is None or whole is None or one is None:
        return
    if flag(one, "isCollection") or whole.get("structureRef") != one.get("structureRef"):
        yield found("item", holder(loop), item=item.get("id"), data=data.get("id"))
