"""Charts as geometry."""

from __future__ import annotations

import pytest

from engine.queries.figures import Figure
from web.ui.charts import chart, rounded_up, whole_time

FOUND = [
    Figure(group="2024", part="a", value=2),
    Figure(group="2025", part="a", value=1),
    Figure(group="2025", part="b", value=3),
]
YEARS: dict[str | None, str] = {"2024": "2024", "2025": "2025"}
PARTS: dict[str | None, str] = {"a": "obce", "b": "kraje"}


def test_pieces_of_a_bar_lie_behind_each_other_and_the_longest_bar_is_whole() -> None:
    drawn = chart("stacked", FOUND, YEARS, PARTS, in_time=True)
    assert [[(piece.part, piece.x, piece.width) for piece in bar.pieces] for bar in drawn.bars] == [
        [("obce", 0, 50)],
        [("obce", 0, 25), ("kraje", 25, 75)],
    ]
    assert [bar.total for bar in drawn.bars] == [2, 4]


def test_a_line_goes_from_edge_to_edge_and_a_missing_number_is_nought() -> None:
    drawn = chart("line", FOUND, YEARS, PARTS, in_time=True)
    assert [line.points for line in drawn.lines] == [[(0, 50), (100, 75)], [(0, 100), (100, 25)]]
    assert [number for _y, number in drawn.levels] == [4, 2, 0]
    assert [row.cells for row in drawn.rows] == [[2, 0], [1, 3]]


def test_a_line_of_averages_is_broken_where_there_is_none() -> None:
    years: dict[str | None, str] = {year: year for year in ("2022", "2023", "2024", "2025", "2026")}
    found = [Figure(group=year, part=None, value=1) for year in years if year != "2024"]
    drawn = chart("line", found, years, {None: "dnů"}, in_time=True, nothing=None)
    assert drawn.lines[0].stretches == [[(0, 50), (25, 50)], [(75, 50), (100, 50)]]
    assert len(drawn.lines[0].polylines) == 2
    assert drawn.rows[2].cells == [None]


def test_what_has_no_date_is_in_the_table_and_on_no_line() -> None:
    found = [*FOUND, Figure(group=None, part="a", value=100)]
    drawn = chart("line", found, YEARS | {None: "neuvedeno"}, PARTS, in_time=True)
    assert [number for _y, number in drawn.levels] == [4, 2, 0]
    assert [row.name for row in drawn.rows] == ["2024", "2025", "neuvedeno"]


def test_the_last_name_under_a_line_does_not_reach_over_the_edge() -> None:
    drawn = chart("line", FOUND, YEARS, PARTS, in_time=True)
    assert [(tick.name, tick.anchor) for tick in drawn.ticks] == [("2024", "middle"), ("2025", "end")]
    years = ("2021", "2022", "2023", "2024", "2025", "2026")
    named: dict[str | None, str] = dict(zip(years, years, strict=True))
    many = chart("line", FOUND, named, PARTS, in_time=True)
    assert {tick.anchor for tick in many.ticks} == {"middle"}


def test_of_a_long_line_only_lonely_points_are_marked() -> None:
    months: dict[str | None, str] = {f"{at:03}": f"{at:03}" for at in range(40)}
    found = [Figure(group=month, part=None, value=1) for month in months if month not in ("010", "012")]
    (line,) = chart("line", found, months, {None: "dnů"}, in_time=True, nothing=None).lines
    assert len(line.points) == 38 and len(line.dots) == 1


@pytest.mark.parametrize(
    ("there", "whole"),
    [
        (["2026-02", "2025-11"], ["2025-11", "2025-12", "2026-01", "2026-02"]),
        (["2024", "2021"], ["2021", "2022", "2023", "2024"]),
        (["2025"], ["2025"]),
        ([], []),
        (["nikdy", "2025"], ["2025", "nikdy"]),
        (["0202-01", "2025-01"], ["0202-01", "2025-01"]),
        (["2025-13", "2025-15"], ["2025-13", "2025-15"]),
    ],
)
def test_months_and_years_in_which_nothing_happened_are_there_too(there: list[str], whole: list[str]) -> None:
    assert whole_time(there) == whole


def test_only_the_newest_years_are_drawn_but_the_table_has_all() -> None:
    years = [str(year) for year in range(1990, 2020)]
    found = [Figure(group=year, part=None, value=1) for year in years]
    drawn = chart("bar", found, dict(zip(years, years, strict=True)), {None: "počet"}, in_time=True)
    assert (drawn.bars[0].name, drawn.bars[-1].name, len(drawn.rows)) == ("1996", "2019", 30)


@pytest.mark.parametrize(("value", "top"), [(0, 2), (2, 2), (3, 4), (5, 10), (11, 20), (40, 40), (41, 100)])
def test_the_top_of_the_scale_halves_into_a_plain_number(value: float, top: float) -> None:
    assert rounded_up(value) == top
