"""`radnice demo-data`: organisations with as much in them as real ones have, for trying how it is to work with them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from engine.errors import Invalid
from engine.model import Json
from processes.agenda import Agenda
from processes.catalogue import load
from processes.scenarios import told_in
from web.bootstrap import Parts
from web.commands.answer import say
from web.commands.installation import installation
from web.volumes import meters, portal, season, towns
from web.volumes.stages import finish, must_be_alone, open_organisation, quieten, standing

GRANTS, PAYMENTS, ENERGY = "velke-dotace", "velke-platby", "velka-energie"


def add_commands(commands: Any) -> None:
    """Add it."""
    parser = commands.add_parser(
        "demo-data", help="organisations with as much in them as real ones have; nothing is sent anywhere"
    )
    parser.add_argument("what", nargs="+", choices=sorted(_PARTS))
    parser.add_argument("--share", type=float, default=1.0, help="only this part of it, such as 0.1")
    parser.set_defaults(run=fill)


def fill(arguments: argparse.Namespace) -> int:
    """Make what is asked for, each in an organisation of its own."""
    if not 0 < arguments.share <= 1:
        raise Invalid("A share is more than 0 and at most 1.")
    with installation() as parts:
        must_be_alone(parts)
        for what in dict.fromkeys(arguments.what):
            _PARTS[what](parts, arguments.share)
    return 0


def _grants(parts: Parts, share: float) -> None:
    agenda, year = load("grants"), season.last_season(parts.clock.now())
    key, name = _place(parts, GRANTS), "Městská část Podhradí (ukázka)"
    say(f"Sezona dotací {year}: http://{key}.localhost …")
    starts = datetime(year, 1, 2, 8, tzinfo=UTC)
    wishes = season.wishes(max(14, round(season.APPLICATIONS * share)), round(season.CROWNS * share))
    with closing(open_organisation(parts.settings, agenda, key, name, starts)) as stage:
        played = season.Season(agenda, stage, year, _tell)
        states = played.play(wishes)
        played.rest_until(parts.clock.now())
        finish(stage, name)
    say(f"  {len(states)} žádostí, {sum(1 for one in states.values() if one == 'settled')} vyúčtovaných")


def _payments(parts: Parts, share: float) -> None:
    agenda: Agenda = load("payments")
    key, name = _place(parts, PAYMENTS), "Platby kraje (ukázka)"
    say(f"Platební portál: http://{key}.localhost …")
    starts = parts.clock.now() - portal.days_of(share) - timedelta(hours=1)
    with closing(open_organisation(parts.settings, agenda, key, name, starts, prints=False)) as stage:
        say(f"  {portal.Portal(agenda, stage, _tell).fill(share)} plateb")
        finish(stage, name)


def _energy(parts: Parts, share: float) -> None:
    agenda: Agenda = load("energy")
    key, name = _place(parts, ENERGY), "Energie obcí (ukázka)"
    say(f"Energie: http://{key}.localhost …")
    now = parts.clock.now() - timedelta(minutes=5)
    stories = told_in(agenda, "demo/cases.yaml", now)
    starts = min(story.starts for story in stories)
    with closing(open_organisation(parts.settings, agenda, key, name, starts, prints=False)) as stage:
        for story in stories:
            towns.play_in(stage, agenda, story)
        stage.clock.set(now)
        say(f"  {meters.Meters(stage, _tell).fill(share)} odečtů")
        finish(stage, name)


def _votes(parts: Parts, share: float) -> None:
    say("Hlasování obcí …")
    now, wanted = parts.clock.now() - timedelta(minutes=5), range(max(1, round(towns.TOWNS * share)))
    missing = {number: key for number in wanted if (key := _free(parts, f"hlasy-{number + 1:02}"))}
    if not missing:
        raise Invalid(f"All {len(wanted)} towns are there already; this is made once.")
    towns.let_towns_vote(parts.settings, load("participatory_budget"), now, missing, _tell)
    say(f"  {len(missing)} obcí, {len(wanted) - len(missing)} tu už bylo")


def _place(parts: Parts, key: str) -> str:
    """Give the key under which it is made. Raises Invalid where it is there."""
    if free := _free(parts, key):
        return free
    there = standing(parts, key)
    facts = f" with {there.cases} cases" if there else ""
    raise Invalid(f"The organisation {key} is there already{facts}; this is made once.")


def _free(parts: Parts, key: str) -> str | None:
    """Give the first key under which nothing is; what was interrupted is put to rest. None where a whole one is."""
    for number in count(1):
        tried = key if number == 1 else f"{key}-{number}"
        there = standing(parts, tried)
        if there is None:
            return tried
        if not there.unfinished:
            return None
        quieten(parts, tried)
        say(f"  {tried}: zakládání bylo přerušeno. Zůstává tu {there.cases} případů, co v nich běželo, je ukončené.")
    return None


def _tell(text: str) -> None:
    say(f"  {text}")
    sys.stdout.flush()


_PARTS: dict[str, Callable[[Parts, float], Json]] = {
    "grants": _grants,
    "payments": _payments,
    "votes": _votes,
    "energy": _energy,
}
