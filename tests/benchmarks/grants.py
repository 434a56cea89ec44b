"""Grants: whole seasons in memory, from the calls to the accountings, and how the time of one application grows."""

from __future__ import annotations

from time import perf_counter

from processes import catalogue
from web.stage import Theatre
from web.volumes.season import APPLICATIONS, Season, wishes

SIZES = (23, 70, APPLICATIONS)


def main() -> None:
    """Print the figures."""
    agenda = catalogue.load("grants")
    first = 0.0
    for applications in SIZES:
        with Theatre() as theatre:
            season = Season(agenda, theatre.stage(agenda))
            began = perf_counter()
            season.play(wishes(applications))
            each = (perf_counter() - began) / applications
        first = first or each
        print(f"  {applications} applications: {each * 1000:.0f} ms each, {each / first:.2f} x the smallest season")
