"""Places as a plain map: where they lie to each other, on a grid of whole metres, north up; nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, cos, floor, hypot, log10, radians

#: The drawing in its own units; on a phone it is nearly as many pixels.
WIDTH, TALLEST, LOWEST = 340.0, 300.0, 160.0
MARGIN = 26.0
#: Half the size of a mark with a number, and how far from each other two of them have to be.
RADIUS, APART = 12.0, 25.0
#: A single place still lies in a piece of a town: so many metres across.
LEAST_METRES = 300.0
_METRES_OF_DEGREE = 111_320.0
#: Lines of the grid are no nearer than this.
_STEP = 56.0


@dataclass(frozen=True, kw_only=True)
class Place:
    """Something with a position."""

    number: int
    name: str
    #: Where more about it is; "" = nowhere.
    address: str
    lat: float
    lon: float


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A place on the drawing: the mark with its number stands beside the point where it would cover another."""

    place: Place
    x: float
    y: float
    point: tuple[float, float]

    @property
    def is_aside(self) -> bool:
        """Whether the mark stands elsewhere than its point."""
        return (self.x, self.y) != self.point


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A map as the template draws it."""

    width: float
    height: float
    marks: Sequence[Mark]
    across: Sequence[float]
    down: Sequence[float]
    #: How long one step of the grid is on the drawing, and in metres.
    step: float
    metres: int


def plan(places: Sequence[Place]) -> Plan | None:
    """Lay places out; None where there are none."""
    if not places:
        return None
    middle = (_middle([one.lon for one in places]), _middle([one.lat for one in places]))
    shrink = cos(radians(middle[1]))
    points = [
        ((one.lon - middle[0]) * _METRES_OF_DEGREE * shrink, (middle[1] - one.lat) * _METRES_OF_DEGREE)
        for one in places
    ]
    wide, tall = (max(2 * max(abs(point[axis]) for point in points), LEAST_METRES) for axis in (0, 1))
    scale = min((WIDTH - 2 * MARGIN) / wide, (TALLEST - 2 * MARGIN) / tall)
    height = min(max(tall * scale + 2 * MARGIN, LOWEST), TALLEST)
    drawn = [(round(WIDTH / 2 + x * scale, 1), round(height / 2 + y * scale, 1)) for x, y in points]
    metres = _round(_STEP / scale)
    step = metres * scale
    return Plan(
        width=WIDTH,
        height=round(height, 1),
        marks=_marks(places, drawn, height),
        across=_lines(WIDTH, step),
        down=_lines(height, step),
        step=round(step, 1),
        metres=metres,
    )


def _middle(numbers: Sequence[float]) -> float:
    return (min(numbers) + max(numbers)) / 2


def _round(metres: float) -> int:
    """The nearest greater of 50, 100, 200, 500, 1000 and so on."""
    ten = 10 ** floor(log10(max(metres, 10)))
    return int(next(ten * times for times in (1, 2, 5, 10) if ten * times >= metres))


def _lines(length: float, step: float) -> list[float]:
    first = length / 2 - floor(length / 2 / step) * step
    return [round(first + at * step, 1) for at in range(ceil((length - first) / step))]


def _marks(places: Sequence[Place], drawn: Sequence[tuple[float, float]], height: float) -> list[Mark]:
    marks: list[Mark] = []
    for place, point in zip(places, drawn, strict=True):
        x, y = next((at for at in _around(point, height) if all(_apart(at, mark) for mark in marks)), point)
        marks.append(Mark(place=place, x=x, y=y, point=point))
    return marks


def _apart(at: tuple[float, float], mark: Mark) -> bool:
    return hypot(at[0] - mark.x, at[1] - mark.y) >= APART


def _around(point: tuple[float, float], height: float) -> Sequence[tuple[float, float]]:
    """The point itself, then places around it in growing squares, as far as they are on the drawing."""
    ways = ((0, -1), (1, 0), (0, 1), (-1, 0), (1, -1), (1, 1), (-1, 1), (-1, -1))
    tries = [(point[0] + x * APART * far, point[1] + y * APART * far) for far in (1, 2, 3) for x, y in ways]
    on = [(x, y) for x, y in tries if RADIUS <= x <= WIDTH - RADIUS and RADIUS <= y <= height - RADIUS]
    return [point, *((round(x, 1), round(y, 1)) for x, y in on)]
