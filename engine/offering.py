"""The verbs of agendas that one organisation offers to the others of the installation."""

from __future__ import annotations

from dataclasses import dataclass

from engine.commands import Command, Deploy
from engine.model import Deployed


@dataclass(frozen=True, kw_only=True)
class OfferAgenda(Command[str]):
    """Let all organisations see and take the newest version of an agenda, as it is now; gives the offer's id.

    The same version again is the offer that stands. Only files of the agenda are offered, never data.
    """

    agenda: str
    #: What is new in it, for those who take it.
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class WithdrawOffer(Command[None]):
    """Offer it no more; whoever has taken it keeps what they have."""

    offer_id: str


@dataclass(frozen=True, kw_only=True)
class TakeOver(Command[Deployed]):
    """Publish an agenda that another organisation offers, and remember whence it came.

    Raises PublishedMeanwhile where the own version isn't the one that was compared.
    """

    agenda: str
    offer_id: str
    #: The offered files, with own changes that are kept.
    deploy: Deploy
    #: Id of the own deployment that was compared; "" where there was none.
    seen: str
