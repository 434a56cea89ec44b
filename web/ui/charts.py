"""Charts as geometry: what share of the width or height each number takes; templates draw it as SVG."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from engine.queries.figures import Figure

#: More bars than this tell nothing; the table under them has all.
MOST_BARS = 24
#: So many parts have a colour of their own; the last one is of all the rest.
COLOURS = 6
#: So many names fit under a line on a phone.
MOST_TICKS = 4


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A part of a bar; percents of the width."""

    part: str
    colour: int
    x: float
    width: float
    value: float


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A group with its values; `cells` has one for each part of the chart."""

    name: str
    cells: Sequence[float | None]
    pieces: Sequence[Piece] = ()

    @property
    def total(self) -> float | None:
        """Sum of its parts; None where there is no number."""
        numbers = [cell for cell in self.cells if cell is not None]
        return sum(numbers) if numbers else None


@dataclass(frozen=True, kw_only=True)
class Line:
    """A part over time; percents from the top left corner."""

    part: str
    colour: int
    points: Sequence[tuple[float, float]]

    @property
    def polyline(self) -> str:
        """Points as SVG writes them."""
        return " ".join(f"{x:.2f},{y:.2f}" for x, y in self.points)


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A chart with its table."""

    kind: str
    parts: Sequence[str]
    #: All groups, for the table.
    rows: Sequence[Bar]
    #: Those that are drawn.
    bars: Sequence[Bar] = ()
    lines: Sequence[Line] = ()
    #: (percent from the left, name)
    ticks: Sequence[tuple[float, str]] = ()
    #: (percent from the top, number)
    levels: Sequence[tuple[float, float]] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(bar.total for bar in self.rows)


def chart(
    kind: str,
    found: Sequence[Figure],
    groups: Mapping[str | None, str],
    parts: Mapping[str | None, str],
    *,
    in_time: bool,
) -> Chart:
    """Lay a chart out. `groups` and `parts` name all values, in the order in which they shall stand."""
    values: dict[str | None, dict[str | None, float | None]] = defaultdict(dict)
    for figure in found:
        values[figure.group][figure.part] = figure.value
    rows = [Bar(name=name, cells=[values[key].get(part) for part in parts]) for key, name in groups.items()]
    names = list(parts.values())
    if kind == "table":
        return Chart(kind=kind, parts=names, rows=rows)
    if kind == "line":
        return _lines(rows, names)
    drawn = rows[-MOST_BARS:] if in_time else rows[:MOST_BARS]
    most = max((bar.total or 0 for bar in drawn), default=0) or 1
    return Chart(kind=kind, parts=names, rows=rows, bars=[_bar(bar, names, most) for bar in drawn])


def _bar(bar: Bar, names: Sequence[str], most: float) -> Bar:
    pieces, x = [], 0.0
    for at, (name, value) in enumerate(zip(names, bar.cells, strict=True)):
        width = max(value or 0, 0) / most * 100
        if width:
            pieces.append(Piece(part=name, colour=_colour(at), x=round(x, 2), width=round(width, 2), value=value or 0))
        x += width
    return Bar(name=bar.name, cells=bar.cells, pieces=pieces)


def _colour(at: int) -> int:
    return min(at + 1, COLOURS)


def _lines(rows: Sequence[Bar], names: Sequence[str]) -> Chart:
    top = rounded_up(max((cell or 0 for bar in rows for cell in bar.cells), default=0))
    step = 100 / max(len(rows) - 1, 1)
    places = [round(at * step, 2) if len(rows) > 1 else 50.0 for at in range(len(rows))]
    lines = [
        Line(
            part=name,
            colour=_colour(at),
            points=[(x, round(100 - (bar.cells[at] or 0) / top * 100, 2)) for x, bar in zip(places, rows, strict=True)],
        )
        for at, name in enumerate(names)
    ]
    every = max(ceil(len(rows) / MOST_TICKS), 1)
    ticks = [(x, bar.name) for x, bar in list(zip(places, rows, strict=True))[::every]]
    levels = [(0.0, top), (50.0, top / 2), (100.0, 0.0)]
    return Chart(kind="line", parts=names, rows=rows, lines=lines, ticks=ticks, levels=levels)


def rounded_up(value: float) -> float:
    """The nearest number from above that halves into a plain one: 2, 4, 10, 20, 40, 100 …"""
    if value <= 2:
        return 2.0
    size = 10.0 ** floor(log10(value))
    return next(nice * size for nice in (1, 2, 4, 10) if value <= nice * size)
