"""How people read dates, money and time."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from web.ui import words

NOW = datetime(2026, 11, 23, 9, 58, tzinfo=UTC)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_a_date_is_told_with_its_day_and_joined_so_that_it_never_breaks() -> None:
    assert words.date_cz(date(2026, 11, 23)) == "pondělí 23.\u00a011.\u00a02026"
    assert plain(words.date_cz(date(2027, 3, 31), until=True)) == "středy 31. 3. 2027"
    assert plain(words.date_cz(date(2026, 11, 23), "en")) == "Monday 23 November 2026"


def test_a_moment_is_told_in_prague_time() -> None:
    assert plain(words.moment_cz(NOW)) == "pondělí 23. 11. 2026 v 10:58"
    assert plain(words.moment_cz("2026-07-01T22:30:00+00:00")) == "čtvrtek 2. 7. 2026 v 0:30"


@pytest.mark.parametrize(
    ("due", "said", "urgency"),
    [
        (date(2026, 11, 28), "zbývá 5 dní", ""),
        (date(2026, 11, 25), "zbývají 2 dny", "is-soon"),
        (date(2026, 11, 24), "zítra", "is-soon"),
        (date(2026, 11, 23), "dnes", "is-soon"),
        (date(2026, 11, 22), "1 den po lhůtě", "is-late"),
        (datetime(2026, 11, 23, 9, 0, tzinfo=UTC), "dnes po lhůtě", "is-late"),
    ],
)
def test_time_left_is_told_in_words_that_fit_the_number(due: date | datetime, said: str, urgency: str) -> None:
    assert plain(words.time_left(due, NOW)) == said
    assert words.urgency(due, NOW) == urgency


def test_money_is_told_the_same_from_halere_and_from_a_decimal_text() -> None:
    assert words.money(762000) == words.money("7620") == "7\u00a0620,00\u00a0Kč"
    assert plain(words.money(-5)) == "−0,05 Kč"
    assert words.money("nothing") == "nothing"


def test_english_pages_write_money_and_numbers_the_english_way() -> None:
    assert words.money(762000, "en") == words.money("7620", "en") == "CZK\u00a07,620.00"
    assert plain(words.money(-123456789, "en")) == "−CZK 1,234,567.89"
    assert words.number("49000.5", "en") == "49,000.5"
    assert words.money("nothing", "en") == "nothing"


def test_sizes_and_numbers_of_organisations_are_told_in_groups() -> None:
    assert plain(words.filesize(140_300)) == "140 kB"
    assert plain(words.filesize(1_240_000)) == "1,2 MB"
    assert plain(words.ico("05129061")) == "051 29 061"
    assert words.ico("5129061") == "5129061"


def test_short_words_and_units_never_stand_alone_at_the_end_of_a_line() -> None:
    assert (
        words.nbsp("v obci a k tomu 30 dnů, č. j. 5") == "v\u00a0obci a\u00a0k\u00a0tomu 30\u00a0dnů, č.\u00a0j.\u00a05"
    )
