"""Ten towns that read 120 more meters every day of a year, beside what the agenda's own demo tells of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from math import cos, pi

from sqlalchemy import select

from engine.commands import AppendRows, SaveRecord
from engine.model import SYSTEM, Json
from engine.registering import LinkRecords
from engine.store.registers import RecordRow
from web.volumes.stages import VolumeStage

#: Rows of one command, as a device that sends the readings of some weeks.
BATCH = 5_000
DAYS = 365
_PLACES = (
    ("Obecní úřad", "úřad"),
    ("Mateřská škola", "škola"),
    ("Hasičská zbrojnice", "sklad"),
    ("Knihovna", "kultura"),
)
_YEAR = 365.25


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What flows through a meter."""

    key: str
    letter: str
    unit: str
    #: How much of it a day of the middle of the year brings.
    daily: float
    #: How much more it is in winter, as a part of that.
    winter: float


_KINDS = (
    Kind(key="electricity", letter="E", unit="kWh", daily=60, winter=0.3),
    Kind(key="water", letter="V", unit="m³", daily=3, winter=-0.1),
    Kind(key="heat", letter="T", unit="GJ", daily=1.5, winter=0.6),
)


class Meters:
    """Fills an organisation in which the agenda's demo was played."""

    def __init__(self, stage: VolumeStage, tell: Callable[[str], None]) -> None:
        self._stage, self._tell = stage, tell

    def fill(self, share: float = 1.0) -> int:
        """Make the meters and read them for a year, or a share of it; gives how many readings were taken."""
        meters = [meter for number, town in enumerate(self._towns()) for meter in self._of_town(number, town)]
        self._tell(f"{len(meters)} měřidel")
        rows, taken = self._readings(meters, max(2, round(DAYS * share))), 0
        while batch := list(islice(rows, BATCH)):
            command = AppendRows(tenant=self._stage.tenant, actor=SYSTEM, register="readings", rows=batch)
            taken += sum(fate.status == "accepted" for fate in self._stage.engine.execute(command))
            self._tell(f"{taken:,} odečtů".replace(",", " "))
        return taken

    def _towns(self) -> Sequence[str]:
        query = select(RecordRow.data).where(RecordRow.register == "buildings", RecordRow.state == "live")
        with self._stage.sessions() as session:
            return sorted({str(data["town"]) for data in session.scalars(query)})

    def _of_town(self, number: int, town: str) -> Iterator[tuple[str, Kind]]:
        """Write the buildings of a town down with their meters; gives serial numbers."""
        for place, (name, use) in enumerate(_PLACES):
            code = f"{number + 1:02}-D{place + 1}"
            address, email = f"Náves {place + 1}", f"spravce{number + 1}@energie.example"
            of_town = {"town": town, "responsible_email": email}
            area = 300 + 90 * place
            building = self._save("buildings", code=code, name=name, address=address, area_m2=area, use=use, **of_town)
            for kind in _KINDS:
                serial = f"{kind.letter}-{code}"
                point = _ean(number, place) if kind.key == "electricity" else f"OM-{serial}"
                facts = {"kind": kind.key, **of_town}
                self._tie(self._save("supply_points", number=point, address=address, **facts), building)
                what = {"serial": serial, "device": f"node-{serial.lower()}", "point": point, "unit": kind.unit}
                self._save("meters", **what, **facts, digits=6, place=f"{name} {town}", state="active")
                yield serial, kind

    def _save(self, register: str, **data: Json) -> str:
        command = SaveRecord(tenant=self._stage.tenant, actor=SYSTEM, register=register, data=data)
        return self._stage.engine.execute(command)

    def _tie(self, point: str, building: str) -> None:
        facts = {"register": "supply_points", "record_id": point, "name": "buildings", "other_id": building}
        whole = {"share_percent": 100}
        self._stage.engine.execute(LinkRecords(tenant=self._stage.tenant, actor=SYSTEM, data=whole, **facts))

    def _readings(self, meters: Sequence[tuple[str, Kind]], days: int) -> Iterator[Json]:
        """Give the states of all meters, day after day until yesterday."""
        first = self._stage.clock.now().replace(hour=5, minute=0, second=0, microsecond=0) - timedelta(days=days)
        counters = [100.0 + 7 * number for number in range(len(meters))]
        for day in range(days):
            at = first + timedelta(days=day)
            winter = cos(2 * pi * at.timetuple().tm_yday / _YEAR)
            for number, (serial, kind) in enumerate(meters):
                counters[number] += kind.daily * (1 + kind.winter * winter) * (0.8 + number % 5 / 10)
                yield {"meter": serial, "at": at.isoformat(), "counter": round(counters[number], 2), "source": "http"}


def _ean(town: int, place: int) -> str:
    """Give a number of a supply point with a right check digit."""
    digits = f"859182400{7_000_000 + 100 * town + place:08}"
    total = sum(int(digit) * (3 if at % 2 == 0 else 1) for at, digit in enumerate(digits))
    return f"{digits}{-total % 10}"
