"""People who sign in by their organisation's directory, and the nightly run over all of it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable

import structlog
from sqlalchemy.orm import Session

from engine.calendar import PRAGUE
from engine.directory import (
    AdmitFromDirectory,
    DirectoryAway,
    DirectorySettings,
    NoteDirectoryAway,
    SyncDirectory,
)
from engine.errors import Conflict, NotAllowed
from engine.model import SYSTEM
from engine.queries.directory import DirectoryFacts, directory
from engine.queries.people import tenants
from engine.store.people import PersonRow
from engine.store.session import TENANT
from engine.store.wall import EVERY
from integrations.directory import Directory
from web import auth
from web.bootstrap import Parts
from web.db import close_session

#: The hour of Prague from which the nightly run may begin.
NIGHT = 2

log = structlog.get_logger(__name__)


def secret_name(tenant: str) -> str:
    """The variable with the password of whoever searches: an organisation can't name another one's secret."""
    return f"RADNICE_LDAP_PASSWORD_{re.sub('[^A-Z0-9]', '_', tenant.upper())}"


def connected(tenant: str, settings: DirectorySettings) -> Directory:
    """The directory of an organisation by these settings."""
    return Directory(settings, os.environ.get(secret_name(tenant), ""))


def authenticate(
    parts: Parts, session: Callable[[], Session], tenant: str, username: str, password: str
) -> PersonRow | None:
    """The person whose name and password these are, here or in the directory.

    Who has a password here is never looked for there. Raises DirectoryAway where it doesn't answer.
    """
    person = auth.authenticate(session(), tenant, username, password)
    if person is not None:
        return person
    known = auth.find_person(session(), tenant, username)
    settings = directory(session(), tenant).settings
    if not settings.on or (known is not None and known.password_hash is not None):
        return None
    close_session()
    entry = connected(tenant, settings).let_in(username, password)
    if entry is None:
        return None
    try:
        admitted = parts.engine.execute(AdmitFromDirectory(tenant=tenant, actor=SYSTEM, entry=entry))
    except (Conflict, NotAllowed):
        log.warning("the directory let in somebody who may not come in here", tenant=tenant)
        return None
    return auth.find_person(session(), tenant, admitted)


def read_directories(parts: Parts) -> None:
    """Read each directory that was not read this night yet; what fails in one doesn't keep the others from it."""
    now = parts.clock.now()
    if now.astimezone(PRAGUE).hour < NIGHT:
        return
    with parts.sessions(info={TENANT: EVERY}) as session:
        found = [(one.key, directory(session, one.key)) for one in tenants(session)]
    for tenant, facts in found:
        if facts.settings.on and not _is_read(parts, facts):
            try:
                read_directory(parts, tenant, facts.settings)
            except Exception as error:
                log.error("a directory was not read", tenant=tenant, exc_info=error)


def read_directory(parts: Parts, tenant: str, settings: DirectorySettings) -> None:
    """Bring an organisation's people up to date; a directory that is away changes nobody."""
    try:
        entries = connected(tenant, settings).everybody()
    except DirectoryAway as error:
        log.warning("a directory is away", tenant=tenant, problem=str(error))
        parts.engine.execute(NoteDirectoryAway(tenant=tenant, actor=SYSTEM, problem=str(error)))
        return
    report = parts.engine.execute(SyncDirectory(tenant=tenant, actor=SYSTEM, entries=entries))
    log.info(
        "a directory was read",
        tenant=tenant,
        created=len(report.created),
        deactivated=len(report.deactivated),
        held=len(report.held),
    )


def _is_read(parts: Parts, facts: DirectoryFacts) -> bool:
    today = parts.clock.now().astimezone(PRAGUE).date()
    return facts.synced_at is not None and facts.synced_at.astimezone(PRAGUE).date() >= today
