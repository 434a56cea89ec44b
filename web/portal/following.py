"""Following a case without an account: by number and secret."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.errors import NotFound
from engine.queries.cases import CaseFacts, case_by_secret
from engine.queries.cases import case as case_facts
from engine.queries.papers import content_of, documents
from engine.queries.payments import payments
from integrations.bank.accounts import parse_account
from integrations.qr import payment_text, qr_svg
from web.headers import as_file
from web.here import parts, session
from web.i18n import _, language
from web.limits import TRACKING, limiter
from web.portal import access, case_page
from web.tenancy import address_here, tenant, tenant_key
from web.tracking import case_secret, opens, tracking_url
from web.ui.uploads import ENDINGS

blueprint = Blueprint("following", __name__)


def found(number: str, secret: str) -> CaseFacts:
    """The case that number and secret open together. Raises NotFound alike for a wrong one of either."""
    number = number.strip().upper()
    try:
        facts = case_facts(session(), tenant_key(), number=number)
    except NotFound:
        return case_by_secret(session(), tenant_key(), number, secret)
    if opens(secret, parts().settings.signing_key(), facts.id, None):
        return facts
    return case_by_secret(session(), tenant_key(), number, secret)


def known(number: str) -> CaseFacts:
    """A case this browser has opened. Raises NotFound."""
    facts = case_facts(session(), tenant_key(), number=number)
    access.check_case(facts.id)
    return facts


@blueprint.get("/sledovat")
def ask() -> ResponseReturnValue:
    return render_template("portal/track.html", number=request.args.get("number", ""), errors=[])


@blueprint.post("/sledovat")
@limiter.limit(TRACKING)
def track() -> ResponseReturnValue:
    number, secret = request.form.get("number", "").strip(), request.form.get("secret", "").strip()
    errors = [
        (name, message)
        for name, value, message in (
            ("number", number, _("Write the number of the application.")),
            ("secret", secret, _("Write the secret.")),
        )
        if not value
    ]
    if not errors:
        try:
            return opened(found(number, secret))
        except NotFound:
            errors = [("number", _("The number and the secret don't belong together. Check both."))]
    return render_template("portal/track.html", number=number, errors=errors), 422


def opened(facts: CaseFacts) -> ResponseReturnValue:
    """Remember the case and go to its page; the secret doesn't stay in the address."""
    access.remember_case(facts.id)
    return redirect(url_for("following.case", number=facts.business_key), 303)


@blueprint.get("/p/<case_number:number>")
@limiter.limit(TRACKING, exempt_when=lambda: "k" not in request.args)
def case(number: str) -> ResponseReturnValue:
    secret = request.args.get("k")
    if secret:
        try:
            return opened(found(number, secret))
        except NotFound:
            errors = [("secret", _("The link is incomplete. Write the secret."))]
            return render_template("portal/track.html", number=number, errors=errors), 404
    try:
        facts = known(number)
    except NotFound:
        return redirect(url_for("following.ask", number=number))
    of_account = access.is_of_account(facts.id)
    return render_template(
        "portal/case.html", case=facts, of_account=of_account, **case_page.contents(facts, language())
    )


@blueprint.get("/p/<case_number:number>/odeslano")
def done(number: str) -> ResponseReturnValue:
    facts = known(number)
    return render_template("portal/done.html", case=facts, **secrets_of(facts), **case_page.contents(facts, language()))


@blueprint.get("/p/<case_number:number>/tajemstvi")
def secret(number: str) -> ResponseReturnValue:
    facts = known(number)
    return render_template("portal/secret.html", case=facts, **secrets_of(facts))


def secrets_of(facts: CaseFacts) -> dict[str, Any]:
    """The secret and the link with it."""
    settings = parts().settings
    return {
        "secret": case_secret(settings.signing_key(), facts.id),
        "link": tracking_url(settings, address_here(), facts.business_key, facts.id),
    }


@blueprint.get("/p/<case_number:number>/platba/<symbol>.svg")
def payment_code(number: str, symbol: str) -> ResponseReturnValue:
    facts = known(number)
    asked = (one for one in payments(session(), tenant_key(), facts.id) if one.state == "open")
    payment = next((one for one in asked if one.variable_symbol == symbol), None)
    if payment is None:
        raise NotFound
    request_facts = {
        "iban": parse_account(payment.account).iban,
        "amount": payment.amount - payment.credited,
        "variable_symbol": payment.variable_symbol,
        "due_on": payment.due_on.isoformat(),
    }
    return Response(qr_svg(payment_text(request_facts, payment.purpose, tenant().name)), mimetype="image/svg+xml")


@blueprint.get("/p/<case_number:number>/dokument/<document_id>")
def document(number: str, document_id: str) -> ResponseReturnValue:
    facts = known(number)
    public = documents(session(), tenant_key(), facts.id, public_only=True)
    chosen = next((item for item in public if item.id == document_id), None)
    if chosen is None:
        raise NotFound
    content = content_of(session(), tenant_key(), chosen.attachment_id)
    kind = chosen.media_type if chosen.media_type in ENDINGS else "application/octet-stream"
    return as_file(Response(content, mimetype=kind), chosen.filename, inline=kind == "application/pdf")
