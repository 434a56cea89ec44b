"""Statements and scans as other banks and tools write them, made by hand after their descriptions."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.errors import StatementRefused
from integrations.bank.reading import read_statements
from integrations.nuclei import read_scan
from tests.unit.integrations.gpc import a_file, header, movement

OURS, OTHER = "CZ6508000000192000145399", "CZ5855000000001265098001"


def camt(*statements: str, version: str = "08", prefix: str = "") -> bytes:
    """A file of several statements; with a prefix every element has it."""
    body = f"<Document><BkToCstmrStmt><GrpHdr><MsgId>1</MsgId></GrpHdr>{''.join(statements)}</BkToCstmrStmt></Document>"
    name = f"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"
    if prefix:
        body = body.replace("</", "\0").replace("<", f"<{prefix}:").replace("\0", f"</{prefix}:")
        return body.replace(f"<{prefix}:Document>", f"<{prefix}:Document xmlns:{prefix}='{name}'>").encode()
    return body.replace("<Document>", f"<Document xmlns='{name}'>").encode()


def stmt(*entries: str, iban: str = OURS, opening: str = "10.00", closing: str = "30.00", currency: str = "CZK") -> str:
    def balance(code: str, amount: str) -> str:
        return (
            f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy='{currency}'>{amount}</Amt>"
            "<CdtDbtInd>CRDT</CdtDbtInd><Dt><DtTm>2026-03-02T23:59:59+01:00</DtTm></Dt></Bal>"
        )

    account = f"<Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>{currency}</Ccy></Acct>"
    return f"<Stmt><Id>A</Id>{account}{balance('OPBD', opening)}{balance('CLBD', closing)}{''.join(entries)}</Stmt>"


def entry(
    amount: str = "20.00", more: str = "", currency: str = "CZK", status: str = "<Sts><Cd>BOOK</Cd></Sts>"
) -> str:
    return (
        f"<Ntry>{more}<Amt Ccy='{currency}'>{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>{status}"
        "<BookgDt><DtTm>2026-03-02T10:00:00</DtTm></BookgDt></Ntry>"
    )


@pytest.mark.parametrize("version", ["02", "04", "06", "08", "10", "13"])
@pytest.mark.parametrize("prefix", ["", "ns2"])
def test_a_statement_with_only_what_is_obligatory_is_read(version: str, prefix: str) -> None:
    status = "<Sts>BOOK</Sts>" if version < "08" else "<Sts><Cd>BOOK</Cd></Sts>"
    (found,) = read_statements(
        camt(stmt(entry(status=status)), version=version, prefix=prefix), own=["19-2000145399/0800"]
    )
    (item,) = found.transactions
    assert (found.number, item.amount, item.booked_on.isoformat()) == ("A", 2_000, "2026-03-02")
    assert (item.counter_account, item.variable_symbol, item.message) == ("", "", "")


def test_a_payer_is_found_where_newer_versions_write_them() -> None:
    details = (
        "<NtryDtls><TxDtls><RltdPties><Dbtr><Pty><Nm>Jana Nová</Nm></Pty></Dbtr>"
        f"<DbtrAcct><Id><IBAN>{OTHER}</IBAN></Id></DbtrAcct></RltdPties>"
        "<RmtInf><Strd><CdtrRefInf><Ref>VS:0000000026</Ref></CdtrRefInf></Strd></RmtInf></TxDtls></NtryDtls>"
    )
    (found,) = read_statements(camt(stmt(entry().replace("</Ntry>", f"{details}</Ntry>")), version="10"))
    (item,) = found.transactions
    assert (item.counter_name, item.counter_account) == ("Jana Nová", "1265098001/5500")
    assert item.variable_symbol == "26"


def test_several_accounts_of_one_file_are_read_apart_and_a_strange_one_refuses_it_whole() -> None:
    both = camt(stmt(entry()), stmt(iban=OTHER, closing="10.00"))
    found = read_statements(both, own=["19-2000145399/0800", "1265098001/5500"])
    assert [str(one.account) for one in found] == ["19-2000145399/0800", "1265098001/5500"]
    with pytest.raises(StatementRefused) as refusal:
        read_statements(both, own=["19-2000145399/0800"])
    assert refusal.value.facts["reason"] == "other-account"


def test_an_account_in_another_currency_is_refused_with_its_line() -> None:
    with pytest.raises(StatementRefused) as refusal:
        read_statements(camt(stmt(entry(currency="EUR"), currency="EUR")))
    assert (refusal.value.facts["reason"], refusal.value.facts["line"]) == ("currency", 1)


def test_an_order_within_the_statement_names_no_movement() -> None:
    """Some banks number entries anew in each statement; by that alone money of the next one would be lost."""
    first, second = (
        read_statements(camt(stmt(entry(amount, more="<NtryRef>1</NtryRef>"), closing=closing)))[0].transactions[0]
        for amount, closing in (("20.00", "30.00"), ("5.00", "15.00"))
    )
    assert first.key != second.key


@pytest.mark.parametrize("amount", ["1_0.00", "１０.00", "1e1", "+10", " ", "10,00", "0x10"])
def test_an_amount_written_otherwise_than_xml_writes_it_is_refused(amount: str) -> None:
    with pytest.raises(StatementRefused) as refusal:
        read_statements(camt(stmt(entry(amount), closing="20.00")))
    assert refusal.value.facts["reason"] == "field"


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("encoding", ["cp1250", "cp852", "utf-8", "utf-8-sig", "utf-16"])
def test_abo_with_any_line_ends_and_encoding_is_the_same_statement(end: str, encoding: str) -> None:
    lines = [header(closing=100_500, credit=500), movement(500, name="Řehoř Žďárský")]
    (found,) = read_statements(a_file(*lines, end=end, encoding=encoding))
    (item,) = found.transactions
    assert (found.closing_balance, item.amount, item.counter_name) == (100_500, 500, "Řehoř Žďárský")


OLD: dict[str, Any] = {
    "templateID": "CVE-2021-1",
    "info": {"name": "Old", "severity": "critical", "tags": "cve,rce", "reference": "https://a.example"},
    "matched": "https://mesto.cz/a",
    "matcher_name": "body",
    "type": "http",
}
NEW: dict[str, Any] = {
    "template": "http/cves/2024/CVE-2024-1.yaml",
    "template-url": "https://cloud.example/CVE-2024-1",
    "template-id": "CVE-2024-1",
    "template-encoded": "aWQ6IHg=",
    "info": {
        "name": "New",
        "author": ["a"],
        "severity": "high",
        "impact": "Whole server.",
        "tags": ["cve"],
        "metadata": {"max-request": 1},
        "classification": {
            "cve-id": ["CVE-2024-1"],
            "cwe-id": ["cwe-79"],
            "cvss-score": 7.5,
            "epss-score": 0.9,
            "epss-percentile": 0.99,
            "cpe": "cpe:2.3:a:x:y:*:*:*:*:*:*:*:*",
        },
    },
    "type": "http",
    "host": "mesto.cz:8443",
    "port": "8443",
    "scheme": "https",
    "url": "https://mesto.cz:8443/",
    "matched-at": "https://mesto.cz:8443/x",
    "request": "GET / HTTP/1.1",
    "response": "x" * 100_000,
    "ip": "192.0.2.1",
    "timestamp": "2026-03-02T10:00:00.123456789+01:00",
    "matcher-status": True,
    "global-matchers": False,
    "is_fuzzing_result": False,
    "issue_trackers": {"github": {"id": 1}},
}


def test_results_of_old_and_new_versions_of_the_scanner_are_read() -> None:
    found = {one.template: one for one in read_scan("\r\n".join(map(json.dumps, (OLD, NEW))).encode()).findings}
    old, new = found["CVE-2021-1"], found["CVE-2024-1"]
    assert (old.host, old.severity, old.matcher, old.tags) == ("mesto.cz", "critical", "body", ["cve", "rce"])
    assert (new.host, new.severity, new.cwe, new.cvss_score) == ("mesto.cz", "high", [79], 7.5)
    assert new.places == ["https://mesto.cz:8443/x"]


@pytest.mark.parametrize(
    ("changed", "score"),
    [({"cvss-score": 10**400}, None), ({"cvss-score": "7.5"}, 7.5), ({"cvss-score": True}, None), (["x"], None)],
)
def test_a_score_that_cannot_be_is_none_and_the_finding_stays(changed: Any, score: float | None) -> None:
    entry = NEW | {"info": NEW["info"] | {"classification": changed}}
    (found,) = read_scan(json.dumps(entry).encode()).findings
    assert found.cvss_score == score


def test_half_a_character_is_taken_out_of_texts() -> None:
    (found,) = read_scan(json.dumps(NEW | {"matcher-name": "a\ud800b"}).encode()).findings
    assert found.matcher == "ab"
