"""From a post to an edit: each name of an edit with the function that makes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from engine.model import Json
from forms.compile import compile_form
from forms.edit import Edited, EditRefused, branches, fields, kinds, moving, steps
from forms.edit.choices import Offer, set_offers
from forms.edit.details import describe, rename, require
from forms.edit.kinds import kind_of
from forms.edit.places import Schema, container_of, is_field, part
from forms.edit.texts import translate
from forms.edit.tree import every, find, tree
from forms.edit.when import ask_when, ask_when_all
from forms.errors import FormSchemaError
from forms.pointers import get
from web.digits import whole
from web.i18n import _
from web.studio import panel as panels
from web.studio.asking import answers_for, read_condition
from web.studio.words import beginning

Posted = Mapping[str, str]
MOST_OFFERS = 500


@dataclass(frozen=True, kw_only=True)
class Done:
    """An edit that was made, or the panel with what is wrong."""

    edited: Edited
    what: Mapping[str, Json]
    panel: panels.Panel | None = None


def make(schema: Schema, name: str, place: str, posted: Posted) -> Done:
    """Make an edit. Raises EditRefused."""
    edit = EDITS.get(name)
    if edit is None:
        raise EditRefused("no-such-edit")
    if place and not exists(schema, place):
        raise EditRefused("no-such-place")
    label = label_of(schema, place)
    done = edit(schema, place, posted)
    what = {"edit": name, "label": label, "place": place}
    if isinstance(done, Done):
        return replace(done, what={**what, **done.what})
    return Done(edited=done, what=what | ({"label": label_of(done.schema, done.place)} if name == "add" else {}))


def label_of(schema: Schema, place: str) -> str:
    """What a part is called."""
    node = find(tree(schema), place) if place else None
    title = node.title if node else schema.get("title")
    return title if isinstance(title, str) and title else ""


# --- adding and moving -----------------------------------------------------------------------------------------------


def _add(schema: Schema, place: str, posted: Posted) -> Edited:
    kind = posted.get("kind", "")
    if kind == "step":
        return steps.add_step(schema, replace(beginning("step"), choices=(_("First step"), ""), title=_("New step")))
    inside, after = where_to_add(schema, place)
    label = posted.get("label", "").strip()
    if kind.startswith("library:") and not label:
        return fields.add(schema, kind, inside, after, replace(beginning(kind), title=""))
    return fields.add(schema, kind, inside, after, beginning(kind, label))


def where_to_add(schema: Schema, place: str) -> tuple[str, str | None]:
    """Into the chosen group, or right after the chosen question; else at the end of the form."""
    nodes = tree(schema)
    node = find(nodes, place) if place else None
    if node is not None and node.inside is not None:
        return node.inside, None
    if node is None or not is_field(place):
        last = steps.steps(schema)
        return (f"{steps.STEPS}/{len(last) - 1}", None) if last else ("", None)
    container = container_of(place)
    entry = steps.entry_of(schema, node.name) if branches.home(container) == "" and container == "" else None
    return (entry.rpartition("/")[0].removesuffix("/fields") if entry else container), node.name


def _section(schema: Schema, place: str, posted: Posted) -> Edited:
    return steps.section_from(schema, place, posted.get("label", "").strip() or _("New heading"))


def _move(schema: Schema, place: str, posted: Posted) -> Edited:
    """One place in a direction, or to where it was dragged or sent."""
    if posted.get("way"):
        return moving.shift(schema, place, posted["way"])
    node = find(tree(schema), posted.get("to", "")) if posted.get("to") else None
    if node is None:
        raise EditRefused("no-such-place")
    if posted.get("as") == "after" and is_field(node.pointer):
        inside, after = where_beside(schema, node.pointer)
        return fields.move(schema, place, inside, after)
    if node.inside is None:
        raise EditRefused("nothing-to-enter")
    return fields.move(schema, place, node.inside, None)


def where_beside(schema: Schema, place: str) -> tuple[str, str]:
    """Right after a field, whatever it is."""
    name = part_name(place)
    container = container_of(place)
    entry = steps.entry_of(schema, name) if container == "" else None
    return (entry.rpartition("/")[0].removesuffix("/fields") if entry else container), name


def part_name(place: str) -> str:
    """Name of a field among the answers."""
    return place.rpartition("/")[2].replace("~1", "/").replace("~0", "~")


# --- saying more of one part -----------------------------------------------------------------------------------------


def _details(schema: Schema, place: str, posted: Posted) -> Done:
    """Everything on the panel at once."""
    node = find(tree(schema), place) if place else None
    shown = panels.panel(schema, place, node.kind if node else "form")
    typed = panels.read(shown, place, posted, names_of(schema))
    if typed.errors:
        return Done(edited=Edited(schema=schema, place=place), what={}, panel=typed.panel)
    made = describe(schema, place, typed.changes)
    if typed.translations:
        made = replace(translate(made.schema, panels.OTHER, dict(typed.translations)), place=place)
    if is_field(place) and posted.get("k:required:shown"):
        made = require(made.schema, place, bool(posted.get("k:required")))
    if posted.get("o:0:shown"):
        made = set_offers(made.schema, place, posted_offers(posted))
    return Done(edited=made, what={})


def names_of(schema: Schema) -> set[str]:
    """Names of all answers of the form, whichever part they stand in; shared parts bring theirs."""
    own = {one.name for one in every(tree(schema)) if is_field(one.pointer)}
    try:
        parts = compile_form(schema).graph.every()
    except FormSchemaError:
        return own
    return own | {name for one in parts for name in one.get("properties", {})}


def posted_offers(posted: Posted) -> list[Offer]:
    """The rows of choices, after the button that was pressed among them."""
    rows = [
        Offer(
            label=posted.get(f"o:{at}:label", ""),
            value=posted.get(f"o:{at}:value", ""),
            was=whole(posted.get(f"o:{at}:was", "")),
        )
        for at in range(MOST_OFFERS)
        if f"o:{at}:label" in posted
    ]
    way, _sep, number = posted.get("_offer", "").partition(":")
    at = whole(number)
    if at is None or at >= len(rows):
        return rows
    to = at + {"up": -1, "down": 1}.get(way, 0)
    if way == "remove":
        del rows[at]
    elif 0 <= to < len(rows):
        rows[at], rows[to] = rows[to], rows[at]
    return rows


def _when(schema: Schema, place: str, posted: Posted) -> Edited:
    """Under the chosen condition; of a condition in the tree, for all that stands in it."""
    of_field = is_field(place)
    asked = answers_for(schema, place if of_field else f"{outside(place)}/properties/?")
    before = branches.condition_of(schema, place if of_field else f"{place}/properties/?")
    condition = read_condition(posted, asked, before)
    return ask_when(schema, place, condition) if of_field else ask_when_all(schema, place, condition)


def outside(branch: str) -> str:
    """The container whose answers a branch looks at."""
    return branches.home(branch)


def _rename(schema: Schema, place: str, posted: Posted) -> Edited:
    return rename(schema, place, posted.get("name", "").strip())


def _turn(schema: Schema, place: str, posted: Posted) -> Edited:
    kind = posted.get("kind", "")
    if kind == kind_of(part(schema, place)):
        return Edited(schema=schema, place=place)
    return kinds.turn(schema, place, kind, beginning(kind))


EDITS: Mapping[str, Callable[[Schema, str, Posted], Edited | Done]] = {
    "add": _add,
    "section": _section,
    "remove": lambda schema, place, posted: fields.remove(schema, place),
    "duplicate": lambda schema, place, posted: fields.duplicate(schema, place),
    "move": _move,
    "dissolve": lambda schema, place, posted: steps.dissolve(schema, place),
    "details": _details,
    "when": _when,
    "rename": _rename,
    "turn": _turn,
}


def exists(schema: Schema, place: str) -> bool:
    """Whether a place is still there."""
    return place[:1] in ("", "/") and isinstance(get(schema, place), dict)
