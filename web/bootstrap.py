"""Settings in, parts out: the one place where adapters are chosen. For the web, the worker, the command line, tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine as Database
from sqlalchemy.orm import Session, sessionmaker

from engine.calendar import Clock, SystemClock
from engine.facade import Engine
from engine.model import Hint
from engine.store.session import command_sessions, make_engine, read_sessions
from web.outside import Outside, make_outside
from web.settings import Settings

Listener = Callable[[Sequence[Hint]], None]


class Hints:
    """Tells whoever listens that there may be work; nobody listening is fine, the beat finds the rows."""

    def __init__(self) -> None:
        self.listener: Listener | None = None

    def __call__(self, hints: Sequence[Hint]) -> None:
        if self.listener is not None and hints:
            self.listener(hints)


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What an installation is composed of."""

    settings: Settings
    database: Database
    #: Sessions for reading.
    sessions: sessionmaker[Session]
    clock: Clock
    engine: Engine
    #: Set its `listener` to hear of work after each commit.
    hints: Hints
    #: Everything that reaches out of this process.
    outside: Outside


def bootstrap(settings: Settings, clock: Clock | None = None) -> Parts:
    """Compose the parts. Opens no connection yet."""
    if not settings.database_url:
        settings.var.mkdir(parents=True, exist_ok=True)
    database = make_engine(settings.database)
    hints = Hints()
    clock = clock or SystemClock()
    return Parts(
        settings=settings,
        database=database,
        sessions=read_sessions(database, clock=clock),
        clock=clock,
        engine=Engine(command_sessions(database), clock, hints, lambda: settings.signing_key().encode()),
        hints=hints,
        outside=make_outside(settings, clock),
    )
