"""What the builder's page has to know of the form and of the part that is chosen in it."""

from __future__ import annotations

from engine.queries import people
from forms.compile import shared_library
from forms.edit import alternatives, branches
from forms.edit.choices import Offer
from forms.edit.details import advanced
from forms.edit.kinds import HOLDERS, NEW
from forms.edit.places import Schema, container_of, data_path, field_at, is_field, part
from forms.edit.rules import RULES
from forms.edit.steps import steps
from forms.edit.tree import Node, every, find, tree
from forms.pointers import MISSING, element_id, get, join
from forms.prefill import REGISTER
from forms.words import localized
from web.here import session
from web.i18n import language
from web.studio import asking, editing
from web.studio import panel as panels
from web.studio.hand import InHand
from web.studio.sources import registers_of
from web.studio.words import KINDS, kind_name
from web.tenancy import tenant_key

#: What the tree, the other pages and the panel of the whole form show.
IN_TREE = frozenset(("allOf", "if", "then", "else", "$defs", "definitions", "x-rules"))
#: Where a question's own page tells what it fills in.
FILLING = "x-prefill"
OF_THE_FORM = IN_TREE | {"$schema", "x-steps", "x-translations", "x-registers"}


def office_of(found: InHand) -> panels.Office:
    """Registers of the agenda and groups of the office, of which a form may speak."""
    groups = {one.key: one.title.get(language()) or one.key for one in people.groups(session(), tenant_key())}
    others = {
        key: localized(one, "/title", one.get("title"), language()) or key for key, one in found.agenda.forms.items()
    }
    others.pop(found.key, None)
    return panels.Office(registers=registers_of(found.agenda), groups=groups, forms=others)


def offers_of(schema: Schema, node: Node) -> list[Offer]:
    """The answers on offer at a question."""
    return list(asking.offered_by(schema, node)[0])


def side_asked(place: str) -> str:
    """Whether a part is asked when its condition holds, or otherwise."""
    return branches.side_of(container_of(place) if is_field(place) else place)[1]


def foreign_variants(schema: Schema, place: str) -> bool:
    """Whether variants are told apart by an answer that is no question of its own yet."""
    told = alternatives.variant_of(schema, place)
    return told is not None and get(schema, field_at(told.listed.removesuffix("/oneOf"), told.name)) is MISSING


def kept(schema: Schema, place: str, kind: str, own: panels.Panel) -> Schema:
    """What the builder keeps and doesn't edit: of an advanced part all of it."""
    filling = frozenset({FILLING}) if get(schema, f"{place}/{FILLING}/source") in ("ares", REGISTER) else frozenset()
    if not place:
        return advanced(schema, place, own.keywords | OF_THE_FORM | filling)
    if not is_field(place):
        return advanced(schema, place, own.keywords | IN_TREE)
    shown = own.keywords | ({RULES, *filling} if kind == "group" else set()) | _of_kind(schema, place, kind)
    return part(schema, place) if kind in ("advanced", "reference") else advanced(schema, place, shown)


def _of_kind(schema: Schema, place: str, kind: str) -> set[str]:
    """What only says of which kind the question is."""
    own = part(schema, place)
    return {keyword for keyword, value in NEW.get(kind, {}).items() if own.get(keyword) == value}


def asked_at(found: InHand, place: str) -> list[asking.Asked]:
    """The answers on which a part can depend."""
    if not place:
        return []
    where = place if is_field(place) else f"{editing.outside(place)}/properties/?"
    return asking.answers_for(found.schema, where)


def turns(kind: str) -> list[str]:
    """Kinds into which a question can be turned."""
    if kind not in NEW or kind in HOLDERS:
        return []
    return [name for name in KINDS if name in NEW and name not in HOLDERS]


def holders(nodes: tuple[Node, ...], place: str) -> list[Node]:
    """Groups and steps into which the chosen part can be sent."""
    return [
        one
        for one in every(nodes)
        if one.inside is not None and one.pointer != place and not one.pointer.startswith(place + "/")
    ]


def step_of(found: InHand, nodes: tuple[Node, ...], place: str) -> str | None:
    """Key of the step on which a part stands, for the preview to open there."""
    for at, node in enumerate(nodes):
        if node.kind == "step" and (node.pointer == place or find(node.children, place)):
            return str(steps(found.schema)[at].get("key") or at)
    return None


def anchor_of(place: str) -> str:
    """Id of the chosen part in the preview; of what is repeated, of the list."""
    names = data_path(place)
    return element_id(join("", *names[: names.index("*") if "*" in names else None])) if names else ""


def names_for_expressions(found: InHand) -> list[tuple[str, str]]:
    """Names of the answers with their labels, for whoever writes an expression."""
    return [(one.name, one.title) for one in every(tree(found.schema)) if is_field(one.pointer)]


class Words:
    """What the tree calls a part. Many conditions look at the same answers, which are gathered once."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._asked: dict[str, list[asking.Asked]] = {}

    def __call__(self, node: Node) -> str:
        """Give the words of a line."""
        if node.kind in ("condition", "otherwise") and node.condition is not None:
            container = editing.outside(node.pointer)
            if container not in self._asked:
                self._asked[container] = asking.answers_for(self._schema, f"{container}/properties/?")
            return asking.said(node.condition, self._asked[container])
        return node.title or kind_name(node.kind)


def title_in_library(name: str) -> str:
    """What a shared part without words of ours calls itself."""
    return str(shared_library()[name].get("title", name))
