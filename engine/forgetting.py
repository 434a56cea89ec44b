"""Taking answers out of what holds them: by their places, in plain JSON. Nothing here knows a database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce

from engine.model import Json

#: Stands in a place for every item of a list.
EVERY_ITEM = "*"
#: Shorter texts are in too many others to be told by.
TELLING = 5
#: Stands where a longer text named what was taken out.
GONE = "…"


def parts_of(place: str) -> list[str]:
    """Give the names of a place, `/children/*/born`."""
    return [part for part in place.split("/") if part]


def taken_out(value: Json, places: Sequence[Sequence[str]]) -> tuple[Json, list[Json]]:
    """Give a value without what stands in these places, and what stood there."""
    gone: list[Json] = []
    for place in places:
        value, found = _without(value, place)
        gone += found
    return value, gone


def _without(value: Json, place: Sequence[str]) -> tuple[Json, list[Json]]:
    head, *rest = place
    if head == EVERY_ITEM and isinstance(value, list):
        pairs = [_without(item, rest) if rest else (None, [item]) for item in value]
        return ([item for item, _ in pairs] if rest else []), [one for _, found in pairs for one in found]
    if not isinstance(value, dict) or head not in value:
        return value, []
    if not rest:
        return {name: each for name, each in value.items() if name != head}, [value[head]]
    inner, found = _without(value[head], rest)
    return ({**value, head: inner} if found else value), found


def texts_in(values: Sequence[Json]) -> Iterator[str]:
    """Give every text inside of values."""
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            yield from texts_in(value)
        elif isinstance(value, dict):
            yield from texts_in(list(value.values()))


def cleaned(value: Json, texts: Sequence[str]) -> Json:
    """Give a value with these texts replaced wherever they stand in it."""
    if isinstance(value, str):
        return reduce(lambda left, text: left.replace(text, GONE), texts, value)
    if isinstance(value, list):
        return [cleaned(each, texts) for each in value]
    return {name: cleaned(each, texts) for name, each in value.items()} if isinstance(value, dict) else value


def telling(values: Sequence[Json]) -> list[str]:
    """Give the texts by which somebody could be told elsewhere too, the longest first."""
    return sorted({text for text in texts_in(values) if len(text) >= TELLING}, key=lambda text: (-len(text), text))
