"""Versions of a file beside each other: both drawings with what differs marked, and in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from engine.dmn.difference import DecisionChange
from engine.dmn.difference import differences as decisions_differ
from engine.errors import EngineError, NotFound
from engine.queries.authoring import proposal_of, steps_of
from engine.reading.difference import ElementChange, Fact, differences
from engine.reading.layout import Bounds, read_layout
from forms.edit import document
from forms.errors import FormSchemaError
from web.auth import sign_in_required
from web.here import session
from web.studio import drafts, hand
from web.studio.drawn_words import KINDS, fact_name
from web.studio.file_versions import two_of, versions
from web.studio.register_words import differences as registers_differ
from web.studio.rooms import DECISIONS, PAGES, REGISTERS, in_rooms, path_of
from web.studio.telling import Said
from web.tenancy import tenant_key
from web.ui.diagram import Marks, Sheet, draw

blueprint = Blueprint("comparing", __name__, url_prefix="/studio/<agenda>")

LONGEST = 160


@dataclass(frozen=True, kw_only=True)
class Told:
    """A change as people read it; its place on the newer sheet, else on the older one."""

    state: str
    element: str
    name: str
    kind: str
    details: Sequence[tuple[str, Fact]]


@dataclass(frozen=True, kw_only=True)
class Compared:
    """Two diagrams beside each other, drawn to one scale."""

    older: Sheet
    newer: Sheet
    changes: Sequence[Told]


@in_rooms(blueprint, "GET", "/verze")
@sign_in_required
def page(agenda: str, key: str, room: str) -> ResponseReturnValue:
    """All versions, and what differs between two of them."""
    hand.require_author()
    path = path_of(key, room)
    published, listed = hand.published(agenda), versions(agenda, path)
    if not listed:
        raise NotFound
    older, newer = two_of(listed)
    proposal = proposal_of(session(), tenant_key(), agenda, path)
    return render_template(
        "studio/file_versions.html",
        published=published,
        title=drafts.title_of(published, key, listed[0].content, room),
        address={"agenda": agenda, "key": key},
        back=PAGES[room],
        versions=listed,
        newer=newer,
        older=older,
        differing=differing(room, older.content, newer.content),
        steps=steps_of(session(), tenant_key(), proposal.id) if proposal else [],
        proposal=proposal,
    )


@dataclass(frozen=True, kw_only=True)
class Differing:
    """What differs between two versions of a file; of a kind of file only what is told of it."""

    room: str
    drawn: Compared | None = None
    decisions: Sequence[DecisionChange] = ()
    told: Sequence[Said] = ()
    #: One of them can't be read.
    unreadable: bool = False

    @property
    def is_nothing(self) -> bool:
        """Whether both mean the same."""
        return not (self.unreadable or self.decisions or self.told or (self.drawn and self.drawn.changes))


def differing(room: str, before: bytes, after: bytes) -> Differing:
    """What differs between two versions of a file."""
    if room == DECISIONS:
        return Differing(room=room, decisions=decisions(before, after))
    if room == REGISTERS:
        try:
            return Differing(room=room, told=registers_differ(document.read(before), document.read(after)))
        except FormSchemaError:
            return Differing(room=room, unreadable=True)
    drawn = compared(before, after)
    return Differing(room=room, drawn=drawn, unreadable=drawn is None)


def decisions(before: bytes, after: bytes) -> list[DecisionChange]:
    """What differs in decisions, without those that are the same."""
    found = decisions_differ(drafts.texts_in(before), drafts.texts_in(after))
    return [one for one in found if one.state != "same"]


def compared(before: bytes, after: bytes) -> Compared | None:
    """Both drawings with marks; None where one of them can't be read."""
    try:
        changes = differences(before, after)
        old, new = read_layout(before), read_layout(after)
    except (EngineError, ValueError):
        return None
    frame = around(old.bounds, new.bounds)
    states = {one.element: one.state for one in changes}
    return Compared(
        older=draw(old, Marks(states={key: state for key, state in states.items() if state != "added"}), frame),
        newer=draw(new, Marks(states={key: state for key, state in states.items() if state != "removed"}), frame),
        changes=[told(one) for one in changes],
    )


def around(one: Bounds, other: Bounds) -> Bounds:
    """The rectangle that holds both."""
    x, y = min(one.x, other.x), min(one.y, other.y)
    return Bounds(x, y, max(one.right, other.right) - x, max(one.bottom, other.bottom) - y)


def told(change: ElementChange) -> Told:
    """A change in words."""
    return Told(
        state=change.state,
        element=change.element,
        name=change.name,
        kind=str(KINDS.get(change.kind, change.kind)),
        details=[(fact_name(one.key), shortened(one)) for one in change.facts],
    )


def shortened(fact: Fact) -> Fact:
    """The fact with texts that fit on a line or two, and kinds of elements in words."""

    def short(text: str | None) -> str | None:
        if text is None:
            return None
        said = str(KINDS.get(text, text)) if fact.key == "kind" else text
        return said if len(said) <= LONGEST else said[: LONGEST - 1] + "…"

    return Fact(key=fact.key, before=short(fact.before), after=short(fact.after))
