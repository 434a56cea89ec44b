"""Moving by one place: up, down, into the group before, out of the group."""

from __future__ import annotations

from forms.edit import fields, steps
from forms.edit.places import FIRST, Edited, EditRefused, Schema, container_of, is_field, name_at
from forms.edit.tree import SECTION, STEP, Node, parent_of, siblings_of, tree

UP, DOWN, INTO, OUT = "up", "down", "into", "out"
WAYS = (UP, DOWN, INTO, OUT)
Nodes = tuple[Node, ...]


def ways(schema: Schema, place: str) -> list[str]:
    """Give the ways in which a part can be moved now."""
    nodes = tree(schema)
    return [way for way in WAYS if _possible(schema, nodes, place, way)]


def shift(schema: Schema, place: str, way: str) -> Edited:
    """Move a part by one place."""
    return _shifted(schema, tree(schema), place, way)


def _shifted(schema: Schema, nodes: Nodes, place: str, way: str) -> Edited:
    if way in (UP, DOWN):
        return _along(schema, nodes, place, -1 if way == UP else 1)
    if way == INTO:
        return _into(schema, nodes, place)
    if way == OUT:
        return _out(schema, nodes, place)
    raise EditRefused("no-such-edit")


def _possible(schema: Schema, nodes: Nodes, place: str, way: str) -> bool:
    try:
        _shifted(schema, nodes, place, way)
    except EditRefused:
        return False
    return True


def _along(schema: Schema, nodes: Nodes, place: str, by: int) -> Edited:
    if steps.is_step(place):
        return steps.swapped(schema, place, by)
    peers = [node for node in siblings_of(nodes, place) if _is_peer(node, place)]
    at = next((at for at, node in enumerate(peers) if node.pointer == place), None)
    if at is None or not is_field(place):
        raise EditRefused("at-the-edge")
    parent = parent_of(nodes, place)
    inside = parent.inside if parent and parent.inside is not None else ""
    if 0 <= at + by < len(peers):
        return _past(schema, place, inside, (peers, at, by))
    return _to_neighbour(schema, place, parent, by)


def _is_peer(node: Node, place: str) -> bool:
    return node.kind == SECTION or (is_field(node.pointer) and container_of(node.pointer) == container_of(place))


def _past(schema: Schema, place: str, inside: str, among: tuple[list[Node], int, int]) -> Edited:
    """Go past the neighbour; a heading is entered instead."""
    peers, at, by = among
    neighbour = peers[at + by]
    if neighbour.kind == SECTION:
        return fields.move(schema, place, neighbour.pointer, FIRST if by > 0 else None)
    if by > 0:
        return fields.move(schema, place, inside, neighbour.name)
    before = peers[at - 2] if at >= 2 else None
    if before is not None and before.kind == SECTION:
        return _behind_section(schema, place, before.pointer)
    return fields.move(schema, place, inside, before.name if before else FIRST)


def _behind_section(schema: Schema, place: str, section: str) -> Edited:
    """Put the name right behind a heading, where no field's name tells the place."""
    entry = steps.entry_of(schema, name_at(place))
    if entry is None:
        raise EditRefused("at-the-edge")
    return Edited(schema=steps.swapped(schema, entry, -1).schema, place=place)


def _to_neighbour(schema: Schema, place: str, parent: Node | None, by: int) -> Edited:
    """From the edge of a step go to the next one, from the edge of a heading out of it."""
    if parent is None or parent.kind not in (STEP, SECTION):
        raise EditRefused("at-the-edge")
    if parent.kind == SECTION:
        return _beside(schema, place, parent.pointer, by)
    number = int(parent.pointer.rpartition("/")[2]) + by
    if not 0 <= number < len(steps.steps(schema)):
        raise EditRefused("at-the-edge")
    return fields.move(schema, place, f"{steps.STEPS}/{number}", FIRST if by > 0 else None)


def _beside(schema: Schema, place: str, section: str, by: int) -> Edited:
    """Leave a heading: stand right before or behind it in its step."""
    return steps.leave_section(schema, name_at(place), section, behind=by > 0, place=place)


def _into(schema: Schema, nodes: Nodes, place: str) -> Edited:
    siblings = siblings_of(nodes, place)
    at = next((at for at, node in enumerate(siblings) if node.pointer == place), 0)
    if not is_field(place) or at == 0 or siblings[at - 1].inside is None:
        raise EditRefused("nothing-to-enter")
    inside = siblings[at - 1].inside
    assert inside is not None
    return fields.move(schema, place, inside, None)


def _out(schema: Schema, nodes: Nodes, place: str) -> Edited:
    parent = parent_of(nodes, place)
    if parent is None or not is_field(place) or parent.kind == STEP:
        raise EditRefused("nothing-to-leave")
    if parent.kind == SECTION:
        return _beside(schema, place, parent.pointer, 1)
    above = parent_of(nodes, parent.pointer)
    inside = above.inside if above and above.inside is not None else ""
    behind = parent.after if parent.after is not None else parent.name or None
    return fields.move(schema, place, inside, parent.name if is_field(parent.pointer) else behind)
