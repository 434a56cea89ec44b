"""Checks an agenda as a whole: every diagram and table, and what they say of each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.check.bpmn import check_bpmn
from engine.check.folder import names_in_folder, processes_of
from engine.check.scope import scope_at
from engine.check.surroundings import Surroundings
from engine.check.tables import check_dmn
from engine.diagram import Problem


def check_agenda(
    files: Mapping[str, bytes], surroundings: Surroundings | None = None, *, lang: str = "cs"
) -> list[Problem]:
    """Say everything that is wrong with the diagrams and decision tables of an agenda.

    `files` are all its files by path. `surroundings` tells what else is known, above all connectors; what it leaves
    open is read from the folder. Never raises for a bad file.
    """
    known = _together(names_in_folder(files), surroundings or Surroundings())
    problems: list[Problem] = []
    for path in sorted(files):
        if path.endswith(".bpmn"):
            problems += check_bpmn(files[path], lang=lang, surroundings=known, file=path)
        elif path.endswith(".dmn"):
            problems += check_dmn(files[path], lang=lang, file=path)
    return problems + _twice(files, lang)


def check_diagram(
    files: Mapping[str, bytes], path: str, surroundings: Surroundings | None = None, *, lang: str = "cs"
) -> list[Problem]:
    """Say what is wrong with one diagram of an agenda, while it is being drawn. Never raises for a bad file."""
    known = _together(names_in_folder(files), surroundings or Surroundings())
    twice = [one for one in _twice(files, lang) if one.file == path]
    return check_bpmn(files[path], lang=lang, surroundings=known, file=path) + twice


def variables_at(
    files: Mapping[str, bytes], path: str, element: str, surroundings: Surroundings | None = None
) -> dict[str, str] | None:
    """Give the variables that are there at a place of one diagram of an agenda; see engine.check.scope."""
    return scope_at(files[path], element, _together(names_in_folder(files), surroundings or Surroundings()))


ANOTHER_ID = ("Dejte jednomu z obou procesů jiné id.", "Give one of the two another id.")


def _twice(files: Mapping[str, bytes], lang: str) -> list[Problem]:
    """Give processes that two files hold: a case would not know which one it runs."""
    first: dict[str, str] = {}
    problems = []
    for path in sorted(p for p in files if p.endswith(".bpmn")):
        for process in processes_of(files[path]):
            if process in first:
                czech = f"Proces {process} je už v souboru {first[process]}; dejte mu jiné id."
                english = f"The process {process} is in the file {first[process]} already; give it another id."
                sentence, mend = (english, ANOTHER_ID[1]) if lang == "en" else (czech, ANOTHER_ID[0])
                problems.append(Problem("error", "unique-processes", process, sentence, path, mend=mend))
            first.setdefault(process, path)
    return problems


def _together(folder: Surroundings, given: Surroundings) -> Surroundings:
    """Give the folder's names with what was given over them."""
    told = {name: value for name in Surroundings.__dataclass_fields__ if (value := getattr(given, name)) is not None}
    told["variables"] = folder.variables | given.variables
    return replace(folder, **told)
