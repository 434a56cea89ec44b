"""Fetches statements from Fio banka by the tokens of the settings; each comes in by the same command as a file does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import structlog

from engine.banking import ImportStatements
from engine.calendar import day_in_prague
from engine.errors import EngineError
from engine.model import SYSTEM
from engine.queries.people import tenants
from engine.store.session import TENANT
from engine.store.wall import EVERY
from integrations.bank.fio_api import FioApi, make_fio
from integrations.bank.statement import to_command
from integrations.failures import Failure
from web.bootstrap import Parts

#: Days asked for each time: what came late or while we were away is there, what is here already changes nothing.
LOOKED_BACK = timedelta(days=10)

log = structlog.get_logger(__name__)


def fetch_statements(parts: Parts, banks: Mapping[str, tuple[str, FioApi]]) -> None:
    """Ask with each token (name → organisation, asking side); one that fails is in nobody's way."""
    with parts.sessions(info={TENANT: EVERY}) as session:
        accounts = {one.key: _accounts(one.settings or {}) for one in tenants(session)}
    today = day_in_prague(parts.clock.now())
    for name, (tenant, bank) in banks.items():
        if not accounts.get(tenant):
            log.error("a token of the bank belongs to no organisation with an account", token=name, tenant=tenant)
            continue
        try:
            statement = bank.period(today - LOOKED_BACK, today, own=accounts[tenant])
            command = to_command(statement, tenant=tenant, actor=SYSTEM, filename="fio")
            parts.engine.execute(ImportStatements(tenant=tenant, actor=SYSTEM, statements=[command]))
        except Failure as error:
            log.warning("the bank was not asked", token=name, tenant=tenant, why=str(error))
        except EngineError as error:
            log.error("a statement of the bank was refused", token=name, tenant=tenant, why=error.facts.get("reason"))


def banks_of(parts: Parts) -> dict[str, tuple[str, FioApi]]:
    """Give the asking sides that the settings name. They live as long as the worker: the bank wants a pause."""
    named = {name: text.split(maxsplit=1) for name, text in parts.settings.fio_tokens.items()}
    return {name: (tenant, make_fio(token, parts.clock)) for name, (tenant, token) in named.items()}


def _accounts(settings: Mapping[str, object]) -> list[str]:
    listed = settings.get("accounts")
    more = listed if isinstance(listed, list) else []
    return [str(account) for account in (settings.get("account"), *more) if account]
