"""What follows when somebody of the staff has shown who they are, in whatever way: the second factor, the session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import make_response, redirect, render_template, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from engine.queries.second_factor import factor_of
from engine.signing_in import Way
from engine.store.people import PersonRow
from web import auth, interrupted, tries
from web.here import now, session
from web.i18n import remember
from web.noting import noted
from web.tenancy import tenant_key

#: Key of the cookie with who has shown the first factor, and how long that holds.
HALF = "half"
LIFE = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """Somebody who comes in, and where they were going."""

    person: PersonRow
    way: Way
    target: str
    #: What was being written when an earlier session ended.
    kept: str = ""
    #: The second factor was asked for elsewhere, and that is enough.
    proven: bool = False


def let_in(arrival: Arrival) -> ResponseReturnValue:
    """Let them in, or ask for their second factor first: until then they are nobody here."""
    factor = None if arrival.proven else factor_of(session(), tenant_key(), arrival.person.id)
    if factor is None or not factor.confirmed:
        return welcome(arrival)
    cookie.clear()
    cookie.permanent = True
    person = arrival.person
    half = {"person": person.id, "tenant": person.tenant, "stamp": auth.stamp(person), "way": arrival.way}
    cookie[HALF] = half | {"at": now().isoformat()}
    if arrival.kept:
        # It fits no address: it goes on inside the page.
        return render_template("second_step.html", next=arrival.target, kept=arrival.kept)
    return redirect(url_for("second_step.form", next=arrival.target), 303)


def half_way() -> tuple[PersonRow, Way] | None:
    """Who has shown the first factor in this browser a short while ago, and how."""
    half = cookie.get(HALF)
    if not half or half["tenant"] != tenant_key() or now() - datetime.fromisoformat(half["at"]) > LIFE:
        return None
    person = session().get(PersonRow, half["person"])
    if person is None or not person.active or person.tenant != tenant_key() or auth.stamp(person) != half["stamp"]:
        return None
    return person, half["way"]


def welcome(arrival: Arrival) -> ResponseReturnValue:
    """Begin their session and lead them where they were going."""
    username, language = arrival.person.username, arrival.person.language
    by = auth.sign_in(arrival.person, arrival.way, arrival.proven)
    noted("signed-in", "person", username, by=by)
    tries.succeeded(username)
    response = make_response(interrupted.resume(arrival.kept, username) or redirect(arrival.target, 303))
    return remember(response, language) if language else response
