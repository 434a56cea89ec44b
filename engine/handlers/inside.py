"""Inside effects: what a service task does in the database itself, in the transaction of the command that moves it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import false, or_, select

from engine.commands import AppendRows, SettleRow
from engine.errors import EngineError, Invalid, NotFound
from engine.handlers import (
    bank_orders,
    deadlines,
    gateways,
    links,
    numbers,
    payments,
    polls,
    registers,
    series,
    series_holding,
    series_totals,
)
from engine.handlers.papers import write_note
from engine.handlers.records_of_cases import save_records
from engine.handlers.work import Work
from engine.model import SYSTEM, Json, Variables
from engine.registers.definitions import Link, Register
from engine.store.cases import InstanceRow
from engine.store.people import GroupMemberRow, PersonRow
from engine.store.record_values import has_value
from engine.store.registers import RecordRow

#: What a find gives at most.
MOST_FOUND = 1000
#: Values of a field that a find looks for at once.
MOST_WANTED = 300
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


_KINDS = {str: "a text", int: "a whole number", float: "a number", dict: "an object", list: "a list"}


# --- registers -------------------------------------------------------------------------------------------------------


def _save_record(work: Work, instance: InstanceRow, parameters: Variables) -> Json:
    """Write a record; with `key` the one of that id or unique value is changed, or made where there is none.

    A key of several fields is an object: field → value.
    With `existing` "keep" the one that is there stays as it is.
    """
    register = registers.register_of(work, parameters["register"])
    key, existing = parameters.get("key"), parameters.get("existing", "change")
    if existing not in ("change", "keep"):
        raise Invalid(f'"existing" of register.save is "change" or "keep", not "{existing}".')
    row = _known(work, register, key) if key else None
    if row is not None and existing == "keep":
        return found(row)
    data = (row.data if row else {}) | parameters["data"]
    written = registers.write(work, register, row, data, instance.id)
    work.tell(instance, "record-saved", register=register.key, record=written.id, caption=written.caption)
    return found(written)


def _known(work: Work, register: Register, key: Json) -> RecordRow | None:
    if isinstance(key, dict):
        return registers.by_values(work, register, key)
    return registers.by_key(work, register, str(key))


def _link_records(work: Work, instance: InstanceRow, parameters: Variables) -> Json:
    """Tie a record to one of the register that its link names, or change what their tie says."""
    register, link, row, other = _ends(work, parameters)
    links.tie(work, link, row, other, dict(parameters.get("data") or {}), instance.id)
    work.tell(instance, "record-saved", register=register.key, record=row.id, caption=row.caption)
    return found(other)


def _unlink_records(work: Work, instance: InstanceRow, parameters: Variables) -> Json:
    """Untie two records; {untied}."""
    register, link, row, other = _ends(work, parameters)
    untied = links.untie(work, link, row, other.id, instance.id)
    if untied:
        work.tell(instance, "record-saved", register=register.key, record=row.id, caption=row.caption)
    return {"untied": untied}


def _linked_records(work: Work, _instance: InstanceRow, parameters: Variables) -> Json:
    """Give the records that a record is tied to, each with what the tie says as `link`, by caption."""
    register = registers.register_of(work, parameters["register"])
    row = _record(work, register, str(parameters["key"]))
    link = links.link_of(register, parameters["link"])
    return [{**found(other), "link": tie.data} for tie, other in links.tied(work, link, row)]


def _ends(work: Work, parameters: Variables) -> tuple[Register, Link, RecordRow, RecordRow]:
    register = registers.register_of(work, parameters["register"])
    link = links.link_of(register, parameters["link"])
    other = registers.register_of(work, link.to)
    row = _record(work, register, str(parameters["key"]))
    return register, link, row, _record(work, other, str(parameters["to"]))


def _record(work: Work, register: Register, key: str) -> RecordRow:
    row = registers.by_key(work, register, key)
    if row is None:
        raise NotFound(f"The register {register.key!r} has no record {key!r}.", code="not-found")
    return row


def _find_records(work: Work, instance: InstanceRow, parameters: Variables) -> Json:
    """Give the live records whose fields have exactly the values of `where`, of a list any of them, by caption."""
    register = registers.register_of(work, parameters["register"])
    query = select(RecordRow).where(
        RecordRow.tenant == work.tenant, RecordRow.register == register.key, RecordRow.state == "live"
    )
    for name, value in (parameters.get("where") or {}).items():
        if name not in register.properties:
            raise Invalid(f"The register {register.key!r} has no field {name!r}.", code="bad-parameters")
        wanted = [has_value(work.session, work.tenant, register, name, one) for one in _any_of(register, name, value)]
        query = query.where(or_(false(), *wanted))
    rows = work.session.scalars(query.order_by(RecordRow.caption, RecordRow.id).limit(MOST_FOUND))
    return [found(row) for row in rows]


def _any_of(register: Register, name: str, value: Json) -> Sequence[Json]:
    """Give the values of which a record has to have one; a field that may be a list itself has to be the same list."""
    kinds = register.schema["properties"][name].get("type")
    if not isinstance(value, list) or "array" in (kinds if isinstance(kinds, list) else [kinds]):
        return [value]
    if len(value) > MOST_WANTED:
        raise Invalid(f"At most {MOST_WANTED} values of {name!r} can be looked for at once.", code="bad-parameters")
    return value


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


# --- rows in time ----------------------------------------------------------------------------------------------------


def _held_rows(work: Work, instance: InstanceRow, parameters: Variables) -> Json:
    """Give the rows of a record that are held back."""
    return series_holding.held_rows(work, registers.register_of(work, parameters["register"]), parameters["record"])


def _settle_row(work: Work, instance: InstanceRow, parameters: Variables) -> Json:
    """Put another row in the place of one, as the case has decided."""
    command = SettleRow(
        tenant=work.tenant,
        actor=work.actor,
        register=parameters["register"],
        row_id=parameters["row"],
        verdict=parameters["verdict"],
        value=parameters.get("value"),
        note=parameters.get("note") or "",
    )
    register = registers.register_of(work, command.register)
    return {"row": series_holding.settle(work, register, command, instance.id)}


def _add_rows(work: Work, instance: InstanceRow, parameters: Variables) -> Json:
    """Add rows; gives the fate of each."""
    command = AppendRows(
        tenant=work.tenant,
        actor=SYSTEM,
        register=parameters["register"],
        rows=parameters["rows"],
        sent_by=work.actor.username,
    )
    fates = series.add(work, registers.register_of(work, command.register), command, instance.id)
    return [asdict(fate) for fate in fates]


def _totals_of(work: Work, instance: InstanceRow, parameters: Variables) -> Json:
    """Give what rows under records count between two days, months or years, as it is and in one unit."""
    register = registers.register_of(work, parameters["register"])
    return series_totals.totals_of(work, register, parameters)


def _latest_rows(work: Work, instance: InstanceRow, parameters: Variables) -> Json:
    """Give the newest row that counts or is held back of each record: `[{record, at, value}]`."""
    register = registers.register_of(work, parameters["register"])
    return series_totals.latest_of(work, register.key, parameters["records"])


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
    "register.save": InsideEffect(
        run=_save_record, needs={"register": _TEXT, "data": (dict,)}, takes={"key": (*_NUMBER, dict), "existing": _TEXT}
    ),
    "register.save_all": InsideEffect(
        run=save_records,
        needs={"register": _TEXT, "by": _TEXT, "records": (list,)},
        takes={"instead_of": (dict,), "add": (list,)},
    ),
    "register.find": InsideEffect(run=_find_records, needs={"register": _TEXT}, takes={"where": (dict,)}),
    "register.link": InsideEffect(
        run=_link_records,
        needs={"register": _TEXT, "key": _NUMBER, "link": _TEXT, "to": _NUMBER},
        takes={"data": (dict,)},
    ),
    "register.unlink": InsideEffect(
        run=_unlink_records, needs={"register": _TEXT, "key": _NUMBER, "link": _TEXT, "to": _NUMBER}
    ),
    "register.linked": InsideEffect(run=_linked_records, needs={"register": _TEXT, "key": _NUMBER, "link": _TEXT}),
    "register.delete": InsideEffect(run=_delete_record, needs={"register": _TEXT, "key": _NUMBER}),
    "series.add": InsideEffect(run=_add_rows, needs={"register": _TEXT, "rows": (list,)}),
    "series.held": InsideEffect(run=_held_rows, needs={"register": _TEXT, "record": _TEXT}),
    "series.latest": InsideEffect(run=_latest_rows, needs={"register": _TEXT, "records": (list,)}),
    "series.settle": InsideEffect(
        run=_settle_row,
        needs={"register": _TEXT, "row": _TEXT, "verdict": _TEXT},
        takes={"value": (int, float, str), "note": _TEXT},
    ),
    "series.totals": InsideEffect(
        run=_totals_of,
        needs={"register": _TEXT, "records": (list,), "span": _TEXT},
        takes={"since": _TEXT, "until": _TEXT},
    ),
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
    "vote.open": InsideEffect(
        run=polls.open_vote,
        needs={"key": _TEXT, "title": _TEXT, "opens": _TEXT, "closes": _TEXT, "ballot": (dict,)},
    ),
    "vote.close": InsideEffect(run=polls.close_vote, needs=_KEY),
    "vote.cancel": InsideEffect(run=polls.cancel_vote, needs=_KEY),
    "vote.withdraw": InsideEffect(run=polls.withdraw_option, needs=_KEY | {"option": _TEXT}),
    "deadline.start": InsideEffect(run=deadlines.start, needs=_KEY | {"title": _TEXT, "period": _TEXT}),
    "deadline.stop": InsideEffect(run=deadlines.stop, needs=_KEY),
    "deadline.resume": InsideEffect(run=deadlines.resume, needs=_KEY),
    "deadline.meet": InsideEffect(run=deadlines.meet, needs=_KEY),
    "people.of_group": InsideEffect(run=_people_of_group, needs={"group": _TEXT}),
    "case.title": InsideEffect(run=_set_title, needs={"title": _TEXT}),
    "note.add": InsideEffect(run=_add_note, needs={"text": _TEXT}),
}
