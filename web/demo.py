"""`make demo`: the demo organisation with its people and cases on the real engine, then the server.

A case of the demo is played like a scenario, on a clock that begins in the past and ends now: every number, letter and
deadline in it was made by the product itself.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import yaml

from engine.calendar import SettableClock
from engine.commands import AddPerson, AddTenant
from engine.model import SYSTEM
from engine.queries.definitions import agenda_versions
from engine.queries.people import people as people_of
from engine.queries.people import tenants
from engine.store.session import TENANT
from engine.store.wall import EVERY
from processes.agenda import Agenda
from processes.catalogue import load, supplied, to_command
from processes.scenarios import Person, play, told_in
from web.bootstrap import Parts, bootstrap
from web.delivery import Delivery
from web.installed_stage import InstalledStage
from web.migrations import upgrade
from web.passwords import hash_password
from web.serve import serve
from web.settings import Settings

#: The agenda whose folder also describes the organisation itself.
HOME = "membership"
LOGINS = (
    ("žadatel / applicant", "", "bez přihlášení – no sign-in"),
    ("obchodní péče / secretary", "/prace", "sekretarka / sekretarka"),
    ("výbor / board", "/prace", "vybor1 / vybor1, vybor2 / vybor2, vybor3 / vybor3"),
    ("hospodář / treasurer", "/prace/banka", "hospodar / hospodar"),
    ("bezpečnost / security", "/prace", "analytik / analytik, tajemnik / tajemnik"),
    ("dotace / grants", "/prace", "dotace / dotace, komise1 / komise1, ucetni / ucetni"),
    ("hlasování / votes", "/prace/hlasovani", "koordinatorka / koordinatorka, radni / radni, resitel / resitel"),
    ("platby / payments", "/prace", "spravkyne / spravkyne, pokladni / pokladni, schvaluje / schvaluje"),
    ("rozpočet / budget", "/prace", "rozpoctar / rozpoctar, financni / financni"),
    ("energie / energy", "/prace", "energetik / energetik"),
    ("tvůrce postupů / author", "/studio", "autor / autor"),
    ("správce / operator", "/velin", "spravce / spravce"),
)


def say(text: str) -> None:
    """Tell the person at the terminal."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def seed(settings: Settings) -> None:
    """Make the demo organisation where there is none yet."""
    parts = bootstrap(settings)
    upgrade(parts.database)
    agendas = [load(name) for name in sorted(supplied(), key=lambda name: (name != HOME, name))]
    tenant = yaml.safe_load(agendas[0].text("demo/tenant.yaml") or "")
    people = people_in(agendas)
    with parts.sessions(info={TENANT: EVERY}) as session:
        there = [one.key for one in tenants(session)]
    if there:
        if tenant["key"] in there:
            bring_up_to_date(parts, agendas, tenant["key"], people)
        return
    say("Zakládám ukázkovou organizaci …")
    found(parts, agendas, tenant, people)
    fill(settings, agendas, tenant, people)


def people_in(agendas: Sequence[Agenda]) -> list[dict[str, Any]]:
    """The people of all agendas; who works in several has the groups of each."""
    merged: dict[str, dict[str, Any]] = {}
    for agenda in agendas:
        for person in yaml.safe_load(agenda.text("demo/people.yaml") or "[]"):
            known = merged.setdefault(person["username"], {**person, "groups": []})
            known["groups"] += [group for group in person["groups"] if group not in known["groups"]]
    return list(merged.values())


def found(
    parts: Parts, agendas: Sequence[Agenda], tenant: Mapping[str, Any], people: Sequence[Mapping[str, Any]]
) -> None:
    """The organisation, its people and its agendas."""
    key = tenant["key"]
    settings = {name: value for name, value in tenant.items() if name not in ("key", "name")}
    parts.engine.execute(AddTenant(tenant=key, actor=SYSTEM, name=tenant["name"], settings=settings))
    add(parts, key, people)
    for agenda in agendas:
        parts.engine.execute(to_command(agenda, agenda.files, key, SYSTEM))


