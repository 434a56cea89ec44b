"""Input and output sets: who refers to whom, and how many an activity may have."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.items import data_of
from engine.check.rule import Found, found, rule
from engine.check.subject import Element, Subject, children, holder, texts
from engine.reading.xml import local

OPTIONAL = {
    "inputSet": ("dataInputRefs", ("optionalInputRefs", "whileExecutingInputRefs")),
    "outputSet": ("dataOutputRefs", ("optionalOutputRefs", "whileExecutingOutputRefs")),
}
#: Tasks that exchange messages: (most input sets, most output sets, most data inputs, most data outputs).
MOST = {"serviceTask": (1, 1, 1, 1), "sendTask": (1, 1, 1, 0), "receiveTask": (1, 1, 0, 1)}


@rule(
    "data-sets",
    mend=(
        "Uveďte data v inputSet nebo outputSet a odkazy mezi sadami oběma směry.",
        "List the data in an inputSet or outputSet and let the sets refer to each other both ways.",
    ),
    unused=(
        "{data} nepatří do žádné sady.",
        "{data} belongs to no set.",
    ),
    optional=(
        "{data} je volitelné, ale sada je mezi svými daty neuvádí.",
        "{data} is optional, but its set does not list it.",
    ),
    one_way=(
        "Sady vstupů a výstupů se odkazují jen jedním směrem ({one} → {other}).",
        "The input and output sets refer to each other one way only ({one} → {other}).",
    ),
    too_many=(
        "Úloha, která si vyměňuje zprávy, má nejvýš jednu sadu a jednu položku dat v každém směru ({what}).",
        "A task that exchanges messages has at most one set and one piece of data each way ({what}).",
    ),
)
def data_sets(subject: Subject) -> Iterator[Found]:
    """Find sets that contradict themselves."""
    for element in subject.elements(*OPTIONAL):
        yield from _optional(element)
    for spec in subject.elements("ioSpecification"):
        yield from _mutual(spec)
        yield from _unused(spec)
    for task in subject.elements(*MOST):
        if task.get("operationRef") or task.get("messageRef"):
            yield from _counted(task)


def _optional(element: Element) -> Iterator[Found]:
    listing, others = OPTIONAL[local(element)]
    listed = set(texts(element, listing))
    for tag in others:
        for data in texts(element, tag):
            if data not in listed:
                yield found("optional", holder(element), data=data)


def _mutual(spec: Element) -> Iterator[Found]:
    forth = {(s.get("id"), ref) for s in children(spec, "inputSet") for ref in texts(s, "outputSetRefs")}
    back = {(ref, s.get("id")) for s in children(spec, "outputSet") for ref in texts(s, "inputSetRefs")}
    for one, other in sorted(forth ^ back, key=str):
        yield found("one_way", holder(spec), one=one, other=other)


def _unused(spec: Element) -> Iterator[Found]:
    for tag, set_tag in (("dataInput", "inputSet"), ("dataOutput", "outputSet")):
        listing = OPTIONAL[set_tag][0]
        listed = {name for one in children(spec, set_tag) for name in texts(one, listing)}
        for data in children(spec, tag):
            if data.get("id") not in listed:
                yield found("unused", holder(spec), data=data.get("id"))


def _counted(task: Element) -> Iterator[Found]:
    sets = [s for spec in children(task, "ioSpecification") for s in children(spec, "inputSet")]
    outs = [s for spec in children(task, "ioSpecification") for s in children(spec, "outputSet")]
    counts = (len(sets), len(outs), len(data_of(task, "dataInput")), len(data_of(task, "dataOutput")))
    names = ("inputSet", "outputSet", "dataInput", "dataOutput")
    for name, count, most in zip(names, counts, MOST[local(task)], strict=True):
        if count > most:
            yield found("too_many", task.get("id"), what=f"{count} × {name}")
