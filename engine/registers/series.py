"""What a register of rows in time says of itself: whose rows they are, what they count, which of them are held back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from hashlib import sha256

from engine.calendar import parse_moment
from engine.errors import BadTime, Invalid
from engine.model import Json, Variables
from engine.said import Said

#: Values are kept as whole thousandths: exact on every database, as money is in whole haléře.
THOUSANDTHS = 1000
#: The biggest value, in whole units.
MOST = 10**12
#: A Czech or plain decimal number: `1 234,5` or `1234.5`.
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
_LONGEST_KEY = 64


@dataclass(frozen=True, kw_only=True)
class Series:
    """`rows` of a register with `"series": true`."""

    #: Register of the records under which the rows lie, and the field that names one by id or unique value.
    under: str
    by: str
    #: Fields with the moment and the value of a row.
    time: str
    value: str
    #: counter: a state that grows, whose differences count; amount: a number that counts as it is.
    kind: str = "counter"
    #: Field that tells several counts of one record apart, as the tariffs of a meter; "" = there is one.
    channel: str = ""
    #: Field by which whoever sends a row tells that it is the same again; "" = the moment does.
    source_key: str = ""
    #: Fields of the record above: digits of its counter, by what a difference is multiplied, its last day.
    digits: str = ""
    times: str = ""
    ended: str = ""
    #: A difference by day this many times the median of the last twelve is held back; 0 = none is.
    jump: int = 0
    #: What counts are called, by channel: {"": {"cs": "VT"}, "NT": {"cs": "NT"}}.
    channels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    #: Which counts a record has: a field of the record above and its values; one that isn't here has one count.
    counts: Mapping[str, Json] = field(default_factory=dict)
    #: Through which other record rows are shared out: the field above with its unique value, its register and link,
    #: the field of the tie with the share in percent: {"field", "register", "link", "share"}.
    through: Mapping[str, Json] = field(default_factory=dict)
    #: Register of factors by which counts become one unit: {"register", "match", "from", "factor"}.
    convert: Mapping[str, Json] = field(default_factory=dict)
    #: What programs may send: the field above that tells sets of devices apart (`set`), names in what they send.
    inbox: Mapping[str, Json] | None = None
    #: What people may send by the label on a thing: whether it shows the last value.
    label: Mapping[str, Json] | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of the schema's fields that it uses."""
        return tuple(name for name in (self.by, self.time, self.value, self.channel, self.source_key) if name)

    def rest(self, data: Variables) -> Variables:
        """Give what a row says besides what is kept in columns."""
        return {name: value for name, value in data.items() if name not in self.fields}

    def channel_of(self, data: Variables) -> str:
        """Give which count of the record the row is of."""
        return str(data.get(self.channel) or "") if self.channel else ""

    def counts_of(self, above: Variables) -> tuple[str, ...]:
        """Give the channels that a record has, the first one first."""
        named = self.counts.get("of", {}).get(str(above.get(self.counts.get("field", "")) or ""))
        return tuple(named or ("",))

    def moment_of(self, data: Variables) -> datetime:
        """Give the moment of a row. Raises Invalid."""
        try:
            return parse_moment(str(data.get(self.time) or ""))
        except BadTime as error:
            raise Invalid(f"{self.time}: {error}", code="bad-time") from error

    def key_of(self, data: Variables, moment: datetime, value: int) -> str:
        """Give by what the same row is known when it comes again; at most 64 characters.

        Another value for the same moment is not the same row, unless the sender numbers its rows.
        """
        given = data.get(self.source_key) if self.source_key else None
        name = f"{moment.isoformat()}={value}" if given in (None, "") else f"#{given}"
        key = f"{self.channel_of(data)}|{name}"
        return key if len(key) <= _LONGEST_KEY else sha256(key.encode()).hexdigest()


def read_series(definition: Mapping[str, Json], fields: tuple[str, ...]) -> Series | None:
    """Read `series` and `rows` of a register whose rows have these fields. Raises Invalid."""
    rows = definition.get("rows")
    if bool(definition.get("series")) != (rows is not None):
        czech = "Registr řádků v čase má mít `series` i `rows`."
        raise Invalid(Said(czech, "A register of rows in time says both `series` and `rows`."))
    if rows is None:
        return None
    series = Series(**rows)
    if unknown := [name for name in series.fields if name not in fields]:
        listed = ", ".join(unknown)
        czech = f"Řádky jmenují pole, která jejich schéma nemá: {listed}."
        raise Invalid(Said(czech, f"The rows name fields their schema does not have: {listed}."))
    return series


def thousandths(value: Json) -> int:
    """Read a number, or a text with a decimal comma or full stop, as whole thousandths, halves up. Raises Invalid."""
    text = re.sub(r"[\s\u00a0\u202f]", "", str(value))
    if isinstance(value, bool) or not (isinstance(value, int | float) or _NUMBER.fullmatch(text)):
        raise Invalid("The value is not a number.", code="bad-value")
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation as error:
        raise Invalid("The value is not a number.", code="bad-value") from error
    if not number.is_finite() or abs(number) >= MOST:
        raise Invalid("The value is too big.", code="bad-value")
    return int((number * THOUSANDTHS).to_integral_value(ROUND_HALF_UP))


def plain(value: int) -> int | float:
    """Give whole thousandths as a number of units."""
    whole, part = divmod(value, THOUSANDTHS)
    return whole if not part else value / THOUSANDTHS
