"""Money through a payment gateway: a movement on the gateway's account, taken once however often it is told."""

from __future__ import annotations

from sqlalchemy import select

from engine.calendar import day_in_prague
from engine.errors import Invalid
from engine.handlers.money import amount_of
from engine.handlers.payments import CURRENCY, plain_symbol
from engine.handlers.statements import match
from engine.handlers.work import Work
from engine.ids import new_id
from engine.model import Json, Variables
from engine.store.cases import InstanceRow
from engine.store.money import TransactionRow


def receive(work: Work, instance: InstanceRow, parameters: Variables) -> Json:
    """Take what the gateway, when asked, said was paid `{gateway, id, amount, variable_symbol}`; once by its id."""
    amount = amount_of(parameters["amount"])
    if amount <= 0:
        raise Invalid("A gateway brings more than nothing.", code="bad-amount")
    row, new = _movement(work, instance, parameters, amount, str(parameters["id"]))
    if new:
        match(work, row)
    return {"transaction": row.id, "state": row.state, "repeated": not new}


def give_back(work: Work, instance: InstanceRow, parameters: Variables) -> Json:
    """Note what the gateway returned to the payer `{gateway, id, amount, refund}`; once by the name of the refund."""
    amount = amount_of(parameters["amount"])
    paid = _known(work, parameters, str(parameters["id"]))
    if paid is None or not 0 < amount <= paid.amount:
        raise Invalid("The gateway can't have returned more than it brought.", code="too-much")
    row, new = _movement(work, instance, parameters, -amount, f"{parameters['id']}:{parameters['refund']}"[:90])
    return {"transaction": row.id, "state": row.state, "repeated": not new}


def _movement(
    work: Work, instance: InstanceRow, parameters: Variables, amount: int, name: str
) -> tuple[TransactionRow, bool]:
    if known := _known(work, parameters, name):
        return known, False
    row = TransactionRow(
        id=new_id(),
        tenant=work.tenant,
        statement_id=None,
        account=str(parameters["gateway"])[:30],
        key=f"gateway:{name}",
        amount=amount,
        currency=CURRENCY,
        booked_on=day_in_prague(work.now),
        variable_symbol=plain_symbol(parameters.get("variable_symbol") or "0"),
        state="ignored",
        instance_id=instance.id,
    )
    work.session.add(row)
    work.session.flush()
    return row, True


def _known(work: Work, parameters: Variables, name: str) -> TransactionRow | None:
    return work.session.scalar(
        select(TransactionRow)
        .where(TransactionRow.tenant == work.tenant, TransactionRow.account == str(parameters["gateway"])[:30])
        .where(TransactionRow.key == f"gateway:{name}")
        .with_for_update()
    )
