"""What an author plays: the steps so far, and where they lead in an office in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import yaml

from engine.model import Json
from processes.agenda import Agenda, parse_agenda
from processes.scenarios import Standing, read_story, rehearse
from web.db import close_session
from web.i18n import _
from web.stage import Theatre
from web.studio.drafts import Draft

PEOPLE = "demo/people.yaml"


@dataclass(frozen=True, kw_only=True)
class Story:
    """What has been played so far."""

    process: str
    starts: str
    steps: list[dict[str, Json]] = field(default_factory=list)

    def with_step(self, **step: Json) -> Story:
        """Give it with one more step."""
        return replace(self, steps=[*self.steps, step])

    def as_scenario(self, title: str) -> dict[str, Json]:
        """Give it as a scenario's file says it."""
        return {"title": title, "process": self.process, "starts": self.starts, "steps": self.steps}


@dataclass(frozen=True, kw_only=True)
class Played:
    """A story with where it stands."""

    agenda: Agenda
    standing: Standing
    people: Mapping[str, str]


def played(draft: Draft, story: Story) -> Played:
    """Play the steps from the beginning. Raises AgendaRefused, BadScenario, EngineError."""
    files = with_people(draft.files)
    agenda = parse_agenda(files)
    scenario = read_story("-", {**story.as_scenario("-"), "steps": story.steps or [{"wait": "PT0S"}]})
    close_session()  # Playing takes seconds; nothing is held meanwhile.
    with Theatre() as theatre:
        stage = theatre.stage(agenda)
        standing = rehearse(scenario, agenda, stage)
        people = {one.username: one.name for one in stage.people.values()}
    return Played(agenda=agenda, standing=standing, people={"applicant": _("the applicant"), **people})


def with_people(files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """The files with somebody to play, one of each group, where the agenda names nobody."""
    if PEOPLE in files:
        return files
    groups = parse_agenda(files).groups
    people = [
        {"username": f"zkusebni_{group}", "name": text["cs"], "groups": [group]} for group, text in groups.items()
    ]
    return {**files, PEOPLE: yaml.safe_dump(people, allow_unicode=True).encode()}
