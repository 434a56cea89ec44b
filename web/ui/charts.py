"""Charts as geometry: what share of the width or height each number takes; templates draw it as SVG."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from engine.queries.figures import Figure

#: More bars than this tell nothing; the table under them has all.
MOST_BARS = 24
#: So many parts have a colour of their own; the last one is of all the rest.
COLOURS = 6
#: So many names fit under a line on a phone.
MOST_TICKS = 4
#: More dots on a line run together.
MOST_DOTS = 24
#: Twenty years by months.
MOST_SPANS = 240
_SPAN = re.compile(r"\d{4}(-(0[1-9]|1[0-2]))?")


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
    """A part over time; percents from the top left corner. It is broken where there is no number."""

    part: str
    colour: int
    stretches: Sequence[Sequence[tuple[float, float]]]

    @property
    def points(self) -> Sequence[tuple[float, float]]:
        """Where it has numbers."""
        return [point for stretch in self.stretches for point in stretch]

    @property
    def dots(self) -> Sequence[tuple[float, float]]:
        """Points that are marked: all where there is room, else those that no line goes through."""
        if len(self.points) <= MOST_DOTS:
            return self.points
        return [stretch[0] for stretch in self.stretches if len(stretch) == 1]

    @property
    def polylines(self) -> Sequence[str]:
        """Its stretches as SVG writes them; one of a single point is only a dot."""
        drawn = [stretch for stretch in self.stretches if len(stretch) > 1]
        return [" ".join(f"{x:.2f},{y:.2f}" for x, y in stretch) for stretch in drawn]


@dataclass(frozen=True, kw_only=True)
class Tick:
    """A name under a line, at percents from the left; the last one doesn't reach over the edge."""

    x: float
    name: str
    #: middle or end
    anchor: str


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
    ticks: Sequence[Tick] = ()
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
    nothing: float | None = 0.0,
) -> Chart:
    """Lay a chart out. `groups` and `parts` name all values, in the order in which they shall stand.

    `nothing` is the number of a group of which there is none: nought of them, or no average.
    """
    values: dict[str | None, dict[str | None, float | None]] = defaultdict(dict)
    for figure in found:
        values[figure.group][figure.part] = figure.value
    rows = [Bar(name=name, cells=[values[key].get(part, nothing) for part in parts]) for key, name in groups.items()]
    names = list(parts.values())
    if kind == "table":
        return Chart(kind=kind, parts=names, rows=rows)
    if kind == "line":
        # Records without a date stand nowhere in time.
        return _lines(rows, [row for key, row in zip(groups, rows, strict=True) if key or not in_time], names)
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


def _lines(rows: Sequence[Bar], drawn: Sequence[Bar], names: Sequence[str]) -> Chart:
    top = rounded_up(max((cell or 0 for bar in drawn for cell in bar.cells), default=0))
    step = 100 / max(len(drawn) - 1, 1)
    places = [round(at * step, 2) if len(drawn) > 1 else 50.0 for at in range(len(drawn))]
    lines = [
        Line(part=name, colour=_colour(at), stretches=_stretches(places, [bar.cells[at] for bar in drawn], top))
        for at, name in enumerate(names)
    ]
    levels = [(0.0, top), (50.0, top / 2), (100.0, 0.0)]
    return Chart(kind="line", parts=names, rows=rows, lines=lines, ticks=_ticks(places, drawn), levels=levels)


def _stretches(places: Sequence[float], values: Sequence[float | None], top: float) -> list[list[tuple[float, float]]]:
    stretches: list[list[tuple[float, float]]] = [[]]
    for x, value in zip(places, values, strict=True):
        if value is None:
            stretches.append([])
        else:
            stretches[-1].append((x, round(100 - value / top * 100, 2)))
    return [stretch for stretch in stretches if stretch]


def _ticks(places: Sequence[float], drawn: Sequence[Bar]) -> list[Tick]:
    # Months are longer than years.
    most = MOST_TICKS - (max((len(bar.name) for bar in drawn), default=0) > len("2025"))
    every = max(ceil(len(drawn) / most), 1)
    return [
        Tick(x=x, name=bar.name, anchor="end" if x == places[-1] != 50 else "middle")
        for x, bar in list(zip(places, drawn, strict=True))[::every]
    ]


def whole_time(spans: Collection[str]) -> list[str]:
    """Give every year or month from the first to the last of these, `2025` or `2025-03`; others as they are.

    Where that would be more than MOST_SPANS, a date is a slip, and only those that are there come.
    """
    found = sorted(spans)
    if not found or not all(_SPAN.fullmatch(one) for one in found) or len({len(one) for one in found}) > 1:
        return found
    monthly = len(found[0]) > len("2025")
    first, last = (int(one[:4]) * 12 + int(one[5:] or 1) - 1 for one in (found[0], found[-1]))
    every = range(first, last + 1, 1 if monthly else 12)
    if len(every) > MOST_SPANS:
        return found
    return [f"{at // 12:04}-{at % 12 + 1:02}" if monthly else f"{at // 12:04}" for at in every]


def rounded_up(value: float) -> float:
    """The nearest number from above that halves into a plain one: 2, 4, 10, 20, 40, 100 …"""
    if value <= 2:
        return 2.0
    size = 10.0 ** floor(log10(value))
    return next(nice * size for nice in (1, 2, 4, 10) if value <= nice * size)
