"""GoPay: REST with OAuth2 client credentials, amounts in haléře."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx

from engine.calendar import Clock
from integrations import strict_json
from integrations.failures import BusinessError, LockedOut, Permanent, Temporary, Unreachable
from integrations.gateway.shape import MOST, REFUSED, Standing, State, Wanted
from integrations.guard import ask

URL = "https://gate.gopay.cz/api"
STATES: Mapping[str, State] = {
    "CREATED": "initiated",
    "PAYMENT_METHOD_CHOSEN": "pending",
    "PAID": "paid",
    "AUTHORIZED": "authorised",
    "CANCELED": "cancelled",
    "TIMEOUTED": "timed_out",
    "REFUNDED": "refunded",
    "PARTIALLY_REFUNDED": "part_refunded",
}
#: A token lives 1 800 s; it is renewed a while before.
_RENEWED = timedelta(seconds=60)
_LONGEST_LIFE = 86_400
#: What may stand in a header.
_TOKEN = re.compile(r"[!-~]{1,4000}")
STRANGE = "The payment gateway answered something we don't understand."


@dataclass
class GoPay:
    """The calling side."""

    merchant: str
    client_id: str
    secret: str = field(repr=False)
    client: httpx.Client
    clock: Clock
    url: str = URL
    name: str = "gopay"
    _token: str = field(default="", repr=False)
    _until: datetime | None = None

    def create(self, wanted: Wanted) -> Standing:
        """Begin a payment."""
        body = {
            "payer": {
                "default_payment_instrument": "PAYMENT_CARD",
                "allowed_payment_instruments": ["PAYMENT_CARD", "BANK_ACCOUNT"],
                "contact": {"email": wanted.email},
            },
            "target": {"type": "ACCOUNT", "goid": int(self.merchant)},
            "amount": wanted.amount,
            "currency": "CZK",
            "order_number": wanted.order,
            "order_description": wanted.description[:256],
            "items": [{"name": wanted.description[:256], "amount": wanted.amount, "count": 1}],
            "callback": {"return_url": wanted.return_url, "notification_url": wanted.notify_url},
            "lang": wanted.language.upper(),
        }
        return _standing(self._call("POST", "payments/payment", json=body))

    def status(self, payment: str) -> Standing:
        """Ask how a payment stands."""
        found = _standing(self._call("GET", f"payments/payment/{_id(payment)}"))
        if found.id != payment:
            raise Permanent("The gateway answered about another payment.")
        return found

    def refund(self, payment: str, amount: int) -> None:
        """Return an amount to the payer."""
        answer = self._call("POST", f"payments/payment/{_id(payment)}/refund", data={"amount": str(amount)})
        if answer.get("result") == "FAILED":
            raise BusinessError(REFUSED, "The gateway did not take the refund.")

    def _call(self, method: str, path: str, **body: Any) -> Mapping[str, Any]:
        headers = {"Accept": "application/json", "Authorization": f"Bearer {self._access()}"}
        return _read(ask(self.client, method, f"{self.url}/{path}", headers=headers, **body))

    def _access(self) -> str:
        now = self.clock.now()
        if not self._token or self._until is None or now >= self._until:
            answer = _read(
                ask(
                    self.client,
                    "POST",
                    f"{self.url}/oauth2/token",
                    auth=(self.client_id, self.secret),
                    data={"grant_type": "client_credentials", "scope": "payment-all"},
                    headers={"Accept": "application/json"},
                )
            )
            token, lives = answer.get("access_token"), answer.get("expires_in", 0)
            if not isinstance(token, str) or not _TOKEN.fullmatch(token) or type(lives) is not int:
                raise Permanent(STRANGE)
            self._token = token
            self._until = now + timedelta(seconds=min(max(lives, 0), _LONGEST_LIFE)) - _RENEWED
        return self._token


def _read(response: httpx.Response) -> Mapping[str, Any]:
    status = response.status_code
    if status in {408, 429} or status >= 500:
        raise Unreachable("The payment gateway does not answer now.")
    if status in {401, 403}:
        raise LockedOut("The payment gateway does not know us.")
    if status >= 400:
        raise BusinessError(REFUSED, f"The payment gateway refused it ({status}).")
    try:
        body = strict_json.read(response.content)
    except strict_json.BadJson as error:
        raise Temporary("The payment gateway answered something unreadable.") from error
    if not isinstance(body, dict):
        raise Permanent(STRANGE)
    return body


def _standing(body: Mapping[str, Any]) -> Standing:
    amount = body.get("amount")
    if type(amount) is not int or not 0 <= amount <= MOST or body.get("currency", "CZK") != "CZK":
        raise Permanent(STRANGE)
    return Standing(
        id=str(body.get("id")),
        state=STATES.get(str(body.get("state")), "error"),
        amount=amount,
        order=str(body.get("order_number") or ""),
        url=str(body.get("gw_url") or ""),
    )


def _id(payment: str) -> str:
    # It stands in an address and may come from outside.
    if not re.fullmatch(r"[0-9]{1,20}", payment):
        raise BusinessError(REFUSED, "This is no number of a payment.")
    return payment
