"""Substitution: arranged by oneself, or by the head of the office for anybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from werkzeug.datastructures import MultiDict

from engine.calendar import day_in_prague
from engine.commands import ArrangeSubstitution, CancelSubstitution
from engine.errors import Invalid, NotFound
from engine.model import ROLE_ADMIN, ROLE_AUDITOR
from engine.queries import definitions, people
from engine.queries.substitutions import substitutions
from web.auth import actor, is_of, sign_in_required
from web.db import close_session
from web.here import engine, now, session
from web.i18n import _
from web.tenancy import tenant_key
from web.workplace.clocks import day

blueprint = Blueprint("substitution", __name__, url_prefix="/prace/zastupy")

#: facts["reason"] of the engine → the field and its sentence.
REFUSALS = {
    "self": ("substitute", lazy_gettext("Nobody stands in for themselves. Choose a colleague.")),
    "period": ("ends_on", lazy_gettext("The last day is before the first one.")),
    "past": ("ends_on", lazy_gettext("The last day has passed already.")),
}


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What is written in the form, and what is wrong with it by field."""

    given: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


def is_head() -> bool:
    """Whether the person may arrange it for everybody."""
    return ROLE_ADMIN in actor().groups


@blueprint.get("")
@sign_in_required
def listed() -> ResponseReturnValue:
    """Who stands in for whom, and the form."""
    return page(Sheet())


def page(sheet: Sheet) -> ResponseReturnValue:
    """The page with the form as new or as it came back."""
    today = day_in_prague(now())
    own = actor().username
    html = render_template(
        "work/substitutions.html",
        found=substitutions(session(), tenant_key(), today, None if is_of(ROLE_ADMIN, ROLE_AUDITOR) else own),
        sheet=sheet,
        head=is_head(),
        people=[one for one in people.people(session(), tenant_key()) if one.active or is_head()],
        agendas=definitions.agendas(session(), tenant_key()),
        today=today,
    )
    return html, 422 if sheet.errors else 200


@blueprint.post("")
@sign_in_required
def arrange() -> ResponseReturnValue:
    """Arrange one; what can't be stays in the form with a sentence at its field."""
    sheet = read(request.form)
    if sheet.errors:
        return page(sheet)
    command = ArrangeSubstitution(
        tenant=tenant_key(),
        actor=actor(),
        absent=sheet.given["absent"],
        substitute=sheet.given["substitute"],
        begins_on=date.fromisoformat(sheet.given["begins_on"]),
        ends_on=date.fromisoformat(sheet.given["ends_on"]),
        agenda=sheet.given["agenda"] or None,
    )
    close_session()
    try:
        engine().execute(command)
    except Invalid as error:
        place, sentence = REFUSALS[str(error.facts["reason"])]
        return page(Sheet(given=sheet.given, errors={place: str(sentence)}))
    except NotFound as error:
        place = "agenda" if "agenda" in error.facts else "substitute"
        return page(Sheet(given=sheet.given, errors={place: _("This one is not here any more. Choose another.")}))
    flash(_("The substitution is arranged."))
    return redirect(url_for("substitution.listed"), 303)


def read(posted: MultiDict[str, str]) -> Sheet:
    """The form as text, with what is missing or no date."""
    names = ("absent", "substitute", "begins_on", "ends_on", "agenda")
    given = {name: posted.get(name, "").strip()[:150] for name in names}
    if not is_head() or not given["absent"]:
        given["absent"] = actor().username
    errors = {} if given["substitute"] else {"substitute": _("Choose who stands in.")}
    errors |= {name: _("Write a day, such as 24. 12. 2026.") for name in names[2:4] if day(given[name]) is None}
    return Sheet(given=given, errors=errors)


@blueprint.post("/<substitution_id>/zrusit")
@sign_in_required
def cancel(substitution_id: str) -> ResponseReturnValue:
    """Call one off."""
    command = CancelSubstitution(tenant=tenant_key(), actor=actor(), substitution_id=substitution_id)
    close_session()
    engine().execute(command)
    flash(_("The substitution is called off. What was done under it stays done."))
    return redirect(url_for("substitution.listed"), 303)
