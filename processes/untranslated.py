"""What an agenda with words in another language doesn't say in it yet: hints for its author, never a hindrance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.check.texts import literal_text
from engine.diagram import Node
from engine.dmn import Table, read_decisions
from engine.dmn.texts import read_texts
from engine.errors import EngineError
from engine.reading import read_model
from engine.reading.layout import read_layout
from forms.texts import untranslated as untranslated_in
from processes.agenda import Agenda
from processes.documents import MESSAGES
from processes.words import languages, path_of, read_words

#: Parameters of actions whose texts people read.
_READ = ("title", "text", "purpose")


@dataclass(frozen=True, kw_only=True)
class Lack:
    """A text without a translation."""

    lang: str
    file: str
    #: Id of the element, or a JSON Pointer; None = the whole file.
    place: str | None
    text: str


def lacks(agenda: Agenda) -> Iterator[Lack]:
    """Give every text that an agenda says in Czech only, for each other language it has words of."""
    for lang in languages(agenda.files):
        words = read_words(agenda.files, lang)
        seen: set[str] = set()
        for file, place, text in _texts(agenda, lang):
            # The same text is said once, wherever else it stands.
            if text and text not in seen and not words.knows(text):
                seen.add(text)
                yield Lack(lang=lang, file=file, place=place, text=text)
        yield from _messages(agenda.files, lang)


def _texts(agenda: Agenda, lang: str) -> Iterator[tuple[str, str | None, str]]:
    for path in agenda.diagrams:
        yield from ((path, element, text) for element, text in _of_diagram(agenda.files[path]) if _has_letters(text))
    for path in agenda.decisions:
        yield from ((path, element, text) for element, text in _of_table(agenda.files[path]))
    for key, form in agenda.forms.items():
        yield from ((f"forms/{key}.json", pointer, text) for pointer, text in untranslated_in(form, lang))
    for key, register in agenda.registers.items():
        schema = register.get("schema")
        own = untranslated_in(schema, lang) if isinstance(schema, dict) else ()
        yield from ((f"registers/{key}.json", f"/schema{pointer}", text) for pointer, text in own)


def _of_diagram(content: bytes) -> Iterator[tuple[str, str]]:
    """Give what is drawn, and what the applicant's line and the actions say besides."""
    try:
        model = read_model(content)
    except EngineError:
        return
    layout = read_layout(content)
    yield from ((shape.id, shape.name) for shape in layout.shapes)
    yield from ((edge.id, edge.name) for edge in layout.edges)
    for node in model.nodes.values():
        yield from ((node.id, text) for text in _of_node(node))


def _of_table(content: bytes) -> Iterator[tuple[str, str]]:
    """Give what the story tells of a decision: its name and what it stands on, its columns, why a row applied."""
    try:
        decisions = read_decisions(content)
        described = {one.id: one.description for one in read_texts(content)}
    except EngineError:
        return
    for decision in decisions.by_id.values():
        if isinstance(table := decision.logic, Table):
            yield decision.id, decision.name
            yield decision.id, described.get(decision.id, "")
            yield from ((decision.id, column.label) for column in table.inputs)
            yield from ((decision.id, column.label) for column in table.outputs)
            yield from ((rule.id, rule.annotation) for rule in table.rules)


def _of_node(node: Node) -> Iterator[str]:
    yield node.name
    if node.station:
        yield node.station
        yield node.documentation.strip()
    if node.offer:
        yield node.offer.label or ""
    if node.connector:
        given = node.connector.parameters
        yield from (literal_text(given[name]) or "" for name in _READ if name in given)


def _has_letters(text: str) -> bool:
    return any(letter.isalpha() for letter in text)


def _messages(files: Mapping[str, bytes], lang: str) -> Iterator[Lack]:
    for path in sorted(files):
        name = path.removesuffix(".md")
        if path.startswith(MESSAGES) and name != path and "." not in name and f"{name}.{lang}.md" not in files:
            yield Lack(lang=lang, file=path, place=None, text=f"{name}.{lang}.md")


def is_damaged(files: Mapping[str, bytes], lang: str) -> bool:
    """Whether the words are there and can't be read."""
    return bool(files.get(path_of(lang), b"").strip()) and not read_words(files, lang).texts
