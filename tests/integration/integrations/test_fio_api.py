"""Fio's API over real HTTP: what is asked, how often, and what is told when it goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from engine.calendar import SettableClock
from engine.errors import StatementRefused
from integrations.bank.fio_api import PAUSE, FioApi, make_fio
from integrations.bank_fakes import FakeFio, listening
from integrations.failures import Permanent, Temporary
from tests.fio import a_statement


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(datetime(2026, 3, 2, 8, 0, tzinfo=UTC))


@pytest.fixture
def bank() -> Iterator[FakeFio]:
    fake = FakeFio(statement=a_statement({"id": 11, "amount": 10.5, "vs": "2600000018"}))
    with listening(fake):
        yield fake


def api(bank: FakeFio, clock: SettableClock, token: str = "") -> FioApi:
    return make_fio(token or bank.token, clock, url=bank.url, allow_private=True)


def test_a_period_a_statement_and_the_newest_are_asked_for(bank: FakeFio, clock: SettableClock) -> None:
    fio = api(bank, clock)
    for ask in (
        lambda: fio.period(date(2026, 3, 1), date(2026, 3, 2)),
        lambda: fio.numbered(2026, 3),
        fio.newest,
    ):
        assert ask().transactions[0].amount == 1050
        clock.set(clock.now() + PAUSE)
    fio.set_last("11")
    clock.set(clock.now() + PAUSE)
    fio.set_last(date(2026, 3, 1))
    assert bank.asked == [
        "periods/2026-03-01/2026-03-02/transactions.json",
        "by-id/2026/3/transactions.json",
        "last/transactions.json",
        "set-last-id/11/",
        "set-last-date/2026-03-01/",
    ]


def test_the_bank_is_not_asked_again_within_thirty_seconds(bank: FakeFio, clock: SettableClock) -> None:
    fio = api(bank, clock)
    fio.newest()
    with pytest.raises(Temporary):
        fio.newest()
    assert len(bank.asked) == 1
    clock.set(clock.now() + timedelta(seconds=30))
    fio.newest()


def test_a_busy_bank_is_asked_later(bank: FakeFio, clock: SettableClock) -> None:
    bank.busy = True
    with pytest.raises(Temporary):
        api(bank, clock).newest()


def test_a_wrong_token_is_told_without_the_token(bank: FakeFio, clock: SettableClock) -> None:
    fio = api(bank, clock, token="hushhush")
    with pytest.raises(Permanent) as failure:
        fio.newest()
    assert "hush" not in str(failure.value) + repr(fio)


def test_an_answer_that_is_no_statement_is_refused(bank: FakeFio, clock: SettableClock) -> None:
    bank.statement = {"accountStatement": {}}
    with pytest.raises(StatementRefused):
        api(bank, clock).newest()


@pytest.mark.parametrize("forged", ["", "1/2", "x", "9" * 30])
def test_the_mark_is_moved_to_a_number_only(bank: FakeFio, clock: SettableClock, forged: str) -> None:
    with pytest.raises(Permanent):
        api(bank, clock).set_last(forged)
    assert bank.asked == []
