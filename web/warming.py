"""What is made at its first use, made while nobody waits: templates, services with their forms, packed files.

A server begins to answer at once; meanwhile it visits its own portal as a stranger would, so that the first person of
a morning finds everything made. It only reads. What goes wrong here goes wrong again for a person, who is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from threading import Event, Thread

import structlog
from flask import Flask

from engine.queries.people import tenants
from engine.store.session import TENANT
from engine.store.wall import EVERY
from web.bootstrap import Parts
from web.published import newest
from web.static_files import JOINED
from web.tenancy import seen_at
from web.ui.forms import environment

#: Templates that the first visitors need, before those of the staff.
FIRST = ("forms/", "portal/")
#: Pages of an installation with hundreds of offices come when they are asked for.
MOST_PAGES = 300
#: How long a stop waits for the page being made.
STOP_SECONDS = 10
LIKE_A_BROWSER = {"Accept-Language": "cs", "Accept-Encoding": "gzip", "Sec-Fetch-Site": "none"}

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A page of an organisation."""

    base_url: str
    path: str


def start_warming(app: Flask, parts: Parts) -> Callable[[], None]:
    """Begin in a thread of this process; gives the function that ends it, after the page it is making."""
    told = Event()
    thread = Thread(target=warm, args=(app, parts, told), name="radnice-warming", daemon=True)
    thread.start()

    def stop() -> None:
        told.set()
        thread.join(timeout=STOP_SECONDS)

    return stop


def warm(app: Flask, parts: Parts, stop: Event) -> None:
    """Make everything, unless told to stop."""
    try:
        compile_templates(app, stop, FIRST)
        for visit in visits(parts):
            if stop.is_set():
                return
            app.test_client(use_cookies=False).get(visit.path, base_url=visit.base_url, headers=LIKE_A_BROWSER)
        compile_templates(app, stop)
    except Exception as error:
        log.warning("not everything was made ahead", error=type(error).__name__)


def compile_templates(app: Flask, stop: Event, beginnings: Sequence[str] = ("",)) -> None:
    """Compile the templates whose names begin so: of pages, and of forms, which know nothing of Flask."""
    wanted = tuple(beginnings)
    for name in app.jinja_env.list_templates(filter_func=lambda name: name.startswith(wanted)):
        if stop.is_set():
            return
        app.jinja_env.get_template(name)
        if name.startswith("forms/"):
            environment().get_template(name)


def visits(parts: Parts) -> Iterator[Visit]:
    """The first page of each organisation with style and script, its services, the first pages of their forms."""
    with parts.sessions(info={TENANT: EVERY}) as session:
        offices = tenants(session)
    every = (
        Visit(base_url=seen_at(parts.settings, one), path=path) for one in offices for path in paths(parts, one.key)
    )
    return islice(every, MOST_PAGES)


def paths(parts: Parts, tenant: str) -> Iterator[str]:
    """Where a stranger goes first on the portal of an organisation."""
    yield from ("/", *(f"/static/{name}" for name in JOINED))
    with parts.sessions(info={TENANT: tenant}) as session:
        agendas = newest(session, tenant).values()
    for agenda in agendas:
        for service in agenda.services:
            yield f"/sluzby/{agenda.key}/{service.process}"
            yield f"/sluzby/{agenda.key}/{service.process}/zadost"
