"""From a post to an edit: each name of an edit with the function that makes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from engine.model import Json
from forms.compile import compile_form
from forms.edit import Edited, EditRefused, alternatives, branches, fields, kinds, moving, rules, steps
from forms.edit.choices import Offer, set_offers
from forms.edit.copying import copy_variant
from forms.edit.dependents import as_condition
from forms.edit.details import describe, rename, require
from forms.edit.kinds import kind_of, slug
from forms.edit.places import Schema, container_of, field_at, is_field, part, properties, required
from forms.edit.prices import written
from forms.edit.texts import translate
from forms.edit.tree import ALTERNATIVES, every, find, tree
from forms.edit.when import ask_when, ask_when_all
from forms.errors import FormSchemaError
from forms.pointers import MISSING, get, put
from web.digits import whole
from web.i18n import _
from web.studio import filling, pricing, ruling
from web.studio import panel as panels
from web.studio.asking import answers_for, read_condition
from web.studio.naming import fault_in
from web.studio.panel import Office
from web.studio.sources import with_options
from web.studio.words import beginning

Posted = Mapping[str, str]
MOST_OFFERS = 500
LIBRARY_CONSENT = ("library:consent",)
#: Kinds that are of no use unless they have to be ticked.
CONSENTS = ("consent", *LIBRARY_CONSENT)
#: Where a question says from which register its answer is chosen.
OPTIONS = "x-options"
REGISTER = f"{OPTIONS}/register"


@dataclass(frozen=True, kw_only=True)
class Done:
    """An edit that was made, or the panel with what is wrong."""

    edited: Edited
    what: Mapping[str, Json]
    panel: panels.Panel | None = None


def make(schema: Schema, name: str, place: str, posted: Posted, office: Office) -> Done:
    """Make an edit. Raises EditRefused."""
    edit = EDITS.get(name)
    if edit is None:
        raise EditRefused("no-such-edit")
    if place and not exists(schema, place):
        raise EditRefused("no-such-place")
    label = label_of(schema, place)
    done = edit(schema, place, posted, office)
    label = label or (str(get(schema, f"{place}/message")) if rules.is_rule(place) else "")
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


def _add(schema: Schema, place: str, posted: Posted, office: Office) -> Edited:
    kind, label = posted.get("kind", ""), posted.get("label", "").strip()
    if kind == "rule":
        return rules.add(schema, label or _("These answers do not fit together."), where_to_rule(schema, place))
    if kind == "step":
        return steps.add_step(schema, replace(beginning("step"), choices=(_("First step"), ""), title=_("New step")))
    inside, after = where_to_add(schema, place)
    schema = without_begun(schema, inside)
    if kind == ALTERNATIVES:
        made = fields.add(schema, "text", inside, after, beginning(kind, label))
        words = replace(beginning(kind), choices=first_variants())
        return alternatives.begin(made.schema, made.place, words)
    if kind == "review":
        made = fields.add(schema, kind, inside, after, beginning(kind, label))
        return describe(made.schema, made.place, {"x-of": next(iter(office.forms), MISSING)})
    if kind in CONSENTS:
        return _consent(schema, kind, inside, after, label)
    if kind.startswith("library:") and not label:
        return fields.add(schema, kind, inside, after, replace(beginning(kind), title=""))
    return fields.add(schema, kind, inside, after, beginning(kind, label))


def _consent(schema: Schema, kind: str, inside: str, after: str | None, label: str) -> Edited:
    """What has to be ticked; the library's consent keeps its own sentence."""
    words = replace(beginning(kind), title="") if kind in LIBRARY_CONSENT else beginning(kind, label)
    made = fields.add(schema, kind, inside, after, words)
    return require(made.schema, made.place, True)


def without_begun(schema: Schema, inside: str) -> Schema:
    """The form without the one question a new group began with, where nobody has touched it."""
    held = properties(schema, inside)
    begun = {"type": "string", "title": beginning("group").first}
    alone = len(held) == 1 and next(iter(held.values())) == begun and not required(schema, inside)
    needed = alone and branches.asked_by(schema, field_at(inside, next(iter(held))))
    return put(schema, f"{inside}/properties", {}) if inside and alone and not needed else schema


