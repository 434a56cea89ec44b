"""What both gateways are to the rest of the application."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

State = Literal[
    "initiated", "pending", "authorised", "paid", "cancelled", "timed_out", "part_refunded", "refunded", "error"
]
REFUSED = "gateway.refused"
#: What the gateways take, in haléře.
LEAST, MOST = 100, 10**10


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A payment to begin. The amount in haléře."""

    #: Our number of the order; begun twice with the same number, it is one payment to the payer.
    order: str
    amount: int
    description: str
    email: str
    return_url: str
    notify_url: str
    language: str = "cs"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What the gateway says when it is asked. Amounts in haléře."""

    id: str
    state: State
    amount: int
    order: str
    #: Where the payer pays; "" where it isn't told any more.
    url: str = ""


class Gateway(Protocol):
    """A gateway. Every call raises Temporary, Permanent or BusinessError("gateway.refused")."""

    name: str

    def create(self, wanted: Wanted) -> Standing:
        """Begin a payment."""
        ...

    def status(self, payment: str) -> Standing:
        """Ask how a payment stands."""
        ...

    def refund(self, payment: str, amount: int) -> None:
        """Return an amount to where it came from, never more than was paid."""
        ...
