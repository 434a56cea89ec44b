"""`radnice demo-data`: organisations with as much in them as real ones have, for trying how it is to work with them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.errors import Invalid
from engine.model import Json
from processes.agenda import Agenda
from processes.catalogue import load
from web.bootstrap import Parts
from web.commands.answer import say
from web.commands.installation import installation
from web.volumes import portal, season, towns
from web.volumes.stages import is_there, must_be_alone, open_organisation

GRANTS, PAYMENTS, FIRST_TOWN = "velke-dotace", "velke-platby", "hlasy-01"


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
    _must_be_new(parts, GRANTS)
    say(f"Sezona dotací {year}: http://{GRANTS}.localhost …")
    starts = datetime(year, 1, 2, 8, tzinfo=UTC)
    wishes = season.wishes(max(14, round(season.APPLICATIONS * share)), round(season.CROWNS * share))
    with closing(open_organisation(parts.settings, agenda, GRANTS, "Městská část Podhradí (ukázka)", starts)) as stage:
        played = season.Season(agenda, stage, year, _tell)
        states = played.play(wishes)
        played.rest_until(parts.clock.now())
    say(f"  {len(states)} žádostí, {sum(1 for one in states.values() if one == 'settled')} vyúčtovaných")


def _payments(parts: Parts, share: float) -> None:
    agenda: Agenda = load("payments")
    _must_be_new(parts, PAYMENTS)
    say(f"Platební portál: http://{PAYMENTS}.localhost …")
    starts = parts.clock.now() - portal.days_of(share) - timedelta(hours=1)
    name = "Platby kraje (ukázka)"
    with closing(open_organisation(parts.settings, agenda, PAYMENTS, name, starts, prints=False)) as stage:
        say(f"  {portal.Portal(agenda, stage, _tell).fill(share)} plateb")


def _votes(parts: Parts, share: float) -> None:
    _must_be_new(parts, FIRST_TOWN)
    say("Hlasování obcí …")
    now = parts.clock.now() - timedelta(minutes=5)
    made = towns.let_towns_vote(
        parts.settings, load("participatory_budget"), now, max(1, round(towns.TOWNS * share)), _tell
    )
    say(f"  {len(made)} obcí")


def _must_be_new(parts: Parts, key: str) -> None:
    if is_there(parts, key):
        raise Invalid(f"The organisation {key} is there already; this is made once.")


def _tell(text: str) -> None:
    say(f"  {text}")
    sys.stdout.flush()


_PARTS: dict[str, Callable[[Parts, float], Json]] = {"grants": _grants, "payments": _payments, "votes": _votes}
