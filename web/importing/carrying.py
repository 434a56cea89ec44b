"""What a worker does with an import that waits: try its rows, store them, take them back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from engine.calendar import day_in_prague
from engine.errors import EngineError, NotFound
from engine.model import SYSTEM, Actor, Json
from engine.queries import imports, people
from engine.queries.imports import ImportFacts
from engine.queries.lookups import Lookups
from engine.queries.registers import register
from engine.registering import CHECKING, STORING, UNDOING, KeepCheck, Line, RefuseImport, StoreImport, UndoImport
from engine.store.session import TENANT
from engine.store.wall import EVERY
from integrations.refused_tables import TableRefused
from web.bootstrap import Parts
from web.importing.checking import Check
from web.published import form_of_fields

log = structlog.get_logger(__name__)


def carry_all(parts: Parts) -> None:
    """Carry out every import that waits; one that fails doesn't keep the others from it."""
    with parts.sessions(info={TENANT: EVERY}) as session:
        found = imports.waiting(session)
    for tenant, import_id in found:
        try:
            carry(parts, tenant, import_id)
        except NotFound:
            continue


def carry(parts: Parts, tenant: str, import_id: str) -> None:
    """Carry out what an import waits for; what can't be done is told on its page."""
    with parts.sessions(info={TENANT: tenant}) as session:
        facts = imports.import_by_id(session, tenant, import_id)
    try:
        _carry(parts, tenant, facts)
    except TableRefused as error:
        _refuse(parts, tenant, import_id, {"code": error.code, **_plain(error.facts)})
    except EngineError as error:
        log.warning("an import could not go on", import_id=import_id, why=type(error).__name__)
        _refuse(parts, tenant, import_id, {"code": "engine"})
    except Exception as error:
        log.error("an import failed", import_id=import_id, exc_info=error)
        _refuse(parts, tenant, import_id, {"code": "failed"})


def _carry(parts: Parts, tenant: str, facts: ImportFacts) -> None:
    engine, found = parts.engine, facts.id
    if facts.state == STORING and not engine.execute(StoreImport(tenant=tenant, actor=SYSTEM, import_id=found)):
        with parts.sessions(info={TENANT: tenant}) as session:
            facts = imports.import_by_id(session, tenant, facts.id)
    if facts.state == CHECKING:
        lines = _lines(parts, tenant, facts)
        engine.execute(KeepCheck(tenant=tenant, actor=SYSTEM, import_id=found, lines=lines))
    if facts.state == UNDOING:
        engine.execute(UndoImport(tenant=tenant, actor=SYSTEM, import_id=found))


def _lines(parts: Parts, tenant: str, facts: ImportFacts) -> list[Line]:
    """Try the rows with the eyes of whoever began the import; the session is closed before anything is kept."""
    with parts.sessions(info={TENANT: tenant}) as session:
        kept = register(session, tenant, facts.register)
        who = _actor(session, tenant, facts.begun_by)
        seen = list(kept.readable(who, dict.fromkeys(kept.properties)))
        check = Check(
            session=session,
            tenant=tenant,
            facts=facts,
            register=kept,
            form=form_of_fields(session, tenant, kept, seen),
            seen=seen,
            evaluate=_evaluate(session, tenant, parts.clock.now()),
        )
        return list(check.lines(imports.content_of(session, tenant, facts.id)))


def _actor(session: Session, tenant: str, username: str) -> Actor:
    person = people.person(session, tenant, username)
    if person is None:
        return SYSTEM
    return Actor(kind="person", username=person.username, name=person.name, groups=person.groups)


def _evaluate(session: Session, tenant: str, now: datetime) -> Callable[[str, Mapping[str, Json]], Json]:
    lookups, today = Lookups(session, tenant), day_in_prague(now).isoformat()
    return lambda text, names: lookups.evaluate(text, {"today": today, **names})


def _refuse(parts: Parts, tenant: str, import_id: str, problem: Mapping[str, Json]) -> None:
    parts.engine.execute(RefuseImport(tenant=tenant, actor=SYSTEM, import_id=import_id, problem=problem))


def _plain(facts: Mapping[str, object]) -> dict[str, Json]:
    return {name: value for name, value in facts.items() if isinstance(value, str | int)}
