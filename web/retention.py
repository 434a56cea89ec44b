"""Which answers of an agenda's forms have a period of their own (`x-retention`), in any of its versions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy.orm import Session

from engine.forgetting import EVERY_ITEM
from engine.model import Json
from engine.queries.definitions import agenda_versions, agendas
from engine.queries.retention import KEPT_FOR, PERIOD, Answers
from processes.agenda import AgendaRefused
from web.published import agenda_of

_ALSO = ("allOf", "anyOf", "oneOf")
_PERHAPS = ("if", "then", "else")
#: Parts of parts; a schema that refers to itself ends here.
_DEEPEST = 20


def kept_answers(session: Session, tenant: str) -> Answers:
    """Give places and periods by agenda; of a question that several versions have the newest word counts."""
    found: dict[str, dict[str, str]] = {}
    for one in agendas(session, tenant):
        periods: dict[str, str] = {}
        for version in reversed(agenda_versions(session, tenant, one.agenda)):
            periods |= periods_of(session, tenant, version.deployment_id)
        found[one.agenda] = {place: period for place, period in periods.items() if PERIOD.fullmatch(period)}
    return {agenda: periods for agenda, periods in found.items() if periods}


def periods_of(session: Session, tenant: str, deployment_id: str) -> Mapping[str, str]:
    """Give the places of one version whose questions say a period, "" where they don't."""
    try:
        forms = agenda_of(session, tenant, deployment_id).forms
    except AgendaRefused:
        return {}
    found: dict[str, str] = {}
    for place, period in (each for form in forms.values() for each in places(form, form)):
        # Where two forms ask the same question, whichever says a period counts.
        found[place] = period or found.get(place, "")
    return found


def places(schema: Json, root: Json, place: str = "", deep: int = 0) -> Iterator[tuple[str, str]]:
    """Give every question of a form by its place, with its period."""
    if not isinstance(schema, dict) or deep > _DEEPEST:
        return
    if place:
        yield place, str(schema.get(KEPT_FOR) or "")
    properties = schema.get("properties")
    for name, shape in properties.items() if isinstance(properties, dict) else ():
        yield from places(shape, root, f"{place}/{name}", deep + 1)
    yield from places(schema.get("items"), root, f"{place}/{EVERY_ITEM}", deep + 1)
    for part in [*(each for key in _ALSO for each in _list(schema.get(key))), *(schema.get(key) for key in _PERHAPS)]:
        yield from _inner(part, root, place, deep)
    yield from _inner(_referred(schema.get("$ref"), root), root, place, deep)


def _inner(part: Json, root: Json, place: str, deep: int) -> Iterator[tuple[str, str]]:
    """A part that says more of the same question; only what it says of a period counts for the question itself."""
    for where, period in places(part, root, place, deep + 1):
        if where != place or period:
            yield where, period


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _referred(name: Json, root: Json) -> Json:
    if not isinstance(name, str) or not name.startswith("#/"):
        return None
    found = root
    for part in name[2:].split("/"):
        found = found.get(part) if isinstance(found, dict) else None
    return found
