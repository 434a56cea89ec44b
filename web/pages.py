"""Pages of agendas: which there are, and their blocks with the numbers in them, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from flask import url_for

from engine.entitled import READING, STAFF
from engine.errors import NotAllowed, NotFound
from engine.model import ROLE_ADMIN, ROLE_AUTHOR, ROLE_OPERATOR, Actor
from engine.queries.figures import Answer, figures, may_ask
from engine.queries.questions import MOST_FIGURES, Question
from processes.agenda import Agenda
from processes.manifest import choose
from processes.pages import Block, PageOfAgenda
from web.here import now, session
from web.i18n import language
from web.page_choices import Choice, choices, narrowed
from web.page_links import links
from web.page_names import column, is_money, names, span_of
from web.published import newest, pages_of
from web.tenancy import tenant_key
from web.ui.charts import Chart, chart

#: A downloaded file has more than the page, but not without end.
MOST_IN_A_FILE = 20_000


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A page with its agenda."""

    deployment_id: str
    agenda: Agenda
    page: PageOfAgenda

    @property
    def path(self) -> str:
        """What stands in addresses behind the room."""
        return f"{self.agenda.key}/{self.page.key}"

    def reader(self, actor: Actor | None) -> Actor | None:
        """With whose eyes it counts: a page for the public says the same to everybody."""
        return None if self.page.public else actor


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A block as the template draws it."""

    number: int
    kind: str
    title: str
    text: str
    #: (name, number); None: nothing to tell.
    tiles: Sequence[tuple[str, float | None]] = ()
    #: Which of the tiles are crowns.
    crowns: Collection[int] = ()
    chart: Chart | None = None
    #: Where the records of each row of the chart are; "" = nowhere.
    links: Sequence[str] = ()
    #: Its numbers are crowns.
    money: bool = False
    columns: Sequence[str] = field(default_factory=tuple)
    #: Only so many figures are here, the biggest; 0 = all.
    only: int = 0
    #: The reader may not see these numbers.
    hidden: bool = False


def listed() -> Iterator[Listed]:
    """Every page of the newest versions of agendas that can be read."""
    for deployment_id, agenda in newest(session(), tenant_key()).items():
        for page in pages_of(session(), tenant_key(), deployment_id).read:
            yield Listed(deployment_id=deployment_id, agenda=agenda, page=page)


def unreadable(actor: Actor) -> Mapping[str, str]:
    """Pages that can't be read, `agenda/path`, and why: for whoever may mend them."""
    if not actor.groups & {ROLE_AUTHOR, ROLE_OPERATOR, ROLE_ADMIN}:
        return {}
    found = newest(session(), tenant_key()).items()
    return {
        f"{agenda.key}/{path}": why
        for deployment_id, agenda in found
        for path, why in pages_of(session(), tenant_key(), deployment_id).unreadable.items()
    }


def public() -> list[Listed]:
    """Pages that everybody sees."""
    return [one for one in listed() if one.page.public]


def of_staff(actor: Actor) -> list[Listed]:
    """Pages that this person sees: of their groups, all of them for who runs or examines the installation.

    A page of which they may see no number is none of theirs.
    """
    if actor.kind not in STAFF:
        return []
    theirs = [one for one in listed() if actor.groups & ({*(one.page.groups or one.agenda.groups)} | READING)]
    return [one for one in theirs if _tells_something(one, actor)]


def _tells_something(one: Listed, actor: Actor) -> bool:
    questions = [question for block in one.page.blocks for question in block.questions]
    return not questions or any(_may_ask(one, question, actor) for question in questions)


def _may_ask(one: Listed, question: Question, actor: Actor | None) -> bool:
    return may_ask(session(), tenant_key(), question, one.reader(actor))


def chosen(pages: Sequence[Listed], agenda: str, key: str) -> Listed:
    """One page of these. Raises NotFound."""
    for one in pages:
        if (one.agenda.key, one.page.key) == (agenda, key):
            return one
    raise NotFound


