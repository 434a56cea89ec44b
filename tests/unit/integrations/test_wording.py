import pytest

from processes.wording import BadValue, date_cz, ico, money, money_dash, nbsp, number, plural

S = "\u00a0"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (762_000, f"7{S}620,00{S}Kč"),
        ("7620", f"7{S}620,00{S}Kč"),
        ("7620.5", f"7{S}620,50{S}Kč"),
        ("7 620,55", f"7{S}620,55{S}Kč"),
        (0, f"0,00{S}Kč"),
        (-5, f"−0,05{S}Kč"),
        (123_456_789_00, f"123{S}456{S}789,00{S}Kč"),
    ],
)
def test_money_is_haléře_as_a_number_and_crowns_as_a_text(value: int | str, text: str) -> None:
    assert money(value) == text


@pytest.mark.parametrize("value", [7620.0, True, None, "sedm", "1e400", ["1"]])
def test_money_is_never_a_float_or_a_guess(value: object) -> None:
    with pytest.raises(BadValue):
        money(value)


def test_whole_crowns_have_a_dash_and_others_their_haléře() -> None:
    assert money_dash(762_000) == f"7{S}620,-{S}Kč"
    assert money_dash(762_050) == f"7{S}620,50{S}Kč"


def test_an_ico_is_read_in_groups() -> None:
    assert ico("05129061") == f"051{S}29{S}061"
    assert ico(64581) == f"000{S}64{S}581"


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        ("2026-07-01", "short", f"1.{S}7.{S}2026"),
        ("2026-11-23", "long", f"pondělí 23.{S}11.{S}2026"),
        ("2026-07-01", "words", f"1.{S}července{S}2026"),
        ("2021-08-17", "padded", "17.08.2021"),
        # Midnight in Prague, still the day before in London.
        ("2026-06-30T22:30:00+00:00", "moment", f"1.{S}7.{S}2026 v{S}0:30"),
    ],
)
def test_dates_are_written_as_offices_write_them(value: str, form: str, text: str) -> None:
    assert date_cz(value, form) == text


@pytest.mark.parametrize(("value", "form"), [("zítra", "short"), ("2026-02-30", "short"), ("2026-07-01", "gothic")])
def test_what_is_no_date_is_refused(value: str, form: str) -> None:
    with pytest.raises(BadValue):
        date_cz(value, form)


def test_lonely_letters_units_and_abbreviations_stay_with_their_word() -> None:
    assert nbsp("žádost v řízení č. 5 za 10 Kč podle § 40 a v lese") == (
        f"žádost v{S}řízení č.{S}5 za 10{S}Kč podle §{S}40 a{S}v{S}lese"
    )


def test_counted_words_follow_their_number() -> None:
    assert [plural(n, "den", "dny", "dní") for n in (1, 2, 4, 5, 0)] == ["den", "dny", "dny", "dní", "dní"]


def test_numbers_have_spaces_between_thousands() -> None:
    assert (number(2540), number("1234567.50"), number(-1000)) == (f"2{S}540", f"1{S}234{S}567,50", f"−1{S}000")
