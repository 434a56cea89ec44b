"""What the office sets in an agenda: amounts, periods and addresses, at once or from a day; kept as a change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.calendar import day_in_prague
from engine.errors import NotFound, PublishedMeanwhile, StaleProposal
from engine.model import Json
from forms.money import parse
from processes.parameters import Parameter, call_off, is_day, parameters_of, set_from, set_now
from web.auth import sign_in_required
from web.errors import sentence as sentence_of
from web.here import now
from web.i18n import _, language
from web.periods import LENGTHS, length, length_text
from web.studio import hand
from web.studio.plain_files import Plain, as_it_would_be, keep
from web.studio.serving import manifest_in_hand
from web.studio.told_parameters import title_of, value_in_words

blueprint = Blueprint("tuning", __name__, url_prefix="/studio/<agenda>/parametry")

LONGEST = 500
MOST = 100_000


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A parameter as the page asks for it."""

    name: str
    title: str
    kind: str
    #: As it stands in the input: a number, a day, a text, "1" for yes; of a period how many.
    text: str
    #: Unit of a period.
    unit: str = ""
    error: str = ""
    #: Values to come: (day, in words).
    planned: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What an author sent: the settings as they stand, values that differ, and from when."""

    settings: list[Setting]
    since: str = ""
    values: Mapping[str, Json] = field(default_factory=dict)
    #: What is wrong with the day.
    error: str = ""

    @property
    def errors(self) -> list[tuple[str, str, str]]:
        """What is wrong: id of the control, what it is called, why."""
        wrong = [(f"p-{one.name}", one.title, one.error) for one in self.settings if one.error]
        return ([("since", str(_("Holds from")), self.error)] if self.error else []) + wrong


@blueprint.get("")
@sign_in_required
def page(agenda: str) -> ResponseReturnValue:
    """All parameters as they hold and will hold."""
    hand.require_author()
    work = manifest_in_hand(agenda)
    return shown(work, Typed(settings=settings_of(work)))


@blueprint.post("")
@sign_in_required
def change(agenda: str) -> ResponseReturnValue:
    """Keep other values among the changes of the agenda."""
    hand.require_author()
    work = manifest_in_hand(agenda)
    typed = read(work)
    if typed.errors:
        return shown(work, typed, _("This can't be kept yet"), 422)
    if not typed.values:
        return shown(work, typed, _("Nothing differs from what holds."), 422)
    if typed.since:
        return kept(work, set_from(work.text, date.fromisoformat(typed.since), typed.values), typed)
    return kept(work, set_now(work.text, today(), typed.values), typed)


@blueprint.post("/odvolat")
@sign_in_required
def drop(agenda: str) -> ResponseReturnValue:
    """Don't change a parameter on a day that was planned."""
    hand.require_author()
    work = manifest_in_hand(agenda)
    since, name = request.form.get("since", ""), request.form.get("name", "")
    found = next((one for one in parameters(work) if one.name == name), None)
    if found is None or since not in dict(found.planned):
        raise NotFound
    manifest = call_off(work.text, date.fromisoformat(since), name)
    return kept(work, manifest, Typed(settings=settings_of(work)))


def kept(work: Plain, manifest: str, typed: Typed) -> ResponseReturnValue:
    """The changed manifest among the changes of the agenda."""
    try:
        keep(work, manifest, "parameters")
    except StaleProposal as error:
        return shown(work, typed, sentence_of(error), 409)
    except PublishedMeanwhile:
        sentence = _("Another version was published meanwhile. Look at it first.")
        return shown(manifest_in_hand(work.published.agenda.key), typed, sentence, 409)
    flash(_("It is kept among the changes of the agenda. It holds once it is published."))
    return redirect(work.changes, 303)


def today() -> date:
    """The day in Prague."""
    return day_in_prague(now())


def parameters(work: Plain) -> list[Parameter]:
    """The parameters as the manifest in hand has them."""
    return parameters_of(as_it_would_be(work).agenda)


def settings_of(work: Plain) -> list[Setting]:
    """Every parameter with the value that holds today and those to come."""
    return [setting_of(one) for one in parameters(work)]


def setting_of(one: Parameter) -> Setting:
    """A parameter as the page asks for it."""
    value, day = one.on(today()), today().isoformat()
    how_many = length(str(value)) if one.kind == "period" else None
    text = str(how_many[0]) if how_many else ("1" if value else "") if one.kind == "yes" else str(value)
    if one.kind == "number" and language() == "cs":
        text = text.replace(".", ",")
    return Setting(
        name=one.name,
        title=title_of({one.name: one.title}, one.name),
        kind=one.kind,
        text=text,
        unit=how_many[1] if how_many else "",
        planned=tuple((since, value_in_words(value)) for since, value in one.planned if since > day),
    )


def read(work: Plain) -> Typed:
    """What was sent, beside what holds on the day it is to hold from."""
    since = request.form.get("since", "").strip()
    wrong = since and (not is_day(since) or since <= today().isoformat())
    on = date.fromisoformat(since) if since and not wrong else today()
    settings, values = [], {}
    for one in parameters(work):
        setting, value = read_one(one, setting_of(one))
        settings.append(setting)
        if not setting.error and value != one.on(on):
            values[one.name] = value
    error = _("Choose a day to come, or leave it empty: then it holds once it is published.") if wrong else ""
    return Typed(settings=settings, since=since, values=values, error=error)


def read_one(one: Parameter, shown: Setting) -> tuple[Setting, Json]:
    """One value as it was typed, with what is wrong; what was not sent stays."""
    if f"shown:{one.name}" not in request.form:
        return shown, one.on(today())
    text, unit = request.form.get(one.name, "").strip()[:LONGEST], request.form.get(f"{one.name}.unit", "")
    typed = replace(shown, text=text, unit=unit if unit in LENGTHS else shown.unit)
    value = READ[one.kind](typed)
    if value is None:
        return replace(typed, error=WRONG[one.kind]()), None
    # A whole number stays whole, so that an expression counts with it as before.
    if one.kind == "number" and isinstance(one.value, int) and not isinstance(value, int):
        return replace(typed, error=_("Write a whole number.")), None
    return typed, value


def _number(typed: Setting) -> Json:
    found = parse(typed.text)
    if found is None or abs(found) > Decimal(10) ** 12:
        return None
    return int(found) if found == int(found) else float(found)


def _period(typed: Setting) -> Json:
    known = typed.text.isascii() and typed.text.isdigit() and 0 < len(typed.text) <= len(str(MOST))
    return length_text(int(typed.text), typed.unit) if known and typed.unit in LENGTHS else None


READ: Mapping[str, Callable[[Setting], Json]] = {
    "yes": lambda typed: typed.text == "1",
    "number": _number,
    "period": _period,
    "date": lambda typed: typed.text if is_day(typed.text) else None,
    "text": lambda typed: typed.text or None,
}
WRONG: Mapping[str, Callable[[], str]] = {
    "yes": lambda: _("Choose yes or no."),
    "number": lambda: _("Write a number."),
    "period": lambda: _("Write how many, as a whole number."),
    "date": lambda: _("Choose a day."),
    "text": lambda: _("Write a text."),
}


def shown(work: Plain, typed: Typed, message: str = "", status: int = 200) -> ResponseReturnValue:
    """The page of the parameters."""
    content = render_template(
        "studio/parameters.html",
        published=work.published,
        file=work,
        typed=typed,
        message=message,
        units={unit: forms[0][2] if language() == "cs" else forms[1][1] for unit, forms in LENGTHS.items()},
        back=url_for("studio.agenda", agenda=work.published.agenda.key),
    )
    return content, status
