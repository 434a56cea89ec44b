"""Czech formats by checksum, with the vectors of the domain research."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.formats import FORMATS, is_right
from forms.money import parse

RIGHT = [
    *(("cz-ico", number) for number in ("05129061", "00258245", "00064581", "70890692", "00274968")),
    ("cz-dic", "CZ05129061"),
    *(("cz-account", account) for account in ("19-2000145399/0800", "1265098001/5500", "222885/5500")),
    ("iban", "CZ6508000000192000145399"),
    ("iban", "CZ1355000000000000222885"),
    ("iban", "CZ5855000000001265098001"),
    ("cz-databox", "whbt3kp"),
    ("cz-postal-code", "62100"),
    ("ean", "859182400000000005"),
    ("eic", "10YCZ-CEPS-----N"),
    ("cz-birth-number", "7103192745"),
    ("phone", "+420601234567"),
    ("email", "jana.novakova@rokytnice.example.cz"),
    ("uri", "https://www.mesto.cz/úřad?a=1"),
    ("money", "7620.00"),
    ("money", "-0.50"),
    ("date", "2024-02-29"),
    ("time", "23:59"),
    ("date-time", "2027-07-01T14:30:00+02:00"),
]
WRONG = [
    ("cz-ico", "05129062"),
    ("cz-ico", "5129061"),
    ("cz-ico", "٠٥١٢٩٠٦١"),
    ("cz-dic", "05129061"),
    ("cz-dic", "CZ05129062"),
    ("cz-account", "19-2000145398/0800"),
    ("cz-account", "000000-222885/5500"),
    ("cz-account", "00/0800"),
    ("iban", "CZ6508000000192000145398"),
    ("cz-databox", "WHBT3KP"),
    ("cz-databox", "whbt3k"),
    ("cz-postal-code", "051 2"),
    ("ean", "859182400000000004"),
    ("eic", "10YCZ-CEPS-----M"),
    ("cz-birth-number", "7103192746"),
    ("phone", "601234567"),
    ("email", "jana@"),
    ("email", "jana novak@mesto.cz"),
    ("email", "a..b@mesto.cz"),
    ("uri", "javascript:alert(1)"),
    ("money", "7620"),
    ("money", "7,50"),
    ("date", "2023-02-29"),
    ("date", "2027-7-1"),
    ("time", "24:00"),
    ("date-time", "2027-07-01T14:30:00"),
]
TYPED = [
    ("cz-ico", "051 29 061", "05129061"),
    ("cz-ico", "258245", "00258245"),
    ("cz-account", "000019-2000145399 / 0800", "19-2000145399/0800"),
    ("iban", "cz65 0800 0000 1920 0014 5399", "CZ6508000000192000145399"),
    ("cz-postal-code", "621 00", "62100"),
    ("cz-databox", " WHBT3KP ", "whbt3kp"),
    ("cz-birth-number", "710319/2745", "7103192745"),
    ("phone", "601 234 567", "+420601234567"),
    ("phone", "00420 601-234-567", "+420601234567"),
    ("uri", "www.mesto.cz", "https://www.mesto.cz"),
    ("money", "7 620,- Kč", "7620.00"),
    ("money", "1 234,5", "1234.50"),
    ("money", "1.234,50", "1234.50"),
    ("money", "12.500", "12500.00"),
    ("money", "12,500", "12.50"),
    ("money", "0.500", "0.50"),
    ("date", "1. 7. 2027", "2027-07-01"),
    ("date", "1.7.2027", "2027-07-01"),
    ("date", "1. července 2027", "2027-07-01"),
    ("date", "31. 2. 2027", "31. 2. 2027"),
    ("date", "1 July 2027", "2027-07-01"),
    ("date", "Jul 1, 2027", "2027-07-01"),
    ("date", "1 juniper 2027", "1 juniper 2027"),
    ("time", "9.30", "09:30"),
    ("date-time", "1. 7. 2027 14:30", "2027-07-01T14:30:00+02:00"),
]


@pytest.mark.parametrize(("name", "text"), RIGHT)
def test_a_right_value_is_accepted(name: str, text: str) -> None:
    assert is_right(name, text)


@pytest.mark.parametrize(("name", "text"), WRONG)
def test_a_wrong_value_is_refused(name: str, text: str) -> None:
    assert not is_right(name, text)


@pytest.mark.parametrize(("name", "typed", "stored"), TYPED)
def test_what_people_type_is_brought_to_the_stored_spelling(name: str, typed: str, stored: str) -> None:
    assert FORMATS[name].tidy(typed) == stored


@pytest.mark.parametrize(("name", "text"), RIGHT)
def test_what_is_shown_reads_back_as_what_is_stored(name: str, text: str) -> None:
    known = FORMATS[name]
    assert known.tidy(known.show(text)) == text
    assert known.typed(known.shown(text, "en"), "en") == text


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("14,500", "14500.00"),
        ("14,500.50", "14500.50"),
        ("1,234,567", "1234567.00"),
        ("14.5", "14.50"),
        ("0,5", "0.50"),
    ],
)
def test_on_an_english_page_a_comma_groups_thousands(typed: str, stored: str) -> None:
    assert FORMATS["money"].typed(typed, "en") == stored


def test_every_example_is_right_once_tidied() -> None:
    for name, known in FORMATS.items():
        assert not known.example or known.right(known.tidy(known.example)), name


@given(st.sampled_from(sorted(FORMATS)), st.text(max_size=40))
def test_any_text_is_tidied_shown_and_judged_without_an_exception(name: str, text: str) -> None:
    known = FORMATS[name]
    known.show(text)
    assert known.tidy(known.tidy(text)) == known.tidy(text)
    assert known.right(text) in (True, False)


@pytest.mark.parametrize(
    ("text", "number"),
    [("1 234,50", "1234.50"), ("-5", "-5"), ("1,234,567", "1234567"), ("0,1", "0.1"), ("14,5 tis.", None), ("", None)],
)
def test_numbers_are_read_as_czechs_write_them(text: str, number: str | None) -> None:
    assert (None if (read := parse(text)) is None else str(read)) == number
