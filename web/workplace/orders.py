"""Orders for the bank: what cases want paid, files of them for internet banking, what the statements confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.banking import SendBankOrders
from engine.errors import Conflict, Invalid, NotFound
from engine.queries import bank_orders
from integrations.bank.orders import Format, OrderFile, Payment, write_orders
from web.auth import actor, sign_in_required
from web.db import close_session
from web.digits import page_number
from web.here import engine, session
from web.i18n import _, language
from web.noting import noted
from web.tenancy import tenant, tenant_key
from web.ui import words
from web.workplace.bank import require_treasurer

blueprint = Blueprint("orders", __name__, url_prefix="/prace/banka/prikazy")

#: Ending of the file → format and media type.
KINDS = {"kpc": ("abo", "text/plain"), "xml": ("pain.001", "application/xml")}
MOST_CHOSEN = 5000


@blueprint.get("")
@sign_in_required
def listed() -> ResponseReturnValue:
    """Orders that wait, and files that went."""
    require_treasurer()
    return page()


def page(problem: str = "", status: int = 200) -> ResponseReturnValue:
    """The page, with what was wrong with what has just been asked for."""
    html = render_template(
        "work/orders.html",
        orders=bank_orders.orders(session(), tenant_key(), "prepared", page_size=MOST_CHOSEN),
        batches=bank_orders.batches(session(), tenant_key(), page_number()),
        problem=problem,
        kinds=list(KINDS),
        address=lambda **changed: url_for("orders.listed", **changed),
    )
    return html, status


@blueprint.post("")
@sign_in_required
def send() -> ResponseReturnValue:
    """Put the chosen orders into one file; it can be downloaded again at any time and is the same."""
    require_treasurer()
    chosen = request.form.getlist("order")[:MOST_CHOSEN]
    if not chosen:
        return page(_("Choose at least one order first."), 422)
    key, who = tenant_key(), actor()
    close_session()
    try:
        sent = engine().execute(SendBankOrders(tenant=key, actor=who, orders=chosen))
    except Conflict:
        return page(_("Some of the orders went to the bank meanwhile. Choose again."), 409)
    except (Invalid, NotFound):
        return page(_("These orders can't be in one file: each file is of one of our accounts."), 422)
    total = words.money(sent.total, language())
    flash(_("File %(number)s is ready: %(total)s. Take it to the bank.", number=sent.batch, total=total))
    return redirect(url_for("orders.listed"))


@blueprint.get("/<number>.<kind>")
@sign_in_required
def download(number: str, kind: str) -> ResponseReturnValue:
    """The file for internet banking."""
    require_treasurer()
    if kind not in KINDS:
        raise NotFound
    found = bank_orders.batch(session(), tenant_key(), number)
    form, media_type = KINDS[kind]
    content = write_orders(file_of(number, found), cast(Format, form))
    noted("exported", "bank-orders", number, format=kind, rows=len(found))
    response = Response(content, mimetype=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{number}.{kind}"'
    return response


def file_of(number: str, orders: Sequence[bank_orders.OrderFacts]) -> OrderFile:
    """What goes into the file: one day for all, the latest wished."""
    sent_at = orders[0].sent_at
    if sent_at is None:
        raise NotFound
    return OrderFile(
        number=number,
        payer=tenant().name,
        account=orders[0].account,
        due_on=max(one.due_on for one in orders),
        made_at=sent_at,
        client=str(tenant().settings.get("bank_client") or "0"),
        payments=[
            Payment(
                id=one.id,
                account=one.counter_account,
                name=one.counter_name,
                amount=one.amount,
                variable_symbol=one.variable_symbol,
                constant_symbol=one.constant_symbol,
                specific_symbol=one.specific_symbol,
                message=one.message,
            )
            for one in orders
        ],
    )
