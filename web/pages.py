"""Pages of agendas: which there are, and their blocks with the numbers in them, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext

from engine.entitled import STAFF
from engine.errors import Invalid, NotFound
from engine.model import Actor, Json
from engine.queries.figures import Figure, Question, figures
from engine.queries.registers import register
from engine.store.sight import READING
from forms.compile import Form
from forms.display import display
from forms.tree import Answers, unfold
from processes.agenda import Agenda
from processes.manifest import choose
from processes.pages import Block, PageOfAgenda, page_paths, read_page
from web.here import now, session
from web.i18n import language
from web.published import form_of_record, newest, say
from web.tenancy import tenant_key
from web.ui.charts import Chart, chart

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
NOTHING = lazy_gettext("not said")


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A page with its agenda."""

    agenda: Agenda
    page: PageOfAgenda

    @property
    def path(self) -> str:
        """What stands in addresses behind the room."""
        return f"{self.agenda.key}/{self.page.key}"


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A block as the template draws it."""

    number: int
    kind: str
    title: str
    text: str
    #: (name, number); None: nothing to tell.
    tiles: Sequence[tuple[str, float | None]] = ()
    chart: Chart | None = None
    columns: Sequence[str] = field(default_factory=tuple)


def listed() -> Iterator[Listed]:
    """Every page of the newest versions of agendas; what can't be read is none (`radnice check` says why)."""
    for agenda in newest(session(), tenant_key()).values():
        for path in page_paths(agenda.files):
            try:
                yield Listed(agenda=agenda, page=read_page(path, agenda.files[path]))
            except Invalid:
                continue


def public() -> list[Listed]:
    """Pages that everybody sees."""
    return [one for one in listed() if one.page.public]


def of_staff(actor: Actor) -> list[Listed]:
    """Pages that this person sees: of their groups, all of them for who runs or examines the installation."""
    if actor.kind not in STAFF:
        return []
    return [one for one in listed() if actor.groups & ({*(one.page.groups or one.agenda.groups)} | READING)]


def chosen(pages: Sequence[Listed], agenda: str, key: str) -> Listed:
    """One page of these. Raises NotFound."""
    for one in pages:
        if (one.agenda.key, one.page.key) == (agenda, key):
            return one
    raise NotFound


def shown(one: Listed, actor: Actor | None) -> list[Shown]:
    """The blocks of a page with their numbers. Raises NotAllowed."""
    return [_shown(one, number, block, actor) for number, block in enumerate(one.page.blocks, 1)]


def block_of(one: Listed, number: int, actor: Actor | None) -> Shown:
    """One block with numbers, by its place on the page from 1. Raises NotFound."""
    if not 1 <= number <= len(one.page.blocks) or one.page.blocks[number - 1].kind == "text":
        raise NotFound
    return _shown(one, number, one.page.blocks[number - 1], actor)


def _shown(one: Listed, number: int, block: Block, actor: Actor | None) -> Shown:
    title, text = choose(block.title, language()), choose(block.text, language())
    if block.question is None:
        tiles = [(choose(tile.title, language()), _single(one, tile.question, actor)) for tile in block.tiles]
        return Shown(number=number, kind=block.kind, title=title, text=text, tiles=tiles)
    question = block.question
    found = _ask(one, question, actor)
    names = {
        "group": _names(one, question, question.by, question.by_span, [figure.group for figure in found]),
        "part": _names(one, question, question.split, question.split_span, [figure.part for figure in found]),
    }
    if not question.split:
        names["part"] = {None: title}
    drawn = chart(block.kind, found, names["group"], names["part"], in_time=bool(_span(question)))
    return Shown(
        number=number, kind=block.kind, title=title, text=text, chart=drawn, columns=[_called(question), *drawn.parts]
    )


def _span(question: Question) -> str:
    return question.by_span or ("month" if question.by in ("started", "ended", "completed") else "")


def _ask(one: Listed, question: Question, actor: Actor | None) -> Sequence[Figure]:
    return figures(session(), tenant_key(), one.agenda.key, question, now(), actor)


def _single(one: Listed, question: Question, actor: Actor | None) -> float | None:
    found = _ask(one, question, actor)
    return found[0].value if found else 0.0 if question.aggregate == "count" else None


def _called(question: Question) -> str:
    """The name of the field that the first column holds."""
    names = {
        "status": lazy_gettext("State"),
        "kept": lazy_gettext("Deadline"),
        "name": lazy_gettext("Task"),
        "process": lazy_gettext("Process"),
        "year": lazy_gettext("Year"),
        "month": lazy_gettext("Month"),
    }
    if span := _span(question):
        return str(names[span])
    if question.source != "register":
        return str(names.get(question.by, question.by))
    form = _form(question)
    return str(form.root["properties"].get(question.by, {}).get("title", question.by))


def _form(question: Question) -> Form:
    return form_of_record(session(), tenant_key(), register(session(), tenant_key(), question.name))


def _names(
    one: Listed, question: Question, name: str, span: str, values: Sequence[str | None]
) -> dict[str | None, str]:
    """How the values that were found are called, in the order of their choices, of time, or as they came."""
    distinct = list(dict.fromkeys(values))
    if span or name in ("started", "ended", "completed"):
        distinct.sort(key=lambda value: value or "")
        return {value: value or str(NOTHING) for value in distinct}
    if question.source != "register" or not name:
        words = _words(one)
        return {value: words(_said(name, value)) for value in distinct}
    form = _form(question)
    schema = register(session(), tenant_key(), question.name).schema["properties"][name]
    order = [str(choice["const"]) for choice in schema.get("oneOf", ()) if choice.get("const") is not None]
    distinct.sort(key=lambda value: order.index(value) if value in order else len(order))
    return {value: _displayed(form, name, value, schema) for value in distinct}


def _words(one: Listed) -> Callable[[str], str]:
    """What the agenda's own texts are in the language of the page."""
    deployments = {agenda.key: deployment for deployment, agenda in newest(session(), tenant_key()).items()}
    return say(session(), tenant_key(), deployments[one.agenda.key], language())


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
