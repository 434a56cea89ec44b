"""Where public records lie, and pictures of them, for the pages that show them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import url_for

from engine.errors import NotFound
from engine.model import Json, Variables
from engine.queries.pictures import pictures_of
from engine.queries.registers import RecordFacts, public_by_id, register
from engine.registers.definitions import Register
from engine.voting.rules import Option
from web.here import session
from web.tenancy import tenant_key
from web.ui.maps import Place, Plan, plan

#: A page of a public record.
_RECORD = re.compile(r"/registry/([a-z][a-z0-9_]{0,62})/([0-9A-Za-z-]{1,64})")


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture by its addresses."""

    large: str
    small: str
    alt: str


@dataclass(frozen=True, kw_only=True)
class Position:
    """Where a thing is, and maps of others that show it."""

    lat: float
    lon: float

    @property
    def maps(self) -> list[tuple[str, str]]:
        """(name, address)."""
        lat, lon = f"{self.lat:.6f}", f"{self.lon:.6f}"
        return [
            ("Mapy.com", f"https://mapy.com/zakladni?x={lon}&y={lat}&z=17&source=coor&id={lon}%2C{lat}"),
            ("OpenStreetMap", f"https://www.openstreetmap.org/?mlat={lat}&mlon={lon}#map=17/{lat}/{lon}"),
        ]


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What more a page shows of several records than their words."""

    #: By the record's id, each with the places in the order of the page.
    places: Mapping[str, Place] = field(default_factory=dict)
    pictures: Mapping[str, Sequence[Picture]] = field(default_factory=dict)
    plan: Plan | None = None


def position_of(kept: Register, data: Variables) -> Position | None:
    """The position that a record says; None where it says none."""
    if kept.position is None:
        return None
    lat, lon = (_degrees(data.get(name)) for name in kept.position)
    if lat is None or lon is None or not (-90 <= lat <= 90 and -180 <= lon <= 180):
        return None
    return Position(lat=lat, lon=lon)


def _degrees(value: Json) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def pictures_on(kept: Register, records: Sequence[RecordFacts]) -> Mapping[str, Sequence[Picture]]:
    """The pictures of public records, by the record's id."""
    found = pictures_of(session(), tenant_key(), kept, records)
    return {
        record_id: [
            Picture(
                large=picture_address(kept.key, record_id, one.file_id),
                small=picture_address(kept.key, record_id, one.file_id, "maly"),
                alt=one.alt,
            )
            for one in pictures
        ]
        for record_id, pictures in found.items()
    }


def picture_address(key: str, record_id: str, file_id: str, size: str = "velky") -> str:
    """Where a picture of a record is."""
    return url_for("pictures.shown", key=key, record_id=record_id, file_id=file_id, size=size)


def seen_of(kept: Register, rows: Sequence[tuple[RecordFacts, str]]) -> Seen:
    """What a list shows of these records, which have these names."""
    places: dict[str, Place] = {}
    for record, name in rows:
        if at := position_of(kept, record.data):
            address = f"/registry/{kept.key}/{record.id}"
            number = len(places) + 1
            places[record.id] = Place(number=number, name=name, address=address, lat=at.lat, lon=at.lon)
    return Seen(places=places, plan=plan(list(places.values())))


def seen_of_options(options: Sequence[Option]) -> Seen:
    """What a ballot shows of its options, by their ids: where they are and what they look like."""
    wanted: dict[str, dict[str, list[Option]]] = defaultdict(lambda: defaultdict(list))
    for option in options:
        if not option.withdrawn and (found := _RECORD.fullmatch(option.about)):
            wanted[found[1]][found[2]].append(option)
    positions: dict[str, Position] = {}
    pictures: dict[str, Sequence[Picture]] = {}
    for key, by_record in wanted.items():
        try:
            kept = register(session(), tenant_key(), key)
            records = public_by_id(session(), tenant_key(), key, by_record)
        except NotFound:
            continue
        shown = pictures_on(kept, list(records.values()))
        for record_id, record in records.items():
            at = position_of(kept, record.data)
            for option in by_record[record_id]:
                pictures[option.id] = shown[record_id]
                if at:
                    positions[option.id] = at
    placed = [option for option in options if option.id in positions]
    places = {
        option.id: Place(
            number=number,
            name=option.title,
            address=f"#o-{option.id}",
            lat=positions[option.id].lat,
            lon=positions[option.id].lon,
        )
        for number, option in enumerate(placed, 1)
    }
    return Seen(places=places, pictures=pictures, plan=plan(list(places.values())))
