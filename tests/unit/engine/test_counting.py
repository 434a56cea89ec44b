"""How rows in time are judged and spread over days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import Invalid
from engine.registers.counting import Counted, Judge, Point, by_day
from engine.registers.series import thousandths

START = datetime(2026, 3, 1, 11, 0, tzinfo=UTC)


def point(days: float, value: int, mark: str = "") -> Point:
    return Point(at=START + timedelta(days=days), value=value, mark=mark)


def judge(*points: Point, **counted: object) -> Judge:
    one = Judge(counted=Counted(**counted))  # type: ignore[arg-type]
    for each in points:
        one.remember(each)
    return one


def test_a_difference_is_spread_evenly_over_the_days_between_and_adds_up() -> None:
    days = by_day(Counted(), [point(0, 0), point(2, 4_800)])
    assert days == {date(2026, 3, 1): 1_200, date(2026, 3, 2): 2_400, date(2026, 3, 3): 1_200}


def test_the_longer_day_of_october_takes_more() -> None:
    midnight = datetime(2026, 10, 24, 22, 0, tzinfo=UTC)
    days = by_day(Counted(), [Point(at=midnight, value=0), Point(at=midnight + timedelta(hours=49), value=49)])
    assert days == {date(2026, 10, 25): 25, date(2026, 10, 26): 24, date(2026, 10, 27): 0}


@given(st.lists(st.tuples(st.integers(1, 10**7), st.integers(0, 10**9)), min_size=1, max_size=6))
def test_days_always_add_up_to_what_was_counted(steps: list[tuple[int, int]]) -> None:
    points, at, value = [Point(at=START, value=0)], START, 0
    for seconds, more in steps:
        at, value = at + timedelta(seconds=seconds), value + more
        points.append(Point(at=at, value=value))
    assert sum(by_day(Counted(), points).values()) == value


def test_another_counter_begins_anew_and_one_that_rolled_over_goes_on() -> None:
    counted = Counted(digits=5)
    assert sum(by_day(counted, [point(0, 99_990_000), point(1, 10_000, "rollover")]).values()) == 20_000
    assert sum(by_day(counted, [point(0, 99_990_000), point(1, 10_000, "reset"), point(2, 15_000)]).values()) == 5_000


@pytest.mark.parametrize(
    ("value", "expected"),
    [(120_000, ("", "")), (99_999, ("lower", "")), (-1, ("range", "")), (100_000_000, ("range", ""))],
)
def test_a_value_is_judged_by_the_one_before(value: int, expected: tuple[str, str]) -> None:
    assert judge(point(0, 100_000), digits=5).judge(START + timedelta(days=1), value, None) == expected


def test_a_counter_near_its_end_rolls_over_to_its_beginning() -> None:
    assert judge(point(0, 99_000_000), digits=5).judge(START + timedelta(days=1), 1_000, None) == ("", "rollover")
    assert judge(point(0, 99_000_000)).judge(START + timedelta(days=1), 1_000, None) == ("lower", "")


def test_a_value_above_the_next_one_and_one_after_the_end_are_held_back() -> None:
    one = judge(point(0, 1_000), last_day=date(2026, 3, 10))
    assert one.judge(START + timedelta(days=1), 3_000, point(2, 2_000)) == ("higher", "")
    assert one.judge(START + timedelta(days=10), 2_000, None) == ("ended", "")


def test_a_jump_is_more_than_so_many_times_the_median_by_day() -> None:
    usual = judge(*[point(day, day * 1_000) for day in range(5)], jump=5)
    assert usual.judge(START + timedelta(days=5), 9_000, None) == ("", "")
    assert usual.judge(START + timedelta(days=5), 9_001, None) == ("jump", "")
    assert judge(point(0, 0), jump=5).judge(START + timedelta(days=1), 10**9, None) == ("", "")


def test_amounts_count_on_their_day() -> None:
    assert by_day(Counted(kind="amount"), [point(0, 5), point(0, -2), point(1, 1)]) == {
        date(2026, 3, 1): 3,
        date(2026, 3, 2): 1,
    }


@pytest.mark.parametrize(("written", "value"), [("1 234,5", 1_234_500), (0.1, 100), ("7.0005", 7_001), (-2, -2_000)])
def test_numbers_are_read_the_czech_way(written: object, value: int) -> None:
    assert thousandths(written) == value


@pytest.mark.parametrize("written", ["", "12a", True, None, "nan", float("nan"), float("inf"), 10**12, "1,2,3", [1]])
def test_what_is_no_number_is_refused(written: object) -> None:
    with pytest.raises(Invalid):
        thousandths(written)
