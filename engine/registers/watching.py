"""What a register watches: a record's field nearing its date, or fields that change."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from engine.calendar import after, day_in_prague, parse_day, parse_moment
from engine.errors import BadTime, Invalid
from engine.model import Json, Variables
from engine.said import Said

#: A watch that failed tries again after this long.
PAUSE = timedelta(hours=1)
#: What the id of a message sent by a watch begins with; the id of its row follows.
MESSAGE_ID = "watch:"
#: `once_per` of a watch that counts every record by itself.
EACH_RECORD = "id"


@dataclass(frozen=True, kw_only=True)
class Watch:
    """One item of `watch`: when something happens to a record, a case begins or a message is sent."""

    #: Field with the day; "" = this watch looks at changes.
    date: str = ""
    #: ISO periods before that day; one of no length is the day itself.
    before: tuple[str, ...] = ()
    #: Fields whose change counts; none = any field.
    changed: tuple[str, ...] = ()
    #: This watch looks at rows of a series that are held back, once for all of a record that nobody has looked at yet.
    held: bool = False
    #: Key of the process that begins; "" = a message is sent.
    start: str = ""
    message: str = ""
    #: `id`, or a field: records with the same value in it are watched as one.
    once_per: str = EACH_RECORD

    @property
    def key(self) -> str:
        """What the watch is known by, whatever else changes in the register's file."""
        looks = f"date:{self.date}" if self.date else f"changed:{','.join(self.changed)}"
        looks = "held" if self.held else looks
        return sha256(f"{looks}:{self.start}:{self.message}:{self.once_per}".encode()).hexdigest()

    def counted_by(self, record_id: str, data: Variables) -> str:
        """Give what this record counts as."""
        value = None if self.once_per == EACH_RECORD else data.get(self.once_per)
        return record_id if value in (None, "") else sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()

    def day(self, data: Variables) -> str:
        """Give the watched day of a record as its occasion is written; "" where it has none."""
        try:
            return parse_day(str(data.get(self.date) or "")).isoformat()
        except BadTime:
            return ""

    def moments(self, data: Variables, now: datetime) -> Iterator[tuple[str, str, datetime]]:
        """Give the day, the period before it and the moment of what is still to come of a record's date.

        Of moments that had passed when the record was written only the last counts, and none when the day has passed.
        """
        try:
            day = parse_day(str(data.get(self.date) or ""))
            midnight = parse_moment(day.isoformat())
            moments = sorted((after(midnight, f"-{period}"), period) for period in self.before)
        except BadTime:
            return
        if day < day_in_prague(now):
            return
        passed = [one for one in moments if one[0] <= now]
        for moment, period in passed[-1:] + moments[len(passed) :]:
            yield day.isoformat(), period, moment

    def has_changed(self, old: Variables, new: Variables) -> bool:
        """Say whether a change of a record is one that counts."""
        names = self.changed or (old.keys() | new.keys())
        return any(old.get(name) != new.get(name) for name in names)


def read_watches(items: Sequence[Mapping[str, Json]], fields: Sequence[str]) -> tuple[Watch, ...]:
    """Read `watch` of a register whose records have these fields. Raises Invalid naming the item."""
    return tuple(_read(number, item, fields) for number, item in enumerate(items, 1))


def _read(number: int, item: Mapping[str, Json], fields: Sequence[str]) -> Watch:
    where, at = f"Watch {number} of the register", f"Hlídání č. {number} registru"
    if sum(word in item for word in ("date", "changed", "held")) != 1:
        czech = f"{at} má jmenovat datum, nebo co se změnilo, nebo zadržené řádky."
        raise Invalid(Said(czech, f"{where} names a date, what has changed, or rows that are held back."))
    if ("start" in item) == ("message" in item):
        czech = f"{at} buď začíná proces, nebo posílá zprávu."
        raise Invalid(Said(czech, f"{where} either starts a process or sends a message."))
    if "date" not in item and ("before" in item or "once_per" in item):
        czech = f"{at} nemá datum; before a once_per patří k datu."
        raise Invalid(Said(czech, f"{where} has no date; before and once_per belong to a date."))
    watch = Watch(
        date=str(item.get("date", "")),
        before=tuple(item.get("before") or ("P0D",)) if "date" in item else (),
        changed=tuple(item.get("changed", ())),
        held=bool(item.get("held")),
        start=str(item.get("start", "")),
        message=str(item.get("message", "")),
        once_per=str(item.get("once_per", EACH_RECORD)),
    )
    named = [name for name in (watch.date, *watch.changed) if name]
    named += [watch.once_per] if watch.once_per != EACH_RECORD else []
    if unknown := [name for name in named if name not in fields]:
        listed = ", ".join(unknown)
        czech = f"{at} jmenuje pole, která schéma nemá: {listed}."
        raise Invalid(Said(czech, f"{where} names fields its schema does not have: {listed}."))
    return watch
