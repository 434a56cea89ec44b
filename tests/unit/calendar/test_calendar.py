"""Working days, periods of the law, ISO times, clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import calendar
from engine.errors import BadTime

DAYS = st.dates(min_value=date(1995, 1, 1), max_value=date(2060, 12, 31))
MOMENTS = st.integers(min_value=788_918_400, max_value=2_840_140_800).map(lambda s: datetime.fromtimestamp(s, UTC))


def prague(text: str) -> datetime:
    return calendar.parse_moment(text)


# --- holidays and working days ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "day",
    [
        "2026-01-01",
        "2026-04-03",
        "2026-04-06",
        "2026-05-01",
        "2026-05-08",
        "2026-07-05",
        "2026-07-06",
        "2026-09-28",
        "2026-10-28",
        "2026-11-17",
        "2026-12-24",
        "2026-12-25",
        "2026-12-26",
        "2027-03-26",
        "2027-03-29",
    ],
)
def test_a_public_holiday_is_no_working_day(day: str) -> None:
    assert not calendar.is_working_day(date.fromisoformat(day))


def test_a_weekday_that_is_no_holiday_is_a_working_day() -> None:
    assert calendar.is_working_day(date(2026, 7, 1))


def test_a_year_has_thirteen_holidays_with_czech_names() -> None:
    assert len(calendar.holidays_of(2026)) == 13
    assert calendar.holidays_of(2026)[date(2026, 12, 24)] == "Štědrý den"


def test_ten_working_days_step_over_weekends_and_the_july_holiday() -> None:
    assert calendar.add_working_days(date(2026, 7, 1), 10) == date(2026, 7, 16)


def test_too_many_working_days_are_refused() -> None:
    with pytest.raises(BadTime):
        calendar.add_working_days(date(2026, 1, 1), 10_001)


@given(DAYS, st.integers(1, 60))
def test_the_nth_working_day_is_a_working_day_with_n_of_them_up_to_it(day: date, count: int) -> None:
    end = calendar.add_working_days(day, count)
    assert calendar.is_working_day(end)
    assert calendar.working_days_between(day, end) == count


@given(DAYS, st.integers(1, 30))
def test_going_back_as_many_working_days_ends_at_the_last_working_day_not_after_the_start(
    day: date, count: int
) -> None:
    back = calendar.add_working_days(calendar.add_working_days(day, count), -count)
    assert back <= day
    assert calendar.working_days_between(back, day) == 0


@given(DAYS)
def test_the_next_working_day_is_near_and_a_working_day_is_its_own(day: date) -> None:
    found = calendar.next_working_day(day)
    assert calendar.is_working_day(found)
    assert timedelta(0) <= found - day <= timedelta(days=7)
    assert (found == day) == calendar.is_working_day(day)


# --- moments and durations -------------------------------------------------------------------------------------------


def test_a_moment_without_an_offset_is_prague_time_in_summer_and_winter() -> None:
    assert prague("2026-07-01T12:00") == datetime(2026, 7, 1, 10, tzinfo=UTC)
    assert prague("2026-01-01T12:00") == datetime(2026, 1, 1, 11, tzinfo=UTC)


def test_an_offset_is_kept() -> None:
    assert prague("2026-07-01T12:00:00Z") == datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "tomorrow", "2026-13-01", "2026-02-30", "P1D", "9999-99-99T99:99"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(BadTime):
        prague(text)


def test_a_day_over_the_change_to_summer_time_ends_at_the_same_time_of_day() -> None:
    assert calendar.after(prague("2026-03-28T12:00"), "P1D") == prague("2026-03-29T12:00")


def test_24_hours_over_the_change_to_summer_time_are_24_hours() -> None:
    assert calendar.after(prague("2026-03-28T12:00"), "PT24H") == prague("2026-03-29T13:00")


def test_a_day_over_the_change_to_winter_time_lasts_25_hours() -> None:
    start = prague("2026-10-24T12:00")
    assert calendar.after(start, "P1D") - start == timedelta(hours=25)


def test_a_month_after_the_31st_is_the_last_day_of_a_shorter_month() -> None:
    assert calendar.after(prague("2026-01-31T08:00"), "P1M") == prague("2026-02-28T08:00")


def test_all_parts_of_a_duration_count() -> None:
    assert calendar.after(prague("2026-01-01"), "P1Y2M1W3DT4H5M6.5S") == prague("2027-03-11T04:05:06.500")


def test_a_negative_duration_goes_back() -> None:
    assert calendar.after(prague("2026-01-10"), "-P10D") == prague("2025-12-31")


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "P1", "1D", "P1S", "PT1D", "P1D2M", "P-1D", "P1WD2", "P" + "9" * 30 + "D"]
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(BadTime):
        calendar.after(prague("2026-01-01"), text)


def test_a_duration_that_leaves_the_calendar_is_refused() -> None:
    with pytest.raises(BadTime):
        calendar.after(prague("2026-01-01"), "P99999Y")


@given(MOMENTS, st.integers(0, 10_000))
def test_seconds_are_exact(moment: datetime, seconds: int) -> None:
    assert calendar.after(moment, f"PT{seconds}S") == moment + timedelta(seconds=seconds)


@given(MOMENTS, st.integers(0, 400), st.integers(1, 400))
def test_a_longer_period_never_ends_earlier(moment: datetime, days: int, more: int) -> None:
    assert calendar.after(moment, f"P{days}D") < calendar.after(moment, f"P{days + more}D")


@given(st.text(max_size=20))
def test_any_text_is_a_time_or_refused_with_a_sentence(text: str) -> None:
    for kind in ("timeDate", "timeDuration", "timeCycle", "due"):
        try:
            assert calendar.schedule(kind, text, prague("2026-01-01")).first.tzinfo is not None
        except BadTime as error:
            assert str(error)


# --- timers ----------------------------------------------------------------------------------------------------------


def test_a_duration_in_working_days_ends_with_the_last_of_them() -> None:
    found = calendar.schedule("timeDuration", "P10WD", prague("2026-07-01T15:00"))
    assert found.first == prague("2026-07-16T23:59:59")
    assert [reason["rule"] for reason in found.derivation] == ["start-not-counted", "working-days"]


def test_a_cycle_says_how_often_and_how_long_between() -> None:
    found = calendar.schedule("timeCycle", "R3/PT1H", prague("2026-01-01T10:00"))
    assert (found.first, found.count, found.period) == (prague("2026-01-01T11:00"), 3, "PT1H")


def test_a_cycle_without_a_number_goes_on_for_ever() -> None:
    found = calendar.schedule("timeCycle", "R/2026-01-01T00:00/P1Y", prague("2025-06-01"))
    assert (found.first, found.count) == (prague("2026-01-01"), None)


def test_a_cycle_may_be_an_interval_of_two_moments() -> None:
    found = calendar.schedule("timeCycle", "R2/2026-01-01T00:00Z/2026-01-01T06:00Z", prague("2025-06-01"))
    assert (found.count, found.period) == (2, "PT21600S")


@pytest.mark.parametrize("text", ["R3", "R3/", "R/PT0S", "R3/P1D/P1D", "3/P1D", "R2/2026-01-02/2026-01-01"])
def test_what_is_no_cycle_is_refused(text: str) -> None:
    with pytest.raises(BadTime):
        calendar.schedule("timeCycle", text, prague("2026-01-01"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PT1H", True),
        ("P10WD", True),
        ("R3/P1D", True),
        ("2026-01-01", True),
        ("-P1D", True),
        ("due_on", False),
        ("add_days(x, 3)", False),
        ("Px", False),
        ("R", False),
    ],
)
def test_a_time_is_told_from_an_expression(text: str, expected: bool) -> None:
    assert calendar.is_time_text(text) is expected


# --- due dates (§ 40) ------------------------------------------------------------------------------------------------


def due(text: str, start: str) -> str:
    return calendar.schedule("due", text, prague(start)).first.astimezone(calendar.PRAGUE).isoformat()[:16]


def test_the_day_of_the_event_is_not_counted() -> None:
    assert due("P8D", "2026-06-01T09:00") == "2026-06-09T23:59"


def test_a_period_that_ends_on_saturday_ends_on_monday() -> None:
    assert due("P5D", "2026-06-01T09:00") == "2026-06-08T23:59"


def test_a_period_that_ends_at_christmas_ends_on_the_first_working_day_after() -> None:
    found = calendar.schedule("due", "P30D", prague("2026-11-24T09:00"))
    assert found.first == prague("2026-12-28T23:59:59")
    assert [reason["date"] for reason in found.derivation] == ["2026-11-24", "2026-12-24", "2026-12-28"]
    assert "§ 40" in found.derivation[-1]["text"] and "§ 40" in found.derivation[-1]["text_en"]


def test_a_due_date_given_as_a_day_ends_with_that_day() -> None:
    assert due("2026-07-04", "2026-06-01") == "2026-07-04T23:59"


def test_a_due_time_in_hours_is_exact() -> None:
    assert due("PT36H", "2026-06-05T09:00") == "2026-06-06T21:00"


def test_an_event_shortly_before_midnight_belongs_to_its_day_in_prague() -> None:
    assert due("P1WD", "2026-06-01T23:30") == "2026-06-02T23:59"


@given(MOMENTS, st.integers(1, 400))
def test_a_period_in_days_always_ends_on_a_working_day_and_never_early(moment: datetime, days: int) -> None:
    end = calendar.day_in_prague(calendar.schedule("due", f"P{days}D", moment).first)
    assert calendar.is_working_day(end)
    assert end >= calendar.day_in_prague(moment) + timedelta(days=days)


# --- clocks ----------------------------------------------------------------------------------------------------------


def test_a_settable_clock_stands_still_until_it_is_moved() -> None:
    clock = calendar.SettableClock(prague("2026-01-01T12:00"))
    assert clock.now() == clock.now() == prague("2026-01-01T12:00")
    clock.advance("P1M")
    clock.advance(timedelta(hours=1))
    assert clock.now() == prague("2026-02-01T13:00")
    clock.set(prague("2026-03-01"))
    assert clock.now() == prague("2026-03-01")


def test_the_system_clock_is_aware() -> None:
    assert calendar.SystemClock().now().utcoffset() == timedelta(0)
