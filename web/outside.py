"""The adapters of the outside world that the settings ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.calendar import Clock
from integrations.ares import make_company_register
from integrations.clamd import Clamd, NoScanner
from integrations.connectors import Runner, make_runners
from integrations.contracts_register import ContractsRegister
from integrations.gateway.choosing import make_gateway
from integrations.gateway.shape import Gateway
from integrations.guard import guarded_client
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
    #: None: this installation calls no webhooks.
    webhook: Webhook | None = None
    #: None: contracts are published by hand.
    contracts: ContractsRegister | None = None

    #: None: nobody pays by card here.
    gateway: Gateway | None = None

    def runners(self) -> Mapping[str, Runner]:
        """Give what each connector does here."""
        return make_runners(
            mailer=self.mailer,
            pdf=self.pdf,
            companies=self.companies,
            webhook=self.webhook,
            contracts=self.contracts,
            gateway=self.gateway,
        )


def make_outside(settings: Settings, clock: Clock) -> Outside:
    """Choose the adapters. Opens no connection yet."""
    return Outside(
        mailer=make_mailer(settings.smtp_url, settings.mail_dir),
        pdf=WeasyPdf(),
        companies=make_company_register(settings.ares_url, clock, recorded=settings.ares_recorded),
        scanner=Clamd(settings.clamd_url) if settings.clamd_url else NoScanner(),
        webhook=make_webhook(settings),
        gateway=make_gateway(
            settings.gateway,
            merchant=settings.gateway_merchant,
            client_id=settings.gateway_client,
            secret=settings.gateway_secret,
            url=settings.gateway_url,
            clock=clock,
        ),
    )


def make_webhook(settings: Settings) -> Webhook | None:
    """Give the calling side of webhooks where any host may be called."""
    hosts = [host.strip() for host in settings.webhook_hosts.split(",") if host.strip()]
    return Webhook(guarded_client(hosts), settings.webhook_secret) if hosts else None
