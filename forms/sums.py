"""Sums of columns of repeated rows (x-sum)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from forms.money import grouped, is_stored
from forms.tree import Field

Json = Any


def total_of(rows: Field, name: str, lang: str) -> str:
    """Give the sum of a column as text; "" for a column that isn't summed. What isn't a number yet doesn't count."""
    cells = [child for row in rows.children for child in row.children if child.name == name]
    if not cells or not cells[0].shape.get("x-sum"):
        return ""
    amounts = [amount for cell in cells if (amount := _amount(cell.value)) is not None]
    is_money = cells[0].shape.get("format") == "money" or cells[0].shape.get("x-unit") == "Kč"
    mark = "," if lang == "cs" else "."
    return grouped(sum(amounts, Decimal(0)), places=2 if is_money else None, mark=mark)


def _amount(value: Json) -> Decimal | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return Decimal(repr(value))
    return Decimal(value) if isinstance(value, str) and is_stored(value) else None
