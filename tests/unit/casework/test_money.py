"""Amounts, accounts and symbols, by the vectors of the domain research (chapter 2.1) and by properties."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from engine.errors import Invalid
from engine.handlers.money import account_of, amount_of, amount_text, iban_of
from engine.handlers.numbers import check_digit
from engine.handlers.payments import plain_symbol
from engine.store.searching import fold


@pytest.mark.parametrize(
    ("account", "iban"),
    [
        ("19-2000145399/0800", "CZ6508000000192000145399"),
        ("000019-2000145399/0800", "CZ6508000000192000145399"),
        ("222885/5500", "CZ1355000000000000222885"),
        ("1265098001/5500", "CZ5855000000001265098001"),
    ],
)
def test_an_account_has_the_iban_of_the_standard(account: str, iban: str) -> None:
    assert iban_of(account) == iban


@pytest.mark.parametrize("wrong", ["222886/5500", "20-2000145399/0800", "1/0800", "222885/550", "222885", "a/0800", ""])
def test_a_wrong_account_is_refused(wrong: str) -> None:
    with pytest.raises(Invalid):
        account_of(wrong)


@pytest.mark.parametrize(
    ("value", "halere"),
    [(762_000, 762_000), ("7620", 762_000), ("7620.00", 762_000), ("7 620,50", 762_050), ("-0,05", -5), (0, 0)],
)
def test_amounts_are_read_from_haler_or_crowns(value: int | str, halere: int) -> None:
    assert amount_of(value) == halere


@pytest.mark.parametrize("wrong", [1.5, True, None, "", "1.234", "Infinity", "NaN", "1e999999", "sto", [1]])
def test_what_is_no_amount_is_refused(wrong: object) -> None:
    with pytest.raises(Invalid):
        amount_of(wrong)


def test_an_amount_is_written_with_spaces_that_do_not_break() -> None:
    assert amount_text(762_000) == "7\u00a0620,00\u00a0Kč"
    assert amount_text(-5) == "−0,05\u00a0Kč"


@given(some.integers(min_value=-(10**12), max_value=10**12))
def test_an_amount_written_is_the_amount_read(halere: int) -> None:
    assert amount_of(amount_text(halere).removesuffix("\u00a0Kč")) == halere


@given(some.text("0123456789", min_size=9, max_size=9), some.integers(0, 8), some.integers(1, 9))
def test_one_wrong_digit_changes_the_check_digit(digits: str, place: int, more: int) -> None:
    wrong = digits[:place] + str((int(digits[place]) + more) % 10) + digits[place + 1 :]
    assert check_digit(wrong) != check_digit(digits)


@pytest.mark.parametrize(("given_symbol", "plain"), [("0000123", "123"), (123, "123"), (" 42 ", "42"), ("0", "")])
def test_leading_zeros_of_a_symbol_mean_nothing(given_symbol: str | int, plain: str) -> None:
    assert plain_symbol(given_symbol) == plain


@pytest.mark.parametrize("wrong", ["12345678901", "12a", "", "-1", "²"])
def test_what_is_no_symbol_is_refused(wrong: str) -> None:
    with pytest.raises(Invalid):
        plain_symbol(wrong)


def test_folding_leaves_neither_case_nor_accents_nor_spaces() -> None:
    assert fold("  ŘÍČANY ", None, "u Prahy\n") == "ricany u prahy"
