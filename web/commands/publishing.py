"""`radnice deploy PATH --tenant KEY`, `radnice scenario PATH`."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from engine.diagram import Problem
from engine.errors import EngineError
from engine.model import SYSTEM, Json
from engine.queries.definitions import begun_elsewhere
from engine.store.diagrams import diagrams_of
from engine.store.session import TENANT
from processes.agenda import parse_agenda
from processes.catalogue import read_path, to_command
from processes.scenarios import Coverage, Outcome, play, read_scenarios
from web.bootstrap import Parts
from web.commands.answer import REFUSED, print_json, say, say_problems, verdict
from web.commands.installation import installation
from web.inspection import inspect
from web.stage import Theatre


def add_commands(commands: Any) -> None:
    """Add the two."""
    deploy = commands.add_parser("deploy", help="check an agenda and publish it")
    deploy.add_argument("path", type=Path)
    deploy.add_argument("--tenant", required=True)
    deploy.add_argument("--json", action="store_true")
    deploy.add_argument("--lang", choices=("cs", "en"), default="cs")
    deploy.set_defaults(run=run_deploy)
    scenario = commands.add_parser("scenario", help="play an agenda's scenarios on a virtual clock")
    scenario.add_argument("path", type=Path)
    scenario.add_argument("--only", default="", help="scenarios whose file name contains this")
    scenario.add_argument("--json", action="store_true")
    scenario.set_defaults(run=run_scenario)


def run_deploy(arguments: argparse.Namespace) -> int:
    """Publish a new version; 1 when the agenda has errors."""
    told, facts = _deploy(arguments)
    if arguments.json:
        print_json(told | facts)
    else:
        say_problems(told)
        if facts:
            change = "" if facts["changed"] else " (nothing has changed)"
            say(f"{facts['agenda']}, version {facts['version']}{change}: {', '.join(facts['process_keys'])}")
    return 0 if told["ok"] else REFUSED


def _deploy(arguments: argparse.Namespace) -> tuple[dict[str, Json], dict[str, Json]]:
    try:
        files = read_path(arguments.path)
        with installation() as parts:
            told = verdict(inspect(files, arguments.lang, elsewhere=partial(_elsewhere, parts, arguments.tenant)))
            if not told["ok"]:
                return told, {}
            agenda = parse_agenda(files)
            deployed = parts.engine.execute(to_command(agenda, files, arguments.tenant, SYSTEM))
    except (EngineError, OSError) as error:
        return verdict([Problem("error", "refused", None, str(error), str(arguments.path))]), {}
    facts = {
        "deployment_id": deployed.deployment_id,
        "agenda": deployed.agenda,
        "version": deployed.version,
        "changed": deployed.changed,
        "process_keys": list(deployed.process_keys),
    }
    return told, facts


def _elsewhere(parts: Parts, tenant: str, agenda: str) -> Mapping[str, Mapping[str, str]]:
    with parts.sessions(info={TENANT: tenant}) as session:
        return begun_elsewhere(session, tenant, agenda)


def run_scenario(arguments: argparse.Namespace) -> int:
    """Play the scenarios; 1 when one of them fails."""
    agenda = parse_agenda(read_path(arguments.path))
    scenarios = [one for one in read_scenarios(agenda) if arguments.only in one.path]
    coverage = Coverage.of(diagrams_of(agenda.files).values())
    with Theatre() as theatre:
        outcomes = [play(one, agenda, theatre.stage(agenda, one.parameters), coverage) for one in scenarios]
    ok = all(outcome.ok for outcome in outcomes)
    if arguments.json:
        told = [outcome.as_json() for outcome in outcomes]
        print_json({"ok": ok, "scenarios": told, "coverage": coverage.as_json()})
    else:
        _say_outcomes(outcomes, coverage)
    return 0 if ok else REFUSED


def _say_outcomes(outcomes: Sequence[Outcome], coverage: Coverage) -> None:
    for outcome in outcomes:
        say(f"{'ok ' if outcome.ok else 'BAD'} {outcome.path}: {outcome.title}")
        if outcome.problem:
            say(f"    {outcome.problem}")
    nodes, flows = coverage.percent()
    say(f"activities {nodes} %, flows {flows} %")
    if coverage.missing:
        say(f"not gone through: {', '.join(coverage.missing)}")
