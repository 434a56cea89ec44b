"""Checks one BPMN file by all rules."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.rule import all_rules
from engine.check.soundness import soundness_problems
from engine.check.subject import Subject
from engine.check.surroundings import Surroundings
from engine.diagram import NOT_EXECUTABLE, Problem
from engine.errors import EngineError
from engine.reading import read_model
from engine.reading.xml import parse_xml

MOST_PROBLEMS = 200
_ORDER = {"error": 0, "warning": 1, "hint": 2}


def check_bpmn(
    content: bytes, *, lang: str = "cs", surroundings: Surroundings | None = None, file: str | None = None
) -> list[Problem]:
    """Say everything that is wrong with a BPMN file, the worst first. Never raises for a bad file."""
    try:
        subject = Subject(read_model(content), parse_xml(content), surroundings or Surroundings())
    except EngineError as error:
        return [Problem("error", "readable", None, unreadable(error, lang), file, mend=READABLE[lang == "en"])]
    problems = [p for rule in all_rules() for p in rule.problems(subject, lang)]
    problems += _not_executable(subject, problems, lang)
    if not any(p.severity == "error" for p in problems):
        problems += soundness_problems(subject.model, lang)
    for problem in problems:
        problem.file = file
    return sorted(_once(problems), key=lambda p: _ORDER[p.severity])[:MOST_PROBLEMS]


READABLE = (
    "Uložte diagram znovu v modeleru jako BPMN 2.0 v UTF-8.",
    "Save the diagram again in the modeller as BPMN 2.0 in UTF-8.",
)
EXECUTABLE = (
    "Nahraďte prvek takovým, který tu běží; vyjmenovává je docs/bpmn.md.",
    "Replace the element by one that runs here; docs/bpmn.md lists them.",
)
#: Why a file can't be read, in Czech.
REASONS = {
    "large": "Soubor je větší než 8 MB.",
    "doctype": "Deklarace typu dokumentu (DOCTYPE) a entity v souboru být nesmějí.",
    "xml": "Soubor není čitelné XML: {why}",
    "encoding": "Soubor je v kódování, které nebereme; uložte jej v UTF-8.",
    "root": "Soubor není diagram BPMN 2.0 (kořen není definitions).",
    "many": "Soubor má příliš mnoho prvků.",
    "attribute": "Prvek {tag} potřebuje atribut {name}.",
    "word": "Atribut {name} je „{text}“, může být jen: {words}.",
    "whole": "Atribut {name} prvku {whose} je „{text}“, a má to být celé číslo.",
}


def unreadable(error: EngineError, lang: str) -> str:
    """Say why a file can't be read."""
    if lang == "en":
        return str(error)
    known = REASONS.get(error.facts.get("reason", ""))
    return known.format(**error.facts) if known else f"Soubor nejde přečíst: {error}"


def _not_executable(subject: Subject, problems: list[Problem], lang: str) -> Iterator[Problem]:
    """Give what the reader refuses and no rule has said more clearly."""
    said = {p.element for p in problems if p.severity == "error"}
    for problem in subject.model.problems:
        if problem.rule != NOT_EXECUTABLE or problem.element not in said:
            text = problem.message if lang == "en" else f"Tento prvek neumíme vykonat: {problem.message}"
            yield Problem(problem.severity, problem.rule, problem.element, text, mend=EXECUTABLE[lang == "en"])


def _once(problems: list[Problem]) -> list[Problem]:
    return list({(p.rule, p.element, p.message): p for p in problems}.values())
