"""When the law takes a data message for delivered: § 17 of Act 300/2008 on electronic acts.

§ 17 (3)  delivered when a person with access to it logs in
§ 17 (4)  else on the last of ten days after it was placed into the box; where the sender or the law excludes
          substitute delivery, never
§ 40      of the Administrative Code: a period that ends on a holiday ends on the next working day, which the Supreme
          Administrative Court applies to the ten days too
§ 18      what is sent to a public authority is delivered by being placed: its sender waits for `placed` only
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from engine.calendar import day_in_prague, next_working_day
from integrations.databox.shape import BY_FICTION, BY_LOGIN, INFECTED, READ, UNDELIVERABLE, Standing

TEN_DAYS = timedelta(days=10)


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """How and when a message was delivered."""

    how: Literal["login", "fiction"]
    on: date


def fiction_on(placed_at: datetime) -> date:
    """Give the day on which a message counts as delivered though nobody has logged in."""
    return next_working_day(day_in_prague(placed_at) + TEN_DAYS)


def delivered(standing: Standing, today: date) -> Delivered | None:
    """Say how a message was delivered; None = it is not, yet or for ever."""
    if standing.placed_at is None or standing.state in (INFECTED, UNDELIVERABLE):
        return None
    last = fiction_on(standing.placed_at)
    if (day := _logged_in(standing)) is not None:
        return Delivered(how="login", on=day)
    # Somebody may log in until the end of the last day. ISDS counts ten days without looking at holidays.
    over = today > last or (standing.state == BY_FICTION and today >= last)
    return Delivered(how="fiction", on=last) if over and standing.fiction else None


def hopeless(standing: Standing) -> bool:
    """Say whether a message will never be delivered."""
    return standing.state in (INFECTED, UNDELIVERABLE)


def _logged_in(standing: Standing) -> date | None:
    """The day of a login that came before the ten days were over."""
    if standing.state not in (BY_LOGIN, READ) or standing.accepted_at is None or standing.placed_at is None:
        return None
    day = day_in_prague(standing.accepted_at)
    # A message read after the fiction keeps the fiction's moment as that of its acceptance.
    if standing.state == READ and day >= day_in_prague(standing.placed_at) + TEN_DAYS and standing.fiction:
        return None
    return day
