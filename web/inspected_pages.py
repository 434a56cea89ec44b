"""What `radnice check` says of an agenda's pages: their shape, and whether what they name is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.diagram import Problem
from engine.errors import Invalid
from engine.model import Json
from engine.queries.questions import CASE_FIELDS, DATES, NUMBERS, ROW_FIELDS, TASK_FIELDS, Question
from engine.registers.shape import definition_in
from engine.said import Said, said_by
from processes.agenda import Agenda
from processes.pages import PageOfAgenda, page_paths, read_page


def pages(agenda: Agenda, groups: frozenset[str] | None) -> Iterator[Problem]:
    """Check every page of an agenda; `groups` None: nothing says which there are."""
    for path in page_paths(agenda.files):
        try:
            page = read_page(path, agenda.files[path])
        except Invalid as error:
            yield Problem("error", "page", None, said_by(error), path)
            continue
        for sentence in _sentences(agenda, page, groups):
            yield Problem("error", "page", None, sentence, path)


def _sentences(agenda: Agenda, page: PageOfAgenda, groups: frozenset[str] | None) -> Iterator[str]:
    for name in sorted(set(page.groups) - groups) if groups is not None else ():
        yield Said(f"Agenda nemá skupinu {name}.", f"The agenda has no group {name}.")
    for chooser in page.choosers:
        yield from _of_register(agenda, chooser.question, page.public)
    for block in page.blocks:
        for question in block.questions:
            if question.source == "register":
                yield from _of_register(agenda, question, page.public)
            elif question.source == "rows":
                yield from _of_rows(agenda, question, page.public)
            else:
                yield from _of_process(agenda, question)


def _of_register(agenda: Agenda, question: Question, public: bool) -> Iterator[str]:
    try:
        definition = definition_in(f"registers/{question.name}.json", agenda.files)
    except Invalid:
        yield Said(f"Agenda nemá registr {question.name}.", f"The agenda has no register {question.name}.")
        return
    known: Mapping[str, Json] = definition.get("schema", {}).get("properties", {})
    for name in sorted(question.fields - known.keys()):
        yield Said(f"Registr {question.name} nemá pole {name}.", f"The register {question.name} has no field {name}.")
    shown = (definition.get("public") or {}).get("fields") or ()
    for name in sorted(question.fields & known.keys() - set(shown)) if public else ():
        yield Said(
            f"Stránka je veřejná, pole {name} registru {question.name} není.",
            f"The page is public, the field {name} of the register {question.name} is not.",
        )
    if public and not definition.get("public"):
        yield Said(
            f"Stránka je veřejná, registr {question.name} není.",
            f"The page is public, the register {question.name} is not.",
        )
    if question.of in known and not _is_number(known[question.of]):
        yield Said(
            f"Pole {question.of} registru {question.name} není číslo.",
            f"The field {question.of} of the register {question.name} is no number.",
        )


def _of_rows(agenda: Agenda, question: Question, public: bool) -> Iterator[str]:
    try:
        rows = definition_in(f"registers/{question.name}.json", agenda.files).get("rows") or {}
        above = definition_in(f"registers/{rows.get('under')}.json", agenda.files)
    except Invalid:
        yield Said(
            f"Agenda nemá registr řádků v čase {question.name}.",
            f"The agenda has no register {question.name} of rows in time.",
        )
        return
    if public:
        yield Said(
            "Co řádky v čase počítají, na veřejnou stránku nepatří.",
            "What rows in time count is not for a public page.",
        )
    if question.aggregate != "sum" or question.of not in ("total", "converted"):
        yield Said(
            "Z řádků v čase ukazuje stránka součet „total“ nebo „converted“.",
            'Of rows in time a page shows the sum of "total" or of "converted".',
        )
    for field, needed in (("converted", "convert"), ("through", "through")):
        if field in question.fields and needed not in rows:
            yield Said(
                f"Řádky registru {question.name} neříkají `{needed}`, které {field} potřebuje.",
                f"The rows of {question.name} don't say `{needed}`, which {field} needs.",
            )
    known = {*above.get("schema", {}).get("properties", {}), *ROW_FIELDS}
    for name in sorted(question.fields - known):
        yield Said(f"Registr {rows['under']} nemá pole {name}.", f"The register {rows['under']} has no field {name}.")


def _is_number(schema: Mapping[str, Json]) -> bool:
    kinds = schema.get("type")
    named = set([kinds] if isinstance(kinds, str) else kinds or ())
    return bool({"integer", "number"} & named) or ("string" in named and schema.get("format") == "money")


def _of_process(agenda: Agenda, question: Question) -> Iterator[str]:
    if not any(f'id="{question.name}"'.encode() in agenda.files[path] for path in agenda.diagrams):
        yield Said(f"Agenda nemá proces {question.name}.", f"The agenda has no process {question.name}.")
    known = CASE_FIELDS if question.source == "process" else TASK_FIELDS
    for name in sorted(question.fields - known):
        yield Said(
            f"Stránka tu nezná {name}; zná {', '.join(sorted(known))}.",
            f"A page knows no {name} here; it knows {', '.join(sorted(known))}.",
        )
    if question.of and question.of not in NUMBERS:
        yield Said(f"{question.of} není číslo.", f"{question.of} is no number.")
    for name in sorted({*question.where} & (DATES | NUMBERS)):
        yield Said(f"Případy a úkoly se podle {name} vybrat nedají.", f"Cases and tasks can't be chosen by {name}.")
    if NUMBERS & {question.by, question.split}:
        yield Said("Případy a úkoly se podle dnů seskupit nedají.", "Cases and tasks can't be grouped by days.")
