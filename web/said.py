"""The words of agendas on a page, in the language of the page: steps, documents, periods, form titles."""

from __future__ import annotations

from typing import Protocol

from flask import Flask

from engine.said import in_language
from engine.said import said_by as sentence_of
from forms.errors import FormSchemaError
from web.here import session
from web.i18n import language
from web.published import deployment_of, say
from web.tenancy import tenant_key


class Owned(Protocol):
    """Whatever belongs to a version of a process: a case, a task, a timer, an incident."""

    @property
    def definition_id(self) -> str: ...


def said(text: str | None, owner: Owned) -> str:
    """A text of the agenda that `owner` runs on."""
    return said_by(text, owner.definition_id)


def said_by(text: str | None, definition_id: str) -> str:
    """A text of the agenda that a process definition belongs to."""
    deployment = deployment_of(session(), tenant_key(), definition_id)
    return say(session(), tenant_key(), deployment, language())(text or "")


def reason_of(error: Exception) -> str:
    """What an error says, in the language of the page where it was written in it."""
    if isinstance(error, FormSchemaError):
        return error.said(language())
    return in_language(sentence_of(error), language())


def install(app: Flask) -> None:
    app.jinja_env.filters.update(said=said, said_by=said_by)
