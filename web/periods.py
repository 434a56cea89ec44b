"""Deadlines of a diagram in words for the applicant: `P5WD` is „do 5 pracovních dnů“."""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.model import Json
from web.ui.words import NBSP, plural

PARAMETER = re.compile(r"""parameters\[["'](\w+)["']\]""")
PERIOD = re.compile(r"P(\d+)(WD|D|W|M|Y)")

#: Unit → (1, 2 and more) after „do“, and in English.
UNITS = {
    "WD": (("pracovního dne", "pracovních dnů"), ("working day", "working days")),
    "D": (("dne", "dnů"), ("day", "days")),
    "W": (("týdne", "týdnů"), ("week", "weeks")),
    "M": (("měsíce", "měsíců"), ("month", "months")),
    "Y": (("roku", "let"), ("year", "years")),
}


def known(text: str, parameters: Mapping[str, Json]) -> str:
    """The timer text itself, or the agenda's parameter that holds it."""
    named = PARAMETER.fullmatch(text.strip())
    return str(parameters.get(named[1], "")) if named else text.strip()


def in_words(text: str, lang: str, parameters: Mapping[str, Json] | None = None) -> str:
    """A period in words; "" for what can't be told before the case runs."""
    period = PERIOD.fullmatch(known(text, parameters or {}))
    if not period:
        return ""
    count, (czech, english) = int(period[1]), UNITS[period[2]]
    if lang == "en":
        return f"within {count}{NBSP}{plural(count, english[0], english[1], english[1], 'en')}"
    return f"do {count}{NBSP}{plural(count, czech[0], czech[1], czech[1])}"
