"""Files of orders: sums and counts right, texts within the bank's alphabet, nothing a bank would refuse."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from xml.etree.ElementTree import fromstring

import pytest

from integrations.bank.orders import NAMESPACE, BadOrder, OrderFile, Payment, write_orders

PAYMENT = Payment(
    id="a1",
    account="1265098001/5500",
    name="Spolek Příbramských žáků",
    amount=123_450,
    variable_symbol="2600000018",
    constant_symbol="558",
    specific_symbol="7",
    message="Dotace č. 5: první část, děkujeme za krásné léto",
)
FILE = OrderFile(
    number="PRIKAZ-2026-0001",
    payer="Město Žďár nad Sázavou",
    account="19-2000145399/0800",
    due_on=date(2026, 3, 4),
    made_at=datetime(2026, 3, 2, 8, 0, tzinfo=UTC),
    payments=[PAYMENT, replace(PAYMENT, id="a2", amount=50, variable_symbol="", constant_symbol="", message="")],
    client="1234",
)


def test_abo_has_header_group_items_and_ends() -> None:
    lines = write_orders(FILE, "abo").decode("ascii").split("\r\n")
    assert lines == [
        "UHL1020326MESTO ZDAR NAD SAZAV0000001234001999000000000000",
        "1 1501 001000 0800",
        "2 000019-2000145399 000000000123500 040326",
        "000000-1265098001 000000123450 2600000018 55000558 7 AV:DOTACE C. 5: PRVNI CAST DEKUJEME ZA| KRASNE LETO",
        "000000-1265098001 000000000050 0 55000000 7",
        "3 +",
        "5 +",
        "",
    ]


def test_pain_001_sums_and_counts_agree_and_its_order_is_the_standards() -> None:
    root = fromstring(write_orders(FILE, "pain.001"))
    ns = {"p": NAMESPACE}
    for header in ("GrpHdr", "PmtInf"):
        assert root.findtext(f".//p:{header}/p:NbOfTxs", namespaces=ns) == "2"
        assert root.findtext(f".//p:{header}/p:CtrlSum", namespaces=ns) == "1235.00"
    batch = root.find(".//p:PmtInf", ns)
    assert batch is not None
    names = [child.tag.partition("}")[2] for child in batch]
    assert names == [
        *("PmtInfId", "PmtMtd", "NbOfTxs", "CtrlSum", "ReqdExctnDt", "Dbtr", "DbtrAcct", "DbtrAgt", "ChrgBr"),
        *("CdtTrfTxInf", "CdtTrfTxInf"),
    ]
    first, second = batch.findall("p:CdtTrfTxInf", ns)
    assert [child.tag.partition("}")[2] for child in first] == [
        *("PmtId", "Amt", "CdtrAgt", "Cdtr", "CdtrAcct", "RmtInf"),
    ]
    assert first.findtext("p:PmtId/p:EndToEndId", namespaces=ns) == "/VS/2600000018/SS/7/KS/558"
    assert first.findtext("p:CdtrAcct/p:Id/p:IBAN", namespaces=ns) == "CZ5855000000001265098001"
    assert first.findtext("p:Cdtr/p:Nm", namespaces=ns) == "Spolek Pribramskych zaku"
    assert second.find("p:RmtInf", ns) is None
    assert root.findtext(".//p:DbtrAcct/p:Id/p:IBAN", namespaces=ns) == "CZ6508000000192000145399"


@pytest.mark.parametrize("form", ["abo", "pain.001"])
@pytest.mark.parametrize(
    "payments",
    [
        [],
        [PAYMENT, PAYMENT],
        [replace(PAYMENT, amount=0)],
        [replace(PAYMENT, amount=10**12)],
        [replace(PAYMENT, account="1265098001")],
        [replace(PAYMENT, variable_symbol="12a")],
        [replace(PAYMENT, variable_symbol="12345678901")],
        [replace(PAYMENT, constant_symbol="55800")],
        [replace(PAYMENT, id=str(n)) for n in range(10_001)],
        [replace(PAYMENT, id=str(n), amount=10**12 - 1) for n in range(101)],
    ],
    ids=["none", "twice", "zero", "huge", "no bank", "letters", "long symbol", "long ks", "too many", "huge sum"],
)
def test_what_a_bank_would_refuse_is_not_written(payments: list[Payment], form: str) -> None:
    with pytest.raises(BadOrder):
        write_orders(replace(FILE, payments=payments), form)  # type: ignore[arg-type]


def test_a_line_of_a_message_never_breaks_the_file() -> None:
    odd = replace(PAYMENT, message="a\r\n5 +\r\n" + "x|" * 200)
    lines = write_orders(replace(FILE, payments=[odd]), "abo").decode("ascii").split("\r\n")
    assert len(lines) == 7 and len(lines[3]) < 220
