"""Long lists of records: narrowed, counted and sorted by indexed values, turned from the last record seen."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from engine.errors import Invalid, NotAllowed, NotFound
from engine.model import Actor, Json
from engine.queries.paging import MOST_PER_PAGE, count_to
from engine.queries.registers import RecordFacts, facts_of, register
from engine.registers.definitions import Register, is_choice
from engine.store.published import is_public
from engine.store.record_values import kept_value
from engine.store.registers import RecordRow, RecordValueRow
from engine.store.searching import every_word
from engine.store.session import today_of

#: Records are counted to here; beyond it a list says "more than".
MOST_COUNTED = 1_000_000
#: Values that a facet offers.
MOST_OFFERED = 30
#: Sorting by what every record has.
CAPTION, CHANGED = "", "changed_at"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which records to list."""

    q: str = ""
    #: Indexed field → any of these values, as they are kept.
    among: Mapping[str, Sequence[str]] = field(default_factory=dict)
    #: Indexed field → from and to, both inside; None = open.
    between: Mapping[str, tuple[Json, Json]] = field(default_factory=dict)
    #: Indexed field, CAPTION or CHANGED; with `-` before it downwards.
    sort: str = CAPTION
    #: Cursor of a list that was shown: go on behind it, or before it.
    after: str = ""
    before: str = ""
    size: int = 50


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A part of a list."""

    items: Sequence[RecordFacts]
    total: int
    #: Cursors; "" = there is nothing further.
    next: str = ""
    previous: str = ""


@dataclass(frozen=True, kw_only=True)
class Facet:
    """How many of the records listed have which value of a field."""

    field: str
    #: (value as kept, records); those of the present choice are there even with none.
    counts: Sequence[tuple[str, int]]


@dataclass(frozen=True, kw_only=True)
class View:
    """What of a register somebody sees."""

    tenant: str
    register: Register
    fields: tuple[str, ...]
    #: Only what is public: records and words.
    public: bool = False
    #: The day on which somebody looks at what is public.
    today: date = date.min

    @property
    def sortable(self) -> tuple[str, ...]:
        """Fields that this list may be narrowed and sorted by."""
        return tuple(name for name in self.register.indexed if name in self.fields)

    @property
    def searchable(self) -> bool:
        """Whether words may be asked for: not where an answer would tell of a field that is not seen."""
        return self.public or set(self.register.search) <= set(self.fields)


def staff_view(session: Session, tenant: str, key: str, actor: Actor) -> View:
    """What a person sees of a register. Raises NotFound, NotAllowed."""
    kept = register(session, tenant, key)
    if not kept.may_read(actor):
        raise NotAllowed
    return View(tenant=tenant, register=kept, fields=tuple(kept.readable(actor, dict.fromkeys(kept.properties))))


def public_view(session: Session, tenant: str, key: str) -> View:
    """What everybody sees of a register. Raises NotFound where nothing is public."""
    kept = register(session, tenant, key)
    if kept.public_fields is None:
        raise NotFound
    return View(tenant=tenant, register=kept, fields=kept.public_fields, public=True, today=today_of(session))


def listed(session: Session, view: View, asked: Asked) -> Listed:
    """List records. Raises NotAllowed for a field that is not seen or not indexed, Invalid for a broken cursor."""
    size = min(max(asked.size, 1), MOST_PER_PAGE)
    narrowed = [*_base(view), *_narrowed(session, view, asked)]
    total = counted(session, view, asked)
    query, keys = _sorted(view, asked, select(RecordRow).where(*narrowed))
    back = bool(asked.before)
    falls = asked.sort.startswith("-") != back
    if cursor := asked.before or asked.after:
        query = query.where(_beyond(keys, _read(cursor, asked.sort), falls=falls))
    ordered = [key.desc() if falls else key.asc() for key in keys]
    rows = session.execute(query.add_columns(*keys).order_by(*ordered).limit(size + 1)).all()
    more, rows = len(rows) > size, rows[:size]
    if back:
        rows = rows[::-1]
    behind, before = (True, more) if back else (more, bool(asked.after))
    return Listed(
        items=[facts_of(row[0], view.fields) for row in rows],
        total=total,
        next=_cursor(rows[-1][1:]) if rows and behind else "",
        previous=_cursor(rows[0][1:]) if rows and before else "",
    )


def counted(session: Session, view: View, asked: Asked) -> int:
    """Count the records of a list, to MOST_COUNTED."""
    return count_to(session, select(RecordRow.id).where(*_base(view), *_narrowed(session, view, asked)), MOST_COUNTED)


def everything(session: Session, view: View, asked: Asked) -> Iterator[RecordFacts]:
    """Give all records of a list, piece by piece."""
    asked = replace(asked, after="", before="", size=MOST_PER_PAGE)
    query, keys = _sorted(view, asked, select(RecordRow).where(*_base(view), *_narrowed(session, view, asked)))
    falls = asked.sort.startswith("-")
    ordered = [key.desc() if falls else key.asc() for key in keys]
    query = query.add_columns(*keys).order_by(*ordered).limit(MOST_PER_PAGE)
    last: list[Any] | None = None
    while True:
        rows = session.execute(query if last is None else query.where(_beyond(keys, last, falls=falls))).all()
        yield from (facts_of(row[0], view.fields) for row in rows)
        if len(rows) < MOST_PER_PAGE:
            return
        last = list(rows[-1][1:])
        session.expunge_all()


def facets(session: Session, view: View, asked: Asked, fields: Collection[str] | None = None) -> list[Facet]:
    """Count the values of choices among the records listed, each as if nothing of it were chosen."""
    shapes = view.register.schema.get("properties", {})
    wanted = [name for name in view.sortable if is_choice(shapes[name]) and (fields is None or name in fields)]
    return [_facet(session, view, asked, name) for name in wanted]


def _facet(session: Session, view: View, asked: Asked, name: str) -> Facet:
    value = aliased(RecordValueRow)
    others = replace(asked, among={key: chosen for key, chosen in asked.among.items() if key != name})
    query = (
        select(value.value, func.count())
        .where(value.tenant == view.tenant, value.register == view.register.key, value.field == name)
        .where(*_by_values(session, view, others, value.record_id))
        .group_by(value.value)
        .order_by(func.count().desc(), value.value)
        .limit(MOST_OFFERED)
    )
    words = _by_words(view, asked)
    if view.public or words:
        query = query.where(value.record_id.in_(select(RecordRow.id).where(*_base(view), *words)))
    found = {row[0]: int(row[1]) for row in session.execute(query)}
    chosen = [(one, 0) for one in asked.among.get(name, ()) if one not in found]
    return Facet(field=name, counts=[*found.items(), *chosen])


def _base(view: View) -> list[ColumnElement[bool]]:
    """Every condition of a list but what was asked."""
    row = RecordRow
    of_register = [row.tenant == view.tenant, row.register == view.register.key, row.state == "live"]
    return [*of_register, is_public(view.today)] if view.public else of_register


def _narrowed(session: Session, view: View, asked: Asked) -> list[ColumnElement[bool]]:
    return [*_by_values(session, view, asked, RecordRow.id), *_by_words(view, asked)]


def _by_words(view: View, asked: Asked) -> list[ColumnElement[bool]]:
    if not asked.q.strip():
        return []
    if not view.searchable:
        raise NotAllowed("This register can't be searched without seeing all the fields that are searched.")
    return [every_word([RecordRow.public_search if view.public else RecordRow.search], asked.q)]


def _by_values(
    session: Session, view: View, asked: Asked, record_id: InstrumentedAttribute[str]
) -> list[ColumnElement[bool]]:
    """What a record must have in indexed fields."""
    shapes = view.register.schema.get("properties", {})
    found = []
    for name, chosen in asked.among.items():
        one = aliased(RecordValueRow)
        found += [_has(session, view, name, one, record_id, one.value.in_(chosen))] if chosen else []
    for name, (low, high) in asked.between.items():
        one, shape = aliased(RecordValueRow), shapes.get(name, {})
        within = [one.value != ""]
        within += [one.value >= kept_value(shape, low)] if low is not None else []
        within += [one.value <= kept_value(shape, high)] if high is not None else []
        found.append(_has(session, view, name, one, record_id, *within))
    return found


def _has(
    session: Session,
    view: View,
    name: str,
    one: type[RecordValueRow],
    record_id: InstrumentedAttribute[str],
    *conditions: ColumnElement[bool],
) -> ColumnElement[bool]:
    field = one.field == _seen(view, name)
    if session.get_bind().dialect.name == "postgresql":
        # By the key of the values: a plan that goes record by record stays quick however wrong its guesses are.
        return select(one.value).where(one.record_id == record_id, field, *conditions).exists()
    mine = (one.tenant == view.tenant, one.register == view.register.key, field)
    return record_id.in_(select(one.record_id).where(*mine, *conditions))


def _seen(view: View, name: str) -> str:
    if name not in view.sortable:
        raise NotAllowed(f"The list can't be narrowed or sorted by {name!r}.")
    return name


def _sorted(
    view: View, asked: Asked, query: Select[*tuple[Any, ...]]
) -> tuple[Select[*tuple[Any, ...]], list[InstrumentedAttribute[Any]]]:
    """Join what the list is sorted by; gives the columns of its order, which no two records share."""
    name = asked.sort.removeprefix("-")
    if name == CAPTION:
        return query, [RecordRow.sort_key, RecordRow.id]
    if name == CHANGED:
        return query, [RecordRow.changed_at, RecordRow.id]
    value = aliased(RecordValueRow)
    of_field = (value.tenant == view.tenant, value.register == view.register.key, value.field == _seen(view, name))
    return query.join(value, value.record_id == RecordRow.id).where(*of_field), [value.value, value.record_id]


def _beyond(keys: Sequence[Any], place: Sequence[Any], *, falls: bool) -> ColumnElement[bool]:
    here = tuple_(*keys)
    there = tuple_(*[literal(one, key.type) for one, key in zip(place, keys, strict=True)])
    return here < there if falls else here > there


def _cursor(place: Sequence[Any]) -> str:
    return json.dumps([one.isoformat() if isinstance(one, datetime) else one for one in place], ensure_ascii=False)


def _read(cursor: str, sort: str) -> list[Any]:
    try:
        key, record_id = json.loads(cursor)
        if not isinstance(key, str) or not isinstance(record_id, str):
            raise ValueError
        return [datetime.fromisoformat(key) if sort.removeprefix("-") == CHANGED else key, record_id]
    except (ValueError, TypeError) as error:
        raise Invalid("This is no place of the list.") from error
