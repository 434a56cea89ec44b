from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import StatementRefused
from engine.model import SYSTEM
from integrations.bank.abo import parse_statements
from integrations.bank.statement import to_command
from tests.unit.integrations.gpc import SAMPLE, a_credit, a_file, header, movement

OWN = ["19-2000145399/0800"]
FOREIGN = Path("/work/shared/standards/bank")


def refused(content: bytes, **options: object) -> tuple[int, str]:
    with pytest.raises(StatementRefused) as caught:
        parse_statements(content, **options)  # type: ignore[arg-type]
    assert caught.value.facts["sentence"] in str(caught.value)
    return caught.value.facts["line"], caught.value.facts["reason"]


def test_the_sample_statement_gives_one_payment_with_all_its_symbols() -> None:
    (statement,) = parse_statements(SAMPLE, own=OWN)
    assert str(statement.account) == "19-2000145399/0800"
    assert (statement.holder, statement.number) == ("OBEC TEST", "1")
    assert (statement.opened_on, statement.closed_on) == (date(2025, 1, 31), date(2025, 2, 1))
    assert (statement.opening_balance, statement.closing_balance) == (100_000, 862_000)
    (payment,) = statement.transactions
    assert (payment.amount, payment.currency, payment.booked_on) == (762_000, "CZK", date(2025, 2, 1))
    assert (payment.counter_account, payment.counter_name) == ("1265098001/5500", "OBEC PLATCE")
    assert (payment.variable_symbol, payment.constant_symbol, payment.specific_symbol) == ("2025000001", "0558", "")


def test_the_command_carries_the_statement_word_for_word() -> None:
    (statement,) = parse_statements(SAMPLE, own=OWN)
    command = to_command(statement, tenant="town", actor=SYSTEM, filename="vypis.gpc")
    assert (command.account, command.closing_balance) == ("19-2000145399/0800", 862_000)
    assert command.transactions == statement.transactions


def test_line_ends_and_a_byte_order_mark_change_nothing_not_even_the_hash() -> None:
    (statement,) = parse_statements(SAMPLE)
    assert parse_statements(b"\xef\xbb\xbf" + SAMPLE.replace(b"\r\n", b"\n") + b"\x1a") == [statement]
    assert parse_statements(SAMPLE.removesuffix(b"\r\n")) == [statement]


@pytest.mark.parametrize("encoding", ["cp1250", "cp852", "iso8859-2"])
def test_czech_names_are_read_in_the_encodings_of_banks(encoding: str) -> None:
    name = "Město Žďár n. Sáz."
    content = a_file(header(closing=110000, credit=10000), movement(10000, name=name), encoding=encoding)
    assert parse_statements(content)[0].transactions[0].counter_name == name


def test_debits_and_reversed_credits_are_negative_and_reversals_are_told() -> None:
    content = a_file(
        header(opening=500, closing=400, debit=200, credit=100),
        movement(200, code="1"),
        movement(300, code="2"),
        movement(300, code="5"),
        movement(100, code="4"),
    )
    found = [(item.amount, item.reversal) for item in parse_statements(content)[0].transactions]
    assert found == [(-200, False), (300, False), (-300, True), (100, True)]


def test_a_negative_balance_is_read() -> None:
    (statement,) = parse_statements(a_file(header(opening=-500, closing=-700, debit=200), movement(200, code="1")))
    assert (statement.opening_balance, statement.closing_balance) == (-500, -700)


def test_records_of_other_kinds_are_skipped() -> None:
    head, line = SAMPLE.splitlines()
    content = b"\r\n".join([head, line, b"078Zprava pro prijemce", b"079dalsi"])
    assert len(parse_statements(content)[0].transactions) == 1


def test_an_extended_record_gives_its_message() -> None:
    head, line = SAMPLE.splitlines()
    (statement,) = parse_statements(head + b"\n" + line + b"CLENSKY PRISPEVEK".ljust(35) + b"ROK 2025\n")
    assert statement.transactions[0].message == "CLENSKY PRISPEVEK ROK 2025"


def test_the_internal_order_of_digits_is_recognised_by_our_own_account() -> None:
    plain = "0000192000145399"
    prefix, number = plain[:6], plain[6:]
    internal = "".join(number[place] for place in (9, 7, 8, 5, 0, 1, 2, 3, 4, 6)) + prefix
    content = a_credit(account=internal, counter=internal)
    assert str(parse_statements(content, own=OWN)[0].account) == "19-2000145399/0800"
    assert parse_statements(content, order="internal")[0].transactions[0].counter_account == "19-2000145399/5500"


def test_several_statements_of_one_account_are_read_one_by_one() -> None:
    content = a_file(
        header(opening=0, closing=100, credit=100),
        movement(100),
        header(opening=100, closing=300, credit=200, number="002", opened="010225", closed="020225"),
        movement(200, day="020225"),
    )
    assert [statement.number for statement in parse_statements(content)] == ["1", "2"]


