import pytest

from integrations.bank.accounts import BadAccount, account_of_iban, parse_account


@pytest.mark.parametrize(
    ("text", "iban"),
    [
        ("19-2000145399/0800", "CZ6508000000192000145399"),
        ("222885/5500", "CZ1355000000000000222885"),
        ("1265098001/5500", "CZ5855000000001265098001"),
    ],
)
def test_an_account_and_its_iban_are_the_same_account(text: str, iban: str) -> None:
    assert parse_account(text).iban == iban
    assert str(account_of_iban(iban)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1/0800",
        "19-2000145398/0800",
        "19-2000145399/080",
        "1234567-2000145399/0800",
        "18-2000145399/0800",
        "00/0800",
    ],
)
def test_a_wrong_account_is_refused(text: str) -> None:
    with pytest.raises(BadAccount):
        parse_account(text)


def test_spaces_and_leading_zeros_make_no_other_account() -> None:
    assert parse_account(" 000019 - 2000145399 / 0800 ") == parse_account("19-2000145399/0800")


@pytest.mark.parametrize("text", ["CZ6508000000192000145398", "SK6508000000192000145399", "CZ65"])
def test_a_wrong_iban_is_refused(text: str) -> None:
    with pytest.raises(BadAccount):
        account_of_iban(text)


def test_an_iban_needs_the_bank() -> None:
    with pytest.raises(BadAccount):
        _ = parse_account("222885").iban
