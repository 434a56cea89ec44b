"""Where things are drawn: room is made for what is new, and nothing else changes its place."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from lxml import etree

from engine.reading.layout import BPMNDI, DC, DI, Bounds
from engine.reading.xml import Element, plain

SIZES = {"event": (36.0, 36.0), "task": (100.0, 80.0), "gateway": (50.0, 50.0)}
GAP = 50.0
#: How far from a border a line may end that is meant to end there.
NEAR = 15.0
Point = tuple[float, float]


class Sheet:
    """The diagram interchange part of a file."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self.shapes: dict[str, Element] = {}
        self.edges: dict[str, Element] = {}
        for drawn, found in (("BPMNShape", self.shapes), ("BPMNEdge", self.edges)):
            for element in root.iter(BPMNDI + drawn):
                found.setdefault(plain(element.get("bpmnElement")) or "", element)
        #: Shapes that hold others: pools, lanes, opened sub-processes, groups.
        self.holders: set[str] = set()
        #: Boundary event → its host; flow → its ends.
        self.hosts: dict[str, str] = {}
        self.ends: dict[str, tuple[str, str]] = {}

    def learn(self, holders: set[str], hosts: dict[str, str], ends: dict[str, tuple[str, str]]) -> None:
        """Take what only the diagram knows of the shapes."""
        self.holders, self.hosts, self.ends = holders, hosts, ends

    def bounds(self, identity: str) -> Bounds | None:
        """Give where an element is drawn; None where it isn't."""
        shape = self.shapes.get(identity)
        box = shape.find(DC + "Bounds") if shape is not None else None
        return _box(box) if box is not None else None

    def drop(self, identity: str) -> None:
        """Take an element off the sheet."""
        for found in (self.shapes, self.edges):
            drawn = found.pop(identity, None)
            if drawn is not None and drawn.getparent() is not None:
                drawn.getparent().remove(drawn)  # type: ignore[union-attr]

    # --- adding ------------------------------------------------------------------------------------------------------

    def put_before(self, new: str, target: str, size: str) -> None:
        """Draw a new node in the place of another, which moves to the right with all that follows."""
        place = self.bounds(target)
        if place is None:
            return
        width, height = SIZES[size]
        self.make_room(target, place.x - 0.5, width + GAP)
        middle = place.y + place.height / 2
        box = self._free(target, Bounds(place.x, middle - height / 2, width, height))
        self._draw(new, target, box)

    def put_after(self, new: str, source: str, size: str) -> None:
        """Draw a new node to the right of another; below it when it sits on a boundary."""
        place = self.bounds(source)
        if place is None:
            return
        width, height = SIZES[size]
        if source in self.hosts:
            box = Bounds(place.x + place.width / 2 - width / 2, place.bottom + GAP, width, height)
        else:
            box = Bounds(place.right + GAP, place.y + place.height / 2 - height / 2, width, height)
            if self._taken(source, box) or not self._inside(source, box):
                self.make_room(source, place.right + 0.5, width + GAP)
        box = self._free(source, box)
        self._draw(new, source, box)
        self._widen(source, box)

    def put_inside(self, new: str, body: str) -> None:
        """Draw a task in the middle of an opened sub-process."""
        place = self.bounds(body)
        shape = self.shapes.get(body)
        if place is None or shape is None or shape.get("isExpanded") != "true":
            return
        width, height = min(100.0, place.width - 10), min(80.0, place.height - 10)
        middle = Bounds(place.x + (place.width - width) / 2, place.y + (place.height - height) / 2, width, height)
        self._draw(new, body, middle)

    def connect(self, flow: str, source: str, target: str) -> None:
        """Draw a flow between two nodes."""
        self.ends[flow] = (source, target)
        one, other = self.bounds(source), self.bounds(target)
        plane = self._plane(source)
        if one is None or other is None or plane is None or flow in self.edges:
            return
        edge = etree.SubElement(plane, BPMNDI + "BPMNEdge", {"id": f"{flow}_di", "bpmnElement": flow})
        self.edges[flow] = edge
        begin = (one.right, one.y + one.height / 2)
        if source in self.hosts:
            begin = (one.x + one.width / 2, one.bottom)
        _set_points(edge, [begin, *_docked(begin, other)])

    def lead_to(self, flow: str, target: str) -> None:
        """Bend the end of a drawn flow to another node."""
        self.ends[flow] = (self.ends.get(flow, ("", ""))[0], target)
        edge, place = self.edges.get(flow), self.bounds(target)
        if edge is None or place is None:
            return
        points = _points(edge)[:-1]
        if points:
            _set_points(edge, _shortest(points, place))

    def lead_from(self, flow: str, source: str) -> None:
        """Bend the beginning of a drawn flow to another node."""
        self.ends[flow] = (source, self.ends.get(flow, ("", ""))[1])
        edge, place = self.edges.get(flow), self.bounds(source)
        if edge is None or place is None:
            return
        points = _points(edge)[:0:-1]
        if points:
            _set_points(edge, _shortest(points, place)[::-1])

    def grow(self, identity: str, size: str) -> None:
        """Give a shape at least the size of its new kind, around its middle."""
        shape, place = self.shapes.get(identity), self.bounds(identity)
        if shape is None or place is None:
            return
        width, height = SIZES[size]
        if place.width < width:
            x = place.x + (place.width - width) / 2
            _set_box(shape.find(DC + "Bounds"), Bounds(x, place.y + (place.height - height) / 2, width, height))

    # --- room --------------------------------------------------------------------------------------------------------

    def make_room(self, beside: str, cut: float, by: float) -> None:
        """Move everything on the right of a line; what holds something there grows."""
        plane = self._plane(beside)
        moved = {i for i, box in self._on(plane) if box.x >= cut}
        moved = {i for i in moved if self.hosts.get(i) not in self.shapes or self._host_moves(i, moved)}
        before = dict(self._on(plane))
        for identity, box in before.items():
            shape = self.shapes[identity]
            if identity in moved:
                _shift(shape, by)
            elif identity in self.holders and box.right > cut:
                _set_box(shape.find(DC + "Bounds"), Bounds(box.x, box.y, box.width + by, box.height))
        for identity, edge in self.edges.items():
            if edge.getparent() is plane:
                self._move_edge(identity, edge, cut, by, moved, before)

    def _host_moves(self, event: str, moved: set[str]) -> bool:
        host = self.hosts[event]
        return host in moved or host in self.holders

    def _move_edge(
        self, identity: str, edge: Element, cut: float, by: float, moved: set[str], before: dict[str, Bounds]
    ) -> None:
        points = _points(edge)
        follow = [x >= cut for x, _ in points]
        ends = self.ends.get(identity)
        if ends and points:
            for place, end in ((0, ends[0]), (-1, ends[1])):
                box = before.get(end)
                if box is not None and end not in self.holders:
                    follow[place] = end in moved
                elif box is not None:
                    follow[place] = box.x >= cut or (box.right > cut and points[place][0] > box.right - NEAR)
        _set_points(edge, [(x + by if f else x, y) for f, (x, y) in zip(follow, points, strict=True)])
        label = edge.find(f"{BPMNDI}BPMNLabel/{DC}Bounds")
        if label is not None and _box(label).x >= cut:
            _set_box(label, _box(label)._replace(x=_box(label).x + by))

    def _on(self, plane: Element | None) -> list[tuple[str, Bounds]]:
        shapes = [(i, self.bounds(i)) for i, s in self.shapes.items() if s.getparent() is plane]
        return [(i, box) for i, box in shapes if box is not None]

    def _plane(self, identity: str) -> Element | None:
        shape = self.shapes.get(identity)
        return shape.getparent() if shape is not None else None

    def _taken(self, beside: str, box: Bounds) -> bool:
        plane = self._plane(beside)
        return any(i not in self.holders and _overlap(box, other) for i, other in self._on(plane))

    def _inside(self, beside: str, box: Bounds) -> bool:
        around = [b for i, b in self._on(self._plane(beside)) if i in self.holders and _overlap(b, box)]
        return all(b.right >= box.right + 10 for b in around)

    def _free(self, beside: str, box: Bounds) -> Bounds:
        """Give the nearest place below where nothing stands."""
        for step in range(40):
            tried = box._replace(y=box.y + step * 30)
            if not self._taken(beside, tried):
                return tried
        return box

    def _widen(self, beside: str, box: Bounds) -> None:
        """Let what holds a node hold its new neighbour, too."""
        place = self.bounds(beside)
        for identity, around in self._on(self._plane(beside)):
            holds = place is not None and identity in self.holders and _overlap(around, place)
            if holds and identity not in self.hosts.values():
                right, bottom = max(around.right, box.right + 20), max(around.bottom, box.bottom + 20)
                grown = Bounds(around.x, around.y, right - around.x, bottom - around.y)
                _set_box(self.shapes[identity].find(DC + "Bounds"), grown)

    def _draw(self, new: str, beside: str, box: Bounds) -> None:
        plane = self._plane(beside)
        if plane is not None:
            self._shape(plane, new, box, len(plane))

    def draw(self, plane: Element, node: Element, box: Bounds, first: bool = False) -> None:
        """Draw an element that has no shape yet."""
        shape = self._shape(plane, node.get("id") or "", box, 0 if first else len(plane))
        if first:
            shape.set("isHorizontal", "true")

    def _shape(self, plane: Element, identity: str, box: Bounds, place: int) -> Element:
        shape = etree.Element(BPMNDI + "BPMNShape", {"id": f"{identity}_di", "bpmnElement": identity})
        _set_box(etree.SubElement(shape, DC + "Bounds"), box)
        plane.insert(place, shape)
        self.shapes[identity] = shape
        return shape

    def bottom(self) -> float:
        """Give where the lowest shape ends."""
        return max((box.bottom for i in self.shapes if (box := self.bounds(i)) is not None), default=0.0)


