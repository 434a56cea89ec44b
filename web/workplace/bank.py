"""The bank: statements taken in, what they settled, what waits for a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext, ngettext

from engine.banking import ImportStatements, StatementImported
from engine.errors import StatementRefused
from engine.model import ROLE_ADMIN
from engine.queries import payments
from integrations.bank.reading import read_statements
from integrations.bank.statement import to_command
from web.auth import actor, require_group_or_reading, sign_in_required
from web.db import close_session
from web.digits import page_number
from web.here import engine, session
from web.i18n import _, language
from web.tenancy import tenant, tenant_key
from web.ui import words

blueprint = Blueprint("bank", __name__, url_prefix="/prace/banka")

TREASURER = "treasurer"
#: A statement of a year of a town has fewer movements than this has bytes for, in XML too.
MAX_STATEMENT = 20 * 1024 * 1024
REASONS = {
    "unknown_symbol": lazy_gettext("nobody asked for a payment with this symbol"),
    "wrong_amount": lazy_gettext("another amount than was asked for"),
    "already_paid": lazy_gettext("it had been paid before"),
    "cancelled": lazy_gettext("the request was cancelled"),
    "reversal": lazy_gettext("an earlier payment taken back; what it had paid is to be paid again"),
    "reversal_unknown": lazy_gettext("a payment taken back that had settled nothing here"),
    "reversal_out": lazy_gettext("our own payment that came back"),
}
#: (came in, state) → what became of the money.
FATES = {
    (True, "matched"): lazy_gettext("came and paid what was asked for"),
    (True, "resolved"): lazy_gettext("came and a person dealt with it"),
    (True, "unmatched"): lazy_gettext("came and waits for a person"),
    (True, "reversed"): lazy_gettext("came and the bank took it back"),
    (True, "ignored"): lazy_gettext("came and was left alone"),
    (False, "matched"): lazy_gettext("went out by an order of a case"),
    (False, "resolved"): lazy_gettext("was taken back and a person dealt with it"),
    (False, "unmatched"): lazy_gettext("was taken back and waits for a person"),
    (False, "ignored"): lazy_gettext("went out without an order of a case"),
}
#: facts["reason"] of the engine → the sentence, filled with the other facts.
REFUSALS = {
    "other-account": lazy_gettext("The statement is of the account %(account)s, which is not ours."),
    "bad-account": lazy_gettext("%(account)s is no number of an account."),
    "changed": lazy_gettext("Statement %(number)s is here already, with another content."),
    "period": lazy_gettext("The statement ends before it begins."),
    "bad-symbol": lazy_gettext("Movement %(movement)s has a symbol that is none."),
    "currency": lazy_gettext("Movement %(movement)s is in another currency than crowns."),
    "repeated": lazy_gettext("Movement %(movement)s is in the statement twice."),
    "other-amount": lazy_gettext("Movement %(movement)s is here already, with another amount."),
    "balance": lazy_gettext("By its movements the new balance should be %(expected)s, but it says %(closing)s."),
}


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Why a statement was refused, for the page."""

    sentence: str
    line: int | None
    #: Place of a movement, where the format has no lines.
    movement: int | None = None
    filename: str


def require_treasurer() -> None:
    """The bank is the treasurer's."""
    require_group_or_reading(TREASURER, ROLE_ADMIN)


@blueprint.get("")
@sign_in_required
def listed() -> ResponseReturnValue:
    """Statements, open requests and unmatched movements."""
    require_treasurer()
    return page()


def page(refusal: Refusal | None = None) -> ResponseReturnValue:
    """The page, with what was wrong with the file that has just been sent."""
    found = payments.statements(session(), tenant_key(), page_number())
    html = render_template(
        "work/bank.html",
        statements=found,
        unmatched=payments.transactions(session(), tenant_key(), state="unmatched"),
        open_payments=payments.open_payments(session(), tenant_key()),
        shares=payments.shares(session(), tenant_key()),
        fates=FATES,
        refusal=refusal,
        reasons=REASONS,
        address=lambda **changed: url_for("bank.listed", **changed),
    )
    return html, 422 if refusal else 200


@blueprint.post("")
@sign_in_required
def upload() -> ResponseReturnValue:
    """Take the statements of a file in, all of them or none."""
    require_treasurer()
    file = request.files.get("statement")
    filename = (file.filename or "") if file else ""
    content = file.read(MAX_STATEMENT + 1) if file else b""
    if not filename:
        return page(Refusal(sentence=_("Choose the file of the statement first."), line=None, filename=""))
    if len(content) > MAX_STATEMENT:
        return page(Refusal(sentence=_("The file is too big for a bank statement."), line=None, filename=filename))
    try:
        results = take_in(content, filename)
    except StatementRefused as error:
        return page(refusal_of(error, filename))
    flash(said(results))
    return redirect(url_for("bank.statement", statement_id=results[-1].statement_id))


def take_in(content: bytes, filename: str) -> Sequence[StatementImported]:
    """Read the file as a whole, then take its statements in, in one transaction. Raises StatementRefused."""
    settings = tenant().settings
    own = [str(account) for account in (settings.get("account"), *(settings.get("accounts") or ())) if account]
    key, who = tenant_key(), actor()
    close_session()
    statements = read_statements(content, own=own)
    commands = [to_command(one, tenant=key, actor=who, filename=filename) for one in statements]
    return engine().execute(ImportStatements(tenant=key, actor=who, statements=commands))


def refusal_of(error: StatementRefused, filename: str) -> Refusal:
    """The sentence in the language of the page."""
    sentence = error.facts.get("sentence")
    line, movement = error.facts.get("line"), error.facts.get("movement")
    return Refusal(
        sentence=_(sentence) if sentence else known_sentence(error),
        line=line if isinstance(line, int) else None,
        movement=movement if sentence and isinstance(movement, int) else None,
        filename=filename,
    )


def known_sentence(error: StatementRefused) -> str:
    """What the engine refused after the file could be read."""
    facts = dict(error.facts)
    if facts.get("reason") == "balance":
        facts |= {name: words.money(int(facts.get(name) or 0), language()) for name in ("expected", "closing")}
    sentence = REFUSALS.get(str(facts.get("reason")), _("The bank statement was refused as a whole."))
    return str(sentence) % facts


def said(results: Sequence[StatementImported]) -> str:
    """What came of the statements, in one sentence."""
    if all(result.repeated for result in results):
        return _("This statement was here before. Nothing has changed.")
    matched = sum(result.matched for result in results)
    unmatched = sum(result.unmatched for result in results)
    settled = ngettext("%(num)d payment was settled", "%(num)d payments were settled", matched)
    if not unmatched:
        return _("The statement is in: %(settled)s.", settled=settled)
    waits = ngettext("%(num)d waits for you among the tasks", "%(num)d wait for you among the tasks", unmatched)
    return _("The statement is in: %(settled)s, %(waits)s.", settled=settled, waits=waits)


@blueprint.get("/<statement_id>")
@sign_in_required
def statement(statement_id: str) -> ResponseReturnValue:
    """A statement with every movement and what came of it."""
    require_treasurer()
    facts = payments.statement(session(), tenant_key(), statement_id)
    movements = payments.transactions(
        session(),
        tenant_key(),
        statement_id=facts.id,
        page=page_number(),
    )
    return render_template(
        "work/statement.html",
        statement=facts,
        movements_page=movements,
        reasons=REASONS,
        address=lambda **changed: url_for("bank.statement", statement_id=facts.id, **changed),
    )
