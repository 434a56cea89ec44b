"""`radnice count FILE.json [--json]`: count a vote again from its published file. Needs no installation."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from engine.voting.published import Recount, recount, written
from web.commands.answer import REFUSED, print_json, say

OUTCOMES = {
    "chosen": "chosen",
    "over_budget": "not chosen: the money was gone",
    "opposed": "left out: more people against than for",
    "few_votes": "not chosen: too few votes",
    "no_quorum": "not chosen: too few ballots in all",
    "withdrawn": "withdrawn",
}


def add_commands(commands: Any) -> None:
    """Add the command."""
    command = commands.add_parser("count", help="count a vote again from its published file")
    command.add_argument("file", type=Path, metavar="FILE.json")
    command.add_argument("--json", action="store_true")
    command.set_defaults(run=run_count)


def run_count(arguments: argparse.Namespace) -> int:
    """Tell the result and what doesn't fit; 1 when something doesn't."""
    text = arguments.file.read_text("utf-8", errors="replace")
    found = recount(text)
    if arguments.json:
        print_json({"ok": not found.problems, "problems": list(found.problems), "result": written(found.result)})
    else:
        _tell(found, {one["id"]: one["title"] for one in json.loads(text)["options"]})
    return REFUSED if found.problems else 0


def _tell(found: Recount, titles: dict[str, str]) -> None:
    say(f"{found.result.ballots} ballots, {found.result.blank} of them blank")
    for one in found.result.standings:
        place = f"{one.place}." if one.place else "–"
        lot = f", lot {one.lot[:12]}" if one.lot else ""
        say(f"{place:>4} {titles[one.option]}: +{one.plus} −{one.minus}{lot}: {OUTCOMES[one.outcome]}")
    for each in found.result.classes:
        say(f"     {each.key}: {each.spent} of {each.budget} spent")
    for problem in found.problems:
        say(f"  !  {problem}")
    if not found.problems:
        say("The published result is what these ballots give.")
