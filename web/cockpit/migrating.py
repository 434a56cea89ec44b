"""Cases go on with another version: choose the versions, map the steps, rehearse, look at the verdicts, run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.diagram import FLOW_NODES, Model, Node
from engine.ids import new_id
from engine.interventions import MigrateInstance, RehearseMigration
from engine.model import Verdict
from engine.queries import cases, definitions, load
from engine.queries.load import VersionLoad
from web.auth import actor
from web.cockpit.processes import versions_of
from web.cockpit.room import MOST_AT_ONCE, blueprint, execute, execute_each, reason_of_form
from web.here import session
from web.i18n import _
from web.said import said_by
from web.tenancy import tenant_key
from web.ui.operating import changes, why

PREFIX = "map."


@dataclass(frozen=True, kw_only=True)
class Row:
    """A step of the old version for which a step of the new one may be named."""

    node: Node
    #: Cases that stand there.
    now: int
    #: It has no place by itself.
    gone: bool
    chosen: str
    choices: Sequence[Node]


@dataclass(frozen=True, kw_only=True)
class Told:
    """The verdict of one case in words."""

    verdict: Verdict
    lines: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """From which version to which."""

    versions: Sequence[VersionLoad]
    old: VersionLoad
    new: VersionLoad

    @property
    def models(self) -> tuple[Model, Model]:
        """The old version's diagrams and the new one's."""
        one, other = (
            definitions.model_of(session(), tenant_key(), each.definition.id) for each in (self.old, self.new)
        )
        return one, other


@blueprint.get("/prechod")
def choose_process() -> ResponseReturnValue:
    """Which process."""
    found = load.versions(session(), tenant_key())
    several = {one.definition.process_key for one in found if one.definition.version != found_newest(found, one)}
    return render_template(
        "cockpit/migrate_choose.html", versions=[v for v in found if v.definition.process_key in several]
    )


def found_newest(found: Sequence[VersionLoad], like: VersionLoad) -> int:
    """The newest version of the same process."""
    return max(one.definition.version for one in found if one.definition.process_key == like.definition.process_key)


@blueprint.get("/prechod/<process_key>")
def plan(process_key: str) -> ResponseReturnValue:
    """The mapping, with what can be guessed filled in."""
    return shown(plan_of(process_key), {}, guess=True)


@blueprint.post("/prechod/<process_key>")
def migrate(process_key: str) -> ResponseReturnValue:
    """Rehearse, or run."""
    wanted, mapping = plan_of(process_key), mapping_of_form()
    reason, error = reason_of_form()
    if request.form.get("step") != "run":
        return shown(wanted, mapping, told=rehearsed(wanted, mapping))
    if error:
        return shown(wanted, mapping, told=rehearsed(wanted, mapping), error=error, status=422)
    version, batch = wanted.new.definition.version, new_id()
    asked = [
        MigrateInstance(
            tenant=tenant_key(),
            actor=actor(),
            instance_id=one.id,
            version=version,
            mapping=mapping,
            reason=reason,
            batch=batch,
        )
        for one in cases_of(wanted)
    ]
    problems = list(filter(None, execute_each(asked)))
    done = len(asked) - len(problems)
    flash(_("Carried over: %(done)s. Left where they were: %(failed)s.", done=done, failed=len(problems)))
    return redirect(url_for("cockpit.log", batch=batch), 303)


def plan_of(process_key: str) -> Plan:
    """The versions asked for; else from the fullest older one to the newest."""
    found = versions_of(process_key)
    by_number = {str(one.definition.version): one for one in found}
    older = [one for one in found[1:] if one.running + one.suspended] or list(found[1:]) or list(found)
    old = by_number.get(request.values.get("from", ""), older[0])
    return Plan(versions=found, old=old, new=by_number.get(request.values.get("to", ""), found[0]))


def mapping_of_form() -> dict[str, str]:
    """Old step → new step, as chosen."""
    said = {name.removeprefix(PREFIX): to for name, to in request.form.items() if name.startswith(PREFIX)}
    return {node: to for node, to in said.items() if to}


def cases_of(wanted: Plan) -> Sequence[cases.CaseFacts]:
    """The cases that go by the old version, at most so many at once; or the only one that is asked for."""
    old = wanted.old.definition
    found: list[cases.CaseFacts] = []
    for status in ("running", "suspended"):
        room = MOST_AT_ONCE - len(found)
        q = request.values.get("q", "")[:200]
        query = cases.Wanted(
            process_key=old.process_key, version=old.version, status=status, q=q, page_size=max(room, 1)
        )
        found += cases.cases(session(), tenant_key(), query, actor()).items[:room]
    return found


def rehearsed(wanted: Plan, mapping: Mapping[str, str]) -> list[Told]:
    """The verdict of each case, those that can't be carried over first."""
    models, say = wanted.models, partial(said_by, definition_id=wanted.new.definition.id)
    command = RehearseMigration(
        tenant=tenant_key(),
        actor=actor(),
        instance_ids=[one.id for one in cases_of(wanted)],
        version=wanted.new.definition.version,
        mapping=mapping,
    )
    verdicts: Sequence[Verdict] = execute(command)
    order = ("not-possible", "ok-with-changes", "ok")
    return [
        Told(
            verdict=one,
            lines=[
                *(why(each, models[0], say) for each in one.refusals),
                *changes(one.changes, (models[1], models[0]), say),
            ],
        )
        for one in sorted(verdicts, key=lambda one: order.index(one.kind))
    ]


def rows(wanted: Plan, mapping: Mapping[str, str], guess: bool) -> list[Row]:
    """The steps for which the operator may name another one: where cases stand, and what has gone."""
    old, new = wanted.models
    standing = load.tokens(session(), tenant_key(), wanted.old.definition.id)
    found = []
    for node in old.nodes.values():
        gone = node.id not in new.nodes
        if node.kind not in FLOW_NODES or not (gone or node.id in standing):
            continue
        choices = [one for one in new.nodes.values() if one.kind in FLOW_NODES and one.kind != "boundaryEvent"]
        chosen = mapping.get(node.id, "") or (guessed(node, old, new) if guess and gone else "")
        found.append(Row(node=node, now=standing.get(node.id, 0), gone=gone, chosen=chosen, choices=choices))
    return sorted(found, key=lambda row: (not row.gone, -row.now))


def guessed(node: Node, old: Model, new: Model) -> str:
    """A step that is new there and has the same name and kind."""
    like = [
        one.id
        for one in new.nodes.values()
        if one.id not in old.nodes and (one.kind, one.name) == (node.kind, node.name) and node.name
    ]
    return like[0] if len(like) == 1 else ""


def shown(
    wanted: Plan,
    mapping: Mapping[str, str],
    *,
    told: Sequence[Told] | None = None,
    guess: bool = False,
    error: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    """The page with the mapping, and with the verdicts where it was rehearsed."""
    kinds = [one.verdict.kind for one in told or ()]
    return (
        render_template(
            "cockpit/migrate.html",
            plan=wanted,
            rows=rows(wanted, mapping, guess),
            told=told,
            possible=len(kinds) - kinds.count("not-possible"),
            impossible=kinds.count("not-possible"),
            most=MOST_AT_ONCE,
            q=request.values.get("q", ""),
            reason=request.form.get("reason", ""),
            error=error,
        ),
        status,
    )
