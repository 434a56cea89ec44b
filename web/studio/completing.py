"""Functions that expressions may call, each with how it is written and what it gives, for the editor to offer."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext

from engine.model import Json
from web.studio.words import Word

#: Name → how it is called, what it gives. docs/expressions.md has examples of each.
FUNCTIONS: Mapping[str, tuple[str, Word]] = {
    "value_of": ('value_of("name", default)', lazy_gettext("a variable that may be missing, else the default")),
    "fail": ('fail("code", "why")', lazy_gettext("ends the script with an error that an event can catch")),
    "sum": ("sum(amounts)", lazy_gettext("exact sum of a list of amounts")),
    "plus": ("plus(a, b)", lazy_gettext("exact sum of two amounts")),
    "minus": ("minus(a, b)", lazy_gettext("exact difference of two amounts")),
    "times": ("times(a, b)", lazy_gettext("exact product")),
    "divide": ("divide(a, b)", lazy_gettext("quotient rounded to haléře")),
    "round_half_up": ("round_half_up(amount, places)", lazy_gettext("rounded, a half goes up")),
    "money": ("money(amount)", lazy_gettext("amount in words of letters: 7 620,00 Kč")),
    "money_short": ("money_short(amount)", lazy_gettext("amount written briefly: 7 620,- Kč")),
    "format_number": ("format_number(number, places)", lazy_gettext("number with spaces and a decimal comma")),
    "to_halere": ("to_halere(amount)", lazy_gettext("amount in haléře, a whole number")),
    "from_halere": ("from_halere(number)", lazy_gettext("haléře as an amount in crowns")),
    "date": ("date(2026, 7, 1)", lazy_gettext("a day; of a moment the day in Prague")),
    "add_days": ("add_days(day, count)", lazy_gettext("so many days later")),
    "add_months": ("add_months(day, count)", lazy_gettext("so many months later, at most the end of the month")),
    "add_working_days": ("add_working_days(day, count)", lazy_gettext("so many working days later")),
    "working_days": ("working_days(from, to)", lazy_gettext("how many working days lie between")),
    "days_between": ("days_between(from, to)", lazy_gettext("how many days lie between")),
    "months_between": ("months_between(from, to)", lazy_gettext("how many whole months lie between")),
    "period_end": ('period_end(day, "P30D")', lazy_gettext("end of a statutory period by § 40")),
    "format_date": ('format_date(day, "long")', lazy_gettext("a day as people read it")),
    "last_of_month": ("last_of_month(day)", lazy_gettext("the last day of its month")),
    "year": ("year(day)", lazy_gettext("the year of a day")),
    "month": ("month(day)", lazy_gettext("the month of a day, 1 to 12")),
    "day": ("day(day)", lazy_gettext("the day of a month")),
    "weekday": ("weekday(day)", lazy_gettext("the day of a week, Monday is 1")),
    "is_working_day": ("is_working_day(day)", lazy_gettext("whether it is a working day")),
    "next_working_day": ("next_working_day(day)", lazy_gettext("the day itself, else the next working day")),
    "column": ('column(rows, "field")', lazy_gettext("values of one field of a table")),
    "sum_of": ('sum_of(rows, "field")', lazy_gettext("exact sum of one field of a table")),
    "count_where": ('count_where(rows, "field", value)', lazy_gettext("how many rows have the value")),
    "rows_where": ('rows_where(rows, "field", value)', lazy_gettext("rows that have the value")),
    "find_row": ('find_row(rows, "field", value)', lazy_gettext("the first row that has the value, else None")),
    "join_and": ("join_and(texts)", lazy_gettext("a list in a sentence: a, b and c")),
    "format_ico": ("format_ico(text)", lazy_gettext("company number in groups of three")),
    "pad_left": ("pad_left(number, places)", lazy_gettext("number with zeros before it")),
    "in_network": ("in_network(address, network)", lazy_gettext("whether an IP address lies in a network")),
    "network_size": ("network_size(network)", lazy_gettext("how many addresses a network has")),
    "path_of": ("path_of(address)", lazy_gettext("the path of a web address")),
    "len": ("len(list)", lazy_gettext("how many items or letters there are")),
    "str": ("str(value)", lazy_gettext("the value as a text")),
    "int": ("int(text)", lazy_gettext("the text as a whole number")),
    "sorted": ("sorted(list)", lazy_gettext("the list in order")),
    "range": ("range(count)", lazy_gettext("numbers from 0, so many")),
    "any": ("any(list)", lazy_gettext("whether one of them holds")),
    "all": ("all(list)", lazy_gettext("whether all of them hold")),
    "min": ("min(a, b)", lazy_gettext("the least")),
    "max": ("max(a, b)", lazy_gettext("the greatest")),
}


def functions() -> list[Json]:
    """The functions for the editor, by name."""
    return [{"name": name, "call": call, "help": str(told)} for name, (call, told) in sorted(FUNCTIONS.items())]
