"""A person's deadlines as iCalendar (RFC 5545), for whoever knows the secret address: calendars can't sign in.

Calendars are kept by others, often far away: a line tells the number and the step, never whose case it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from flask import Blueprint, Response, url_for
from icalendar import Calendar, Event

from engine.calendar import day_in_prague
from engine.errors import NotFound
from engine.queries.desk import CalendarEntry, calendar, whose_calendar
from web.auth import actor_of, find_person
from web.here import now, session
from web.i18n import _
from web.limits import TRACKING, limiter
from web.said import said
from web.tenancy import tenant, tenant_key
from web.workplace.notice_settings import hash_of

blueprint = Blueprint("calendar_feed", __name__)

#: How often a calendar should ask again.
REFRESH = timedelta(hours=1)


@blueprint.get("/kalendar/<token>.ics")
@limiter.limit(TRACKING, deduct_when=lambda response: response.status_code == 404)
def feed(token: str) -> Response:
    """The days of the person whose token this is; a wrong one finds nothing."""
    username = whose_calendar(session(), tenant_key(), hash_of(token))
    person = find_person(session(), tenant_key(), username) if username else None
    if person is None:
        raise NotFound
    days = calendar(session(), tenant_key(), actor_of(session(), person), now())
    response = Response(written(days), mimetype="text/calendar")
    response.cache_control.private = True
    response.cache_control.max_age = 300
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def written(days: Sequence[CalendarEntry]) -> bytes:
    """The calendar with a whole day for each deadline."""
    found = Calendar()
    found.add("prodid", "-//Radnice//CS")
    found.add("version", "2.0")
    found.add("x-wr-calname", _("Deadlines – %(office)s", office=tenant().name))
    found.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    for day in days:
        found.add_component(event_of(day))
    text: bytes = found.to_ical()
    return text


def event_of(day: CalendarEntry) -> Event:
    """One deadline; the same one keeps its UID, so that a calendar moves it."""
    address = url_for("tasks.opened", task_id=day.task_id, _external=True)
    last = day_in_prague(day.due_at)
    name = said(day.name, day)
    event = Event()
    event.add("uid", f"{day.kind}-{day.id}@{tenant_key()}.radnice")
    event.add("dtstamp", now())
    event.add("dtstart", last)
    event.add("dtend", last + timedelta(days=1))
    event.add("summary", f"{day.business_key}: {name}")
    event.add("description", address)
    event.add("url", address)
    event.add("transp", "TRANSPARENT")
    return event
