"""Erasing in the background: what an agreed erasure names, and what is kept for longer than its time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import structlog

from engine.auditing import NoteEvent
from engine.commands import Command
from engine.erasing import EraseCase, EraseRecord, FinishErasure, Subject
from engine.errors import EngineError
from engine.model import SYSTEM, Json
from engine.queries.personal import OwnCase, OwnRecord, erasures, known_of, overdue
from engine.store.session import TENANT
from web.bootstrap import Parts

log = structlog.get_logger(__name__)

#: Entries of a protocol that are told by name.
MOST_TOLD = 1_000


def keep_no_longer(parts: Parts, tenant: str) -> Mapping[str, Json]:
    """Erase what its time is over for, one transaction each; gives the protocol, which is in the audit too."""
    with parts.sessions(info={TENANT: tenant}) as session:
        found = overdue(session, tenant, parts.clock.now())
    if not found.cases and not found.records:
        return {"erased": [], "held": [one.number for one in found.held]}
    parts.engine.seal()
    protocol = _erase(parts, tenant, found.cases, found.records, "retention")
    protocol |= {"held": [one.number for one in found.held][:MOST_TOLD], "periods": dict(found.periods)}
    event = NoteEvent(tenant=tenant, actor=SYSTEM, kind="retention-run", object_kind="retention", facts=protocol)
    parts.engine.execute(event)
    return protocol


def finish_agreed(parts: Parts, tenant: str) -> None:
    """Carry out every erasure that was agreed; one that was cut off goes on where it stopped."""
    with parts.sessions(info={TENANT: tenant}) as session:
        agreed = [(row.id, Subject(**(row.subject or {}))) for row in erasures(session, tenant, "agreed")]
    for erasure_id, subject in agreed:
        carry_out(parts, tenant, erasure_id, subject)


def carry_out(parts: Parts, tenant: str, erasure_id: str, subject: Subject) -> Mapping[str, Json]:
    """Erase the finished cases and records of a person that nothing holds; gives the protocol."""
    with parts.sessions(info={TENANT: tenant}) as session:
        found = known_of(session, tenant, subject, parts.clock.now().date())
    parts.engine.seal()
    may = [one for one in found.cases if not one.why_kept]
    records = [one for one in found.records if not one.why_kept]
    protocol = _erase(parts, tenant, may, records, erasure_id)
    kept: list[Json] = [{"case": one.number, "why": one.why_kept} for one in found.cases if one.why_kept]
    kept += [{"register": one.register, "record": one.id, "why": one.why_kept} for one in found.records if one.why_kept]
    protocol |= {
        "left": kept[:MOST_TOLD],
        "mentioned_in": [one.number for one in found.mentions][:MOST_TOLD],
    }
    parts.engine.execute(FinishErasure(tenant=tenant, actor=SYSTEM, erasure_id=erasure_id, protocol=protocol))
    return protocol


def _erase(
    parts: Parts, tenant: str, cases: Iterable[OwnCase], records: Iterable[OwnRecord], because: str
) -> dict[str, Json]:
    totals: dict[str, int] = {}
    erased: list[str] = []
    failed: list[str] = []
    for case in cases:
        command = EraseCase(tenant=tenant, actor=SYSTEM, instance_id=case.id, because=because)
        counts = _tried(parts.engine.execute, command)
        (failed if counts is None else erased).append(case.number)
        for name, count in (counts or {}).items():
            totals[name] = totals.get(name, 0) + count
    done = [one for one in records if _try_record(parts, tenant, one, because)]
    return {
        "erased": erased[:MOST_TOLD],
        "failed": failed[:MOST_TOLD],
        "rows": totals,
        "records": [one.id for one in done][:MOST_TOLD],
    }


def _try_record(parts: Parts, tenant: str, record: OwnRecord, because: str) -> bool:
    command = EraseRecord(tenant=tenant, actor=SYSTEM, record_id=record.id, because=because)
    try:
        parts.engine.execute(command)
    except EngineError:
        return False
    return True


def _tried(execute: Callable[[Command[Any]], Any], command: EraseCase) -> Mapping[str, int] | None:
    try:
        counts: Mapping[str, int] = execute(command)
    except EngineError as error:
        # It was held, or begun again, meanwhile; the next run looks anew.
        log.warning("a case was not erased", error=type(error).__name__)
        return None
    return counts