def size_of(kind: str) -> str:
    """Give which of the sizes a kind of node is drawn in."""
    return "gateway" if kind.endswith("Gateway") else "event" if kind.endswith("Event") else "task"


def _overlap(one: Bounds, other: Bounds) -> bool:
    return one.x < other.right and other.x < one.right and one.y < other.bottom and other.y < one.bottom


def _shortest(points: list[Point], box: Bounds) -> list[Point]:
    """Bend a line to a box, with its last bend or without it, whichever is shorter."""
    ways = [[*points[:keep], *_docked(points[keep - 1], box)] for keep in (len(points), len(points) - 1) if keep]
    return min(ways, key=_length)


def _length(points: list[Point]) -> float:
    return sum(math.dist(one, other) for one, other in pairwise(points))


def _docked(previous: Point, box: Bounds) -> list[Point]:
    """Give the last points of a line that comes from somewhere to a box."""
    x, y = previous
    middle_x, middle_y = box.x + box.width / 2, box.y + box.height / 2
    if box.x <= x <= box.right:
        return [(x, box.y if y < middle_y else box.bottom)]
    if x < box.x and abs(y - middle_y) < box.height / 2:
        return (
            [(box.x, y)]
            if box.height > 60
            else [*([] if abs(y - middle_y) < 1 else [(x, middle_y)]), (box.x, middle_y)]
        )
    if abs(y - middle_y) < box.height / 2:
        below = box.bottom + 30
        return [(x, below), (middle_x, below), (middle_x, box.bottom)]
    return [(middle_x, y), (middle_x, box.y if y < middle_y else box.bottom)]


def _box(element: Element) -> Bounds:
    return Bounds(*(_number(element.get(name)) for name in ("x", "y", "width", "height")))


def _number(text: str | None) -> float:
    try:
        return float(text or 0)
    except ValueError:
        return 0.0


def _set_box(element: Element | None, box: Bounds) -> None:
    if element is not None:
        for name, value in zip(("x", "y", "width", "height"), box, strict=True):
            element.set(name, f"{value:g}")


def _shift(shape: Element, by: float) -> None:
    boxes: Iterator[Element] = shape.iter(DC + "Bounds")
    for box in boxes:
        _set_box(box, _box(box)._replace(x=_box(box).x + by))


def _points(edge: Element) -> list[Point]:
    return [(_number(p.get("x")), _number(p.get("y"))) for p in edge.iterchildren(DI + "waypoint")]


def _set_points(edge: Element, points: list[Point]) -> None:
    for old in list(edge.iterchildren(DI + "waypoint")):
        edge.remove(old)
    for place, (x, y) in enumerate(points):
        edge.insert(place, etree.Element(DI + "waypoint", x=f"{x:g}", y=f"{y:g}"))
