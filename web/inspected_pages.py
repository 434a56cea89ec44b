"""What `radnice check` says of an agenda's pages: their shape, and whether what they name is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.diagram import Problem
from engine.errors import Invalid
from engine.model import Json
from engine.queries.figures import CASE_FIELDS, DATES, NUMBERS, TASK_FIELDS, Question
from engine.registers.shape import definition_in
from processes.agenda import Agenda
from processes.pages import PageOfAgenda, page_paths, read_page


def pages(agenda: Agenda, groups: frozenset[str] | None) -> Iterator[Problem]:
    """Check every page of an agenda; `groups` None: nothing says which there are."""
    for path in page_paths(agenda.files):
        try:
            page = read_page(path, agenda.files[path])
        except Invalid as error:
            yield Problem("error", "page", None, str(error), path)
            continue
        for sentence in _sentences(agenda, page, groups):
            yield Problem("error", "page", None, sentence, path)


def _sentences(agenda: Agenda, page: PageOfAgenda, groups: frozenset[str] | None) -> Iterator[str]:
    for name in sorted(set(page.groups) - groups) if groups is not None else ():
        yield f"The agenda has no group {name}; add it."
    for block in page.blocks:
        for question in block.questions:
            if question.source == "register":
                yield from _of_register(agenda, question, page.public)
            else:
                yield from _of_process(agenda, question)


def _of_register(agenda: Agenda, question: Question, public: bool) -> Iterator[str]:
    try:
        definition = definition_in(f"registers/{question.name}.json", agenda.files)
    except Invalid:
        yield f"The agenda has no register {question.name}."
        return
    known: Mapping[str, Json] = definition.get("schema", {}).get("properties", {})
    for name in sorted(question.fields - known.keys()):
        yield f"The register {question.name} has no field {name}."
    shown = (definition.get("public") or {}).get("fields") or ()
    for name in sorted(question.fields & known.keys() - set(shown)) if public else ():
        yield f"The page is public, the field {name} of the register {question.name} is not."
    if public and not definition.get("public"):
        yield f"The page is public, the register {question.name} is not."
    if question.of in known and not _is_number(known[question.of]):
        yield f"The field {question.of} of the register {question.name} is no number."


def _is_number(schema: Mapping[str, Json]) -> bool:
    kinds = schema.get("type")
    named = set([kinds] if isinstance(kinds, str) else kinds or ())
    return bool({"integer", "number"} & named) or ("string" in named and schema.get("format") == "money")


def _of_process(agenda: Agenda, question: Question) -> Iterator[str]:
    if not any(f'id="{question.name}"'.encode() in agenda.files[path] for path in agenda.diagrams):
        yield f"The agenda has no process {question.name}."
    known = CASE_FIELDS if question.source == "process" else TASK_FIELDS
    for name in sorted(question.fields - known):
        yield f"A page knows no {name} here; it knows {', '.join(sorted(known))}."
    if question.of and question.of not in NUMBERS:
        yield f"{question.of} is no number."
    for name in sorted({*question.where} & (DATES | NUMBERS)):
        yield f"Cases and tasks can't be chosen by {name}."
    if NUMBERS & {question.by, question.split}:
        yield "Cases and tasks can't be grouped by days."
