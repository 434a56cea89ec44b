"""The real installation as a stage for stories: what they do is done by the product itself, on a clock that is set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from engine.calendar import SettableClock
from engine.facade import Engine
from engine.model import Json
from processes.scenarios import Person
from processes.scenarios.failing import Failed
from web.delivery import Delivery


@dataclass(kw_only=True)
class InstalledStage:
    """One organisation of the installation; other systems than its own don't take part."""

    engine: Engine
    sessions: sessionmaker[Session]
    clock: SettableClock
    tenant: str
    account: str
    people: Mapping[str, Person]
    delivery: Delivery
    mails: Sequence[Any] = field(default_factory=list)

    def card(self, state: str) -> str:
        """Refuse: nobody pays by card here."""
        raise Failed("Nobody pays by card here, so no payment is {state}.", state=state)

    @property
    def calls(self) -> Sequence[str]:
        """Remember no calls."""
        return ()

    def prepare(self, url: str, status: int, body: Json) -> None:
        """Refuse: no other system answers."""
        raise Failed("Nothing answers at {url} here.", url=url)

    def data_message(self, fate: str) -> None:
        """Refuse: no data message goes out."""
        raise Failed("There are no data boxes here, so no message is {fate}.", fate=fate)

    def deliver(self, job_id: str) -> None:
        """Do a promised outside action at once."""
        self.delivery.deliver(job_id)
