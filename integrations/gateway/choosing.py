"""The gateway that an installation has in its settings."""

from __future__ import annotations

import httpx

from engine.calendar import Clock
from integrations.gateway import comgate, gopay
from integrations.gateway.shape import Gateway
from integrations.guard import guarded_client


def make_gateway(name: str, *, merchant: str, client_id: str, secret: str, url: str, clock: Clock) -> Gateway | None:
    """Give GoPay or ComGate; None where no gateway is named. Raises ValueError for a name that is neither."""
    if not name:
        return None
    if name not in {"gopay", "comgate"}:
        raise ValueError("RADNICE_GATEWAY is gopay, comgate or nothing")
    address = (url or (gopay.URL if name == "gopay" else comgate.URL)).rstrip("/")
    client = guarded_client([httpx.URL(address).host])
    if name == "gopay":
        return gopay.GoPay(
            merchant=merchant, client_id=client_id, secret=secret, client=client, clock=clock, url=address
        )
    return comgate.ComGate(merchant=merchant, secret=secret, client=client, url=address)
