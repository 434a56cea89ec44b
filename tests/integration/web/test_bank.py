"""Bank statements in the browser: taken in whole, or refused whole with the line."""

from __future__ import annotations

import re

import pytest

from tests.integration.web.desk import Desk
from tests.statements import statement


def test_a_matched_payment_moves_the_case_on(desk: Desk) -> None:
    number = desk.accepted()
    payment = desk.payment(number)
    desk.sign_in("hospodar")
    assert payment.variable_symbol in desk.get("/prace/banka")
    answer = desk.upload(statement(payment.variable_symbol, payment.amount))
    assert answer.status_code == 302, answer.text
    assert "spárovala se 1 platba" in desk.get(answer.location)
    assert "zaplaceno" in desk.get(f"/prace/pripady/{number}/penize")


def test_the_same_statement_twice_changes_nothing(desk: Desk) -> None:
    payment = desk.payment(desk.accepted())
    desk.sign_in("hospodar")
    desk.upload(statement(payment.variable_symbol, payment.amount))
    answer = desk.upload(statement(payment.variable_symbol, payment.amount))
    assert "Nic se nezměnilo" in desk.get(answer.location)


def test_a_wrong_amount_becomes_a_task_of_the_treasurer(desk: Desk) -> None:
    payment = desk.payment(desk.accepted())
    desk.sign_in("hospodar")
    answer = desk.upload(statement(payment.variable_symbol, payment.amount - 100))
    assert "čeká na vás v úkolech" in desk.get(answer.location)
    assert "jiná částka, než se žádalo" in desk.get("/prace/banka")
    assert payment.variable_symbol in desk.get("/prace/ukoly?view=groups") or "platb" in desk.get("/prace/ukoly")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Soubor je prázdný."),
        (b"%PDF-1.7 not a statement", "řádek 1 – Soubor nezačíná hlavičkou výpisu (074)."),
        (statement("2600000018", 100)[:200], "řádek 2 – Řádek je useknutý"),
        (statement("2600000018", 100).replace(b"00000000100100+", b"00000000100101+"), "nový zůstatek"),
        (statement("2600000018", 100).replace(b"2000145399", b"2000145388"), "jiného účtu"),
    ],
    ids=["empty", "no statement", "cut", "balance", "another account"],
)
def test_a_bad_statement_is_refused_whole_with_the_reason(desk: Desk, content: bytes, sentence: str) -> None:
    desk.sign_in("hospodar")
    answer = desk.upload(content)
    assert answer.status_code == 422
    assert sentence in answer.text.replace("\xa0", " ")
    assert "Nic se nezměnilo" in answer.text


def test_the_bank_is_for_the_treasurer(desk: Desk) -> None:
    desk.sign_in("sekretarka")
    desk.get("/prace/banka", 403)


def test_an_order_goes_out_in_a_file_that_can_be_fetched_again(desk: Desk) -> None:
    desk.order(
        desk.accepted(), amount=150_000, counter_account="1265098001/5500", counter_name="Spolek", variable_symbol="77"
    )
    desk.sign_in("hospodar")
    page = desk.get("/prace/banka/prikazy")
    assert "1265098001/5500" in page
    (order,) = re.findall(r'name="order" value="(\w+)"', page)
    assert desk.post("/prace/banka/prikazy", {}).status_code == 422
    answer = desk.post("/prace/banka/prikazy", {"order": order})
    assert answer.status_code == 302
    assert "banka potvrdila 0 z 1" in desk.get(answer.location)
    assert desk.post("/prace/banka/prikazy", {"order": order}).status_code == 409
    (number,) = set(re.findall(r"prikazy/([\w-]+)\.kpc", desk.get("/prace/banka/prikazy")))
    file = desk.get(f"/prace/banka/prikazy/{number}.kpc")
    assert file.startswith("UHL1") and "000000-1265098001 000000150000 77 55000000 0" in file
    assert "<CtrlSum>1500.00</CtrlSum>" in desk.get(f"/prace/banka/prikazy/{number}.xml")
    desk.get(f"/prace/banka/prikazy/{number}.exe", 404)


def test_what_a_gateway_tells_is_taken_and_not_believed(desk: Desk) -> None:
    payment = desk.payment(desk.accepted())
    told = {
        "transId": "AB12-CD34-EF56",
        "status": "PAID",
        "refId": payment.variable_symbol,
        "price": str(payment.amount),
    }
    answer = desk.client.post("/brana/oznameni", data=told)
    assert (answer.status_code, answer.text) == (200, "code=0&message=OK")
    assert desk.client.get("/brana/oznameni?id=3000000000").status_code == 200
    for forged in ("", "?id=", "?id=1'--", "?id=" + "9" * 400, "?id=%00"):
        assert desk.client.get("/brana/oznameni" + forged).status_code == 400
    desk.sign_in("hospodar")
    assert payment.variable_symbol in desk.get("/prace/banka")