def first_variants() -> tuple[str, str]:
    """What the answers of a choice with parts of its own are called before the author names them."""
    return _("First variant"), _("Second variant")


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


def where_to_rule(schema: Schema, place: str) -> str:
    """The object whose answers a new rule looks at: the chosen group, or that of the chosen question; else the form."""
    nodes = tree(schema)
    node = find(nodes, place) if place else None
    if node is None:
        return ""
    if rules.is_rule(place):
        return rules.holder_of(place)
    level = branches.home(node.inside if node.inside is not None else container_of(place))
    held = {one.inside for one in every(nodes) if one.kind in kinds.HOLDERS}
    return level if level in held else ""


def _section(schema: Schema, place: str, posted: Posted, _office: Office) -> Edited:
    return steps.section_from(schema, place, posted.get("label", "").strip() or _("New heading"))


def _move(schema: Schema, place: str, posted: Posted, _office: Office) -> Edited:
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


def _details(schema: Schema, place: str, posted: Posted, office: Office) -> Done:
    """Everything on the panel at once."""
    node = find(tree(schema), place) if place else None
    kind = node.kind if node else "form"
    shown = panels.panel(schema, place, kind, office)
    typed = panels.read(shown, place, posted, names_of(schema))
    if typed.errors:
        return Done(edited=Edited(schema=schema, place=place), what={}, panel=typed.panel)
    made = describe(schema, place, with_register(schema, place, typed.changes, office))
    if typed.translations:
        made = replace(translate(made.schema, panels.OTHER, dict(typed.translations)), place=place)
    if is_field(place) and posted.get("k:required:shown"):
        made = require(made.schema, place, bool(posted.get("k:required")))
    if posted.get("o:0:shown"):
        made = offered(made.schema, place, kind, named_anew(made.schema, place, posted_offers(posted)))
    return Done(edited=made, what={})


def with_register(schema: Schema, place: str, changes: Mapping[str, Json], office: Office) -> Mapping[str, Json]:
    """The changes; choosing from another register begins with its first fields, choosing from none forgets them."""
    key = changes.get(REGISTER)
    if key is None:
        return changes
    others = {name: value for name, value in changes.items() if not name.startswith(f"{OPTIONS}/")}
    register = next((one for one in office.registers if one.key == key), None)
    return others | {OPTIONS: with_options(register) if register else MISSING}


def named_anew(schema: Schema, place: str, wanted: list[Offer]) -> list[Offer]:
    """The rows; what only stood there to be rewritten is stored under its new words, unless something asks for it."""
    if branches.asked_by(schema, place):
        return wanted
    begun = {slug(word): word for word in (*beginning("choice").choices, *first_variants())}
    return [
        replace(one, value="") if one.label.strip() != begun.get(one.value, one.label.strip()) else one
        for one in wanted
    ]


def offered(schema: Schema, place: str, kind: str, wanted: list[Offer]) -> Edited:
    """The answers on offer, each with a part of its own or none."""
    if kind == ALTERNATIVES:
        return alternatives.set_variants(schema, place, wanted)
    return set_offers(schema, place, wanted)


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
            hint=posted[f"o:{at}:hint"].replace("\r\n", "\n") if f"o:{at}:hint" in posted else None,
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


def _when(schema: Schema, place: str, posted: Posted, _office: Office) -> Edited:
    """Under the chosen condition; of a condition in the tree, for all that stands in it."""
    of_field = is_field(place)
    asked = answers_for(schema, place if of_field else f"{outside(place)}/properties/?")
    before = branches.condition_of(schema, place if of_field else f"{place}/properties/?")
    condition = read_condition(posted, asked, before)
    side = branches.ELSE if posted.get("c:side") == branches.ELSE else branches.THEN
    return ask_when(schema, place, condition, side) if of_field else ask_when_all(schema, place, condition)


def outside(branch: str) -> str:
    """The container whose answers a branch looks at."""
    return branches.home(branch)


def _rename(schema: Schema, place: str, posted: Posted, _office: Office) -> Edited:
    return rename(schema, place, posted.get("name", "").strip())


