"""What differs between two versions of a diagram, element by element: said otherwise, added, removed, moved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from lxml import etree

from engine.reading.layout import Bounds, read_layout
from engine.reading.xml import BPMN, parse_xml

State = Literal["added", "removed", "changed", "moved"]
#: Local names of what is compared on its own; whatever else stands in an element is a fact about it.
ELEMENTS = frozenset(
    (
        *("process", "subProcess", "transaction", "adHocSubProcess", "callActivity", "task", "userTask", "manualTask"),
        *("serviceTask", "sendTask", "receiveTask", "scriptTask", "businessRuleTask", "startEvent", "endEvent"),
        *("boundaryEvent", "intermediateCatchEvent", "intermediateThrowEvent", "exclusiveGateway", "inclusiveGateway"),
        *("parallelGateway", "complexGateway", "eventBasedGateway", "sequenceFlow", "messageFlow", "association"),
        *("dataObject", "dataObjectReference", "dataStore", "dataStoreReference", "lane", "participant", "message"),
        *("error", "signal", "escalation", "textAnnotation", "group"),
    )
)
REFERENCES = frozenset(("sourceRef", "targetRef", "attachedToRef", "default", "lane"))
FLOWS = frozenset(("sequenceFlow", "messageFlow", "association"))
#: What follows from other elements, or only stands in the file.
LEFT_OUT = frozenset(("id", "incoming", "outgoing", "type", "flowNodeRef"))
#: Attributes that mean the same when they are not written.
DEFAULTS = {
    "isInterrupting": "true",
    "cancelActivity": "true",
    "isSequential": "false",
    "triggeredByEvent": "false",
    "isCollection": "false",
    "isForCompensation": "false",
    "startQuantity": "1",
    "completionQuantity": "1",
    "gatewayDirection": "Unspecified",
    "isExecutable": "false",
    "processType": "None",
    "isClosed": "false",
}
REF = f"{BPMN}flowNodeRef"
#: A shape that was shifted by less was not moved by anybody.
LEAST_MOVE = 1.0


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A thing said of an element; None where it isn't said."""

    #: As `name`, `lane`, `task@form`, `connector/parameter[to]@value`, `conditionExpression`.
    key: str
    before: str | None
    after: str | None


@dataclass(frozen=True, kw_only=True)
class ElementChange:
    """One element that is not what it was."""

    state: State
    element: str
    #: Local name: userTask, sequenceFlow …
    kind: str
    #: Its name; of a flow without one where it leads from and to.
    name: str
    facts: tuple[Fact, ...] = ()


def differences(before: bytes, after: bytes) -> list[ElementChange]:
    """Compare two versions; those that are gone come last. Raises UnreadableModel."""
    old, new = _elements(before), _elements(after)
    moved = _moved(before, after)
    found = [change for key in new if (change := _change(key, old, new, moved))]
    gone = [
        ElementChange(state="removed", element=key, kind=old[key].kind, name=old[key].name)
        for key in old
        if key not in new
    ]
    return found + gone


@dataclass(frozen=True, kw_only=True)
class _Element:
    kind: str
    name: str
    facts: Mapping[str, str]


def _change(
    key: str, old: Mapping[str, _Element], new: Mapping[str, _Element], moved: set[str]
) -> ElementChange | None:
    was, now = old.get(key), new[key]
    if was is None:
        return ElementChange(state="added", element=key, kind=now.kind, name=now.name)
    if was.kind == now.kind and was.facts == now.facts:
        return ElementChange(state="moved", element=key, kind=now.kind, name=now.name) if key in moved else None
    keys = [one for one in (*now.facts, *was.facts) if was.facts.get(one) != now.facts.get(one)]
    facts = [
        Fact(key=one, before=_told(one, was.facts.get(one), old), after=_told(one, now.facts.get(one), new))
        for one in dict.fromkeys(keys)
    ]
    if was.kind != now.kind:
        facts.insert(0, Fact(key="kind", before=was.kind, after=now.kind))
    return ElementChange(state="changed", element=key, kind=now.kind, name=now.name, facts=tuple(facts))


def _told(key: str, value: str | None, elements: Mapping[str, _Element]) -> str | None:
    """A fact that refers to another element is told by its name."""
    if key not in REFERENCES or value is None or value not in elements:
        return value
    return elements[value].name


def _elements(content: bytes) -> dict[str, _Element]:
    root = parse_xml(content)
    found = {str(one.get("id")): one for one in root.iter(f"{BPMN}*") if one.get("id") and _is_element(one)}
    names = {key: " ".join((one.get("name") or one.findtext("{*}text") or "").split()) for key, one in found.items()}
    lanes = {
        (ref.text or "").strip(): str(one.get("id")) for one in root.iter(f"{BPMN}lane") for ref in one.iterfind(REF)
    }
    return {key: _read(one, names, lanes) for key, one in found.items()}


def _read(element: etree._Element, names: Mapping[str, str], lanes: Mapping[str, str]) -> _Element:
    key, facts = str(element.get("id")), dict(_facts(element, ""))
    if key in lanes and _local(element) != "lane":
        facts["lane"] = lanes[key]
    name = names[key]
    if not name and _local(element) in FLOWS:
        ends = [facts.get(one, "") for one in ("sourceRef", "targetRef")]
        name = " → ".join(names.get(one) or one for one in ends)
    return _Element(kind=_local(element), name=name or key, facts=facts)


def _facts(element: etree._Element, prefix: str) -> Iterator[tuple[str, str]]:
    """Everything said of an element, its elements of their own left out; repeated parts by their names."""
    sign = "@" if prefix else ""
    for name, value in element.attrib.items():
        local = str(etree.QName(str(name)).localname)
        if local not in LEFT_OUT and DEFAULTS.get(local) != value:
            yield f"{prefix}{sign}{local}", str(value)
    if prefix and (text := (element.text or "").strip()):
        yield prefix, text
    seen: dict[str, int] = {}
    for child in element:
        if isinstance(child.tag, str) and not _is_element(child) and _local(child) not in LEFT_OUT:
            yield from _facts(child, _place(child, prefix, seen))


def _place(child: etree._Element, prefix: str, seen: dict[str, int]) -> str:
    local = _local(child)
    if local == "extensionElements":
        return prefix
    named = f"[{child.get('name')}]" if child.get("name") and prefix else ""
    place = f"{prefix}/{local}{named}" if prefix else local
    seen[place] = seen.get(place, 0) + 1
    return place if seen[place] == 1 else f"{place}.{seen[place]}"


def _moved(before: bytes, after: bytes) -> set[str]:
    old = {one.id: one.bounds for one in read_layout(before).shapes}
    return {one.id for one in read_layout(after).shapes if one.id in old and _far(old[one.id], one.bounds)}


def _far(one: Bounds, other: Bounds) -> bool:
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) >= LEAST_MOVE


def _is_element(element: etree._Element) -> bool:
    return str(element.tag).startswith(BPMN) and _local(element) in ELEMENTS


def _local(element: etree._Element) -> str:
    return str(etree.QName(element).localname) if isinstance(element.tag, str) else ""
