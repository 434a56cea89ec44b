"""An organisation of its own for demo data, and a stage on the real installation from which nothing leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

import yaml
from sqlalchemy import Engine as Database

from engine.calendar import SettableClock
from engine.errors import Invalid
from engine.queries.people import tenants
from engine.queries.workers import alive
from engine.store.session import TENANT, read_sessions
from engine.store.wall import EVERY
from integrations.ares import RecordedAres
from integrations.connectors import Systems
from integrations.fake_register import FakeContractsRegister
from integrations.fakes import GatewayInMemory
from integrations.mail import message_id
from integrations.pdf import WeasyPdf
from integrations.ports import Mail
from processes.agenda import Agenda
from processes.scenarios import Person
from web.bootstrap import Parts, bootstrap
from web.delivery import Delivery
from web.demo import found, people_in
from web.installed_stage import InstalledStage
from web.outside import Outside
from web.settings import Settings

_SAME_PAGE = (
    '<html lang="cs"><title>Ukázková data</title><body><p>Ukázková data: tento doklad se netiskl, aby šlo založit '
    "tisíce případů.</p></body></html>"
)


class NoMailer:
    """Takes mails and sends none."""

    def send(self, mail: Mail) -> str:
        """Give the Message-ID that it would have had."""
        return message_id(mail)


class SamePage:
    """A printer that prints one page once, whatever it is asked for."""

    def unavailable(self) -> str | None:
        """Give why nothing can be printed."""
        return WeasyPdf().unavailable()

    def print(self, html: str) -> bytes:
        """Give the page."""
        return self._page

    @cached_property
    def _page(self) -> bytes:
        return WeasyPdf().print(_SAME_PAGE)


@dataclass(kw_only=True)
class VolumeStage(InstalledStage):
    """A stage from which nothing leaves; payments of its gateway are moved many at once."""

    gateway: GatewayInMemory
    database: Database

    def close(self) -> None:
        """Let the connections go."""
        self.database.dispose()


def must_be_alone(parts: Parts) -> None:
    """Refuse while a worker is alive: it would do today what the demo data's past waits for. Raises Invalid."""
    with parts.sessions(info={TENANT: EVERY}) as session:
        working = [one.name for one in alive(session, parts.clock.now()) if one.alive]
    if working:
        raise Invalid(f"Stop the server and its workers first and wait a minute; {working[0]} is alive.")


def is_there(parts: Parts, key: str) -> bool:
    """Say whether the organisation was made already."""
    with parts.sessions(info={TENANT: EVERY}) as session:
        return key in [one.key for one in tenants(session)]


def open_organisation(
    settings: Settings, agenda: Agenda, key: str, name: str, starts: datetime, *, prints: bool = True
) -> VolumeStage:
    """Make an organisation with one agenda and its demo's people, seen at `KEY.localhost`, and open a stage on it."""
    clock = SettableClock(starts)
    parts = bootstrap(settings, clock)
    tenant = {**yaml.safe_load(agenda.text("demo/tenant.yaml") or "{}"), "key": key, "name": name}
    tenant["hosts"] = [f"{key}.localhost"]
    people = people_in([agenda])
    found(parts, [agenda], tenant, people)
    gateway = GatewayInMemory()
    outside = Outside(
        mailer=NoMailer(),
        pdf=WeasyPdf() if prints else SamePage(),
        companies=RecordedAres(),
        systems=Systems(gateway=gateway, contracts=FakeContractsRegister()),
    )
    return VolumeStage(
        engine=parts.engine,
        sessions=read_sessions(parts.database, key, clock),
        clock=clock,
        tenant=key,
        account=str(tenant.get("account") or ""),
        people={one["username"]: Person(**_known(one)) for one in people},
        delivery=Delivery(replace(parts, outside=outside), outside),
        gateway=gateway,
        database=parts.database,
    )


def _known(person: Mapping[str, Any]) -> dict[str, Any]:
    return {name: person[name] for name in ("username", "name", "groups")}
