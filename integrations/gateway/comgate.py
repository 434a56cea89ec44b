"""ComGate: forms posted both ways, amounts in haléře."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

import httpx

from integrations.failures import BusinessError, Permanent, Temporary, Unreachable
from integrations.gateway.shape import REFUSED, Standing, State, Wanted
from integrations.guard import ask

URL = "https://payments.comgate.cz/v1.0"
STATES: Mapping[str, State] = {
    "PENDING": "pending",
    "PAID": "paid",
    "CANCELLED": "cancelled",
    "AUTHORIZED": "authorised",
}


@dataclass
class ComGate:
    """The calling side. ComGate has notification and return addresses in its own settings."""

    merchant: str
    secret: str = field(repr=False)
    client: httpx.Client
    test: bool = False
    url: str = URL
    name: str = "comgate"

    def create(self, wanted: Wanted) -> Standing:
        """Begin a payment."""
        answer = self._call(
            "create",
            test="true" if self.test else "false",
            country="CZ",
            price=str(wanted.amount),
            curr="CZK",
            label=wanted.description[:16],
            refId=wanted.order,
            email=wanted.email,
            method="ALL",
            prepareOnly="true",
            lang=wanted.language,
        )
        payment, url = answer.get("transId", ""), answer.get("redirect", "")
        if not payment or not url.startswith("https://"):
            raise Permanent("The payment gateway answered something we don't understand.")
        return Standing(id=payment, state="initiated", amount=wanted.amount, order=wanted.order, url=url)

    def status(self, payment: str) -> Standing:
        """Ask how a payment stands."""
        answer = self._call("status", transId=_id(payment))
        price = answer.get("price", "")
        told = (answer.get("curr", "CZK"), answer.get("transId", payment))
        if not re.fullmatch(r"[0-9]{1,12}", price) or told != ("CZK", payment):
            raise Permanent("The payment gateway answered something we don't understand.")
        state = STATES.get(answer.get("status", ""), "error")
        return Standing(id=payment, state=state, amount=int(price), order=answer.get("refId", ""))

    def refund(self, payment: str, amount: int) -> None:
        """Return an amount to the payer."""
        self._call("refund", transId=_id(payment), amount=str(amount), curr="CZK")

    def _call(self, action: str, **fields: str) -> Mapping[str, str]:
        form = {"merchant": self.merchant, "secret": self.secret} | fields
        response = ask(self.client, "POST", f"{self.url}/{action}", data=form)
        if response.status_code != 200:
            raise Unreachable("The payment gateway does not answer now.")
        answer = dict(parse_qsl(response.text, keep_blank_values=True))
        code = answer.get("code")
        if code is None:
            raise Temporary("The payment gateway answered something unreadable.")
        if code != "0":
            # 1100 and 1200 are its own faults, by its manual; the rest is a refusal.
            if code in {"1100", "1200"}:
                raise Unreachable("The payment gateway does not answer now.")
            raise BusinessError(REFUSED, f"The payment gateway refused it (code {code}).")
        return answer


def _id(payment: str) -> str:
    # It may come from outside.
    if not re.fullmatch(r"[A-Z0-9]{4}(-[A-Z0-9]{4}){2}", payment):
        raise BusinessError(REFUSED, "This is no number of a payment.")
    return payment
