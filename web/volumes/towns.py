"""Twenty-six towns that vote about a participatory budget, each an organisation of its own that sees no other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import datetime

from processes.agenda import Agenda
from processes.scenarios import Scenario, told_in
from processes.scenarios.acting import Acting
from processes.scenarios.office import Office
from processes.scenarios.playing import act
from web.settings import Settings
from web.volumes.stages import VolumeStage, finish, open_organisation

TOWNS = 26
#: People who vote in the smallest town; the next one has so many more.
FEWEST, MORE = 60, 6
_NAMES = (
    *("Borová", "Brodek", "Doubrava", "Habrov", "Hájek", "Hrádek", "Chvalín", "Jasanov", "Javorná", "Jedlová"),
    *("Kamenná", "Kopanina", "Lipnice", "Lužany", "Mlýnice", "Olšany", "Pasek", "Písečná", "Rákosí", "Skalice"),
    *("Slatina", "Studánka", "Topolany", "Třešňovka", "Vrbovec", "Zahrádky"),
)


def let_towns_vote(
    settings: Settings, agenda: Agenda, now: datetime, towns: Mapping[int, str], tell: Callable[[str], None]
) -> None:
    """Play a decided, a voted and a collecting year in each town; each has a number and a key."""
    for number, key in towns.items():
        stories = [in_town(story, number) for story in told_in(agenda, "demo/cases.yaml", now)]
        name = f"Městys {_NAMES[number % len(_NAMES)]} (ukázka)"
        starts = min(story.starts for story in stories)
        with closing(open_organisation(settings, agenda, key, name, starts, prints=False)) as stage:
            for story in stories:
                play_in(stage, agenda, story)
            finish(stage, name)
        tell(f"{name}: {key}.localhost")


def play_in(stage: VolumeStage, agenda: Agenda, story: Scenario) -> None:
    """Play a story to its end. Raises Failed."""
    acting = Acting(office=Office(stage), agenda=agenda, process=story.process)
    stage.clock.set(story.starts)
    for step in story.steps:
        act(acting, step)


def in_town(story: Scenario, number: int) -> Scenario:
    """Let another number of people vote, by another taste."""
    voters = {"times": FEWEST + MORE * number, "seed": number}
    steps = [replace(step, words={**step.words, **voters}) if step.kind == "ballot" else step for step in story.steps]
    return replace(story, steps=steps)
