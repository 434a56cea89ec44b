"""Payments that cases send: ordered by a case, carried to the bank in a file, confirmed by a statement."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from engine.banking import OrdersSent, SendBankOrders
from engine.calendar import day_in_prague, parse_day
from engine.commands import CorrelateMessage
from engine.errors import Conflict, Invalid, NotAllowed, NotFound
from engine.handlers.money import account_of, amount_of, amount_text
from engine.handlers.numbers import draw
from engine.handlers.payments import CURRENCY, chosen_account, plain_symbol
from engine.handlers.registry import handles
from engine.handlers.work import Work
from engine.ids import new_id
from engine.lifecycle import BANK_ORDER, step
from engine.model import Json, Variables
from engine.store.bank_orders import BankOrderRow
from engine.store.cases import InstanceRow
from engine.store.money import TransactionRow

#: The bank's files have twelve places for haléře.
MOST = 10**12 - 1
#: What the widest of the formats holds.
LONGEST_MESSAGE = 140
_WAITING = ("prepared", "sent")
_SERIES = "PRIKAZ-{year}-{n:04}"


def order(work: Work, instance: InstanceRow, parameters: Variables) -> Json:
    """Order a payment `{amount, account, name?, variable_symbol?, constant_symbol?, specific_symbol?, message?, due?}`.

    `from` names the account of ours. The order waits among those for the bank; `bank.order.confirmed` comes with the
    correlation `{order}` once a statement shows the money left.
    """
    return facts_of(_prepare(work, instance, parameters, parameters["account"], amount_of(parameters["amount"])))


def refund(work: Work, instance: InstanceRow, parameters: Variables) -> Json:
    """Send what came `{transaction, amount?, message?}` back: to the account it came from, never more than came."""
    source = work.session.scalar(
        select(TransactionRow)
        .where(TransactionRow.tenant == work.tenant, TransactionRow.id == parameters["transaction"])
        .with_for_update()
    )
    if source is None:
        raise Invalid("There is no such transaction.", code="unknown-transaction")
    if source.amount <= 0 or source.state == "reversed":
        raise Invalid("Only money that came and stayed can be sent back.", code="not-a-credit")
    if not source.counter_account:
        raise Invalid("The bank does not say from which account the money came.", code="no-source")
    left = source.amount - _sent_back(work, source)
    wanted = parameters.get("amount")
    amount = left if wanted in (None, "") else amount_of(wanted)
    if amount > left or left <= 0:
        raise Invalid(f"Only {amount_text(left)} of this payment is left to be sent back.", code="too-much")
    symbols = {"variable_symbol": source.variable_symbol, "specific_symbol": source.specific_symbol}
    given = symbols | {"name": source.counter_name, "from": source.account} | parameters
    row = _prepare(work, instance, given, source.counter_account, amount)
    row.refund_of = source.id
    return facts_of(row)


def cancel_order(work: Work, instance: InstanceRow, parameters: Variables) -> Json:
    """Take an order `{order}` of the case back, before the bank has paid it."""
    row = work.session.scalar(
        select(BankOrderRow)
        .where(BankOrderRow.tenant == work.tenant, BankOrderRow.id == parameters["order"])
        .where(BankOrderRow.instance_id == instance.id)
        .with_for_update()
    )
    if row is None:
        raise Invalid("The case has no such order for the bank.", code="unknown-order")
    if row.state not in _WAITING:
        raise Invalid("The order can't be taken back any more.", code="order-closed")
    row.state = step(BANK_ORDER, row.state, "cancelled")
    work.tell(instance, "bank-order-cancelled", order=row.id, amount=row.amount)
    return facts_of(row)


@handles(SendBankOrders)
def send_orders(work: Work, command: SendBankOrders) -> OrdersSent:
    """Put prepared orders of one account into a file for the bank, under one number. All or none."""
    if work.actor.kind == "applicant":
        raise NotAllowed
    wanted = list(dict.fromkeys(command.orders))
    if not wanted:
        raise Invalid("No order was chosen.")
    rows = work.session.scalars(
        select(BankOrderRow)
        .where(BankOrderRow.tenant == work.tenant, BankOrderRow.id.in_(wanted))
        .order_by(BankOrderRow.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    if len(rows) != len(wanted):
        raise NotFound
    if len({row.account for row in rows}) > 1:
        raise Invalid("The orders of one file go from one account.", code="mixed-accounts")
    if closed := next((row for row in rows if row.state != "prepared"), None):
        raise Conflict(state=closed.state)
    batch = draw(work, _SERIES)
    for row in rows:
        row.state, row.batch = step(BANK_ORDER, row.state, "sent"), str(batch)
        row.sent_at, row.sent_by = work.now, work.actor.username
        work.tell(_case(work, row), "bank-order-sent", order=row.id, amount=row.amount, batch=row.batch)
    return OrdersSent(batch=str(batch), count=len(rows), total=sum(row.amount for row in rows))


def confirm(work: Work, line: TransactionRow) -> bool:
    """Let a movement out confirm the oldest order it can be of: same accounts, amount and symbols; tells its case."""
    found = _ordered(work, line, _WAITING, -line.amount)
    if found is None:
        return False
    found.state, found.transaction_id = step(BANK_ORDER, found.state, "confirmed"), line.id
    line.instance_id = found.instance_id
    _tell(work, found, line, "bank.order.confirmed", "bank-order-confirmed")
    return True


def come_back(work: Work, line: TransactionRow) -> None:
    """Mark the order whose money the bank brought back; the money itself waits for a person."""
    found = _ordered(work, line, ("confirmed",), line.amount)
    if found is not None:
        found.state = step(BANK_ORDER, found.state, "returned")
        _tell(work, found, line, "bank.order.returned", "bank-order-returned")


def facts_of(row: BankOrderRow) -> Variables:
    """What a case learns of its order."""
    return {
        "order": row.id,
        "account": row.counter_account,
        "amount": row.amount,
        "amount_text": amount_text(row.amount),
        "variable_symbol": row.variable_symbol,
        "due_on": row.due_on.isoformat(),
        "state": row.state,
    }


def _prepare(
    work: Work, instance: InstanceRow, parameters: Variables, counter_account: str, amount: int
) -> BankOrderRow:
    if not 0 < amount <= MOST:
        raise Invalid(f"A payment of {amount_text(amount)} can't be ordered.", code="bad-amount")
    account, counter = chosen_account(work, parameters.get("from")), account_of(counter_account)
    if account == counter:
        raise Invalid("The money would stay on the account it is on.", code="own-account")
    today = day_in_prague(work.now)
    due = parameters.get("due")
    row = BankOrderRow(
        id=new_id(),
        tenant=work.tenant,
        instance_id=instance.id,
        account=account,
        counter_account=counter,
        counter_name=str(parameters.get("name") or "")[:70],
        amount=amount,
        currency=CURRENCY,
        message=str(parameters.get("message") or "")[:LONGEST_MESSAGE],
        due_on=max(parse_day(due), today) if due else today,
        state="prepared",
        prepared_at=work.now,
        **{name: plain_symbol(parameters.get(name) or "0") for name in _SYMBOLS},
    )
    work.session.add(row)
    work.session.flush()
    work.tell(instance, "bank-order-prepared", order=row.id, amount=row.amount, account=row.counter_account)
    return row


_SYMBOLS = ("variable_symbol", "constant_symbol", "specific_symbol")


def _sent_back(work: Work, source: TransactionRow) -> int:
    total = select(func.coalesce(func.sum(BankOrderRow.amount), 0)).where(
        BankOrderRow.tenant == work.tenant,
        BankOrderRow.refund_of == source.id,
        BankOrderRow.state.not_in(("cancelled", "returned")),
    )
    return int(work.session.scalar(total) or 0)


def _ordered(work: Work, line: TransactionRow, states: Sequence[str], amount: int) -> BankOrderRow | None:
    """Give the oldest order in such a state that a movement can be of."""
    return work.session.scalar(
        select(BankOrderRow)
        .where(BankOrderRow.tenant == work.tenant, BankOrderRow.account == line.account)
        .where(BankOrderRow.state.in_(states), BankOrderRow.amount == amount)
        .where(BankOrderRow.counter_account == line.counter_account)
        .where(BankOrderRow.variable_symbol == line.variable_symbol)
        .order_by(BankOrderRow.prepared_at, BankOrderRow.id)
        .limit(1)
        .with_for_update()
    )


def _tell(work: Work, row: BankOrderRow, line: TransactionRow, message: str, event: str) -> None:
    work.tell(_case(work, row), event, order=row.id, amount=row.amount, transaction=line.id)
    paid = facts_of(row) | {"booked_on": line.booked_on.isoformat(), "transaction": line.id}
    work.send(
        CorrelateMessage(
            tenant=work.tenant,
            actor=work.actor,
            name=message,
            correlation={"order": row.id},
            payload={"bank_order": paid},
            message_id=f"{message}:{row.id}:{line.id}",
            instance_id=row.instance_id,
        )
    )


def _case(work: Work, row: BankOrderRow) -> InstanceRow:
    return work.session.get_one(InstanceRow, row.instance_id)