def _turn(schema: Schema, place: str, posted: Posted, _office: Office) -> Edited:
    kind = posted.get("kind", "")
    if kind == kind_of(part(schema, place)):
        return Edited(schema=schema, place=place)
    return kinds.turn(schema, place, kind, beginning(kind))


def _rule(schema: Schema, place: str, posted: Posted, office: Office) -> Done:
    """A rule: what has to hold, where and how it is told."""
    if not rules.is_rule(place):
        raise EditRefused("no-such-place")
    typed = ruling.posted(posted)
    if not typed.message:
        raise EditRefused("sentence-needed")
    check = ruling.check_of(schema, place, typed, office.registers)
    if why := fault_in(check, names_of(schema)):
        raise EditRefused("no-expression", why)
    made = rules.set_check(schema, place, check, typed.at or typed.left)
    made = describe(made.schema, place, {"message": typed.message})
    english = {f"{place}/message": typed.english}
    made = replace(translate(made.schema, panels.OTHER, english), place=place)
    return Done(edited=made, what={"label": typed.message})


def _price(schema: Schema, place: str, posted: Posted, _office: Office) -> Edited:
    """How a value is worked out, by a price or a sum."""
    if not is_field(place) or kind_of(part(schema, place)) != "computed":
        raise EditRefused("no-such-place")
    among = pricing.priceable(schema, place)
    typed = pricing.posted(posted)
    if get(schema, f"{place}/x-computed") and typed == pricing.shown(schema, place, among):
        return Edited(schema=schema, place=place)
    worth = pricing.worth_of(typed, among, money=part(schema, place).get("format") == "money")
    return describe(schema, place, {"x-computed": written(worth)})


def _fill(schema: Schema, place: str, posted: Posted, office: Office) -> Edited:
    among = filling.fillable(schema, place, kind_of(part(schema, place)), office) if is_field(place) else None
    if among is None:
        raise EditRefused("no-such-place")
    return filling.filled(schema, place, filling.posted(posted, schema, place), among)


def _registers(schema: Schema, place: str, posted: Posted, office: Office) -> Edited:
    """Which registers the expressions of the form may ask; those the builder doesn't know stay."""
    now = schema.get("x-registers")
    listed = [one for one in now if isinstance(one, str)] if isinstance(now, list) else []
    known = {one.key for one in office.registers}
    wanted = [one for one in listed if one not in known or f"g:{one}" in posted]
    wanted += [one.key for one in office.registers if f"g:{one.key}" in posted and one.key not in listed]
    return replace(describe(schema, "", {"x-registers": wanted or MISSING}), place="")


def _pages(schema: Schema, place: str, posted: Posted, _office: Office) -> Edited:
    return steps.each_alone(schema) if posted.get("way") == "each" else steps.on_one_page(schema)


def _copy_variant(schema: Schema, place: str, _posted: Posted, _office: Office) -> Edited:
    title = label_of(schema, place) or str(_("Variant"))
    return copy_variant(schema, place, _("%(title)s (copy)", title=title))


def _only(edit: Callable[[Schema, str], Edited]) -> Callable[[Schema, str, Posted, Office], Edited]:
    """An edit that needs nothing but its place."""
    return lambda schema, place, posted, office: edit(schema, place)


def _removed(schema: Schema, place: str) -> Edited:
    return rules.remove(schema, place) if rules.is_rule(place) else fields.remove(schema, place)


EDITS: Mapping[str, Callable[[Schema, str, Posted, Office], Edited | Done]] = {
    "add": _add,
    "section": _section,
    "remove": _only(_removed),
    "duplicate": _only(fields.duplicate),
    "move": _move,
    "dissolve": _only(steps.dissolve),
    "details": _details,
    "when": _when,
    "rename": _rename,
    "turn": _turn,
    "rule": _rule,
    "price": _price,
    "fill": _fill,
    "registers": _registers,
    "pages": _pages,
    "copy-variant": _copy_variant,
    "as-condition": _only(as_condition),
    "variants": _only(alternatives.named),
}


def exists(schema: Schema, place: str) -> bool:
    """Whether a place is still there."""
    return place[:1] in ("", "/") and isinstance(get(schema, place), dict)
