"""How what a page counts is called: columns, fields and values, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext

from engine.model import Json
from engine.queries.questions import DATES, ROW_FIELDS, Question
from engine.queries.registers import register
from engine.queries.row_figures import through_register
from engine.registers.definitions import Register
from forms.compile import Form
from forms.display import display
from forms.tree import Answers, unfold
from forms.words import text_of
from web.here import session
from web.i18n import language
from web.published import form_of_record, say
from web.tenancy import tenant_key
from web.ui.charts import whole_time

#: How values of cases and tasks are called.
VALUES: Mapping[tuple[str, str], Any] = {
    ("status", "running"): lazy_gettext("running"),
    ("status", "completed"): lazy_gettext("ended"),
    ("status", "terminated"): lazy_gettext("ended by an operator"),
    ("status", "suspended"): lazy_gettext("suspended"),
    ("kept", "kept"): lazy_gettext("in time"),
    ("kept", "late"): lazy_gettext("late"),
    ("kept", "open"): lazy_gettext("still open"),
}
#: How columns of cases and tasks are called, and spans of time.
COLUMNS: Mapping[str, Any] = {
    "status": lazy_gettext("State"),
    "kept": lazy_gettext("Deadline"),
    "name": lazy_gettext("Task"),
    "process": lazy_gettext("Process"),
    "year": lazy_gettext("Year"),
    "month": lazy_gettext("Month"),
    "channel": lazy_gettext("Tariff"),
}
NOTHING = lazy_gettext("not said")


def span_of(question: Question, name: str, said: str) -> str:
    """Year or month, where the values of a field that an answer is grouped by are times; else ""."""
    return said or ("month" if name in DATES and question.source in ("process", "tasks") else "")


def column(question: Question) -> str:
    """The name of the first column, which holds the groups."""
    if span := span_of(question, question.by, question.by_span):
        return str(COLUMNS[span])
    if question.by == "through":
        series = register(session(), tenant_key(), question.name).series
        assert series is not None, "asked only of rows"
        title = through_register(session(), tenant_key(), series).title
        return title.get(language()) or title.get("cs") or question.by
    if not _is_field(question, question.by):
        return str(COLUMNS.get(question.by, question.by))
    form = _form(question)
    shape = form.root["properties"].get(question.by)
    return text_of(form, shape, "title", language()) or question.by if shape else question.by


def is_money(question: Question) -> bool:
    """Say whether what is counted are crowns."""
    if question.source != "register" or question.aggregate == "count":
        return False
    shape = _kept(question).schema.get("properties", {}).get(question.of, {})
    return bool(shape.get("format") == "money")


def names(
    deployment_id: str, question: Question, name: str, span: str, values: Sequence[str | None]
) -> dict[str | None, str]:
    """How the values of a field that were found are called, in the order of their choices, of time, or as they came.

    Of time every year or month between the first and the last is there.
    """
    distinct = list(dict.fromkeys(values))
    if question.source == "rows" and name == "month":
        distinct.sort(key=lambda value: value or "")
    if span:
        times = {one: one for one in whole_time([value for value in distinct if value])}
        return times | ({None: str(NOTHING)} if not all(distinct) else {})
    if question.source == "rows" and name == "channel":
        return {value: _channel(question, value or "") for value in sorted(distinct, key=lambda value: value or "")}
    if name == "through":
        return {value: value or str(NOTHING) for value in distinct}
    if not _is_field(question, name):
        words = say(session(), tenant_key(), deployment_id, language())
        return {value: words(_said(name, value)) for value in distinct}
    form = _form(question)
    schema = _kept(question).schema["properties"][name]
    order = [str(choice["const"]) for choice in schema.get("oneOf", ()) if choice.get("const") is not None]
    distinct.sort(key=lambda value: order.index(value) if value in order else len(order))
    return {value: _displayed(form, name, value, schema) for value in distinct}


def _channel(question: Question, channel: str) -> str:
    """How one count of a record is called; where there is no name, as it is kept."""
    series = register(session(), tenant_key(), question.name).series
    titles = series.channels.get(channel, {}) if series else {}
    return titles.get(language()) or titles.get("cs") or channel or str(NOTHING)


def _form(question: Question) -> Form:
    return form_of_record(session(), tenant_key(), _kept(question))


def _is_field(question: Question, name: str) -> bool:
    """Say whether it is a field of records, which has a title and choices."""
    own = ROW_FIELDS if question.source == "rows" else frozenset()
    return question.source in ("register", "rows") and bool(name) and name not in own


def _kept(question: Question) -> Register:
    """The register whose records' fields are asked for: of rows in time the one that they lie under."""
    kept = register(session(), tenant_key(), question.name)
    return register(session(), tenant_key(), kept.series.under) if kept.series else kept


def _said(name: str, value: str | None) -> str:
    return str(NOTHING) if value is None else str(VALUES.get((name, value), value))


def _displayed(form: Form, name: str, value: str | None, schema: Mapping[str, Json]) -> str:
    if value is None or value == "":
        return str(NOTHING)
    kinds = schema.get("type")
    kind = kinds if isinstance(kinds, str) else next((one for one in kinds or () if one != "null"), "string")
    typed: Json = {"boolean": value == "true", "integer": value, "number": value}.get(kind, value)
    if kind in ("integer", "number"):
        return value
    fields = unfold(Answers(form=form, data={name: typed})).children
    return next((display(form, one, language()) for one in fields if one.name == name), "") or value
