"""The rooms where files of an agenda are edited on a page of their own: diagrams, decisions, registers."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

DIAGRAMS, DECISIONS, REGISTERS = "diagramy", "rozhodnuti", "registry"
SUFFIXES = {DIAGRAMS: ".bpmn", DECISIONS: ".dmn", REGISTERS: ".json"}
#: Folders of the agenda in which the files lie; the others lie beside its manifest.
FOLDERS = {REGISTERS: "registers/"}
PAGES = {DIAGRAMS: "modelling.page", DECISIONS: "deciding.page", REGISTERS: "keeping.page"}

_PATHS = {
    room: re.compile(f"{re.escape(FOLDERS.get(room, ''))}([^/]+){re.escape(suffix)}")
    for room, suffix in SUFFIXES.items()
}

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


def in_rooms(blueprint: Blueprint, method: str, rest: str) -> Callable[[View], View]:
    """Serve an address of a file in all rooms; the view is told in which. `{suffix}` in it is the file's."""

    def served(view: View) -> View:
        for room, suffix in SUFFIXES.items():
            rule = f"/{room}/<key>{rest.format(suffix=suffix)}"
            blueprint.add_url_rule(rule, view.__name__, view, methods=[method], defaults={"room": room})
        return view

    return served


def path_of(key: str, room: str = DIAGRAMS) -> str:
    """Where a file lies in its agenda."""
    return f"{FOLDERS.get(room, '')}{key}{SUFFIXES[room]}"


def room_of(path: str) -> str | None:
    """The room of a file; None where it has none."""
    return next((room for room, pattern in _PATHS.items() if pattern.fullmatch(path)), None)


def key_of(path: str) -> str:
    """The key of the file at a path."""
    return path.rpartition("/")[2].rpartition(".")[0]


def page_of(agenda: str, path: str) -> str | None:
    """The address of the page where a file is edited; None where it has none."""
    room = room_of(path)
    return url_for(PAGES[room], agenda=agenda, key=key_of(path)) if room else None
