"""24,000 payments of the portal's size against statements: how many a second, and whether every crown is somewhere.

Each case asks for its money and waits; a statement of 400 movements brings it. Of every hundred movements one has an
unknown symbol and one another amount, so these wait for a person. Then everything comes once more: the same statements
backwards, and their movements shuffled into others. Nothing may change.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from time import perf_counter

from sqlalchemy import func, select

from engine.banking import BankTransaction, ImportStatement, StatementImported
from engine.queries.payments import shares
from engine.store.cases import InstanceRow
from engine.store.money import PaymentRequestRow
from engine.store.session import TENANT, make_engine, read_sessions
from tests.benchmarks.places import databases
from tests.integration.diagrams import catch, chain, correlation, diagram, end, message, service, start
from tests.integration.office import Office
from web.migrations import upgrade

PAYMENTS = 24_000
IN_STATEMENT = 400
#: Kč all together, in haléře: 40,000,000 Kč.
TOTAL = 4_000_000_000
ACCOUNT = "19-2000145399/0800"
DAY = date(2026, 3, 2)
ASKING = diagram(
    start(),
    service("ask", "payment.request", "payment", amount="amount", due='"P14D"', purpose='"Platba"'),
    catch("wait", message("received"), correlation("variable_symbol", 'payment["variable_symbol"]')),
    end(),
    chain("s", "ask", "wait", "e"),
    head='<bpmn:message id="received" name="payment.received"/>',
)


@dataclass(frozen=True, kw_only=True)
class Books:
    """What must stay when nothing new came."""

    shares: tuple[tuple[str, bool, int, int], ...]
    open_requests: int
    running: int


def main() -> None:
    """Print the figures."""
    print(f"{PAYMENTS:,} payments in statements of {IN_STATEMENT}: reconciled a second, their cases moved")
    for name, place in databases():
        with place as url:
            measure(name, url)


def measure(name: str, url: str) -> None:
    """Ask for the money, bring it, bring it again, and compare the books with what the bank brought."""
    database = make_engine(url)
    upgrade(database)
    office = Office(database, "nobody")
    office.add_tenant("portal", account=ACCOUNT)
    office.tenant = "portal"
    try:
        office.deploy(ASKING, agenda="portal")
        movements = list(brought(office))
        batches = [movements[at : at + IN_STATEMENT] for at in range(0, len(movements), IN_STATEMENT)]
        taken = [timed(office, str(number), batch) for number, batch in enumerate(batches, 1)]
        quarter = max(1, len(taken) // 4)
        first, last = sum(taken[:quarter]), sum(taken[-quarter:])
        print(
            f"  {name:<11} {len(movements) / sum(taken):8.0f} a second; the last quarter {last / first:.2f} x the first"
        )
        before = books(office)
        assert sum(share[3] for share in before.shares) == sum(one.amount for one in movements) == TOTAL
        begun = perf_counter()
        repeated = [bring(office, str(number), batch) for number, batch in reversed(list(enumerate(batches, 1)))]
        assert all(one.repeated for one in repeated)
        shuffled = list(movements)
        random.Random(24).shuffle(shuffled)
        for number in range(len(batches)):
            part = shuffled[number * IN_STATEMENT : (number + 1) * IN_STATEMENT]
            again = bring(office, f"again {number}", part)
            assert (again.matched, again.unmatched, again.duplicates) == (0, 0, len(part))
        assert books(office) == before
        print(f"  {'':<11} all of it twice more in {perf_counter() - begun:.1f} s; nothing changed")
        for state, _, count, total in before.shares:
            print(f"  {'':<11} {state:<10} {count:8,} {total / 100:16,.2f} Kč")
    finally:
        office.close()


def brought(office: Office) -> Iterator[BankTransaction]:
    """Begin the cases; give the movements that the bank will bring for them."""
    dice = random.Random(2024)
    weights = [dice.randint(50, 3_000) for _ in range(PAYMENTS)]
    amounts = [TOTAL * weight // sum(weights) for weight in weights]
    amounts[-1] += TOTAL - sum(amounts)
    for number, amount in enumerate(amounts):
        office.start("p", {"amount": amount + 100 if number % 100 == 7 else amount})
    with read_sessions(office.database)(info={TENANT: office.tenant}) as session:
        requests = session.execute(
            select(PaymentRequestRow.variable_symbol, PaymentRequestRow.amount).order_by(
                PaymentRequestRow.variable_symbol
            )
        ).all()
    for number, ((symbol, _), amount) in enumerate(zip(requests, amounts, strict=True)):
        yield BankTransaction(
            key=f"b{number}",
            amount=amount,
            currency="CZK",
            booked_on=DAY,
            counter_account="1265098001/5500",
            counter_name="PLATCE",
            variable_symbol="99" if number % 100 == 3 else symbol,
        )


def timed(office: Office, number: str, batch: Sequence[BankTransaction]) -> float:
    """Bring a statement; gives the seconds."""
    begun = perf_counter()
    bring(office, number, batch)
    return perf_counter() - begun


def bring(office: Office, number: str, batch: Sequence[BankTransaction]) -> StatementImported:
    """Bring a statement whose balance adds up."""
    return office.do(
        ImportStatement,
        account=ACCOUNT,
        number=number,
        sha256=sha256(repr((number, batch)).encode()).hexdigest(),
        opened_on=DAY,
        closed_on=DAY,
        opening_balance=0,
        closing_balance=sum(one.amount for one in batch),
        transactions=batch,
    )


def books(office: Office) -> Books:
    """Where the money is and what still waits for it."""
    with read_sessions(office.database)(info={TENANT: office.tenant}) as session:
        return Books(
            shares=tuple((one.state, one.incoming, one.count, one.total) for one in shares(session, office.tenant)),
            open_requests=session.scalar(
                select(func.count()).select_from(PaymentRequestRow).where(PaymentRequestRow.state == "open")
            )
            or 0,
            running=session.scalar(select(func.count()).select_from(InstanceRow).where(InstanceRow.status == "running"))
            or 0,
        )
