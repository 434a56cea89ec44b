"""Published agendas and their forms as the pages use them: read once a deployment, which never changes."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.model import Json
from engine.queries.definitions import agendas, files_of
from engine.shelf import Shelf
from forms.compile import Form, compile_form
from processes.agenda import Agenda, parse_agenda

AGENDAS: Shelf[Agenda] = Shelf(50)
FORMS: Shelf[Form] = Shelf(500)
WORDS: Shelf[Mapping[str, str]] = Shelf(100)


def agenda_of(session: Session, tenant: str, deployment_id: str) -> Agenda:
    """An agenda as it was published."""
    return AGENDAS.get((tenant, deployment_id), lambda: parse_agenda(files_of(session, tenant, deployment_id)))


def newest(session: Session, tenant: str) -> Mapping[str, Agenda]:
    """The newest version of every agenda, by deployment id."""
    return {one.deployment_id: agenda_of(session, tenant, one.deployment_id) for one in agendas(session, tenant)}


def schema_of(session: Session, tenant: str, deployment_id: str, key: str) -> Mapping[str, Json]:
    """The JSON Schema of a form. Raises NotFound."""
    schema = agenda_of(session, tenant, deployment_id).forms.get(key)
    if schema is None:
        raise NotFound(f"The agenda has no form {key!r}.")
    return schema


def form_of(session: Session, tenant: str, deployment_id: str, key: str) -> Form:
    """A compiled form. Raises NotFound."""
    return FORMS.get((tenant, deployment_id, key), lambda: compile_form(schema_of(session, tenant, deployment_id, key)))


def say(session: Session, tenant: str, deployment_id: str, lang: str) -> Callable[[str], str]:
    """How an agenda's texts are said in a language: by its `words.<lang>.toml`, else as they stand."""
    words = WORDS.get((tenant, deployment_id, lang), lambda: words_in(agenda_of(session, tenant, deployment_id), lang))
    return lambda text: words.get(text, text)


def words_in(agenda: Agenda, lang: str) -> Mapping[str, str]:
    """The translations an agenda brings; none where the file is missing or damaged."""
    try:
        read = tomllib.loads(agenda.text(f"words.{lang}.toml") or "")
    except tomllib.TOMLDecodeError:
        return {}
    return {text: said for text, said in read.items() if isinstance(said, str)}
