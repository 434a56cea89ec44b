"""`radnice migrate PROCESS --tenant KEY --from 1 --to 2`: rehearse for every case; with a reason do it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import Invalid, NotFound
from engine.ids import new_id
from engine.interventions import MigrateInstance, RehearseMigration
from engine.model import SYSTEM, Actor, Verdict
from engine.queries.cases import Wanted, cases
from engine.store.people import PersonRow
from engine.store.session import TENANT
from web.auth import groups_of
from web.bootstrap import Parts
from web.commands.answer import REFUSED, print_json, say
from web.commands.installation import installation

#: Cases rehearsed in one transaction.
AT_ONCE = 100


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is asked for."""

    tenant: str
    process_key: str
    old: int
    new: int
    mapping: Mapping[str, str]
    actor: Actor


def add_commands(commands: Any) -> None:
    """Add the command."""
    migrating = commands.add_parser("migrate", help="carry cases to another version; without --reason a rehearsal")
    migrating.add_argument("process", help="key of the process")
    migrating.add_argument("--tenant", required=True)
    migrating.add_argument("--from", dest="old", type=int, required=True, metavar="VERSION")
    migrating.add_argument("--to", dest="new", type=int, required=True, metavar="VERSION")
    migrating.add_argument("--map", action="append", default=[], metavar="OLD=NEW", help="a step with another id there")
    migrating.add_argument("--user", required=True, help="the operator who does it")
    migrating.add_argument("--reason", default="", help="really do it; stands in the story of each case")
    migrating.add_argument("--json", action="store_true")
    migrating.set_defaults(run=run_migrate)


def run_migrate(arguments: argparse.Namespace) -> int:
    """Tell the verdict of each case, or what was done; 1 when some case stays where it is."""
    with installation() as parts:
        plan = _plan(parts, arguments)
        ids = list(_ids(parts, plan))
        told = _run(parts, plan, ids, arguments.reason) if arguments.reason.strip() else _rehearse(parts, plan, ids)
    if arguments.json:
        print_json(told)
    else:
        for one in told:
            say(f"{one['business_key']}: {one['verdict']} {one['why']}".rstrip())
        say(f"{len(told)} cases, {sum(one['verdict'] == 'not-possible' for one in told)} stay where they are")
    return REFUSED if any(one["verdict"] == "not-possible" for one in told) else 0


def _plan(parts: Parts, arguments: argparse.Namespace) -> Plan:
    pairs = [text.partition("=") for text in arguments.map]
    if bad := [old for old, sign, new in pairs if not (old and sign and new)]:
        raise Invalid(f"--map {bad[0]}: write it as OLD=NEW.")
    with parts.sessions(info={TENANT: arguments.tenant}) as session:
        actor = _operator(session, arguments.tenant, arguments.user)
    return Plan(
        tenant=arguments.tenant,
        process_key=arguments.process,
        old=arguments.old,
        new=arguments.new,
        mapping={old: new for old, _, new in pairs},
        actor=actor,
    )


def _operator(session: Session, tenant: str, username: str) -> Actor:
    which = select(PersonRow).where(PersonRow.tenant == tenant, PersonRow.username == username, PersonRow.active)
    person = session.scalar(which)
    if person is None:
        raise NotFound(f"There is no {username} in {tenant}.")
    # Whoever carries cases over does it themselves, not for a colleague who is away.
    return Actor(kind="person", username=person.username, name=person.name, groups=groups_of(session, person))


def _ids(parts: Parts, plan: Plan) -> Iterator[str]:
    with parts.sessions(info={TENANT: plan.tenant}) as session:
        for status in ("running", "suspended"):
            page = 1
            while True:
                wanted = Wanted(process_key=plan.process_key, version=plan.old, status=status, page=page, page_size=500)
                found = cases(session, plan.tenant, wanted, SYSTEM)
                yield from (case.id for case in found.items)
                if page >= found.pages:
                    break
                page += 1


def _rehearse(parts: Parts, plan: Plan, ids: Sequence[str]) -> list[dict[str, Any]]:
    told = []
    for first in range(0, len(ids), AT_ONCE):
        command = RehearseMigration(
            tenant=plan.tenant,
            actor=plan.actor,
            instance_ids=ids[first : first + AT_ONCE],
            version=plan.new,
            mapping=plan.mapping,
        )
        told += [_told(verdict) for verdict in parts.engine.execute(command)]
    return told


def _told(verdict: Verdict) -> dict[str, Any]:
    why = ", ".join(f"{one.node}: {one.code}" for one in verdict.refusals)
    return {
        "id": verdict.instance_id,
        "business_key": verdict.business_key,
        "verdict": verdict.kind,
        "why": why,
        "changes": [effect._asdict() for effect in verdict.changes],
        "tasks_kept": verdict.tasks_kept,
        "drafts_kept": verdict.drafts_kept,
    }


def _run(parts: Parts, plan: Plan, ids: Sequence[str], reason: str) -> list[dict[str, Any]]:
    told = {one["id"]: one for one in _rehearse(parts, plan, ids)}
    batch = new_id()
    asked = [
        MigrateInstance(
            tenant=plan.tenant,
            actor=plan.actor,
            instance_id=one,
            version=plan.new,
            mapping=plan.mapping,
            reason=reason,
            batch=batch,
        )
        for one in ids
    ]
    for one, problem in zip(ids, parts.engine.execute_each(asked), strict=True):
        why = told[one]["why"] or problem
        told[one] |= {"verdict": "not-possible", "why": why} if problem else {"verdict": "done"}
    return list(told.values())
