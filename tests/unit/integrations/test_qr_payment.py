from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.bank.qr_payment import BadPaymentCode, build_payment, checksum, parse_payment, payment_code

IBAN = "CZ6508000000192000145399"


def test_a_fee_becomes_the_descriptor_banks_read() -> None:
    text = payment_code(
        IBAN, 762_000, variable_symbol="2025000001", due_on=date(2025, 1, 31), message="Členský příspěvek 2025"
    )
    assert text == (
        "SPD*1.0*ACC:CZ6508000000192000145399*AM:7620.00*CC:CZK*DT:20250131*MSG:CLENSKY PRISPEVEK 2025*X-VS:2025000001"
    )


def test_the_checksum_is_taken_over_sorted_attributes() -> None:
    attributes = parse_payment(
        "SPD*1.0*ACC:CZ6508000000192000145399*AM:7620.00*CC:CZK*DT:20250131*MSG:CLENSKY PRISPEVEK 2025"
        "*X-KS:0558*X-VS:2025000001"
    )
    assert checksum(attributes) == "4BCAB3F8"
    backwards = dict(reversed(attributes.items()))
    assert build_payment(backwards, crc=True).endswith("*CRC32:4BCAB3F8")


def test_a_published_example_is_read() -> None:
    found = parse_payment(
        "SPD*1.0*ACC:CZ5855000000001265098001*AM:480.50*CC:CZK*RF:7004139146*X-VS:1234567890*DT:20120524"
        "*MSG:PLATBA ZA ZBOZI"
    )
    assert (found["AM"], found["X-VS"], found["MSG"]) == ("480.50", "1234567890", "PLATBA ZA ZBOZI")


def test_other_accounts_whole_crowns_and_escapes_are_read() -> None:
    found = parse_payment(
        "SPD*1.0*AM:399*ACC:CZ5855000000001265098001+RZBCCZPP*ALT-ACC:CZ6508000000192000145399*MSG:A%2AB %C5%BD*"
    )
    assert (found["AM"], found["MSG"]) == ("399", "A*B Ž")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "SPD"),
        ("SPD*2.0*ACC:CZ5855000000001265098001", "SPD"),
        ("SPD*1.0*AM:1.00", "ACC"),
        (f"SPD*1.0*ACC:{IBAN}*AM:0.00", "AM"),
        (f"SPD*1.0*ACC:{IBAN}*AM:1,00", "AM"),
        (f"SPD*1.0*ACC:{IBAN}*AM:1*AM:2", "AM"),
        (f"SPD*1.0*ACC:{IBAN}*FOO:1", "FOO"),
        (f"SPD*1.0*ACC:{IBAN}*DT:20250230", "DT"),
        (f"SPD*1.0*ACC:{IBAN}*X-VS:12345678901", "X-VS"),
        (f"SPD*1.0*ACC:{IBAN}*CRC32:00000000", "CRC32"),
    ],
)
def test_a_wrong_descriptor_is_refused_with_the_key(text: str, key: str) -> None:
    with pytest.raises(BadPaymentCode) as caught:
        parse_payment(text)
    assert caught.value.facts["key"] == key


@pytest.mark.parametrize("amount", [0, -1, 1_000_000_000])
def test_an_amount_the_format_cannot_hold_is_refused(amount: int) -> None:
    with pytest.raises(BadPaymentCode):
        payment_code(IBAN, amount)


@settings(max_examples=50)
@given(st.integers(1, 999_999_999), st.text(max_size=80))
def test_what_is_written_is_read_back(amount: int, message: str) -> None:
    found = parse_payment(payment_code(IBAN, amount, message=message))
    assert found["AM"] == f"{amount // 100}.{amount % 100:02}"