def add(parts: Parts, key: str, people: Sequence[Mapping[str, Any]]) -> None:
    """People who can sign in."""
    for person in people:
        # A password that is the username is for a demo on one's own machine only.
        hashed = hash_password(person["username"])
        parts.engine.execute(AddPerson(tenant=key, actor=SYSTEM, password_hash=hashed, **person))


def bring_up_to_date(parts: Parts, agendas: Sequence[Agenda], key: str, people: Sequence[Mapping[str, Any]]) -> None:
    """What came with a newer Radnice: people, and agendas as their next versions; running cases stay on theirs."""
    with parts.sessions(info={TENANT: key}) as session:
        known = {one.username for one in people_of(session, key)}
    add(parts, key, [one for one in people if one["username"] not in known])
    for agenda in agendas:
        bring_up_agenda(parts, agenda, key)


def bring_up_agenda(parts: Parts, agenda: Agenda, key: str) -> None:
    """Publish the agenda's version of this Radnice, unless an author has changed it."""
    with parts.sessions(info={TENANT: key}) as session:
        newest = agenda_versions(session, key, agenda.key)[:1]
    if newest and newest[0].deployed_by != SYSTEM.username:
        # What an author has published is theirs; the catalogue's version would undo it.
        return say(f"Agenda {agenda.key} zůstává ve verzi {newest[0].version}, kterou zveřejnil tvůrce postupů.")
    deployed = parts.engine.execute(to_command(agenda, agenda.files, key, SYSTEM))
    if deployed.changed:
        say(f"Zveřejněna verze {deployed.version} agendy {agenda.key}; běžící případy zůstávají na své.")
    return None


def fill(
    settings: Settings, agendas: Sequence[Agenda], tenant: Mapping[str, Any], people: Sequence[Mapping[str, Any]]
) -> None:
    """Play the demo's cases from the past until now."""
    now = bootstrap(settings).clock.now()
    clock = SettableClock(now)
    parts = bootstrap(settings, clock)
    stage = InstalledStage(
        engine=parts.engine,
        sessions=parts.sessions,
        clock=clock,
        tenant=tenant["key"],
        account=tenant["account"],
        people={
            one["username"]: Person(username=one["username"], name=one["name"], groups=one["groups"]) for one in people
        },
        delivery=Delivery(parts, parts.outside),
    )
    for agenda in agendas:
        if agenda.text("demo/cases.yaml") is None:
            continue
        for story in told_in(agenda, "demo/cases.yaml", now - timedelta(minutes=5)):
            say(f"  {story.title} …")
            outcome = play(story, agenda, stage)
            if not outcome.ok:
                raise SystemExit(f"The demo's case „{story.title}“ did not work out: {outcome.problem}")
    parts.database.dispose()


def greet(port: int) -> None:
    """One login for each audience."""
    say(f"\nRadnice: http://127.0.0.1:{port}\n")
    for who, path, login in LOGINS:
        say(f"  {who:<28} http://127.0.0.1:{port}{path:<14} {login}")
    say("\nKonec: Ctrl+C. Data zůstávají ve var/, pošta ve var/mail/.\n")


def settings_for(port: int, environ: Mapping[str, str]) -> Settings:
    """The settings of the environment, where links in letters lead to this port unless it says otherwise."""
    given = Settings.from_env(environ)
    address = given.base_url if environ.get("RADNICE_BASE_URL") else f"http://127.0.0.1:{port}"
    # Without a connection a recorded answer of ARES serves, and the page says so.
    return replace(given, ares_recorded=True, base_url=address)


def main() -> None:
    """Seed once, then serve."""
    arguments = argparse.ArgumentParser(description="the demo organisation")
    arguments.add_argument("--port", type=int, default=8000)
    port = arguments.parse_args().port
    settings = settings_for(port, os.environ)
    seed(settings)
    greet(port)
    serve(bootstrap(settings), port)


if __name__ == "__main__":
    main()
