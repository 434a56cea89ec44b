"""An organisation of its own for demo data, and a stage on the real installation from which nothing leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

import yaml
from sqlalchemy import Engine as Database
from sqlalchemy import func, select

from engine.calendar import SettableClock
from engine.commands import ChangeTenant, TerminateInstance
from engine.errors import Invalid
from engine.model import SYSTEM
from engine.queries.workers import alive
from engine.store.cases import InstanceRow
from engine.store.people import TenantRow
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

#: Setting of an organisation for as long as it is being made.
UNFINISHED = "demo_unfinished"
_INTERRUPTED = "Zakládání ukázkových dat bylo přerušeno."
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


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A demo organisation that is there already."""

    name: str
    cases: int
    #: Its making was interrupted.
    unfinished: bool


def standing(parts: Parts, key: str) -> Standing | None:
    """Give how an organisation stands; None where there is none."""
    with parts.sessions(info={TENANT: EVERY}) as session:
        row = session.get(TenantRow, key)
        cases = select(func.count()).select_from(InstanceRow).where(InstanceRow.tenant == key)
        count = session.scalar(cases) or 0
    if row is None:
        return None
    return Standing(name=row.name, cases=count, unfinished=bool(row.settings.get(UNFINISHED)))


def quieten(parts: Parts, key: str) -> None:
    """End what goes on in an organisation whose making was interrupted: a worker would do what its past waits for."""
    running = select(InstanceRow.id).where(InstanceRow.tenant == key, InstanceRow.status.in_(("running", "suspended")))
    with parts.sessions(info={TENANT: key}) as session:
        found = session.scalars(running).all()
    for case in found:
        parts.engine.execute(TerminateInstance(tenant=key, actor=SYSTEM, instance_id=case, reason=_INTERRUPTED))


def finish(stage: VolumeStage, name: str) -> None:
    """Note that the organisation is whole."""
    stage.engine.execute(ChangeTenant(tenant=stage.tenant, actor=SYSTEM, name=name, settings={UNFINISHED: None}))


def open_organisation(
    settings: Settings, agenda: Agenda, key: str, name: str, starts: datetime, *, prints: bool = True
) -> VolumeStage:
    """Make an organisation with one agenda and its demo's people, seen at `KEY.localhost`, and open a stage on it."""
    clock = SettableClock(starts)
    parts = bootstrap(settings, clock)
    tenant = {**yaml.safe_load(agenda.text("demo/tenant.yaml") or "{}"), "key": key, "name": name}
    tenant[UNFINISHED] = True
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
