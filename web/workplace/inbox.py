"""The inbox: lines by deadline, views with counts, filters in the address; the open task beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Request, url_for
from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from engine.calendar import day_in_prague, end_of
from engine.model import Actor
from engine.queries.batches import BatchFacts, going_on
from engine.queries.desk import SavedViewFacts, saved_views
from engine.queries.inbox import Choices, Inbox, TaskItem, View, Wanted, inbox, survey
from engine.queries.people import PersonFacts, people
from web.i18n import _, language
from web.ui import words

#: View → its name; in the order of the tabs. "all" and "applicant" stand behind „more“.
VIEW_NAMES: dict[View, str] = {
    "mine": lazy_gettext("Mine"),
    "groups": lazy_gettext("To take"),
    "standing_in": lazy_gettext("I stand in"),
    "overdue": lazy_gettext("Overdue"),
    "all": lazy_gettext("All"),
    "applicant": lazy_gettext("With the applicant"),
}
SORT_NAMES = {
    "due": lazy_gettext("by deadline"),
    "legal": lazy_gettext("by the deadline of the case"),
    "opened": lazy_gettext("newest first"),
    "priority": lazy_gettext("by priority"),
}
#: Deadline filter → its name, and how many days from today it reaches; the end of the day counts.
DUE_NAMES = {
    "today": (lazy_gettext("until today"), 0),
    "week": (lazy_gettext("within a week"), 7),
    "month": (lazy_gettext("within a month"), 30),
}
#: What is more urgent than usual.
URGENT = 51
#: Query parameters that narrow a list, without the words.
FILTERS = ("process", "group", "assignee", "applicant", "due", "urgent")
#: Query parameters that make up a list; kept in every link of the page.
PARAMETERS = ("view", *FILTERS, "q", "sort", "page")
WEEK = 7


@dataclass(frozen=True, kw_only=True)
class Group:
    """Lines under one heading."""

    title: str
    tasks: Sequence[TaskItem]


@dataclass(frozen=True, kw_only=True)
class Listed:
    """The left side of the workplace."""

    wanted: Wanted
    inbox: Inbox
    groups: Sequence[Group]
    choices: Choices
    #: The parameters of the list as they stand in the address.
    given: Mapping[str, Any]
    #: Whether whoever asks stands in for somebody.
    stands_in: bool = False
    #: Views that the person keeps or shares.
    saved: Sequence[SavedViewFacts] = ()
    #: What is being done with many tasks at the person's wish.
    batches: Sequence[BatchFacts] = ()
    #: To whom chosen tasks may be handed.
    staff: Sequence[PersonFacts] = ()

    @property
    def views(self) -> Mapping[View, str]:
        """The tabs; that of colleagues one stands in for only where there are some."""
        shown = self.stands_in or self.wanted.view == "standing_in"
        return {view: name for view, name in VIEW_NAMES.items() if view != "standing_in" or shown}

    @property
    def waiting(self) -> str:
        """Tasks and how many wait, own ones and those to be taken: what a tab of the browser tells from afar."""
        mine, to_take = (self.inbox.counts[view] for view in ("mine", "groups"))
        facts = {"mine": words.number(mine, language()), "groups": words.number(to_take, language())}
        if mine and to_take:
            return _("Tasks: %(mine)s mine, %(groups)s to take", **facts)
        if to_take:
            return _("Tasks: %(groups)s to take", **facts)
        return _("Tasks: %(mine)s mine", **facts) if mine else _("Tasks")

    @property
    def is_filtered(self) -> bool:
        """Whether anything is chosen besides the view and the order."""
        return bool(self.chosen or self.given.get("q"))

    @property
    def chosen(self) -> int:
        """How many filters are set, without the words."""
        return sum(bool(self.given.get(name)) for name in FILTERS)

    @property
    def kept_as(self) -> SavedViewFacts | None:
        """The saved view that this list is."""
        return next((one for one in self.saved if one.given == kept_of(self.given, self.wanted.view)), None)

    @property
    def dues(self) -> Mapping[str, str]:
        """The deadline filters by name."""
        return {key: str(name) for key, (name, _days) in DUE_NAMES.items()}

    def address(self, **changed: str | None) -> str:
        """The list with other parameters; a changed filter begins at the first page."""
        kept: dict[str, Any] = {**self.given, **({"page": None} if "page" not in changed else {}), **changed}
        return url_for("tasks.listed_page", **{name: value for name, value in kept.items() if value})

    def fresh(self, open_id: str | None) -> str:
        """This very list as it is now, for the page that shows it."""
        return url_for("tasks.listed_page", **{**self.given, "view": self.wanted.view, "open": open_id})

    def task(self, task_id: str) -> str:
        """A task opened beside this very list."""
        # With its view, also where none was chosen: whoever takes the task would find another list beside it.
        return url_for("tasks.opened", task_id=task_id, **{**self.given, "view": self.wanted.view})


def given_in(request: Request) -> dict[str, Any]:
    """The parameters of the list in an address, to be kept in the next one."""
    return {name: request.args[name].strip() for name in PARAMETERS if request.args.get(name, "").strip()}


def kept_of(given: Mapping[str, Any], view: str) -> dict[str, str]:
    """What of a list is kept under a name: everything but the page, and always the view."""
    return {name: str(value) for name, value in {"view": view, **given}.items() if name != "page"}


def wanted_of(given: Mapping[str, Any], default: View, now: datetime) -> Wanted:
    """What the parameters of a list ask for; nonsense in them is passed over."""
    view = given.get("view")
    sort = given.get("sort")
    page = given.get("page", "1")
    return Wanted(
        view=view if view in VIEW_NAMES else default,
        process_key=given.get("process"),
        group=given.get("group"),
        assignee=given.get("assignee"),
        applicant=given.get("applicant", "")[:200],
        due_before=due_before(given.get("due", ""), now),
        priority_from=URGENT if given.get("urgent") else None,
        q=given.get("q", "")[:200],
        sort=sort if sort in SORT_NAMES else "due",
        page=int(page) if page.isdigit() and len(page) < 7 else 1,
    )


def due_before(key: str, now: datetime) -> datetime | None:
    """The end of the last day that a deadline filter reaches to."""
    if key not in DUE_NAMES:
        return None
    return end_of(day_in_prague(now) + timedelta(days=DUE_NAMES[key][1])) + timedelta(microseconds=1)


def listed(session: Session, tenant: str, actor: Actor, request: Request, now: datetime) -> Listed:
    """The list that the address asks for; without a view, own tasks where there are any."""
    given = given_in(request)
    wanted = wanted_of(given, "mine", now)
    seen = survey(session, tenant, actor, now, wanted.q)
    if "view" not in given and not seen.counts["mine"]:
        wanted = wanted_of(given, "groups", now)
    found = inbox(session, tenant, actor, wanted, now, seen)
    in_order = [Group(title="", tasks=found.tasks.items)] if found.tasks.items else []
    groups = by_deadline(found.tasks.items, wanted.sort, now) if wanted.sort in ("due", "legal") else in_order
    return Listed(
        wanted=wanted,
        inbox=found,
        groups=groups,
        choices=seen.choices,
        given=given,
        stands_in=bool(actor.stands_in),
        saved=saved_views(session, tenant, actor),
        batches=going_on(session, tenant, actor),
        staff=[one for one in people(session, tenant) if one.active and one.username != actor.username],
    )


def by_deadline(tasks: Sequence[TaskItem], sort: str, now: datetime) -> list[Group]:
    """Overdue, this week, later, without a deadline: of the task, or of its case where the list is sorted by that."""
    headings = [_("Overdue"), _("Within a week"), _("Later"), _("Without a deadline")]
    boxes: list[list[TaskItem]] = [[] for _heading in headings]
    for task in tasks:
        boxes[shelf(task.case_due_at if sort == "legal" else task.due_at, now)].append(task)
    return [Group(title=title, tasks=box) for title, box in zip(headings, boxes, strict=True) if box]


def shelf(due: datetime | None, now: datetime) -> int:
    """Which heading a day belongs under."""
    if due is None:
        return 3
    if due < now:
        return 0
    return 1 if words.days_left(due, now) <= WEEK else 2
