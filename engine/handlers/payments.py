"""What cases ask to be paid, and what becomes of money: a request is paid once, by one transaction or by several."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from engine.calendar import day_in_prague, parse_day, schedule
from engine.commands import CorrelateMessage
from engine.errors import Invalid
from engine.handlers.money import account_of, amount_of, amount_text, iban_of
from engine.handlers.numbers import variable_symbol
from engine.handlers.work import Work
from engine.ids import new_id
from engine.lifecycle import PAYMENT, step
from engine.model import Json, Variables
from engine.store.cases import InstanceRow
from engine.store.money import PaymentRequestRow, TransactionRow
from engine.store.people import TenantRow

CURRENCY = "CZK"
#: Transactions whose money belongs to the request they name.
_CREDITED = ("matched", "resolved")


def request(work: Work, instance: InstanceRow, parameters: Variables) -> Json:
    """Ask for money `{amount, due, purpose, account?}` under a new variable symbol."""
    amount = amount_of(parameters["amount"])
    if amount <= 0:
        raise Invalid(f"A payment of {amount_text(amount)} can't be asked for.", code="bad-amount")
    row = PaymentRequestRow(
        id=new_id(),
        tenant=work.tenant,
        instance_id=instance.id,
        variable_symbol=variable_symbol(work),
        amount=amount,
        currency=CURRENCY,
        account=chosen_account(work, parameters.get("account")),
        purpose=parameters["purpose"],
        due_on=_due_on(work, parameters["due"]),
        state="open",
        created_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    work.tell(instance, "payment-requested", variable_symbol=row.variable_symbol, amount=row.amount)
    return facts_of(row)


def cancel(work: Work, instance: InstanceRow, parameters: Variables) -> Json:
    """Take back open requests of the case: the one of `variable_symbol`, or all of them."""
    query = select(PaymentRequestRow).where(
        PaymentRequestRow.tenant == work.tenant, PaymentRequestRow.instance_id == instance.id
    )
    if symbol := parameters.get("variable_symbol"):
        query = query.where(PaymentRequestRow.variable_symbol == plain_symbol(symbol))
    rows = work.session.scalars(query.with_for_update()).all()
    if symbol and not rows:
        raise Invalid(f"The case asks for no payment {symbol!r}.", code="unknown-symbol")
    cancelled = [row for row in rows if row.state == "open"]
    for row in cancelled:
        row.state = step(PAYMENT, row.state, "cancelled")
        work.tell(instance, "payment-cancelled", variable_symbol=row.variable_symbol, amount=row.amount)
    return {"cancelled": [row.variable_symbol for row in cancelled]}


def assign(work: Work, instance: InstanceRow, parameters: Variables) -> Json:
    """Give an unmatched transaction `{transaction, variable_symbol}` to a request; it is paid once the sum suffices."""
    transaction = _unmatched(work, parameters["transaction"])
    if transaction.amount <= 0:
        raise Invalid("A payment that went out can't pay a request.", code="not-a-credit")
    symbol = plain_symbol(parameters["variable_symbol"])
    wanted = request_of(work, symbol)
    if wanted is None:
        raise Invalid(f"No payment with the variable symbol {symbol!r} is asked for.", code="unknown-symbol")
    if wanted.state == "cancelled":
        raise Invalid(f"The request with the variable symbol {symbol!r} was cancelled.", code="request-cancelled")
    transaction.state, transaction.payment_request_id, transaction.instance_id = "resolved", wanted.id, instance.id
    work.session.flush()
    missing = wanted.amount - credited(work, wanted)
    if missing <= 0 and wanted.state == "open":
        pay(work, wanted, transaction)
    work.tell(instance, "transaction-assigned", transaction=transaction.id, variable_symbol=symbol)
    missing = max(missing, 0)
    return {
        "paid": wanted.state == "paid",
        "variable_symbol": symbol,
        "missing": missing,
        "missing_text": amount_text(missing),
    }


def resolve(work: Work, instance: InstanceRow, parameters: Variables) -> Json:
    """Close an unmatched transaction `{transaction, note?}` dealt with otherwise, say by sending it back."""
    return _close(work, instance, parameters, "resolved")


def ignore(work: Work, instance: InstanceRow, parameters: Variables) -> Json:
    """Leave an unmatched transaction `{transaction, note?}` as it is."""
    return _close(work, instance, parameters, "ignored")


def pay(work: Work, wanted: PaymentRequestRow, transaction: TransactionRow) -> None:
    """Mark a request as paid by this transaction and tell its case: message `payment.received`."""
    wanted.state, wanted.paid_at = step(PAYMENT, wanted.state, "paid"), work.now
    total = credited(work, wanted)
    payload = {
        "amount": total,
        "amount_text": amount_text(total),
        "paid_on": transaction.booked_on.isoformat(),
        "variable_symbol": wanted.variable_symbol,
        "transaction": transaction.id,
    }
    work.send(
        CorrelateMessage(
            tenant=work.tenant,
            actor=work.actor,
            name="payment.received",
            correlation={"variable_symbol": wanted.variable_symbol},
            payload=payload,
            # What was taken back may be paid again, and that is another message.
            message_id=f"payment.received:{wanted.id}:{transaction.id}",
        )
    )


def unpay(work: Work, wanted: PaymentRequestRow, reversal: TransactionRow) -> bool:
    """Take back the payment that a reversal names; the request is open again. False where there is none like it."""
    taken_back = work.session.scalar(
        select(TransactionRow)
        .where(TransactionRow.tenant == work.tenant, TransactionRow.payment_request_id == wanted.id)
        .where(TransactionRow.state.in_(_CREDITED), TransactionRow.amount == -reversal.amount)
        .order_by(TransactionRow.booked_on.desc(), TransactionRow.id)
        .limit(1)
        .with_for_update()
    )
    if taken_back is None:
        return False
    taken_back.state = "reversed"
    work.session.flush()
    if wanted.state == "paid" and credited(work, wanted) < wanted.amount:
        wanted.state, wanted.paid_at = step(PAYMENT, wanted.state, "open"), None
    instance = work.session.get_one(InstanceRow, wanted.instance_id)
    symbol, amount = wanted.variable_symbol, taken_back.amount
    work.tell(instance, "payment-reversed", variable_symbol=symbol, amount=amount, transaction=reversal.id)
    _tell_taken_back(work, wanted, taken_back.amount, reversal)
    return True


def _tell_taken_back(work: Work, wanted: PaymentRequestRow, amount: int, reversal: TransactionRow) -> None:
    """Send `payment.reversed` to the case that was paid; one that doesn't listen has no use of it later."""
    returned = {
        "variable_symbol": wanted.variable_symbol,
        "amount": amount,
        "amount_text": amount_text(amount),
        "purpose": wanted.purpose,
        "booked_on": reversal.booked_on.isoformat(),
    }
    work.send(
        CorrelateMessage(
            tenant=work.tenant,
            actor=work.actor,
            name="payment.reversed",
            correlation={"variable_symbol": wanted.variable_symbol},
            payload={"returned": returned},
            message_id=f"payment.reversed:{wanted.id}:{reversal.id}",
            instance_id=wanted.instance_id,
            expires_at=work.now,
        )
    )


