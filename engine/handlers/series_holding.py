"""Rows that were held back: somebody is told once for a record, looks, and puts a row in the place of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select, update

from engine.commands import SettleRow
from engine.errors import Conflict, Invalid, NotAllowed, NotFound
from engine.handlers.registers import register_of
from engine.handlers.registry import handles
from engine.handlers.series_counts import Count, parent_of
from engine.handlers.series_totals import Totals
from engine.handlers.watch_plans import plan_held
from engine.handlers.work import Work
from engine.ids import new_id
from engine.model import Json
from engine.registers.counting import Judge, Point
from engine.registers.definitions import Register
from engine.registers.series import plain, thousandths
from engine.registers.watching import Watch
from engine.store.base import table_of
from engine.store.cases import InstanceRow
from engine.store.registers import RecordRow, RecordWatchRow
from engine.store.series import SeriesRow

VERDICTS = ("counted", "rollover", "reset", "refused")
_TABLE = table_of(SeriesRow)
#: What a case is told of at once.
MOST_HELD = 200


def tell_of_held(work: Work, register: Register, first: Mapping[str, str]) -> None:
    """Let a case begin for each record (id → first row held back) of which nobody has been told yet."""
    for watch in register.watch:
        if watch.held and first:
            told = _being_looked_at(work, watch, list(first))
            for record_id, row_id in first.items():
                if record_id not in told:
                    plan_held(work, register, watch, record_id, row_id)


def _being_looked_at(work: Work, watch: Watch, records: Sequence[str]) -> set[str]:
    open_case = select(InstanceRow.id).where(
        InstanceRow.id == RecordWatchRow.case_id, InstanceRow.status.in_(("running", "suspended"))
    )
    query = select(RecordWatchRow.record_id).where(
        RecordWatchRow.tenant == work.tenant,
        RecordWatchRow.record_id.in_(records),
        RecordWatchRow.watch == watch.key,
        (RecordWatchRow.state == "waiting") | open_case.exists(),
    )
    return set(work.session.scalars(query))


def held_rows(work: Work, register: Register, record_id: str) -> list[Json]:
    """Give what of a record is held back, in the order of time; the record stays locked until the end of the command.

    Whoever adds a row locks it too: what comes after a case has looked for the last time begins another case.
    """
    work.session.execute(
        select(RecordRow.id).where(RecordRow.tenant == work.tenant, RecordRow.id == record_id).with_for_update()
    )
    rows = work.session.scalars(
        select(SeriesRow)
        .where(SeriesRow.tenant == work.tenant, SeriesRow.record_id == record_id)
        .where(SeriesRow.register == register.key, SeriesRow.state == "held")
        .order_by(SeriesRow.at, SeriesRow.id)
        .limit(MOST_HELD)
    )
    return [described(row) for row in rows]


def described(row: SeriesRow) -> dict[str, Json]:
    """Give a row as scripts see it."""
    return {
        "id": row.id,
        "at": row.at.isoformat(),
        "channel": row.channel,
        "value": plain(row.value),
        "state": row.state,
        "reason": row.reason,
        "data": row.data,
    }


@handles(SettleRow)
def settle_row(work: Work, command: SettleRow) -> str:
    """Decide about a row as a person with the right."""
    register = register_of(work, command.register)
    if not register.may_write(work.actor):
        raise NotAllowed
    return settle(work, register, command)


def settle(work: Work, register: Register, command: SettleRow, instance_id: str | None = None) -> str:
    """Put another row in the place of one. Raises Invalid, Conflict when it was decided already, NotFound."""
    if register.series is None or command.verdict not in VERDICTS:
        raise Invalid(f"There is no verdict {command.verdict!r} on rows of {register.key!r}.", code="bad-verdict")
    old = work.session.scalar(
        select(SeriesRow).where(
            SeriesRow.tenant == work.tenant, SeriesRow.register == register.key, SeriesRow.id == command.row_id
        )
    )
    if old is None:
        raise NotFound
    parent = parent_of(work, register.series, old.record_id)
    work.session.refresh(old)
    if old.state not in ("held", "counted"):
        raise Conflict("Another row stands for it already.")
    value = old.value if command.value in (None, "") else thousandths(command.value)
    counts = command.verdict != "refused"
    point = Point(at=old.at, value=value, mark=command.verdict if command.verdict in ("rollover", "reset") else "")
    count = Count(work, register.key, parent, old.channel)
    if counts:
        _must_follow(count, point)
    count.change(old.at, old.id, point if counts else None)
    totals = Totals(register=register.key)
    count.add_to(totals)
    work.session.execute(update(SeriesRow).where(SeriesRow.id == old.id).values(state="superseded"))
    row = _in_place_of(work, old, command, value, point.mark, instance_id)
    work.connection.execute(_TABLE.insert(), [row])
    totals.write(work)
    return str(row["id"])


def _must_follow(count: Count, point: Point) -> None:
    """A counter never falls; where it did, somebody has to say why."""
    counted = count.parent.counted
    earlier = count.earlier(point.at)
    if counted.kind != "counter" or point.mark or not earlier:
        return
    judge = Judge(counted=replace(counted, jump=0, digits=0, last_day=None))
    judge.remember(Point(at=earlier[-1].at, value=earlier[-1].value))
    if judge.judge(point.at, point.value, None)[0] == "lower":
        raise Invalid("The value is lower than the one before it.", code="lower")


def _in_place_of(
    work: Work, old: SeriesRow, command: SettleRow, value: int, mark: str, instance_id: str | None
) -> dict[str, Any]:
    note = {"note": command.note} if command.note else {}
    return {
        "id": new_id(),
        "tenant": work.tenant,
        "register": old.register,
        "record_id": old.record_id,
        "channel": old.channel,
        "at": old.at,
        "value": value,
        "mark": mark,
        "state": "refused" if command.verdict == "refused" else "counted",
        "reason": old.reason,
        "source_key": f"{old.id}>",
        "supersedes": old.id,
        "data": old.data | note,
        "written_at": work.now,
        "written_by": work.actor.username,
        "instance_id": instance_id,
    }
