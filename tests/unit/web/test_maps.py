"""A plain map: places to scale, north up, and marks that don't cover each other."""

from __future__ import annotations

from itertools import combinations
from math import hypot

from web.ui.maps import APART, RADIUS, TALLEST, WIDTH, Place, plan


def place(number: int, lat: float, lon: float) -> Place:
    return Place(number=number, name=f"Place {number}", address="", lat=lat, lon=lon)


def test_no_places_make_no_map() -> None:
    assert plan([]) is None


def test_one_place_lies_in_the_middle_of_a_piece_of_town() -> None:
    drawn = plan([place(1, 50.5611, 15.9127)])
    assert drawn is not None
    (mark,) = drawn.marks
    assert (mark.x, mark.y) == (WIDTH / 2, drawn.height / 2) and not mark.is_aside
    assert drawn.metres in (50, 100)


def test_north_is_up_and_east_is_right_to_scale() -> None:
    south, north, east = place(1, 50.56, 15.91), place(2, 50.57, 15.91), place(3, 50.56, 15.92)
    drawn = plan([south, north, east])
    assert drawn is not None
    one, two, three = drawn.marks
    assert two.y < one.y and two.x == one.x and three.x > one.x and three.y == one.y
    # A degree of longitude is shorter than one of latitude by the cosine of the latitude.
    assert abs((three.x - one.x) / (one.y - two.y) - 0.635) < 0.01
    assert abs((one.y - two.y) / drawn.step * drawn.metres - 1113) < 25


def test_marks_of_places_beside_each_other_stand_apart_within_the_map() -> None:
    here = [place(number, 50.5611, 15.9127) for number in range(1, 9)]
    drawn = plan([*here, place(9, 50.58, 15.95)])
    assert drawn is not None
    assert sum(mark.is_aside for mark in drawn.marks) == 7
    for one, other in combinations(drawn.marks, 2):
        assert hypot(one.x - other.x, one.y - other.y) >= APART - 0.2
    for mark in drawn.marks:
        assert RADIUS <= mark.x <= WIDTH - RADIUS and RADIUS <= mark.y <= drawn.height - RADIUS <= TALLEST - RADIUS


def test_a_whole_country_fits_too() -> None:
    drawn = plan([place(1, 48.6, 12.1), place(2, 51.0, 18.8)])
    assert drawn is not None
    assert drawn.metres >= 50_000 and len(drawn.across) <= 10