def request_of(work: Work, symbol: str) -> PaymentRequestRow | None:
    """Give the request of a variable symbol, held until the end of the command."""
    if not symbol:
        return None
    return work.session.scalar(
        select(PaymentRequestRow)
        .where(PaymentRequestRow.tenant == work.tenant, PaymentRequestRow.variable_symbol == symbol)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def credited(work: Work, wanted: PaymentRequestRow) -> int:
    """Sum what has come for a request, in haléře."""
    # PostgreSQL sums whole numbers into a decimal.
    total = select(func.coalesce(func.sum(TransactionRow.amount), 0)).where(
        TransactionRow.payment_request_id == wanted.id, TransactionRow.state.in_(_CREDITED)
    )
    return int(work.session.scalar(total) or 0)


def plain_symbol(symbol: Json) -> str:
    """Give a variable symbol without leading zeros, which mean nothing."""
    text = str(symbol).strip()
    if not text.isascii() or not text.isdigit() or len(text) > 10:
        raise Invalid(f"{symbol!r} is not a variable symbol of up to ten digits.", code="bad-symbol")
    return text.lstrip("0")


def accounts_of(work: Work) -> Sequence[str]:
    """Give the tenant's accounts from its settings, `account` and `accounts`, the main one first."""
    tenant = work.session.get_one(TenantRow, work.tenant)
    named = [tenant.settings.get("account"), *(tenant.settings.get("accounts") or ())]
    return list(dict.fromkeys(account_of(text) for text in named if text))


def facts_of(row: PaymentRequestRow) -> Variables:
    """What a case learns of its request."""
    return {
        "variable_symbol": row.variable_symbol,
        "amount": row.amount,
        "amount_text": amount_text(row.amount),
        "currency": row.currency,
        "due_on": row.due_on.isoformat(),
        "account": row.account,
        "iban": iban_of(row.account),
        "purpose": row.purpose,
    }


def chosen_account(work: Work, wanted: str | None) -> str:
    """Give the wanted account of the tenant, without a wish the main one. Raises Invalid for a foreign one."""
    accounts = accounts_of(work)
    if not accounts:
        raise Invalid("The organisation has no bank account in its settings.", code="no-account")
    if wanted and account_of(wanted) not in accounts:
        raise Invalid(f"{wanted!r} is not an account of the organisation.", code="foreign-account")
    return account_of(wanted) if wanted else accounts[0]


def _due_on(work: Work, due: str) -> Json:
    return day_in_prague(schedule("due", due, work.now).first) if due.startswith("P") else parse_day(due)


def _unmatched(work: Work, transaction_id: str) -> TransactionRow:
    row = work.session.scalar(
        select(TransactionRow)
        .where(TransactionRow.tenant == work.tenant, TransactionRow.id == transaction_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise Invalid("There is no such transaction.", code="unknown-transaction")
    if row.state != "unmatched":
        raise Invalid("Somebody has dealt with this transaction already.", code="already-resolved")
    return row


def _close(work: Work, instance: InstanceRow, parameters: Variables, state: str) -> Json:
    row = _unmatched(work, parameters["transaction"])
    row.state, row.instance_id = state, instance.id
    work.tell(instance, f"transaction-{state}", transaction=row.id, note=parameters.get("note") or "")
    return {"transaction": row.id, "state": state}
