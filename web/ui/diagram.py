"""A diagram as SVG facts for the template: what is done, where it stands, what is stuck."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from engine.reading.layout import Bounds, Edge, Layout, Shape
from web.ui import glyphs

BODIES = frozenset({"subProcess", "transaction", "adHocSubProcess", "callActivity"})
PAPERS = frozenset({"dataObjectReference", "dataStoreReference", "dataInput", "dataOutput"})
MARGIN = 24
#: Average width of a letter at the sheet's 12 units of type, for breaking lines.
LETTER = 6.2
LINE = 14
Part = Literal["box", "event", "gateway", "pool", "lane", "paper", "text"]


@dataclass(frozen=True, kw_only=True)
class Marks:
    """What to show on the diagram, by element id."""

    done: Collection[str] = ()
    #: Where tokens stand, and how many.
    now: Mapping[str, int] = field(default_factory=dict)
    #: Where incidents are open, and how many.
    bad: Mapping[str, int] = field(default_factory=dict)
    #: Sequence flows that were taken.
    taken: Collection[str] = ()
    #: The sheet is about many cases: numbers of tokens and incidents instead of a dot and a mark.
    counted: bool = False
    #: A few words at an element, as how long it takes.
    notes: Mapping[str, str] = field(default_factory=dict)
    #: How hot an element is, of 1 to 4, where the sheet is a heat map.
    heat: Mapping[str, int] = field(default_factory=dict)
    #: Two versions are compared: what is added, removed, changed, moved.
    states: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of text, centred at x."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A shape with everything the template needs."""

    part: Part
    shape: Shape
    #: Of done-t, now-t, bad-t, heat-1 to heat-4.
    classes: str
    lines: tuple[Line, ...]
    #: (path data, x, y, scale, filled)
    glyphs: tuple[tuple[str, float, float, float, bool], ...]
    tokens: int
    incidents: int
    counted: bool
    note: str
    #: added, removed, changed, moved or "", where versions are compared.
    state: str

    @property
    def centre(self) -> tuple[float, float]:
        b = self.shape.bounds
        return b.x + b.width / 2, b.y + b.height / 2


