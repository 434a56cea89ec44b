"""Where everything stands on the sheet: the diagram interchange part of a BPMN file, for drawing it on the server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from lxml import etree

BPMNDI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
DI = "{http://www.omg.org/spec/DD/20100524/DI}"


class Bounds(NamedTuple):
    """A rectangle, in the units of the sheet."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height


@dataclass(frozen=True, kw_only=True)
class Shape:
    """A drawn node, lane, pool, data object or text."""

    id: str
    #: Local name of the BPMN element: userTask, lane, participant, dataStoreReference, textAnnotation …
    kind: str
    name: str
    bounds: Bounds
    label: Bounds | None
    expanded: bool
    #: Local names of its event definitions.
    events: tuple[str, ...]
    #: False: a boundary or start event that doesn't interrupt.
    interrupting: bool
    #: standard, parallel or sequential; None without a loop.
    loop: str | None
    #: An event sub-process is drawn with a dotted frame.
    event_sub: bool


@dataclass(frozen=True, kw_only=True)
class Edge:
    """A drawn flow or association."""

    id: str
    kind: str
    name: str
    points: tuple[tuple[float, float], ...]
    label: Bounds | None
    #: The default flow has a stroke across.
    default: bool
    #: A conditional flow leaving an activity begins with a diamond.
    conditional: bool


@dataclass(frozen=True, kw_only=True)
class Layout:
    """One sheet. Shapes come in drawing order: pools and lanes first, what lies on top last."""

    shapes: tuple[Shape, ...]
    edges: tuple[Edge, ...]

    @property
    def bounds(self) -> Bounds:
        """The rectangle that holds everything; zero where nothing is drawn."""
        boxes = [s.bounds for s in self.shapes] + [s.label for s in self.shapes if s.label]
        xs = [b.x for b in boxes] + [b.right for b in boxes] + [x for e in self.edges for x, _ in e.points]
        ys = [b.y for b in boxes] + [b.bottom for b in boxes] + [y for e in self.edges for _, y in e.points]
        if not xs:
            return Bounds(0, 0, 0, 0)
        return Bounds(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def read_layout(content: bytes) -> Layout:
    """Read the first sheet of a file that was accepted before; elements without a shape are left out."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(content, parser)
    elements = {e.get("id", ""): e for e in root.iter("{*}*") if e.get("id")}
    defaults = {e.get("default") for e in elements.values() if e.get("default")}
    plane = root.find(f".//{BPMNDI}BPMNPlane")
    if plane is None:
        return Layout(shapes=(), edges=())
    shapes = [_shape(drawn, elements) for drawn in plane.findall(f"{BPMNDI}BPMNShape") if _known(drawn, elements)]
    edges = [
        _edge(drawn, elements, defaults) for drawn in plane.findall(f"{BPMNDI}BPMNEdge") if _known(drawn, elements)
    ]
    return Layout(shapes=tuple(sorted(shapes, key=_depth)), edges=tuple(edges))


def _known(drawn: etree._Element, elements: dict[str, etree._Element]) -> bool:
    return _reference(drawn) in elements


def _reference(drawn: etree._Element) -> str:
    return (drawn.get("bpmnElement") or "").rsplit(":", 1)[-1]


def _depth(shape: Shape) -> tuple[int, float]:
    """Containers before what stands in them, boundary events last."""
    order = {"participant": 0, "lane": 1, "boundaryEvent": 4}.get(shape.kind, 3)
    return order, -shape.bounds.width * shape.bounds.height


def _shape(drawn: etree._Element, elements: dict[str, etree._Element]) -> Shape:
    element = elements[_reference(drawn)]
    flag = "cancelActivity" if _local(element) == "boundaryEvent" else "isInterrupting"
    return Shape(
        id=element.get("id", ""),
        kind=_local(element),
        name=_name(element),
        bounds=_bounds(drawn),
        label=_label(drawn),
        expanded=drawn.get("isExpanded", "false") == "true",
        events=tuple(_local(e).removesuffix("EventDefinition") for e in _definitions(element)),
        interrupting=element.get(flag, "true") == "true",
        loop=_loop(element),
        event_sub=element.get("triggeredByEvent", "false") == "true",
    )


def _edge(drawn: etree._Element, elements: dict[str, etree._Element], defaults: set[str | None]) -> Edge:
    element = elements[_reference(drawn)]
    source = elements.get(element.get("sourceRef", ""))
    conditional = element.find("{*}conditionExpression") is not None
    return Edge(
        id=element.get("id", ""),
        kind=_local(element),
        name=_name(element),
        points=tuple((float(p.get("x", "0")), float(p.get("y", "0"))) for p in drawn.findall(f"{DI}waypoint")),
        label=_label(drawn),
        default=element.get("id") in defaults,
        conditional=conditional and source is not None and not _local(source).endswith("Gateway"),
    )


def _local(element: etree._Element) -> str:
    return str(etree.QName(element).localname)


def _name(element: etree._Element) -> str:
    if _local(element) == "textAnnotation":
        return (element.findtext("{*}text") or "").strip()
    return element.get("name") or ""


def _bounds(drawn: etree._Element) -> Bounds:
    box = drawn.find(f"{DC}Bounds")
    values = [float(box.get(k, "0")) for k in ("x", "y", "width", "height")] if box is not None else [0.0] * 4
    return Bounds(*values)


def _label(drawn: etree._Element) -> Bounds | None:
    label = drawn.find(f"{BPMNDI}BPMNLabel")
    return _bounds(label) if label is not None and label.find(f"{DC}Bounds") is not None else None


def _definitions(element: etree._Element) -> Iterator[etree._Element]:
    return (child for child in element if isinstance(child.tag, str) and child.tag.endswith("EventDefinition"))


def _loop(element: etree._Element) -> str | None:
    if element.find("{*}standardLoopCharacteristics") is not None:
        return "standard"
    multi = element.find("{*}multiInstanceLoopCharacteristics")
    if multi is None:
        return None
    return "sequential" if multi.get("isSequential") == "true" else "parallel"
