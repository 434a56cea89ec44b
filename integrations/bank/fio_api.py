"""Fio banka's API: statements fetched by a token, one question in thirty seconds."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import httpx

from engine.calendar import Clock
from integrations.bank.fio import parse_fio
from integrations.bank.statement import Statement
from integrations.failures import Permanent, Temporary
from integrations.guard import ask, guarded_client

URL = "https://fioapi.fio.cz/v1/rest"
#: The bank answers one question of a token in so long.
PAUSE = timedelta(seconds=30)
BUSY = "The bank answers once in thirty seconds; ask again later."


@dataclass
class FioApi:
    """The asking side. The address holds the token, so it is in no message and no log."""

    token: str = field(repr=False)
    client: httpx.Client
    clock: Clock
    url: str = URL
    _next: datetime | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def period(self, first: date, last: date, own: Sequence[str] = ()) -> Statement:
        """Give the movements of a period.

        Raises Temporary where the bank is busy or down, Permanent for a bad token, StatementRefused.
        """
        return parse_fio(self._ask(f"periods/{{token}}/{first}/{last}/transactions.json"), own=own)

    def numbered(self, year: int, number: int, own: Sequence[str] = ()) -> Statement:
        """Give a statement of a year by its number. Raises as `period`."""
        return parse_fio(self._ask(f"by-id/{{token}}/{year}/{number}/transactions.json"), own=own)

    def newest(self, own: Sequence[str] = ()) -> Statement:
        """Give what came since the last time; the bank moves its mark by answering. Raises as `period`."""
        return parse_fio(self._ask("last/{token}/transactions.json"), own=own)

    def set_last(self, movement: str | date) -> None:
        """Move the mark to a movement by its number, or to a day, so that `newest` begins behind it again."""
        if isinstance(movement, date):
            self._ask(f"set-last-date/{{token}}/{movement}/")
        elif re.fullmatch(r"[0-9]{1,20}", movement):
            self._ask(f"set-last-id/{{token}}/{movement}/")
        else:
            raise Permanent("A movement is named by its number.")

    def _ask(self, path: str) -> bytes:
        with self._lock:
            now = self.clock.now()
            if self._next and now < self._next:
                raise Temporary(BUSY)
            self._next = now + PAUSE
        response = ask(self.client, "GET", f"{self.url}/{path.format(token=self.token)}")
        if response.status_code == 409:
            raise Temporary(BUSY)
        if response.status_code in {404, 500}:
            # A wrong or expired token is answered by these, too.
            raise Permanent("The bank does not know the token, or there is no such statement.")
        if response.status_code > 500 or response.status_code == 429:
            raise Temporary("The bank does not answer now.")
        if response.status_code != 200:
            raise Permanent(f"The bank refused the question ({response.status_code}).")
        return response.content


def make_fio(token: str, clock: Clock, *, url: str = URL, allow_private: bool = False) -> FioApi:
    """Give the asking side for a token of the environment."""
    client = guarded_client([httpx.URL(url).host], allow_private=allow_private)
    return FioApi(token=token, client=client, clock=clock, url=url.rstrip("/"))
