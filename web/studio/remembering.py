"""What stories came to, remembered while nothing changes that they are played on: a story always comes out the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from engine import expressions
from engine.model import Json
from engine.reading import read_model
from engine.shelf import Shelf
from processes.agenda import parse_agenda
from processes.scenarios import Coverage, Outcome, Scenario, play, read_scenarios
from web.i18n import language
from web.stage import Theatre

#: So many stories are remembered, those that were asked for last.
MOST = 2000


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What a story came to, and what it went through."""

    outcome: Outcome
    nodes: frozenset[str]
    flows: frozenset[str]


_memory: Shelf[Heard] = Shelf(MOST)
#: Stories that were played while a text was not computed to its end: another time they may come out otherwise.
_played_in_vain: Shelf[bool] = Shelf(MOST)


class Playbill:
    """The stories of an agenda, each played once. Raises AgendaRefused, BadScenario."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.agenda = parse_agenda(files, language())
        self.stories: list[Scenario] = read_scenarios(self.agenda)
        self.models = [read_model(files[path]) for path in self.agenda.diagrams]
        told = {one.path for one in self.stories}
        self._files = files
        self._ground = _digest(
            language(), {path: _hash(content) for path, content in files.items() if path not in told}
        )
        self._curtain = ExitStack()
        self._theatre: Theatre | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._curtain.close()

    @property
    def unheard(self) -> list[Scenario]:
        """Stories that are yet to be played."""
        return [one for one in self.stories if not self._was_played(self._key(one, {}))]

    @staticmethod
    def _was_played(key: str) -> bool:
        return bool(_memory.known(key) or _played_in_vain.known(key))

    def hear(self, story: Scenario, values: Mapping[str, Json] | None = None) -> Heard:
        """Play a story, or remember; with these parameters where it has none of its own."""
        key = self._key(story, values or {})
        if known := _memory.known(key):
            return known
        before = expressions.interrupted()
        heard = self._played(story, {**(values or {}), **story.parameters})
        if not heard.outcome.ok and expressions.interrupted() != before:
            _played_in_vain.get(key, lambda: True)
            return heard
        return _memory.get(key, lambda: heard)

    def _played(self, story: Scenario, parameters: Mapping[str, Json]) -> Heard:
        if self._theatre is None:
            self._theatre = self._curtain.enter_context(Theatre())
        coverage = Coverage.of(self.models)
        outcome = play(story, self.agenda, self._theatre.stage(self.agenda, parameters), coverage)
        if outcome.failure:
            _let_go(outcome.failure.error)
        return Heard(outcome=outcome, nodes=frozenset(coverage.seen_nodes), flows=frozenset(coverage.seen_flows))

    def _key(self, story: Scenario, values: Mapping[str, Json]) -> str:
        return _digest(self._ground, story.path, _hash(self._files[story.path]), values)


def _let_go(error: BaseException) -> None:
    """Keep what it says; through where it was raised it would keep the whole stage in memory."""
    error.__traceback__ = error.__cause__ = error.__context__ = None


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _digest(*what: Json) -> str:
    return _hash(json.dumps(what, sort_keys=True, default=repr).encode())
