"""FEEL's built-in functions. One that can't be computed raises, which the caller makes null."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)

from engine.dmn.feel.compare import equal, ordered
from engine.dmn.feel.values import ARITHMETIC, Months, Value, duration, number_or_none, temporal, to_json
from engine.errors import DecisionError

_LONGEST = 100_000
#: Each is compared with each.
_MOST_COMPARED = 1_000


def _flat(values: tuple[Value, ...]) -> list[Value]:
    """Functions over lists take one list or the values themselves."""
    return values[0] if len(values) == 1 and isinstance(values[0], list) else list(values)


def _date(value: Value, month: Value = None, day: Value = None) -> Value:
    if month is not None:
        return date(int(value), int(month), int(day))
    found = temporal(value) if isinstance(value, str) else value
    if isinstance(found, datetime):
        return found.date()
    return found if isinstance(found, date) else None


def _date_and_time(value: Value, clock: Value = None) -> Value:
    if clock is not None:
        return datetime.combine(_date(value), _time(clock))
    found = temporal(value)
    return (
        found if isinstance(found, datetime) else datetime.combine(found, time()) if isinstance(found, date) else None
    )


def _time(value: Value, minute: Value = None, second: Value = None) -> Value:
    if minute is not None:
        return time(int(value), int(minute), int(second or 0))
    found = temporal(value) if isinstance(value, str) else value
    return found.timetz() if isinstance(found, datetime) else found if isinstance(found, time) else None


def _months(start: Value, end: Value) -> Value:
    first, last = _date(start), _date(end)
    count = (last.year - first.year) * 12 + last.month - first.month
    if count > 0 and last.day < first.day:
        count -= 1
    elif count < 0 and last.day > first.day:
        count += 1
    return Months(count)


def _rounded(how: str) -> Callable[..., Value]:
    def rounded(number: Decimal, places: Decimal = Decimal(0)) -> Decimal:
        return number.quantize(Decimal(1).scaleb(-int(places)), rounding=how, context=ARITHMETIC)

    return rounded


def _string(value: Value) -> Value:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if abs(value.adjusted()) < 400 else str(value)
    return str(to_json(value))


def _number(value: Value, grouping: Value = None, decimal_sign: Value = None) -> Value:
    if isinstance(value, str):
        value = value.replace(grouping or "", "") if grouping else value
        value = value.replace(decimal_sign, ".") if decimal_sign else value
    return number_or_none(value)


def _substring(text: str, start: Decimal, length: Decimal | None = None) -> str:
    begin = int(start) - 1 if start > 0 else len(text) + int(start)
    return text[begin:] if length is None else text[begin : begin + int(length)]


def _least(sign: str) -> Callable[..., Value]:
    def least(*values: Value) -> Value:
        best, *rest = _flat(values)
        for value in rest:
            if ordered(sign, value, best):
                best = value
        return best

    return least


def _sum(*values: Value) -> Value:
    numbers = _flat(values)
    total = Decimal(0)
    for number in numbers:
        total = ARITHMETIC.add(total, number)
    return total if numbers else None


def _mean(*values: Value) -> Value:
    return ARITHMETIC.divide(_sum(*values), Decimal(len(_flat(values))))


def _modulo(number: Decimal, divisor: Decimal) -> Decimal:
    return number - divisor * (number / divisor).to_integral_value(rounding=ROUND_FLOOR)


def _all(*values: Value) -> Value:
    found = _flat(values)
    return False if False in found else None if None in found else True


def _any(*values: Value) -> Value:
    found = _flat(values)
    return True if True in found else None if None in found else False


def _distinct(values: list[Value]) -> list[Value]:
    if all(isinstance(value, str) for value in values) or all(isinstance(value, Decimal) for value in values):
        return list(dict.fromkeys(values))
    if len(values) > _MOST_COMPARED:
        raise DecisionError(f"only {_MOST_COMPARED} values of different kinds can be told apart")
    found: list[Value] = []
    for value in values:
        if not any(equal(value, other) for other in found):
            found.append(value)
    return found


def _joined(texts: list[str], between: str = "") -> str:
    found = (between or "").join(text for text in texts if text is not None)
    if len(found) > _LONGEST:
        raise ValueError("the text is too long")
    return found


def _negated(value: Value) -> Value:
    return not value if isinstance(value, bool) else None


def _position(values: list[Value], wanted: Value) -> list[Value]:
    return [Decimal(place) for place, value in enumerate(values, 1) if equal(value, wanted)]


def _part(name: str) -> Callable[[Value], Value]:
    return lambda value: Decimal(getattr(_date(value), name))


FUNCTIONS: dict[str, Callable[..., Value]] = {
    "date": _date,
    "date and time": _date_and_time,
    "time": _time,
    "duration": duration,
    "years and months duration": _months,
    "year": _part("year"),
    "month": _part("month"),
    "day": _part("day"),
    "day of week": lambda day: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"][
        _date(day).weekday()
    ],
    "day of year": lambda day: Decimal(_date(day).timetuple().tm_yday),
    "week of year": lambda day: Decimal(_date(day).isocalendar().week),
    "string": _string,
    "number": _number,
    "not": _negated,
    "is defined": lambda value: value is not None,
    "substring": _substring,
    "string length": lambda text: Decimal(len(text)),
    "upper case": lambda text: text.upper(),
    "lower case": lambda text: text.lower(),
    "substring before": lambda text, part: text.partition(part)[0] if part in text else "",
    "substring after": lambda text, part: text.partition(part)[2],
    "contains": lambda text, part: part in text if isinstance(text, str) else None,
    "starts with": lambda text, part: text.startswith(part),
    "ends with": lambda text, part: text.endswith(part),
    "split": lambda text, by: text.split(by),
    "string join": _joined,
    "list contains": lambda values, wanted: any(equal(value, wanted) for value in values),
    "count": lambda *values: Decimal(len(_flat(values))),
    "min": _least("<"),
    "max": _least(">"),
    "sum": _sum,
    "mean": _mean,
    "all": _all,
    "any": _any,
    "append": lambda values, *more: [*values, *more],
    "concatenate": lambda *lists: [value for values in lists for value in values],
    "reverse": lambda values: values[::-1],
    "index of": _position,
    "distinct values": _distinct,
    "union": lambda *lists: _distinct([value for values in lists for value in values]),
    "get value": lambda context, key: context.get(key),
    "decimal": _rounded(ROUND_HALF_EVEN),
    "floor": _rounded(ROUND_FLOOR),
    "ceiling": _rounded(ROUND_CEILING),
    "round up": _rounded(ROUND_UP),
    "round down": _rounded(ROUND_DOWN),
    "round half up": _rounded(ROUND_HALF_UP),
    "round half down": _rounded(ROUND_HALF_DOWN),
    "abs": lambda value: abs(value) if isinstance(value, (Decimal, timedelta)) else Months(abs(value.count)),
    "modulo": _modulo,
    "sqrt": lambda number: ARITHMETIC.sqrt(number),
    "even": lambda number: number % 2 == 0,
    "odd": lambda number: number % 2 == 1,
}

#: Names of arguments where they may be given by name.
PARAMETERS: dict[str, tuple[tuple[str, ...], ...]] = {
    "date": (("from",), ("year", "month", "day")),
    "time": (("from",), ("hour", "minute", "second")),
    "date and time": (("from",), ("date", "time")),
    "duration": (("from",),),
    "string": (("from",),),
    "number": (("from", "grouping separator", "decimal separator"),),
    "substring": (("string", "start position", "length"),),
    "contains": (("string", "match"),),
    "list contains": (("list", "element"),),
    "sum": (("list",),),
    "min": (("list",),),
    "max": (("list",),),
    "count": (("list",),),
    "decimal": (("n", "scale"),),
    "round half up": (("n", "scale"),),
    "floor": (("n", "scale"),),
    "ceiling": (("n", "scale"),),
}
