"""Built-ins an office needs in Starlark. Pure functions on JSON; each one bounded whatever it is given.

Amounts are in crowns: a whole number or a decimal text, `"7620.50"`. Days are ISO texts.
"""

from __future__ import annotations

from collections.abc import Callable

from engine.expressions import office_dates, office_money, office_networks, office_tables
from engine.model import Json

BUILTINS: dict[str, Callable[..., Json]] = {
    **office_money.BUILTINS,
    **office_dates.BUILTINS,
    **office_tables.BUILTINS,
    **office_networks.BUILTINS,
}
