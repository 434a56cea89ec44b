"""What the reader of a page has picked for all its blocks, a town or a year, and how that narrows what is counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from engine.model import Actor
from engine.queries.figures import figures, may_ask
from engine.queries.questions import Question
from engine.queries.registers import register
from processes.pages import Block, Chooser
from web.here import now, session
from web.page_names import column, names
from web.tenancy import tenant_key

#: A longer list is no list to pick from.
MOST_OFFERED = 500


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A field with its values; one of them is picked."""

    field: str
    title: str
    #: Value → how it is called.
    values: Mapping[str, str]
    picked: str


def choices(
    deployment_id: str, choosers: Sequence[Chooser], asked: Mapping[str, str], reader: Actor | None
) -> list[Choice]:
    """What may be picked on a page, and what an address picks; `reader` None: everybody."""
    found = [_choice(deployment_id, chooser, asked, reader) for chooser in choosers]
    return [one for one in found if one is not None]


def _choice(deployment_id: str, chooser: Chooser, asked: Mapping[str, str], reader: Actor | None) -> Choice | None:
    question = replace(chooser.question, most=MOST_OFFERED)
    if not may_ask(session(), tenant_key(), question, reader):
        return None
    answer = figures(session(), tenant_key(), "", question, now(), reader)
    called = names(deployment_id, question, chooser.field, "", [one.group for one in answer.figures])
    offered = {value: name for value, name in called.items() if value}
    if not offered:
        return None
    order = sorted(offered, reverse=True) if chooser.newest else sorted(offered, key=lambda value: offered[value])
    given = asked.get(chooser.field, "")
    return Choice(
        field=chooser.field,
        title=column(question),
        values={value: offered[value] for value in order},
        picked=given if given in offered else order[0],
    )


def narrowed(block: Block, picked: Sequence[Choice]) -> Block:
    """The block with only what was picked; what is grouped by a field shows all its values."""
    if not picked:
        return block
    return replace(
        block,
        question=_narrowed(block.question, picked) if block.question else None,
        tiles=tuple(replace(tile, question=_narrowed(tile.question, picked)) for tile in block.tiles),
    )


def _narrowed(question: Question, picked: Sequence[Choice]) -> Question:
    if question.source != "register":
        return question
    known = {*register(session(), tenant_key(), question.name).properties} - {question.by, question.split}
    wanted = {one.field: one.picked for one in picked if one.field in known}
    return replace(question, where={**wanted, **question.where})
