"""Factors by which counts become one unit, such as cubic metres of gas kilowatt-hours, each valid from a day on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, DecimalException

from engine.model import Json, Variables


@dataclass(frozen=True, kw_only=True)
class Conversion:
    """The factor of one kind from a day on."""

    kind: str
    #: 2026-03-01; "" = from the beginning.
    since: str
    factor: float

    @property
    def begins_a_month(self) -> bool:
        """Whether no month has two factors by it."""
        return not self.since or self.since.endswith("-01")


def conversions(convert: Mapping[str, Json], records: Iterable[Variables]) -> list[Conversion]:
    """Read the records of a register of factors, by kind and day; what can't be read converts nothing.

    `convert` is that of `rows`: names of the fields with the kind (`match`), the day (`from`) and the numbers that are
    multiplied (`factor`).
    """
    found = [
        Conversion(
            kind=str(data.get(convert["match"]) or ""),
            since=str(data.get(convert["from"]) or "")[:10],
            factor=factor,
        )
        for data in records
        if (factor := _product([data.get(name) for name in convert["factor"]])) is not None
    ]
    return sorted(found, key=lambda one: (one.kind, one.since))


def factor_on(known: Iterable[Conversion], kind: str, day: str) -> float:
    """Give the factor of a kind on a day, or in a month or year by its beginning; 1 where there is none."""
    valid = [one.factor for one in known if one.kind == kind and one.since[: len(day)] <= day]
    return valid[-1] if valid else 1.0


def _product(numbers: Iterable[Json]) -> float | None:
    product = Decimal(1)
    for number in numbers:
        if number in (None, ""):
            continue
        try:
            product *= Decimal(str(number))
        except DecimalException:
            return None
    return float(product) if product.is_finite() and product > 0 else None
