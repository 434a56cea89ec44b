"""Money that comes in moves its case; what fits nowhere becomes work; a statement is taken whole or not at all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from engine.banking import ImportStatements
from engine.commands import CompleteHumanTask, TerminateInstance
from engine.errors import EngineError, StatementRefused
from engine.handlers.numbers import check_digit
from engine.model import Actor, Started
from engine.queries import cases, payments
from engine.queries.story import story
from tests.integration.casework.office import ACCOUNT, SECRETARY, TREASURER, Office, payment


def complete(office: Office, started: Started | None, actor: Actor, **data: Any) -> None:
    tasks = office.inbox(actor).tasks.items
    task = next(one for one in tasks if started is None or one.instance_id == started.instance_id)
    office.engine.execute(CompleteHumanTask(tenant=office.home, actor=actor, task_id=task.id, data=data))


def asked(office: Office) -> tuple[Started, str]:
    """A case that waits for its money."""
    started = office.start()
    complete(office, started, SECRETARY)
    with office.read() as session:
        return started, payments.payments(session, office.home, started.instance_id)[0].variable_symbol


def open_names(office: Office, started: Started) -> list[str]:
    return [t.name for t in office.inbox(SECRETARY, view="all").tasks.items if t.instance_id == started.instance_id]


def test_a_request_gets_a_symbol_of_ten_digits_with_year_and_check_digit(office: Office) -> None:
    started, symbol = asked(office)
    assert len(symbol) == 10 and symbol.startswith("260000001")
    assert symbol[-1] == check_digit(symbol[:-1])
    with office.read() as session:
        row = payments.payments(session, office.home, started.instance_id)[0]
        facts = cases.variables(session, office.home, started.instance_id)["payment"]
    assert (row.amount, row.state, row.account, row.due_on.isoformat()) == (762_000, "open", ACCOUNT, "2026-03-16")
    assert facts == {
        "variable_symbol": symbol,
        "amount": 762_000,
        "amount_text": "7\u00a0620,00\u00a0Kč",
        "currency": "CZK",
        "due_on": "2026-03-16",
        "account": ACCOUNT,
        "iban": "CZ6508000000192000145399",
        "purpose": "Poplatek",
    }


def test_the_exact_amount_under_the_symbol_pays_and_moves_the_case(office: Office) -> None:
    started, symbol = asked(office)
    result = office.bring(payment(symbol.rjust(10, "0")))
    assert (result.matched, result.unmatched, result.repeated) == (1, 0, False)
    assert open_names(office, started) == ["Poděkovat"]
    with office.read() as session:
        row = payments.payments(session, office.home, started.instance_id)[0]
        line = payments.transactions(session, office.home).items[0]
    assert (row.state, row.credited) == ("paid", 762_000)
    assert (line.state, line.request_symbol, line.business_key) == ("matched", symbol, started.business_key)


def test_money_for_a_case_that_an_operator_ended_becomes_work(office: Office) -> None:
    started, symbol = asked(office)
    operator = Actor(kind="person", username="spravce", groups=frozenset({"operator"}))
    office.engine.execute(
        TerminateInstance(tenant=office.home, actor=operator, instance_id=started.instance_id, reason="omyl")
    )
    result = office.bring(payment(symbol))
    assert (result.matched, result.unmatched) == (0, 1)


def test_the_same_statement_twice_changes_nothing(office: Office) -> None:
    started, symbol = asked(office)
    first = office.bring(payment(symbol))
    second = office.bring(payment(symbol))
    assert second.repeated and second.statement_id == first.statement_id
    assert open_names(office, started) == ["Poděkovat"]
    with office.read() as session:
        assert payments.transactions(session, office.home).total == 1


def test_a_line_that_came_in_an_earlier_statement_is_skipped(office: Office) -> None:
    _, symbol = asked(office)
    office.bring(payment(symbol))
    result = office.bring(payment(symbol), payment("", 1_000, key="t2"), number="2")
    assert (result.duplicates, result.matched, result.unmatched) == (1, 0, 1)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"closing_balance": 1}, "does not add up"),
        ({"account": "222885/0800"}, "another account"),
        ({"account": "124/0800"}, "wrong digit"),
        ({"closed_on": date(2026, 2, 1)}, "ends before"),
    ],
)
def test_a_wrong_statement_is_refused_whole(office: Office, change: dict[str, Any], words: str) -> None:
    started, symbol = asked(office)
    with pytest.raises(StatementRefused, match=words):
        office.bring(payment(symbol), **change)
    with office.read() as session:
        assert payments.statements(session, office.home).total == 0
        assert payments.payments(session, office.home, started.instance_id)[0].state == "open"


def test_a_statement_of_the_same_number_with_other_content_is_refused(office: Office) -> None:
    office.bring(payment("1"))
    with pytest.raises(StatementRefused, match="with another content"):
        office.bring(payment("2", key="t9"))
    office.bring(payment("2", key="t9"), number="2")


def test_a_statement_with_the_same_movement_twice_or_a_foreign_currency_is_refused(office: Office) -> None:
    with pytest.raises(StatementRefused, match="twice"):
        office.bring(payment("1"), payment("1"))
    with pytest.raises(StatementRefused, match="EUR"):
        office.bring(replace(payment("1"), currency="EUR"))


def test_an_account_without_a_bank_code_is_found_by_its_number(office: Office) -> None:
    office.bring(payment("1"), account="000019-2000145399")
    with office.read() as session:
        assert payments.statements(session, office.home).items[0].account == ACCOUNT


def test_payments_out_are_nobodys_work(office: Office) -> None:
    result = office.bring(payment("", -50_000))
    assert (result.matched, result.unmatched) == (0, 0)
    assert office.inbox(TREASURER).tasks.total == 0


@pytest.mark.parametrize(
    ("amount", "reversal", "state", "reason"),
    [
        (100, False, "open", "wrong_amount"),
        (762_000, False, "paid", "already_paid"),
        (762_000, False, "cancelled", "cancelled"),
        (-762_000, True, "paid", "reversal"),
        (-100, True, "paid", "reversal_unknown"),
        (762_000, False, "unknown", "unknown_symbol"),
    ],
)
def test_what_fits_nowhere_becomes_a_task_of_the_treasurer_with_its_reason(
    office: Office, amount: int, reversal: bool, state: str, reason: str
) -> None:
    started, symbol = asked(office)
    if state == "paid":
        office.bring(payment(symbol))
    if state == "cancelled":
        office.inside(started.instance_id, "payment.cancel")
    office.bring(payment("77" if state == "unknown" else symbol, amount, key="odd", reversal=reversal), number="2")
    tasks = office.inbox(TREASURER).tasks.items
    assert [task.name for task in tasks] == ["Přiřadit platbu"]
    with office.read() as session:
        told = cases.variables(session, office.home, tasks[0].instance_id)
        line = payments.transactions(session, office.home, state="unmatched").items[0]
    assert told["reason"] == line.reason == reason
    assert told["transaction"]["id"] == line.id
    assert symbol in [one["variable_symbol"] for one in told["candidates"]] or reason == "unknown_symbol"


def test_a_payment_taken_back_is_to_be_paid_again_and_may_be(office: Office) -> None:
    started, symbol = asked(office)
    office.bring(payment(symbol))
    office.bring(payment(symbol, -762_000, key="back", reversal=True), number="2")
    with office.read() as session:
        row = payments.payments(session, office.home, started.instance_id)[0]
        told = [entry.kind for entry in story(session, office.home, started.instance_id)]
        states = {line.amount: line.state for line in payments.transactions(session, office.home).items}
    assert (row.state, row.credited, row.paid_at) == ("open", 0, None)
    assert "payment-reversed" in told
    assert states == {762_000: "reversed", -762_000: "unmatched"}
    assert office.bring(payment(symbol, key="again"), number="3").matched == 1
    with office.read() as session:
        assert payments.payments(session, office.home, started.instance_id)[0].state == "paid"


@pytest.mark.parametrize(
    ("amount", "reason"), [(-100, "reversal_unknown"), (500, "reversal_out")], ids=["another amount", "our own"]
)
def test_a_reversal_of_something_else_leaves_what_was_paid(office: Office, amount: int, reason: str) -> None:
    started, symbol = asked(office)
    office.bring(payment(symbol))
    office.bring(payment(symbol, amount, key="back", reversal=True), number="2")
    with office.read() as session:
        assert payments.payments(session, office.home, started.instance_id)[0].state == "paid"
        assert payments.transactions(session, office.home, state="unmatched").items[0].reason == reason


def test_a_file_of_several_statements_comes_in_whole_or_not_at_all(office: Office) -> None:
    started, symbol = asked(office)
    good = office.statement(payment(symbol))
    wrong = replace(office.statement(payment("1", key="t2"), number="2"), closing_balance=1)
    with pytest.raises(StatementRefused, match="add up"):
        office.engine.execute(ImportStatements(tenant=office.home, actor=TREASURER, statements=[good, wrong]))
    with office.read() as session:
        assert payments.statements(session, office.home).total == 0
        assert payments.payments(session, office.home, started.instance_id)[0].state == "open"
    right = office.statement(payment("1", key="t2"), number="2")
    office.engine.execute(ImportStatements(tenant=office.home, actor=TREASURER, statements=[good, right]))
    with office.read() as session:
        assert payments.statements(session, office.home).total == 2
        assert payments.payments(session, office.home, started.instance_id)[0].state == "paid"


def test_the_treasurer_assigns_parts_until_the_sum_pays(office: Office) -> None:
    started, symbol = asked(office)
    office.bring(payment("1", 700_000, key="a"), payment("2", 62_000, key="b"))
    complete(office, None, TREASURER, variable_symbol=symbol)
    assert open_names(office, started) == []
    complete(office, None, TREASURER, variable_symbol=symbol)
    assert open_names(office, started) == ["Poděkovat"]
    with office.read() as session:
        row = payments.payments(session, office.home, started.instance_id)[0]
    assert (row.state, row.credited) == ("paid", 762_000)


def test_the_rest_of_a_partly_paid_request_may_come_exactly(office: Office) -> None:
    started, symbol = asked(office)
    office.bring(payment("1", 700_000, key="a"))
    complete(office, None, TREASURER, variable_symbol=symbol)
    assert office.bring(payment(symbol, 62_000, key="b"), number="2").matched == 1
    assert open_names(office, started) == ["Poděkovat"]


def test_assigning_to_an_unknown_symbol_is_an_error_the_diagram_catches(office: Office) -> None:
    office.bring(payment("1", 700_000, key="a"))
    complete(office, None, TREASURER, variable_symbol="999")
    assert [task.name for task in office.inbox(TREASURER).tasks.items] == ["Přiřadit platbu"]


def test_a_transaction_is_dealt_with_only_once(office: Office) -> None:
    started, symbol = asked(office)
    office.bring(payment("1", 700_000, key="a"))
    with office.read() as session:
        line = payments.transactions(session, office.home, state="unmatched").items[0].id
    office.inside(started.instance_id, "payment.resolve", transaction=line, note="vráceno")
    with pytest.raises(EngineError, match="already") as refused:
        office.inside(started.instance_id, "payment.assign", transaction=line, variable_symbol=symbol)
    assert refused.value.facts["code"] == "already-resolved"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"amount": 0}, "bad-amount"),
        ({"amount": "12.345"}, "refused"),
        ({"amount": 1.5}, "bad-parameters"),
        ({"amount": True}, "bad-parameters"),
        ({"due": "soon"}, "refused"),
        ({"account": "1265098001/5500"}, "foreign-account"),
        ({"colour": "red"}, "bad-parameters"),
        ({"purpose": ""}, "bad-parameters"),
    ],
)
def test_wrong_parameters_are_refused_in_words_and_leave_nothing(
    office: Office, wrong: dict[str, Any], code: str
) -> None:
    started = office.start()
    good = {"amount": "7620,00", "due": "2026-04-01", "purpose": "Poplatek"}
    with pytest.raises(EngineError) as refused:
        office.inside(started.instance_id, "payment.request", **(good | wrong))
    assert refused.value.facts["code"] == code and str(refused.value)
    asked_for = office.inside(started.instance_id, "payment.request", **good)
    assert asked_for["amount"] == 762_000 and asked_for["variable_symbol"].startswith("260000001")


def test_money_of_another_organisation_is_not_seen(office: Office) -> None:
    _, symbol = asked(office)
    office.bring(payment(symbol))
    with office.reads() as session:
        assert payments.transactions(session, "jinde").total == 0
        assert payments.statements(session, "jinde").total == 0


def test_one_statement_sent_several_times_at_once_is_taken_once(office: Office) -> None:
    started, symbol = asked(office)
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: office.bring(payment(symbol)), range(4)))
    assert sorted(one.repeated for one in results) == [False, True, True, True]
    assert open_names(office, started) == ["Poděkovat"]


def test_a_movement_given_to_two_cases_at_once_goes_to_one(office: Office) -> None:
    first, second = asked(office), asked(office)
    office.bring(payment("1", 762_000, key="a"))
    with office.read() as session:
        line = payments.transactions(session, office.home, state="unmatched").items[0].id

    def assign(case: tuple[Started, str]) -> bool:
        try:
            office.inside(case[0].instance_id, "payment.assign", transaction=line, variable_symbol=case[1])
        except EngineError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(assign, (first, second))) == [False, True]


def test_the_same_money_told_by_another_format_of_statement_counts_once(office: Office) -> None:
    _started, symbol = asked(office)
    office.bring(payment(symbol, key="20260302-abc-1"))
    result = office.bring(payment(symbol, key="fio:123"), number="F1")
    assert (result.matched, result.unmatched, result.duplicates) == (0, 0, 1)
    twice = [payment(symbol, key="camt:1"), payment(symbol, key="camt:2")]
    result = office.bring(*twice, number="C1")
    assert (result.unmatched, result.duplicates) == (1, 1)


def test_every_crown_that_came_or_went_is_in_one_share(office: Office) -> None:
    _started, symbol = asked(office)
    lines = [
        payment(symbol),
        payment("999", 5_000, key="t2"),
        replace(payment("1", 1, key="t3"), amount=-200),
    ]
    office.bring(*lines)
    with office.read() as session:
        found = {(one.incoming, one.state): one.total for one in payments.shares(session, office.home)}
    assert found == {(True, "matched"): 762_000, (True, "unmatched"): 5_000, (False, "ignored"): -200}
    assert sum(found.values()) == sum(line.amount for line in lines)


def test_a_movement_told_again_with_another_amount_refuses_the_statement_and_another_day_makes_no_other(
    office: Office,
) -> None:
    office.bring(payment("1", 5_000, key="fio:7"))
    with pytest.raises(StatementRefused, match="another amount"):
        office.bring(payment("1", 6_000, key="fio:7"), number="2")
    later = replace(payment("1", 5_000, key="fio:7"), booked_on=date(2026, 3, 20))
    result = office.bring(later, number="3")
    assert (result.duplicates, result.matched, result.unmatched) == (1, 0, 0)
    with office.read() as session:
        assert payments.transactions(session, office.home).total == 1
