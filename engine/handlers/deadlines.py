"""Named periods of a case: start, stop on a call for completion, go on with the answer, be met or missed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select

from engine.calendar import add_working_days, day_in_prague, end_of, next_working_day, schedule, working_days_between
from engine.commands import ChangeDeadline
from engine.errors import Conflict, InstanceNotRunning, Invalid, NotFound
from engine.handlers.registry import handles
from engine.handlers.rights import must_take_part, reason_given
from engine.handlers.work import Work
from engine.model import Json, Variables
from engine.store.cases import DeadlineRow, InstanceRow
from engine.store.nearest import KEEP_NEAREST

_SENTENCES = {
    "stopped": ("Lhůta se zastavila.", "The period stopped."),
    "resumed": ("Lhůta běží dál; zbývající dny: {text}.", "The period runs on; days left: {text}."),
    "prolonged": ("Lhůta byla prodloužena ({text}).", "The period was prolonged ({text})."),
    "last-day": ("Poslední den lhůty ({text}).", "Last day of the period ({text})."),
    "next-working-day": (
        "Konec připadl na volný den, lhůta proto končí nejbližší pracovní den (§ 40 správního řádu).",
        "The end fell on a day off, so the period ends on the next working day (§ 40 of the Administrative Code).",
    ),
}
#: Rules of the derivation that name the period's last day before § 40 moves it.
_LAST = ("last-day", "working-days")


@handles(ChangeDeadline)
def change_deadline(work: Work, command: ChangeDeadline) -> None:
    """Do by hand what the diagram does by itself, with a reason that stays in the derivation and in the story."""
    reason = reason_given(command.reason)
    instance = work.lock(command.instance_id)
    must_take_part(work, command.instance_id)
    if instance.status != "running":
        raise InstanceNotRunning(instance=instance.id, status=instance.status)
    if (row := _row(work, instance, command.key)) is None:
        raise NotFound
    if (change := _CHANGES[command.change](work, row, command.until)) is None:
        raise Conflict("The period does not stand so that this could be done.", state=row.state)
    row.derivation = [*row.derivation, *({**line, "reason": reason} for line in change)]
    told = {"stop": "stopped", "resume": "resumed", "prolong": "prolonged"}[command.change]
    _told(work, instance, row, told, reason=reason)


def _stop(work: Work, row: DeadlineRow, _until: date | None) -> list[Variables] | None:
    if row.state != "running":
        return None
    row.state, row.stopped_at = "stopped", work.now
    return [_line("stopped", day_in_prague(work.now))]


def _resume(work: Work, row: DeadlineRow, _until: date | None) -> list[Variables] | None:
    if row.state != "stopped" or row.stopped_at is None:
        return None
    row.due_at, lines = _resumed(row, row.stopped_at, work.now)
    row.state, row.stopped_at = "running", None
    return lines


def _prolong(work: Work, row: DeadlineRow, until: date | None) -> list[Variables] | None:
    if row.ended_at is not None:
        return None
    if until is None or until <= day_in_prague(row.due_at) or until < work.today:
        raise Invalid("A prolonged period ends later than before.", reason="earlier")
    if until > work.today + LONGEST:
        raise Invalid("A period can't be prolonged this far.", reason="far")
    end = next_working_day(until)
    row.due_at = end_of(end)
    lines = [_line("prolonged", day_in_prague(work.now), row.period), _line("last-day", until, row.period)]
    return [*lines, _line("next-working-day", end)] if end != until else lines


_CHANGES = {"stop": _stop, "resume": _resume, "prolong": _prolong}
#: A day further away than this is a slip of the pen.
LONGEST = timedelta(days=10 * 366)


def start(work: Work, instance: InstanceRow, parameters: Variables) -> Json:
    """Start a period `{key, title, period}`; one of the same key begins anew."""
    plan = schedule("due", parameters["period"], work.now)
    row = _row(work, instance, parameters["key"])
    if row is None:
        row = DeadlineRow(tenant=work.tenant, instance_id=instance.id, key=parameters["key"])
        work.session.add(row)
    row.title, row.period, row.state = parameters["title"], parameters["period"], "running"
    row.started_at, row.due_at, row.stopped_at, row.ended_at = work.now, plan.first, None, None
    row.derivation = [dict(reason) for reason in plan.derivation]
    work.session.flush()
    return _told(work, instance, row, "started")


def stop(work: Work, instance: InstanceRow, parameters: Variables) -> Json:
    """Stop a running period `{key}`; a stopped or ended one stays as it is."""
    row = _known(work, instance, parameters["key"])
    if (lines := _stop(work, row, None)) is None:
        return _facts(row)
    row.derivation = [*row.derivation, *lines]
    return _told(work, instance, row, "stopped")


def resume(work: Work, instance: InstanceRow, parameters: Variables) -> Json:
    """Let a stopped period `{key}` run on with what was left of it."""
    row = _known(work, instance, parameters["key"])
    if (lines := _resume(work, row, None)) is None:
        return _facts(row)
    row.derivation = [*row.derivation, *lines]
    return _told(work, instance, row, "resumed")


def meet(work: Work, instance: InstanceRow, parameters: Variables) -> Json:
    """End a period `{key}`: met in time, or missed when its end has passed."""
    row = _known(work, instance, parameters["key"])
    if row.ended_at is None:
        late = row.state == "running" and work.now > row.due_at
        row.state, row.ended_at = "missed" if late else "met", work.now
        return _told(work, instance, row, row.state)
    return _facts(row)


def _resumed(row: DeadlineRow, stopped_at: datetime, now: datetime) -> tuple[datetime, list[Variables]]:
    if "T" in row.period:
        left = row.due_at - stopped_at
        return now + left, [_line("resumed", day_in_prague(now), f"{left.total_seconds() / 86400:.1f}")]
    today, stopped = day_in_prague(now), day_in_prague(stopped_at)
    last = _last_day(row)
    if row.period.endswith("WD"):
        days = max(working_days_between(stopped, last), 0)
        end = add_working_days(today, days)
    else:
        days = max((last - stopped).days, 0)
        end = today + timedelta(days=days)
    lines = [_line("resumed", today, str(days)), _line("last-day", end, row.period)]
    # § 40 of the Administrative Code: a period that ends on a holiday ends on the next working day.
    if (shifted := next_working_day(end)) != end:
        lines.append(_line("next-working-day", shifted))
    return end_of(shifted), lines


def _last_day(row: DeadlineRow) -> date:
    named = [date.fromisoformat(line["date"]) for line in row.derivation if line["rule"] in _LAST]
    return named[-1] if named else day_in_prague(row.due_at)


def _line(rule: str, day: date, text: str = "") -> Variables:
    czech, english = _SENTENCES[rule]
    return {
        "rule": rule,
        "text": czech.format(text=text),
        "text_en": english.format(text=text),
        "date": day.isoformat(),
    }


def _row(work: Work, instance: InstanceRow, key: str) -> DeadlineRow | None:
    return work.session.scalar(
        select(DeadlineRow).where(DeadlineRow.instance_id == instance.id, DeadlineRow.key == key)
    )


def _known(work: Work, instance: InstanceRow, key: str) -> DeadlineRow:
    row = _row(work, instance, key)
    if row is None:
        raise Invalid(f"The case has no deadline {key!r}.")
    return row


def _told(work: Work, instance: InstanceRow, row: DeadlineRow, what: str, **more: Json) -> Json:
    facts = _facts(row)
    work.session.flush()
    work.writes.put(KEEP_NEAREST, {"of_case": instance.id, "tenant": work.tenant})
    work.tell(instance, f"deadline-{what}", key=row.key, title=row.title, due_on=facts["due_on"], **more)
    return facts


def _facts(row: DeadlineRow) -> Variables:
    return {
        "key": row.key,
        "state": row.state,
        "due_at": row.due_at.isoformat(),
        "due_on": day_in_prague(row.due_at).isoformat(),
    }
