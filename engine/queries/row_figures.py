"""What rows in time count, for pages: in one unit, and shared out among what their records are tied to."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Float, Select, Subquery, and_, case, cast, func, literal, select
from sqlalchemy.orm import Session, aliased

from engine.errors import NotAllowed, NotFound
from engine.model import Actor
from engine.queries.questions import ROW_FIELDS, Question, cut_to, is_any, number_in, only_seen, text_in
from engine.queries.registers import register
from engine.registers.conversion import Conversion, conversions
from engine.registers.definitions import Register
from engine.registers.series import THOUSANDTHS, Series
from engine.store.links import LinkRow
from engine.store.registers import RecordRow
from engine.store.series import SeriesTotalRow

_WHOLE = 100
#: Letters of an ISO date that a span takes.
LETTERS = {"day": 10, "month": 7}


def counted_rows(session: Session, tenant: str, question: Question, actor: Actor | None) -> Subquery:
    """What rows count by months (by days where their unit changes within one), of records that are there."""
    under = above(session, tenant, question, actor)
    series = register(session, tenant, question.name).series
    assert series is not None, "asked only of rows"
    total, record = SeriesTotalRow, RecordRow
    known = conversions_of(session, tenant, series) if question.of == "converted" else []
    span = "day" if any(not one.begins_a_month for one in known) else "month"
    number: ColumnElement[Any] = cast(total.total, Float) / THOUSANDTHS
    if known:
        number = number * _factor(text_in(session, record.data, str(series.convert["match"])), known, span)
    own: dict[str, ColumnElement[Any]] = {
        "period": total.period.expression,
        "month": func.substr(total.period, 6, 2),
        "channel": total.channel.expression,
    }
    query: Select[Any] = (
        select()
        .select_from(total)
        .join(record, record.id == total.record_id)
        .where(total.tenant == tenant, total.register == question.name)
        .where(total.span == span)
        .where(record.tenant == tenant, record.register == under.key, record.state == "live")
    )
    if "through" in question.fields:
        query, own["through"], share = _shared_out(session, tenant, series, query)
        number = number * share

    def asked(name: str, span: str) -> ColumnElement[Any]:
        if name == "period" and not span:
            span = "month"
        return cut_to(own[name] if name in own else text_in(session, record.data, name), span)

    which = [
        own[name].in_(value if isinstance(value, list) else [value])
        if name in own
        else is_any(session, record.data, name, value)
        for name, value in question.where.items()
    ]
    return (
        query.where(*which)
        .add_columns(
            asked(question.by, question.by_span).label("group"),
            asked(question.split, question.split_span).label("part"),
            number.label("number"),
        )
        .subquery()
    )


def above(session: Session, tenant: str, question: Question, actor: Actor | None) -> Register:
    """The register of the records that the rows lie under; whoever asks may read all that the answer tells of."""
    kept = register(session, tenant, question.name)
    if actor is None or kept.series is None:
        raise NotFound
    under = register(session, tenant, kept.series.under)
    only_seen(under, replace(question, of="", **_without_own(question)), actor)
    registers = [kept]
    if "through" in question.fields:
        registers += _through(session, tenant, kept.series)
    if not all(one.may_read(actor) for one in registers):
        raise NotAllowed
    return under


def through_register(session: Session, tenant: str, series: Series) -> Register:
    """The register of what rows are shared out among. Raises NotFound."""
    return _through(session, tenant, series)[1]


def conversions_of(session: Session, tenant: str, series: Series) -> list[Conversion]:
    """Give the factors by which counts become one unit, as the office keeps them with their days."""
    if not series.convert:
        return []
    rows = session.scalars(
        select(RecordRow.data).where(
            RecordRow.tenant == tenant,
            RecordRow.register == series.convert["register"],
            RecordRow.state == "live",
        )
    )
    return conversions(series.convert, rows)


def _through(session: Session, tenant: str, series: Series) -> tuple[Register, Register]:
    if not series.through:
        raise NotFound
    between = register(session, tenant, str(series.through["register"]))
    link = between.links.get(str(series.through["link"]))
    if link is None:
        raise NotFound
    return between, register(session, tenant, link.to)


def _shared_out(
    session: Session, tenant: str, series: Series, query: Select[Any]
) -> tuple[Select[Any], ColumnElement[Any], ColumnElement[Any]]:
    """Tie records to what they are shared out among by the ties of now; gives its name and the share."""
    between, _last = _through(session, tenant, series)
    named = next(names[0] for names in between.unique if len(names) == 1)
    middle, last = aliased(RecordRow), aliased(RecordRow)
    field = text_in(session, RecordRow.data, str(series.through["field"]))
    query = (
        query.outerjoin(
            middle,
            and_(
                middle.tenant == tenant,
                middle.register == between.key,
                middle.state == "live",
                text_in(session, middle.data, named) == field,
            ),
        )
        .outerjoin(
            LinkRow,
            and_(
                LinkRow.tenant == tenant,
                LinkRow.record_id == middle.id,
                LinkRow.name == series.through["link"],
                LinkRow.ended_at.is_(None),
            ),
        )
        .outerjoin(last, and_(last.id == LinkRow.other_id, last.state == "live"))
    )
    percent = number_in(session, LinkRow.data, str(series.through.get("share", "")))
    return query, last.caption.expression, cast(func.coalesce(percent, _WHOLE), Float) / _WHOLE


def _factor(kind: ColumnElement[Any], known: list[Conversion], span: str) -> ColumnElement[Any]:
    """By what a total is multiplied: the factor of its kind that is valid in its period, else 1."""
    period, found, length = SeriesTotalRow.period, [], LETTERS[span]
    for _kind, group in groupby(known, key=lambda one: one.kind):
        ones = list(group)
        for one, following in zip(ones, [*ones[1:], None], strict=True):
            valid = and_(kind == one.kind, period >= one.since[:length])
            found.append((and_(valid, period < following.since[:length]) if following else valid, literal(one.factor)))
    return case(*found, else_=literal(1.0)) if found else literal(1.0)


def _without_own(question: Question) -> dict[str, Any]:
    where = {name: value for name, value in question.where.items() if name not in ROW_FIELDS}
    return {"where": where} | {name: "" for name in ("by", "split") if getattr(question, name) in ROW_FIELDS}
