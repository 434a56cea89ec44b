"""The adapters of the outside world that the settings ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.calendar import Clock
from integrations.ares import make_company_register
from integrations.clamd import Clamd, NoScanner
from integrations.connectors import ALONE, Runner, Systems, make_runners
from integrations.databox.contracts import ContractsByDataBox
from integrations.databox.isds import make_databox
from integrations.gateway.choosing import make_gateway
from integrations.guard import guarded_client
from integrations.http_calls import make_http_calls
from integrations.mail import make_mailer
from integrations.pdf import WeasyPdf
from integrations.ports import CompanyRegister, Mailer, PdfPrinter, VirusScanner
from integrations.webhook import Webhook
from web.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Outside:
    """Everything that reaches out of this process."""

    mailer: Mailer
    pdf: PdfPrinter
    companies: CompanyRegister
    scanner: VirusScanner = field(default_factory=NoScanner)
    systems: Systems = ALONE

    def runners(self) -> Mapping[str, Runner]:
        """Give what each connector does here."""
        return make_runners(mailer=self.mailer, pdf=self.pdf, companies=self.companies, systems=self.systems)


def make_outside(settings: Settings, clock: Clock) -> Outside:
    """Choose the adapters. Opens no connection yet."""
    return Outside(
        mailer=make_mailer(settings.smtp_url, settings.mail_dir),
        pdf=WeasyPdf(),
        companies=make_company_register(settings.ares_url, clock, recorded=settings.ares_recorded),
        scanner=Clamd(settings.clamd_url) if settings.clamd_url else NoScanner(),
        systems=make_systems(settings, clock),
    )


def make_systems(settings: Settings, clock: Clock) -> Systems:
    """Choose the other systems."""
    box = make_databox(by_organisation(settings.databox_accounts), settings.databox_url)
    return Systems(
        webhook=make_webhook(settings),
        gateway=make_gateway(
            settings.gateway,
            merchant=settings.gateway_merchant,
            client_id=settings.gateway_client,
            secret=settings.gateway_secret,
            url=settings.gateway_url,
            clock=clock,
        ),
        http=make_http_calls(settings.http_hosts, settings.http_keys),
        databox=box,
        contracts=ContractsByDataBox(box, clock) if box and settings.contracts_register == "databox" else None,
    )


def by_organisation(texts: Mapping[str, str]) -> dict[str, str]:
    """Give what stands behind the organisation in texts that begin with it."""
    return dict(text.split(maxsplit=1) for text in texts.values())


def make_webhook(settings: Settings) -> Webhook | None:
    """Give the calling side of webhooks where any host may be called."""
    hosts = [host.strip() for host in settings.webhook_hosts.split(",") if host.strip()]
    return Webhook(guarded_client(hosts), settings.webhook_secret) if hosts else None
