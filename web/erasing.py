"""Erasing in the background: what an agreed erasure names, and what is kept for longer than its time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import structlog

from engine.accounts import EndAccount
from engine.auditing import NoteEvent
from engine.commands import Command
from engine.erasing import AnonymiseCase, EraseAnswers, EraseCase, EraseFields, EraseRecord, FinishErasure, Subject
from engine.errors import EngineError
from engine.model import SYSTEM, Actor, Json
from engine.queries.accounts import AccountFacts
from engine.queries.personal import OwnCase, OwnRecord, erasures, known_of
from engine.queries.retention import Overdue, overdue
from engine.store.session import TENANT
from web.bootstrap import Parts
from web.retention import kept_answers

log = structlog.get_logger(__name__)

#: Entries of a protocol that are told by name.
MOST_TOLD = 1_000


def rehearsed(parts: Parts, tenant: str) -> Overdue:
    """What a run would do now."""
    with parts.sessions(info={TENANT: tenant}) as session:
        return overdue(session, tenant, parts.clock.now(), kept_answers(session, tenant))


def keep_no_longer(parts: Parts, tenant: str, by: Actor = SYSTEM) -> Mapping[str, Json]:
    """Erase what its time is over for, one transaction each; gives the protocol, which is in the audit too."""
    found = rehearsed(parts, tenant)
    left: list[Json] = [{"case": one.number, "why": one.why_kept} for one in found.held]
    left += [{"register": one.register, "record": one.id, "why": one.why_kept} for one in found.held_records]
    if not found.count:
        return {"erased": [], "left": left}
    parts.engine.seal()
    protocol = _erase(parts, tenant, found.cases, found.records, "retention")
    facts: dict[str, Any] = {"tenant": tenant, "actor": SYSTEM, "because": "retention"}
    anonymous = [one for one in found.anonymous if _done(parts, AnonymiseCase(**facts, instance_id=one.id), protocol)]
    answers = [
        (one, places)
        for one, places in found.answers
        if _done(parts, EraseAnswers(**facts, instance_id=one.id, fields=places), protocol)
    ]
    fields = [
        (one, names)
        for one, names in found.fields
        if _done(parts, EraseFields(**facts, record_id=one.id, fields=names), protocol)
    ]
    protocol |= {
        "anonymised": [one.number for one in anonymous][:MOST_TOLD],
        "answers": [{"case": one.number, "fields": list(places)} for one, places in answers][:MOST_TOLD],
        "fields": [{"record": one.id, "fields": list(names)} for one, names in fields][:MOST_TOLD],
        "left": left[:MOST_TOLD],
        "periods": {agenda: f"{rule.period} {rule.how}" for agenda, rule in found.rules.items()},
    }
    event = NoteEvent(tenant=tenant, actor=by, kind="retention-run", object_kind="retention", facts=protocol)
    parts.engine.execute(event)
    return protocol


def _done(parts: Parts, command: Command[Mapping[str, int]], protocol: dict[str, Json]) -> bool:
    """Execute; add what went to the protocol's rows."""
    counts = _tried(parts.engine.execute, command)
    rows: dict[str, int] = protocol["rows"]
    for name, count in (counts or {}).items():
        rows[name] = rows.get(name, 0) + count
    return counts is not None


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
    protocol |= {"accounts": _end_accounts(parts, tenant, found.accounts, erasure_id)}
    protocol |= {
        "left": kept[:MOST_TOLD],
        "mentioned_in": [one.number for one in found.mentions][:MOST_TOLD],
    }
    parts.engine.execute(FinishErasure(tenant=tenant, actor=SYSTEM, erasure_id=erasure_id, protocol=protocol))
    return protocol


def _end_accounts(parts: Parts, tenant: str, accounts: Iterable[AccountFacts], because: str) -> dict[str, Json]:
    """Delete accounts; gives how many rows went, by table."""
    totals: dict[str, Json] = {}
    for one in accounts:
        ending = EndAccount(tenant=tenant, actor=SYSTEM, account_id=one.id, because=because)
        for name, count in parts.engine.execute(ending).items():
            totals[name] = totals.get(name, 0) + count
    return totals


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


def _tried(execute: Callable[[Command[Any]], Any], command: Command[Mapping[str, int]]) -> Mapping[str, int] | None:
    try:
        counts: Mapping[str, int] = execute(command)
    except EngineError as error:
        # It was held, or begun again, meanwhile; the next run looks anew.
        log.warning("something was not erased", command=type(command).__name__, error=type(error).__name__)
        return None
    return counts
