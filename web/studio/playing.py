"""What an author plays: the steps so far, and where they lead in an office in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import yaml

from engine.diagram import Model
from engine.model import Json
from engine.said import in_language
from processes.agenda import Agenda, parse_agenda
from processes.scenarios import Failed, Standing, read_story, rehearse
from web.db import close_session
from web.i18n import _, language
from web.periods import length_in_words
from web.said import reason_of
from web.stage import Theatre
from web.studio.drafts import Draft

PEOPLE = "demo/people.yaml"


@dataclass(frozen=True, kw_only=True)
class Story:
    """What has been played so far."""

    process: str
    starts: str
    steps: list[dict[str, Json]] = field(default_factory=list)
    #: Parameters of the agenda that are otherwise in it.
    parameters: Mapping[str, Json] = field(default_factory=dict)

    def with_step(self, **step: Json) -> Story:
        """Give it with one more step."""
        return replace(self, steps=[*self.steps, step])

    def as_scenario(self, title: str) -> dict[str, Json]:
        """Give it as a scenario's file says it."""
        own = {"parameters": dict(self.parameters)} if self.parameters else {}
        return {"title": title, "process": self.process, "starts": self.starts, **own, "steps": self.steps}


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
        stage = theatre.stage(agenda, story.parameters)
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


def names_of(models: Iterable[Model]) -> Mapping[str, str]:
    """What the steps of diagrams are called, by key."""
    return {node.id: node.name for model in models for node in model.nodes.values() if node.name}


def why(error: Exception, named: Mapping[str, str]) -> str:
    """Why a story stopped, steps by their names, in the author's language."""
    return in_language(error.said(named), language()) if isinstance(error, Failed) else reason_of(error)


def told(agenda: Agenda, named: Mapping[str, str], step: Mapping[str, Json]) -> tuple[str, str]:
    """A step in words: what happened, and what it was about."""
    kinds = {
        "start": _("the form that begins was sent"),
        "answer": _("a task was done"),
        "offer": _("an offer of the case was used"),
        "wait": _("time passed"),
        "until": _("time passed until"),
        "pay": _("the payment came"),
        "pay_out": _("the bank carried the order out"),
        "card": _("the payment gateway told of a payment by card"),
        "http": _("it was said what another system answers"),
        "data_message": _("a data message went its way"),
        "record": _("a record was written"),
        "tie": _("a record was tied"),
        "rows": _("rows in time came"),
        "ballot": _("people voted"),
        "message": _("a message came from outside"),
        "expect": _("it was looked at"),
    }
    kind = next((one for one in kinds if one in step), "")
    what = step.get(kind)
    return kinds.get(kind, kind), _named(agenda, named, kind, what) if isinstance(what, str) else ""


def _named(agenda: Agenda, named: Mapping[str, str], kind: str, what: str) -> str:
    if kind == "start":
        return str(agenda.forms.get(what, {}).get("title") or what)
    if kind == "wait":
        return length_in_words(what, language())
    return named.get(what, what) if kind == "answer" else what
