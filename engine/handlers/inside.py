"""Inside effects: what a service task does in the database itself, in the transaction of the command that moves it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from engine.errors import EngineError, Invalid
from engine.handlers import bank_orders, deadlines, gateways, numbers, payments, registers
from engine.handlers.papers import write_note
from engine.handlers.work import Work
from engine.model import SYSTEM, Json, Variables
from engine.store.cases import InstanceRow
from engine.store.people import GroupMemberRow, PersonRow
from engine.store.registers import RecordRow
from engine.store.searching import field_is

#: What a find gives at most.
MOST_FOUND = 1000
_LONGEST_TITLE = 250
_TEXT, _NUMBER = (str,), (int, str)


@dataclass(frozen=True, kw_only=True)
class InsideEffect:
    """One name of the table: what it runs and which parameters it takes, by their types."""

    run: Callable[[Work, InstanceRow, Variables], Json]
    needs: Mapping[str, tuple[type[Any], ...]]
    takes: Mapping[str, tuple[type[Any], ...]] = field(default_factory=dict)


def perform(work: Work, instance: InstanceRow, connector: str, parameters: Variables) -> Json:
    """Do an inside effect and give its result.

    Raises EngineError with a sentence and `facts["code"]` for an error boundary; nothing is then half-written.
    """
    told, sent = len(work.story.entries), len(work.sent)
    try:
        with work.session.begin_nested():
            effect = INSIDE.get(connector)
            if effect is None:
                raise Invalid(f"There is no inside effect {connector!r}.", code="unknown-effect")
            _check(connector, effect, parameters)
            result = effect.run(work, instance, parameters)
            work.session.flush()
            return result
    except EngineError as error:
        del work.story.entries[told:], work.sent[sent:]
        error.facts.setdefault("code", "refused")
        raise


def _check(connector: str, effect: InsideEffect, parameters: Variables) -> None:
    known = {**effect.needs, **effect.takes}
    if missing := [name for name in effect.needs if parameters.get(name) in (None, "")]:
        raise Invalid(f"{connector} needs {', '.join(missing)}.", code="bad-parameters")
    if unknown := sorted(parameters.keys() - known.keys()):
        raise Invalid(f"{connector} does not know {', '.join(unknown)}.", code="bad-parameters")
    for name, value in parameters.items():
        if value is not None and (not isinstance(value, known[name]) or isinstance(value, bool)):
            wanted = " or ".join(_KINDS[kind] for kind in known[name])
            raise Invalid(f"{connector}: {name} is not {wanted}.", code="bad-parameters")


_KINDS = {str: "a text", int: "a whole number", dict: "an object"}


# --- registers -------------------------------------------------------------------------------------------------------


def _save_record(work: Work, instance: InstanceRow, parameters: Variables) -> Json:
    """Write a record; with `key` the one of that id or unique value is changed, or made where there is none."""
    register = registers.register_of(work, parameters["register"])
    key = parameters.get("key")
    row = registers.by_key(work, register, str(key)) if key else None
    data = (row.data if row else {}) | parameters["data"]
    written = registers.write(work, register, row, data, instance.id)
    work.tell(instance, "record-saved", register=register.key, record=written.id, caption=written.caption)
    return found(written)


def _find_records(work: Work, instance: InstanceRow, parameters: Variables) -> Json:
    """Give the live records whose fields have exactly the values of `where`, by caption."""
    register = registers.register_of(work, parameters["register"])
    query = select(RecordRow).where(
        RecordRow.tenant == work.tenant, RecordRow.register == register.key, RecordRow.state == "live"
    )
    for name, value in (parameters.get("where") or {}).items():
        if name not in register.properties:
            raise Invalid(f"The register {register.key!r} has no field {name!r}.", code="bad-parameters")
        query = query.where(field_is(work.session, RecordRow.data, name, value))
    rows = work.session.scalars(query.order_by(RecordRow.caption, RecordRow.id).limit(MOST_FOUND))
    return [found(row) for row in rows]


def _delete_record(work: Work, instance: InstanceRow, parameters: Variables) -> Json:
    """Take the record of an id or unique value out; `deleted` is False where there is none."""
    register = registers.register_of(work, parameters["register"])
    row = registers.by_key(work, register, str(parameters["key"]))
    if row:
        registers.take_out(work, row, instance.id)
        work.tell(instance, "record-deleted", register=register.key, record=row.id, caption=row.caption)
    return {"deleted": row is not None}


def found(row: RecordRow) -> Variables:
    """Give a record as scripts and data associations see it."""
    return {"id": row.id, "version": row.version, "caption": row.caption, "data": row.data}


# --- people, numbers, the case itself --------------------------------------------------------------------------------


def _people_of_group(work: Work, instance: InstanceRow, parameters: Variables) -> Json:
    """Give who is in a group and may sign in: `[{username, name}]` by name."""
    people = work.session.scalars(
        select(PersonRow)
        .join(GroupMemberRow, GroupMemberRow.person_id == PersonRow.id)
        .where(PersonRow.tenant == work.tenant, PersonRow.active)
        .where(GroupMemberRow.group_key == parameters["group"])
        .order_by(PersonRow.name, PersonRow.username)
    )
    return [{"username": person.username, "name": person.name} for person in people]


def _draw_number(work: Work, instance: InstanceRow, parameters: Variables) -> Json:
    return numbers.draw(work, parameters["series"])


def _set_title(work: Work, instance: InstanceRow, parameters: Variables) -> Json:
    instance.title = parameters["title"][:_LONGEST_TITLE]
    return {"title": instance.title}


def _add_note(work: Work, instance: InstanceRow, parameters: Variables) -> Json:
    return {"note": write_note(work, instance, parameters["text"], SYSTEM)}


_KEY = {"key": _TEXT}
_TRANSACTION = {"transaction": _TEXT}
_GATEWAY = {"gateway": _TEXT, "id": _TEXT, "amount": _NUMBER}
_ORDER = {"name": _TEXT, "message": _TEXT, "due": _TEXT, "from": _TEXT}
_SYMBOLS = ("variable_symbol", "constant_symbol", "specific_symbol")
INSIDE: Mapping[str, InsideEffect] = {
    "register.save": InsideEffect(run=_save_record, needs={"register": _TEXT, "data": (dict,)}, takes={"key": _NUMBER}),
    "register.find": InsideEffect(run=_find_records, needs={"register": _TEXT}, takes={"where": (dict,)}),
    "register.delete": InsideEffect(run=_delete_record, needs={"register": _TEXT, "key": _NUMBER}),
    "number.draw": InsideEffect(run=_draw_number, needs={"series": _TEXT}),
    "payment.request": InsideEffect(
        run=payments.request,
        needs={"amount": _NUMBER, "due": _TEXT, "purpose": _TEXT},
        takes={"account": _TEXT},
    ),
    "payment.cancel": InsideEffect(run=payments.cancel, needs={}, takes={"variable_symbol": _NUMBER}),
    "payment.assign": InsideEffect(run=payments.assign, needs=_TRANSACTION | {"variable_symbol": _NUMBER}),
    "payment.resolve": InsideEffect(run=payments.resolve, needs=_TRANSACTION, takes={"note": _TEXT}),
    "payment.ignore": InsideEffect(run=payments.ignore, needs=_TRANSACTION, takes={"note": _TEXT}),
    "payment.by_gateway": InsideEffect(run=gateways.receive, needs=_GATEWAY | {"variable_symbol": _NUMBER}),
    "payment.gateway_refund": InsideEffect(run=gateways.give_back, needs=_GATEWAY | {"refund": _TEXT}),
    "bank.order": InsideEffect(
        run=bank_orders.order,
        needs={"amount": _NUMBER, "account": _TEXT},
        takes=_ORDER | dict.fromkeys(_SYMBOLS, _NUMBER),
    ),
    "bank.refund": InsideEffect(
        run=bank_orders.refund, needs=_TRANSACTION, takes={"amount": _NUMBER, "message": _TEXT, "due": _TEXT}
    ),
    "bank.cancel_order": InsideEffect(run=bank_orders.cancel_order, needs={"order": _TEXT}),
    "deadline.start": InsideEffect(run=deadlines.start, needs=_KEY | {"title": _TEXT, "period": _TEXT}),
    "deadline.stop": InsideEffect(run=deadlines.stop, needs=_KEY),
    "deadline.resume": InsideEffect(run=deadlines.resume, needs=_KEY),
    "deadline.meet": InsideEffect(run=deadlines.meet, needs=_KEY),
    "people.of_group": InsideEffect(run=_people_of_group, needs={"group": _TEXT}),
    "case.title": InsideEffect(run=_set_title, needs={"title": _TEXT}),
    "note.add": InsideEffect(run=_add_note, needs={"text": _TEXT}),
}
