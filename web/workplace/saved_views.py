"""Views of the inbox under a name: kept by a person for themselves or for a group, with how much is in each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from engine.desk import ForgetView, KeepView
from engine.errors import Invalid
from engine.queries.desk import SavedViewFacts, saved_views
from engine.queries.inbox import Choices, choices, count_each
from engine.queries.people import GroupFacts, groups
from web.auth import actor, sign_in_required
from web.db import close_session
from web.here import engine, now, session
from web.i18n import _
from web.tenancy import tenant_key
from web.ui.filters import text_of
from web.workplace.inbox import DUE_NAMES, SORT_NAMES, VIEW_NAMES, given_in, kept_of, wanted_of

blueprint = Blueprint("saved_views", __name__, url_prefix="/prace/pohledy")

#: facts["reason"] of the engine → the field and its sentence.
REFUSALS = {
    "name": ("name", lazy_gettext("Write a name of at most 60 characters.")),
    "group": ("group", lazy_gettext("You can share a view only with a group that you are in.")),
    "many": ("name", lazy_gettext("You have 30 views. Delete one that you no longer need.")),
}


@blueprint.get("")
@sign_in_required
def listed() -> ResponseReturnValue:
    """All views with their counts; the form where a list is to be kept."""
    return page({}, {"name": "", "group": ""}, keeping=bool(request.args.get("keep")))


@blueprint.get("/pocty")
@sign_in_required
def counts() -> ResponseReturnValue:
    """The same lines as in the menu of the inbox, with how much is in each."""
    found = saved_views(session(), tenant_key(), actor())
    return render_template("work/saved_views_counts.html", saved=found, counts=counted(found))


@blueprint.post("")
@sign_in_required
def keep() -> ResponseReturnValue:
    """Keep the list of this address under a name."""
    given = given_in(request)
    typed = {"name": request.form.get("name", ""), "group": request.form.get("group", "")}
    kept = kept_of(given, wanted_of(given, "mine", now()).view)
    command = KeepView(tenant=tenant_key(), actor=actor(), name=typed["name"], given=kept, group=typed["group"] or None)
    close_session()
    try:
        engine().execute(command)
    except Invalid as error:
        place, sentence = REFUSALS[str(error.facts["reason"])]
        return page({place: str(sentence)}, typed, keeping=True)
    flash(_("The view is saved."))
    address: dict[str, Any] = {**kept}
    return redirect(url_for("tasks.listed_page", **address), 303)


@blueprint.post("/<view_id>/smazat")
@sign_in_required
def forget(view_id: str) -> ResponseReturnValue:
    """Delete one; tasks stay as they are."""
    command = ForgetView(tenant=tenant_key(), actor=actor(), view_id=view_id)
    close_session()
    engine().execute(command)
    flash(_("The view is deleted."))
    return redirect(url_for("saved_views.listed"), 303)


def page(errors: Mapping[str, str], typed: Mapping[str, str], *, keeping: bool) -> ResponseReturnValue:
    """The page with its form as new or as it came back."""
    found, given = saved_views(session(), tenant_key(), actor()), given_in(request)
    html = render_template(
        "work/saved_views.html",
        saved=found,
        counts=counted(found),
        given=given,
        keeping=keeping,
        summary=list(in_words(given, choices(session(), tenant_key(), actor(), now()))) if keeping else (),
        groups=shared_groups(),
        errors=errors,
        typed=typed,
    )
    return html, 422 if errors else 200


def counted(found: Sequence[SavedViewFacts]) -> Sequence[int]:
    """How many tasks each has now for whoever asks."""
    lists = [wanted_of(one.given, "mine", now()) for one in found]
    return count_each(session(), tenant_key(), actor(), lists, now())


def shared_groups() -> list[GroupFacts]:
    """Groups with which the person can share."""
    return [one for one in groups(session(), tenant_key()) if one.key in actor().groups]


def in_words(given: Mapping[str, Any], known: Choices) -> Iterator[str]:
    """What the list is, for whoever gives it a name."""
    wanted = wanted_of(given, "mine", now())
    yield str(VIEW_NAMES[wanted.view])
    yield from (one.name for one in known.processes if one.key == wanted.process_key)
    yield from (text_of(title) for key, title in known.groups if key == wanted.group)
    yield from (name for username, name in known.assignees if username == wanted.assignee)
    if wanted.applicant:
        yield _("applicant: %(who)s", who=wanted.applicant)
    if wanted.due_before:
        yield str(DUE_NAMES[given["due"]][0])
    if wanted.priority_from:
        yield _("more urgent")
    if wanted.q:
        yield f"„{wanted.q}“"
    yield str(SORT_NAMES[wanted.sort])
