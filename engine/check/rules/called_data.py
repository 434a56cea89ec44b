"""A call activity that declares data passes what the called process or task declares."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.items import Items, data_of
from engine.check.rule import Found, found, rule
from engine.check.subject import Element, Subject, children
from engine.reading.xml import plain


@rule(
    "called-data",
    mend=(
        "Dejte oběma stranám stejné údaje ve stejném pořadí a téhož druhu.",
        "Give both sides the same data in the same order and of the same kind.",
    ),
    number=(
        "Volající uvádí {here} položek ({what}), volaný {there}.",
        "The caller declares {here} pieces of data ({what}), the called one {there}.",
    ),
    kind=(
        "Data {data} mají jiný druh než {other} volaného.",
        "The data {data} is of another kind than {other} of the called one.",
    ),
)
def called_data(subject: Subject) -> Iterator[Found]:
    """Find calls whose data doesn't fit what is called."""
    items = Items(subject)
    for call in subject.elements("callActivity"):
        called = subject.by_id.get(plain(call.get("calledElement")) or "")
        declares = next(children(call, "ioSpecification"), None) is not None
        if called is None or not declares:
            continue
        for tag in ("dataInput", "dataOutput"):
            yield from _compared(items, call, called, tag)


def _compared(items: Items, call: Element, called: Element, tag: str) -> Iterator[Found]:
    here, there = data_of(call, tag), data_of(called, tag)
    if len(here) != len(there):
        yield found("number", call.get("id"), here=len(here), there=len(there), what=tag)
        return
    for one, other in zip(here, there, strict=True):
        if not items.same(one, other):
            yield found("kind", call.get("id"), data=one.get("id"), other=other.get("id"))