@dataclass(frozen=True, kw_only=True)
class DrawnEdge:
    """A flow as path data, with its arrow and name."""

    edge: Edge
    path: str
    arrow: str
    taken: bool
    lines: tuple[Line, ...]
    state: str = ""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A whole drawing."""

    view_box: str
    width: int
    shapes: tuple[Drawn, ...]
    edges: tuple[DrawnEdge, ...]


def named(layout: Layout, say: Callable[[str], str]) -> Layout:
    """The layout with its names said otherwise, in another language say."""
    shapes = tuple(replace(shape, name=say(shape.name)) for shape in layout.shapes)
    return replace(layout, shapes=shapes, edges=tuple(replace(edge, name=say(edge.name)) for edge in layout.edges))


def draw(layout: Layout, marks: Marks | None = None, frame: Bounds | None = None) -> Sheet:
    """Turn a sheet's layout into SVG facts; pools and lanes first, flows next, nodes on top.

    `frame`: the rectangle to be shown; what is drawn where there is none.
    """
    marks = marks or Marks()
    box = frame or layout.bounds
    view = (box.x - MARGIN, box.y - MARGIN, box.width + 2 * MARGIN, box.height + 2 * MARGIN)
    return Sheet(
        view_box=" ".join(f"{v:g}" for v in view),
        width=round(view[2]),
        shapes=tuple(_drawn(shape, marks) for shape in layout.shapes),
        edges=tuple(_drawn_edge(edge, marks) for edge in layout.edges if len(edge.points) > 1),
    )


def _part(shape: Shape) -> Part:
    fixed: dict[str, Part] = {"participant": "pool", "lane": "lane", "textAnnotation": "text", "group": "text"}
    if shape.kind in fixed:
        return fixed[shape.kind]
    if shape.kind in PAPERS:
        return "paper"
    if shape.kind.endswith("Event"):
        return "event"
    return "gateway" if shape.kind.endswith("Gateway") else "box"


def _drawn(shape: Shape, marks: Marks) -> Drawn:
    part = _part(shape)
    return Drawn(
        part=part,
        shape=shape,
        classes=_classes(shape, marks),
        lines=_text(part, shape),
        glyphs=tuple(_glyphs(part, shape)),
        tokens=marks.now.get(shape.id, 0),
        incidents=marks.bad.get(shape.id, 0),
        counted=marks.counted,
        note=marks.notes.get(shape.id, ""),
        state=marks.states.get(shape.id, ""),
    )


def _classes(shape: Shape, marks: Marks) -> str:
    if shape.id in marks.heat:
        return f"heat-{marks.heat[shape.id]}"
    if shape.id in marks.bad:
        return "bad-t"
    if shape.id in marks.now:
        return "now-t"
    return "done-t" if shape.id in marks.done else ""


def _text(part: Part, shape: Shape) -> tuple[Line, ...]:
    """The name, inside a box, else under the shape or where its label was drawn."""
    b = shape.bounds
    if not shape.name:
        return ()
    if part in ("pool", "lane"):
        return (Line(x=b.x + 15, y=b.y + b.height / 2, text=shape.name),)
    if part == "box" and shape.kind in BODIES and shape.expanded:
        return (Line(x=b.x + b.width / 2, y=b.y + 18, text=shape.name),)
    if part in ("box", "text"):
        lines = _wrapped(shape.name, b.width - 12)
        return _centred(lines, b.x + b.width / 2, b.y + b.height / 2)
    return _label(shape.name, shape.label, Bounds(b.x - 40, b.bottom + 4, b.width + 80, LINE))


def _label(name: str, drawn: Bounds | None, otherwise: Bounds) -> tuple[Line, ...]:
    place = drawn or otherwise
    lines = _wrapped(name, max(place.width, 90))
    return tuple(
        Line(x=place.x + place.width / 2, y=place.y + LINE * 0.8 + i * LINE, text=text) for i, text in enumerate(lines)
    )


def _wrapped(text: str, width: float) -> list[str]:
    return textwrap.wrap(text, max(8, int(width / LETTER)), break_long_words=False) or [text]


def _centred(lines: list[str], x: float, y: float) -> tuple[Line, ...]:
    top = y - (len(lines) - 1) * LINE / 2 + LINE * 0.32
    return tuple(Line(x=x, y=top + i * LINE, text=text) for i, text in enumerate(lines))


def _glyphs(part: Part, shape: Shape) -> list[tuple[str, float, float, float, bool]]:
    b = shape.bounds
    found: list[tuple[str, float, float, float, bool]] = []
    if part == "event" and shape.events:
        kind = shape.events[0] if len(shape.events) == 1 else "multiple"
        throws = shape.kind in ("endEvent", "intermediateThrowEvent") or kind in glyphs.FILLED_ALWAYS
        scale = b.width / 16 * 0.55
        size = 16 * scale
        if kind in glyphs.EVENTS:
            place = b.x + (b.width - size) / 2, b.y + (b.height - size) / 2
            found.append((glyphs.EVENTS[kind], *place, scale, throws))
    if part == "gateway" and shape.kind in glyphs.GATEWAYS:
        scale = b.width / 16 * 0.6
        place = b.x + (b.width - 16 * scale) / 2, b.y + (b.height - 16 * scale) / 2
        found.append((glyphs.GATEWAYS[shape.kind], *place, scale, False))
    if part == "box":
        found += _box_glyphs(shape)
    return found


def _box_glyphs(shape: Shape) -> list[tuple[str, float, float, float, bool]]:
    b, marks = shape.bounds, []
    if shape.kind in glyphs.TASKS:
        marks.append((glyphs.TASKS[shape.kind], b.x + 6, b.y + 6, 0.9, shape.kind == "sendTask"))
    below = [glyphs.LOOPS[shape.loop]] if shape.loop else []
    if shape.kind in BODIES and not shape.expanded:
        below.append(glyphs.COLLAPSED)
    start = b.x + b.width / 2 - 8 * len(below)
    return marks + [(path, start + 16 * i, b.bottom - 16, 0.8, False) for i, path in enumerate(below)]


def _drawn_edge(edge: Edge, marks: Marks) -> DrawnEdge:
    points = edge.points
    path = "M" + " L".join(f"{x:g} {y:g}" for x, y in points)
    middle = points[len(points) // 2 - 1 : len(points) // 2 + 1]
    x, y = sum(p[0] for p in middle) / 2, sum(p[1] for p in middle) / 2
    otherwise = Bounds(x - 45, y - LINE - 4, 90, LINE)
    lines = _label(edge.name, edge.label, otherwise) if edge.name else ()
    arrow = "" if edge.kind == "association" else _arrow(points[-2], points[-1])
    state = marks.states.get(edge.id, "")
    return DrawnEdge(edge=edge, path=path, arrow=arrow, taken=edge.id in marks.taken, lines=lines, state=state)


def _arrow(before: tuple[float, float], end: tuple[float, float]) -> str:
    """A filled head 9 long and 8 wide, pointing from `before` to `end`."""
    dx, dy = end[0] - before[0], end[1] - before[1]
    length = (dx * dx + dy * dy) ** 0.5 or 1.0
    ux, uy = dx / length, dy / length
    back = end[0] - 9 * ux, end[1] - 9 * uy
    left, right = (back[0] - 4 * uy, back[1] + 4 * ux), (back[0] + 4 * uy, back[1] - 4 * ux)
    return f"M{end[0]:g} {end[1]:g}L{left[0]:g} {left[1]:g}L{right[0]:g} {right[1]:g}z"