def choices_of(one: Listed, asked: Mapping[str, str], actor: Actor | None) -> list[Choice]:
    """What the reader may pick for the whole page, and has picked."""
    return choices(one.deployment_id, one.page.choosers, asked, one.reader(actor))


def shown(one: Listed, actor: Actor | None, picked: Sequence[Choice] = ()) -> list[Shown]:
    """The blocks of a page with their numbers; those that the reader may not see are there without."""
    blocks = (narrowed(block, picked) for block in one.page.blocks)
    return [_shown(one, number, block, actor) for number, block in enumerate(blocks, 1)]


def block_of(one: Listed, number: int, actor: Actor | None, picked: Sequence[Choice] = ()) -> Shown:
    """One block for a file, by its place on the page from 1. Raises NotFound, NotAllowed."""
    if not 1 <= number <= len(one.page.blocks) or one.page.blocks[number - 1].kind == "text":
        raise NotFound
    block = _shown(one, number, narrowed(one.page.blocks[number - 1], picked), actor, MOST_IN_A_FILE)
    if block.hidden:
        raise NotAllowed
    return block


def _shown(one: Listed, number: int, block: Block, actor: Actor | None, most: int = MOST_FIGURES) -> Shown:
    title, text = choose(block.title, language()), choose(block.text, language())
    hidden = not all(_may_ask(one, question, actor) for question in block.questions)
    if hidden or block.question is None:
        tiles = () if hidden else block.tiles
        told = [(choose(tile.title, language()), _single(one, tile.question, actor)) for tile in tiles]
        crowns = {at for at, tile in enumerate(tiles) if is_money(tile.question)}
        return Shown(number=number, kind=block.kind, title=title, text=text, tiles=told, crowns=crowns, hidden=hidden)
    answer = _ask(one, block.question, actor, most)
    groups = _groups(one, block.question, answer)
    drawn = _drawn(one, block.kind, block.question, answer, title, groups)
    return Shown(
        number=number,
        kind=block.kind,
        title=title,
        text=text,
        chart=drawn,
        columns=[column(block.question), *drawn.parts],
        links=links(block.question, groups, _list_of(one), one.reader(actor)),
        money=is_money(block.question),
        only=most if answer.more else 0,
    )


def _list_of(one: Listed) -> Callable[..., str]:
    """What gives the address of a register's list: for everybody, or at work."""
    return partial(url_for, "registers.listing" if one.page.public else "staff_registers.listing")


def _groups(one: Listed, question: Question, answer: Answer) -> dict[str | None, str]:
    """How the groups of an answer are called, in the order of the chart's rows."""
    span = span_of(question, question.by, question.by_span)
    return names(one.deployment_id, question, question.by, span, [figure.group for figure in answer.figures])


def _drawn(
    one: Listed, kind: str, question: Question, answer: Answer, title: str, groups: Mapping[str | None, str]
) -> Chart:
    found, span = answer.figures, span_of(question, question.by, question.by_span)
    parts: dict[str | None, str] = {None: title}
    if question.split:
        values, times = [figure.part for figure in found], span_of(question, question.split, question.split_span)
        parts = names(one.deployment_id, question, question.split, times, values)
    # A year that has only begun has no number for its months to come, which is not nought.
    in_years = kind == "line" and bool(question.split_span)
    nothing = None if question.aggregate == "mean" or in_years else 0.0
    return chart(kind, found, groups, parts, in_time=bool(span), nothing=nothing)


def _ask(one: Listed, question: Question, actor: Actor | None, most: int = MOST_FIGURES) -> Answer:
    reader = one.reader(actor)
    return figures(session(), tenant_key(), one.agenda.key, replace(question, most=most), now(), reader)


def _single(one: Listed, question: Question, actor: Actor | None) -> float | None:
    found = _ask(one, question, actor).figures
    return found[0].value if found else 0.0 if question.aggregate == "count" else None
