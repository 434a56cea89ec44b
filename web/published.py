"""Published agendas and their forms as the pages use them: read once a deployment, which never changes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import structlog
from sqlalchemy.orm import Session

from engine.errors import Invalid, NotFound
from engine.model import Json
from engine.queries.definitions import agendas, definition, files_of
from engine.queries.registers import register_deployment
from engine.registers.definitions import Link, Register
from engine.shelf import Shelf
from forms.compile import Form, compile_form
from forms.texts import translated
from processes.agenda import Agenda, parse_agenda
from processes.manifest import Texts
from processes.pages import PageOfAgenda, page_paths, read_page
from processes.words import Words, languages, read_words

log = structlog.get_logger(__name__)

AGENDAS: Shelf[Agenda] = Shelf(50)
PAGES: Shelf[Pages] = Shelf(100)
FORMS: Shelf[Form] = Shelf(500)
WORDS: Shelf[Words] = Shelf(100)
TITLES: Shelf[Mapping[str, Texts | str]] = Shelf(50)
DEPLOYMENTS: Shelf[str] = Shelf(1000)


def agenda_of(session: Session, tenant: str, deployment_id: str) -> Agenda:
    """An agenda as it was published."""
    return AGENDAS.get((tenant, deployment_id), lambda: parse_agenda(files_of(session, tenant, deployment_id)))


def newest(session: Session, tenant: str) -> Mapping[str, Agenda]:
    """The newest version of every agenda, by deployment id."""
    return {one.deployment_id: agenda_of(session, tenant, one.deployment_id) for one in agendas(session, tenant)}


@dataclass(frozen=True, kw_only=True)
class Pages:
    """The pages of a deployment."""

    read: Sequence[PageOfAgenda]
    #: Path → why it can't be read.
    unreadable: Mapping[str, str]


def pages_of(session: Session, tenant: str, deployment_id: str) -> Pages:
    """The pages of an agenda; what can't be read goes to the log, once in a process."""

    def make() -> Pages:
        files = agenda_of(session, tenant, deployment_id).files
        read, unreadable = [], {}
        for path in page_paths(files):
            try:
                read.append(read_page(path, files[path]))
            except Invalid as error:
                unreadable[path] = str(error)
                log.error("a page of an agenda can't be read", deployment=deployment_id, path=path, why=str(error))
        return Pages(read=read, unreadable=unreadable)

    return PAGES.get((tenant, deployment_id), make)


def schema_of(session: Session, tenant: str, deployment_id: str, key: str) -> Mapping[str, Json]:
    """The JSON Schema of a form. Raises NotFound."""
    schema = agenda_of(session, tenant, deployment_id).forms.get(key)
    if schema is None:
        raise NotFound(f"The agenda has no form {key!r}.")
    return schema


def form_of(session: Session, tenant: str, deployment_id: str, key: str) -> Form:
    """A compiled form, which speaks every language that its agenda has words of. Raises NotFound."""

    def make() -> Form:
        return compile_form(
            in_languages(session, tenant, deployment_id, schema_of(session, tenant, deployment_id, key))
        )

    return FORMS.get((tenant, deployment_id, key), make)


def form_of_kept(session: Session, tenant: str, deployment_id: str, key: str) -> Form:
    """A record of an agenda's register as the agenda was published, as a form."""

    def make() -> Form:
        schema = agenda_of(session, tenant, deployment_id).registers[key].get("schema") or {}
        return compile_form(in_languages(session, tenant, deployment_id, schema))

    return FORMS.get((tenant, deployment_id, "kept", key), make)


def titles_of_values(session: Session, tenant: str, deployment_id: str) -> Mapping[str, Texts | str]:
    """What an agenda's groups and the choices of its forms and registers are called; not what has two names."""

    def make() -> Mapping[str, Texts | str]:
        agenda = agenda_of(session, tenant, deployment_id)
        found: dict[str, set[str]] = {}
        for document in (*agenda.forms.values(), *agenda.registers.values()):
            for value, title in _titled(document):
                found.setdefault(value, set()).add(title)
        return {**agenda.groups, **{value: titles.pop() for value, titles in found.items() if len(titles) == 1}}

    return TITLES.get((tenant, deployment_id), make)


def _titled(part: Json) -> Iterator[tuple[str, str]]:
    if isinstance(part, list):
        for one in part:
            yield from _titled(one)
    if isinstance(part, Mapping):
        if isinstance(part.get("const"), str) and isinstance(part.get("title"), str):
            yield part["const"], part["title"]
        for one in part.values():
            yield from _titled(one)


def form_of_record(session: Session, tenant: str, kept: Register) -> Form:
    """The shape of a register's record as a form, which knows how answers read."""
    deployment_id = register_deployment(session, tenant, kept.key)
    return FORMS.get(
        (tenant, deployment_id, "registers", kept.key),
        lambda: compile_form(in_languages(session, tenant, deployment_id, kept.schema)),
    )


def form_of_fields(
    session: Session, tenant: str, kept: Register, seen: Collection[str], fixed: Collection[str] = ()
) -> Form:
    """A record as a form of the fields that somebody sees; the fixed ones are only read."""
    deployment_id = register_deployment(session, tenant, kept.key)
    key = (tenant, deployment_id, "records", kept.key, tuple(sorted(seen)), tuple(sorted(fixed)))
    return FORMS.get(
        key, lambda: compile_form(in_languages(session, tenant, deployment_id, _schema_of_fields(kept, seen, fixed)))
    )


def form_of_link(session: Session, tenant: str, kept: Register, link: Link) -> Form:
    """What a tie of two records says, as a form."""
    deployment_id = register_deployment(session, tenant, kept.key)
    key = (tenant, deployment_id, "links", kept.key, link.name)
    return FORMS.get(key, lambda: compile_form(in_languages(session, tenant, deployment_id, link.schema)))


def _schema_of_fields(kept: Register, seen: Collection[str], fixed: Collection[str]) -> Mapping[str, Json]:
    shapes = kept.schema.get("properties", {})
    hidden = shapes.keys() - set(seen)
    shown = {
        name: {**shape, "readOnly": True} if name in fixed else shape
        for name, shape in shapes.items()
        if name not in hidden
    }
    required = [name for name in kept.schema.get("required", ()) if name not in hidden]
    # Steps name fields; without some of them they would be no steps of this form.
    rest = {word: value for word, value in kept.schema.items() if not (hidden and word in ("x-steps", "x-groups"))}
    return {**rest, "properties": shown, "required": required}


def in_languages(session: Session, tenant: str, deployment_id: str, schema: Mapping[str, Json]) -> Mapping[str, Json]:
    """A schema with the translations that its agenda's words give."""
    for lang in languages(agenda_of(session, tenant, deployment_id).files):
        schema = translated(schema, lang, say(session, tenant, deployment_id, lang))
    return schema


def say(session: Session, tenant: str, deployment_id: str, lang: str) -> Words:
    """How an agenda's texts are said in a language: by its `words.<lang>.toml`, else as they stand."""
    key = (tenant, deployment_id, lang)
    return WORDS.get(key, lambda: read_words(agenda_of(session, tenant, deployment_id).files, lang))


def deployment_of(session: Session, tenant: str, definition_id: str) -> str:
    """The deployment that a process definition belongs to; it never changes."""
    key = (tenant, definition_id)
    return DEPLOYMENTS.get(key, lambda: definition(session, tenant, definition_id).deployment_id)
