"""What the connectors of a payment gateway do."""

from __future__ import annotations

from urllib.parse import urlsplit

from engine.model import Variables
from integrations.failures import BusinessError, Permanent, Temporary
from integrations.gateway.shape import LEAST, MOST, Gateway, Standing, Wanted
from integrations.ports import JobContext

OFF = "gateway.off"
#: Where a gateway tells that something happened.
NOTICES = "/brana/oznameni"
LONGEST_ORDER = 128


def create(gateway: Gateway | None, parameters: Variables, context: JobContext) -> Variables:
    """Begin a payment; the payer comes back to the page of the case."""
    wanted = parameters["amount"]
    if not LEAST <= wanted <= MOST:
        raise BusinessError(OFF, "A gateway does not take such an amount.")
    page = str(context.data.get("case", {}).get("url") or "")
    where = urlsplit(page)
    standing = _known(gateway).create(
        Wanted(
            order=parameters["order"],
            amount=wanted,
            description=parameters["description"],
            email=parameters["email"],
            return_url=page,
            notify_url=f"{where.scheme}://{where.netloc}{NOTICES}",
        )
    )
    return _facts(gateway, standing) | {"url": standing.url}


def status(gateway: Gateway | None, parameters: Variables) -> Variables:
    """Ask how a payment stands."""
    return _facts(gateway, _known(gateway).status(parameters["id"]))


def refund(gateway: Gateway | None, parameters: Variables) -> Variables:
    """Return an amount. A line that broke in the middle is a person's to look at: twice would be too much."""
    try:
        _known(gateway).refund(parameters["id"], parameters["amount"])
    except Temporary as error:
        raise Permanent("It is not known whether the gateway returned the money; look there before trying.") from error
    return {"id": parameters["id"], "amount": parameters["amount"], "gateway": _known(gateway).name}


def _known(gateway: Gateway | None) -> Gateway:
    if gateway is None:
        raise BusinessError(OFF, "This installation has no payment gateway.")
    return gateway


def _facts(gateway: Gateway | None, standing: Standing) -> Variables:
    if len(standing.order) > LONGEST_ORDER or not standing.order.isprintable():
        raise Permanent("The payment gateway answered something we don't understand.")
    return {
        "id": standing.id,
        "state": standing.state,
        "amount": standing.amount,
        "order": standing.order.lstrip("0"),
        "gateway": gateway.name if gateway else "",
    }
