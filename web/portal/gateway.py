"""What a payment gateway tells by itself. Nothing of it is believed: the case asks how the payment stands."""

from __future__ import annotations

import re

from flask import Blueprint, Response, request

from engine.commands import CorrelateMessage
from engine.model import SYSTEM
from web.db import close_session
from web.here import engine, now
from web.limits import limiter
from web.tenancy import tenant_key

blueprint = Blueprint("gateway", __name__)

NOTICE = "gateway.notified"
_NUMBER = re.compile(r"[0-9A-Z-]{1,30}")
#: Gateways notify several times; anybody else has no reason to.
OFTEN = "300 per minute"


@blueprint.route("/brana/oznameni", methods=["GET", "POST"])
@limiter.limit(OFTEN)
def notified() -> Response:
    """Take only the number of the payment (`id` of GoPay, `transId` of ComGate) and let its case ask."""
    number = str(request.values.get("id") or request.values.get("transId") or "")
    if not _NUMBER.fullmatch(number):
        return Response("code=1&message=unknown", status=400, mimetype="application/x-www-form-urlencoded")
    tenant, at = tenant_key(), now()
    close_session()
    engine().execute(
        CorrelateMessage(
            tenant=tenant,
            actor=SYSTEM,
            name=NOTICE,
            correlation={"gateway_payment": number},
            payload={},
            # Nobody listens to a payment that isn't waited for, and nothing is kept of it.
            expires_at=at,
        )
    )
    return Response("code=0&message=OK", mimetype="application/x-www-form-urlencoded")
