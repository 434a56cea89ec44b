"""camt.053 is read whatever its version, to the haléř, or refused whole with the line."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import StatementRefused
from integrations.bank.camt import parse_camt
from integrations.bank.reading import read_statements

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001."


def entry(amount: str = "762.50", reference: str = "R1", sign: str = "CRDT", inner: str = "", more: str = "") -> str:
    inner = inner or (
        "<TxDtls><Refs><EndToEndId>/VS/0026000018/SS/7/KS/0558</EndToEndId></Refs>"
        "<RltdPties><Dbtr><Nm>Jan Plátce</Nm></Dbtr>"
        "<DbtrAcct><Id><IBAN>CZ58 5500 0000 0012 6509 8001</IBAN></Id></DbtrAcct></RltdPties>"
        "<RmtInf><Ustrd>Poplatek za psa</Ustrd></RmtInf></TxDtls>"
    )
    return (
        f'<Ntry><Amt Ccy="CZK">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>{more}<Sts>BOOK</Sts>'
        f"<BookgDt><Dt>2026-03-02</Dt></BookgDt><AcctSvcrRef>{reference}</AcctSvcrRef>\n"
        f"<NtryDtls>{inner}</NtryDtls></Ntry>\n"
    )


def balance(code: str, amount: str, sign: str = "CRDT") -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="CZK">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd><Dt><Dt>2026-03-02</Dt></Dt></Bal>\n'
    )


def a_file(
    *entries: str,
    opening: str = "1000.00",
    closing: str = "1762.50",
    version: str = "02",
    iban: str = "CZ6508000000192000145399",
    summary: str = "",
) -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{NAMESPACE}{version}"><BkToCstmrStmt>\n'
        f"<Stmt><Id>V-1</Id><ElctrncSeqNb>12</ElctrncSeqNb><Acct><Id><IBAN>{iban}</IBAN></Id></Acct>\n"
        f"{balance('PRCD', opening)}{balance('CLBD', closing)}{summary}{''.join(entries)}"
        "</Stmt></BkToCstmrStmt></Document>"
    ).encode()


@pytest.mark.parametrize("version", ["02", "04", "08"])
def test_a_statement_of_any_version_is_read(version: str) -> None:
    (found,) = read_statements(a_file(entry(), version=version), own=["19-2000145399/0800"])
    (item,) = found.transactions
    assert (str(found.account), found.number) == ("19-2000145399/0800", "12")
    assert (found.opening_balance, found.closing_balance) == (100_000, 176_250)
    assert (item.key, item.amount, item.variable_symbol) == ("camt:R1", 76_250, "26000018")
    assert (item.specific_symbol, item.constant_symbol) == ("7", "0558")
    assert (item.counter_account, item.counter_name) == ("1265098001/5500", "Jan Plátce")
    assert (item.message, item.booked_on.isoformat(), item.reversal) == ("Poplatek za psa", "2026-03-02", False)


@pytest.mark.parametrize(
    "reference",
    [
        "<Refs><EndToEndId>VS:2600000018/SS:4</EndToEndId></Refs>",
        "<RmtInf><Strd><CdtrRefInf><Ref>VS:2600000018</Ref></CdtrRefInf></Strd></RmtInf>",
        "<RmtInf><Strd><CdtrRefInf><Tp><CdOrPrtry><Prtry>VS</Prtry></CdOrPrtry></Tp><Ref>2600000018</Ref></CdtrRefInf>"
        "</Strd></RmtInf>",
        "<RmtInf><Ustrd>/VS/2600000018</Ustrd></RmtInf>",
        "<Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><RmtInf><Ustrd>za psa vs 2600000018</Ustrd></RmtInf>",
    ],
)
def test_symbols_are_found_where_banks_write_them(reference: str) -> None:
    (found,) = parse_camt(a_file(entry(inner=f"<TxDtls>{reference}</TxDtls>")))
    assert found.transactions[0].variable_symbol == "2600000018"


def test_a_reversal_and_a_payment_out_have_their_signs() -> None:
    back = entry("10.00", "R2", "DBIT", more="<RvslInd>true</RvslInd>")
    out = entry("52.50", "R3", "DBIT")
    (found,) = parse_camt(a_file(back, out, closing="937.50"))
    assert [(item.amount, item.reversal) for item in found.transactions] == [(-1_000, True), (-5_250, False)]


def test_a_collective_entry_is_taken_apart_when_its_parts_add_up() -> None:
    parts = "".join(
        f'<TxDtls><Refs><EndToEndId>/VS/{n}</EndToEndId></Refs><Amt Ccy="CZK">{amount}</Amt></TxDtls>'
        for n, amount in ((1, "700.00"), (2, "62.50"))
    )
    (found,) = parse_camt(a_file(entry(inner=parts)))
    assert [(one.key, one.amount, one.variable_symbol) for one in found.transactions] == [
        ("camt:R1/1", 70_000, "1"),
        ("camt:R1/2", 6_250, "2"),
    ]
    with pytest.raises(StatementRefused) as refusal:
        parse_camt(a_file(entry(inner=parts.replace("62.50", "62.51"))))
    assert refusal.value.facts["reason"] == "sums"


def test_a_collective_entry_whose_parts_have_no_amounts_is_one_movement_for_a_person() -> None:
    parts = "".join(f"<TxDtls><Refs><EndToEndId>/VS/{n}</EndToEndId></Refs></TxDtls>" for n in (1, 2))
    (found,) = parse_camt(a_file(entry(inner=parts)))
    assert [(one.key, one.amount, one.variable_symbol) for one in found.transactions] == [("camt:R1", 76_250, "")]


def test_an_entry_without_a_day_of_booking_has_its_value_day() -> None:
    valued = entry().replace("BookgDt", "ValDt")
    (found,) = parse_camt(a_file(valued, version="04"))
    assert found.transactions[0].booked_on.isoformat() == "2026-03-02"


def test_entries_not_yet_booked_are_left_out() -> None:
    waiting = entry("5.00", "R9").replace("BOOK", "PDNG")
    (found,) = parse_camt(a_file(entry(), waiting))
    assert len(found.transactions) == 1


def test_the_order_of_entries_makes_no_other_statement() -> None:
    one, other = entry("700.00", "A"), entry("62.50", "B")
    first, second = parse_camt(a_file(one, other))[0], parse_camt(a_file(other, one))[0]
    assert first.sha256 == second.sha256


SUMMARY = "<TxsSummry><TtlCdtNtries><NbOfNtries>{}</NbOfNtries><Sum>{}</Sum></TtlCdtNtries></TxsSummry>"


def test_the_summary_of_the_bank_must_agree() -> None:
    assert parse_camt(a_file(entry(), summary=SUMMARY.format(1, "762.50")))
    for wrong in (SUMMARY.format(2, "762.50"), SUMMARY.format(1, "762.51")):
        with pytest.raises(StatementRefused) as refusal:
            parse_camt(a_file(entry(), summary=wrong))
        assert refusal.value.facts["reason"] == "sums"


BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><Document>&c;</Document>'


@pytest.mark.parametrize(
    ("content", "reason", "line"),
    [
        (b"<", "no-xml", 1),
        (a_file(entry())[:-30], "no-xml", 8),
        (a_file(entry())[:300], "no-xml", 4),
        (BOMB, "doctype", None),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "doctype", None),
        (BOMB.decode().encode("utf-16"), "doctype", None),
        (b"<html/>", "no-camt", 1),
        (b"<Document/>", "no-camt", 1),
        (a_file(entry(), closing="1762.51"), "items", None),
        (a_file(entry("700.00"), entry("62.50")), "repeated", 8),
        (a_file(entry("762.505")), "field", 6),
        (a_file(entry("-762.50")), "field", 6),
        (a_file(entry("NaN")), "field", 6),
        (a_file(entry("1e400")), "field", 6),
        (a_file(entry().replace('Ccy="CZK"', 'Ccy="EUR"')), "currency", 6),
        (a_file(entry().replace("2026-03-02", "2026-02-30")), "field", 6),
        (a_file(entry(sign="BOTH")), "field", 6),
        (a_file(entry(), iban="CZ6508000000192000145398"), "field", 3),
        (a_file(entry()).replace(b"CLBD", b"CLAV"), "field", 3),
        (a_file(entry()).replace(b"Pl\xc3\xa1tce", b"Pl\xe1tce"), "no-xml", 7),
    ],
)
def test_what_does_not_fit_is_refused_with_the_line(content: bytes, reason: str, line: int | None) -> None:
    with pytest.raises(StatementRefused) as refusal:
        parse_camt(content)
    assert (refusal.value.facts["reason"], refusal.value.facts["line"]) == (reason, line)


def test_a_statement_of_another_account_is_refused() -> None:
    with pytest.raises(StatementRefused) as refusal:
        parse_camt(a_file(entry()), own=["1265098001/5500"])
    assert refusal.value.facts["reason"] == "other-account"


SAMPLES = Path("/work/shared/standards/bank")


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples are not on this machine")
def test_the_samples_are_read_or_refused() -> None:
    (fio,) = read_statements((SAMPLES / "fio-transactions.json").read_bytes())
    assert (fio.opening_balance, fio.closing_balance, len(fio.transactions)) == (254_381, 206_052, 2)
    # Its header has a name of 22 characters, and its movements don't add up to its turnover.
    for name in ("basic_format.abo", "malformed.abo"):
        with pytest.raises(StatementRefused) as refusal:
            read_statements((SAMPLES / name).read_bytes())
        assert refusal.value.facts["line"] == 1