def test_the_same_line_has_the_same_key_in_every_statement_and_twins_have_two() -> None:
    twins = a_file(header(closing=100200, credit=200), movement(100), movement(100))
    alone = a_file(header(closing=100100, credit=100, number="007"), movement(100))
    keys = [item.key for item in parse_statements(twins)[0].transactions]
    assert len(set(keys)) == 2
    assert parse_statements(alone)[0].transactions[0].key == keys[0]


def test_a_line_without_a_counter_account_or_symbols_gives_empty_ones() -> None:
    content = a_credit(counter="0" * 16, bank="0000", ks="0000", vs="")
    item = parse_statements(content)[0].transactions[0]
    assert (item.counter_account, item.variable_symbol, item.constant_symbol) == ("", "", "")


HEAD, LINE = SAMPLE.decode().splitlines()


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (b"", 1, "empty"),
        (b"\r\n  \r\n", 1, "empty"),
        (LINE.encode(), 1, "no-header"),
        (b"%PDF-1.7\n", 1, "no-header"),
        (f"{HEAD}\n{LINE[:90]}".encode(), 2, "short-line"),
        (HEAD.encode()[:120], 1, "short-line"),
        (f"{HEAD}  \n{LINE}".encode(), 1, "long-line"),
        (f"{HEAD}\nhello\n{LINE}".encode(), 2, "garbage"),
        (f"{HEAD}\n{LINE[:50]}x{LINE[51:]}".encode(), 2, "not-digits"),
        (f"{HEAD}\n{LINE[:60]}7{LINE[61:]}".encode(), 2, "bad-code"),
        (f"{HEAD}\n{LINE[:122]}310225".encode(), 2, "bad-date"),
        (f"{HEAD[:59]}x{HEAD[60:]}\n{LINE}".encode(), 1, "bad-sign"),
        (f"{HEAD[:108]}010124{HEAD[114:]}\n{LINE}".encode(), 1, "bad-date"),
        (f"{HEAD[:73]}1{HEAD[74:]}\n{LINE}".encode(), 1, "balance"),
        (f"{HEAD}\n".encode(), 1, "items"),
        (f"{HEAD}\n{LINE}\n{LINE}".encode(), 1, "items"),
        (f"{HEAD}\n{LINE[:18]}8{LINE[19:]}".encode(), 2, "mixed-accounts"),
        (SAMPLE.decode().encode("utf-16-le"), 1, "encoding"),
        (SAMPLE.decode().encode("utf-16")[:-1], 1, "no-header"),
        # Its text field has twenty bytes, not twenty letters.
        (f"{HEAD}\n{LINE[:97]}{'Žďár':17}{LINE[117:]}".encode(), 2, "short-line"),
        (f"{HEAD}\n".encode() + f"{LINE[:97]}{'Ж':20}{LINE[117:]}".encode(), 2, "encoding"),
    ],
)
def test_a_damaged_statement_is_refused_whole_with_its_line(content: bytes, line: int, reason: str) -> None:
    assert refused(content) == (line, reason)


def test_a_statement_of_another_account_is_refused() -> None:
    assert refused(SAMPLE, own=["222885/5500"]) == (1, "other-account")


@settings(max_examples=50)
@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(content: bytes) -> None:
    for candidate in (content, SAMPLE[: len(content)] + content, SAMPLE + content):
        try:
            parse_statements(candidate)
        except StatementRefused as error:
            assert error.facts["line"] >= 1


@settings(max_examples=50)
@given(st.integers(0, len(SAMPLE) - 1), st.binary(min_size=1, max_size=1))
def test_one_changed_byte_never_changes_the_sum(place: int, byte: bytes) -> None:
    changed = SAMPLE[:place] + byte + SAMPLE[place + 1 :]
    try:
        (statement,) = parse_statements(changed)
    except StatementRefused:
        return
    moved = sum(item.amount for item in statement.transactions)
    assert statement.opening_balance + moved == statement.closing_balance


@pytest.mark.skipif(not FOREIGN.is_dir(), reason="the foreign samples are not here")
@pytest.mark.parametrize(
    ("name", "reason"),
    [("basic_format.abo", "long-line"), ("extended_format.abo", "long-line"), ("malformed.abo", "short-line")],
)
def test_foreign_samples_with_shifted_fields_are_refused_at_their_first_line(name: str, reason: str) -> None:
    assert refused((FOREIGN / name).read_bytes()) == (1, reason)


@pytest.mark.skipif(not FOREIGN.is_dir(), reason="the foreign samples are not here")
def test_movements_of_a_foreign_sample_are_read_under_a_right_header() -> None:
    _, first, second = (FOREIGN / "basic_format.abo").read_bytes().splitlines()
    head = header(account="0000000001234567", opening=243002, closing=0, debit=243002, opened="200825", closed="210825")
    (statement,) = parse_statements(b"\n".join([head.encode(), first, second]))
    assert [(item.amount, item.variable_symbol) for item in statement.transactions] == [
        (-110001, "1746581670"),
        (-133001, "1746581670"),
    ]
