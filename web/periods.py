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


#: Unit of a longer time → 1, 2 to 4, 5 and more in Czech; 1, more in English.
LONG = {
    "Y": (("rok", "roky", "let"), ("year", "years")),
    "M": (("měsíc", "měsíce", "měsíců"), ("month", "months")),
    "D": (("den", "dny", "dní"), ("day", "days")),
}


def kept_for(text: str, lang: str) -> str:
    """A time for which something is kept, in words: `P10Y` is „10 let“, `P1Y6M` „1 rok 6 měsíců“."""
    told = []
    for count, unit in re.findall(r"(\d+)([YMD])", text):
        (one, few, many), english = LONG[unit]
        forms = (english[0], english[1], english[1]) if lang == "en" else (one, few, many)
        told.append(f"{count}{NBSP}{plural(int(count), *forms, lang)}")
    return " ".join(told)


#: One period as authors set it → 1, 2 to 4, 5 and more in Czech; 1, more in English.
LENGTHS = {
    "WD": (("pracovní den", "pracovní dny", "pracovních dní"), ("working day", "working days")),
    "W": (("týden", "týdny", "týdnů"), ("week", "weeks")),
    **LONG,
    "H": (("hodina", "hodiny", "hodin"), ("hour", "hours")),
    "TM": (("minuta", "minuty", "minut"), ("minute", "minutes")),
}
_LENGTH = re.compile(r"P(?:(\d+)(WD|[DWMY])|T(\d+)([HM]))")


def length(text: str) -> tuple[int, str] | None:
    """A period of one unit as (how many, unit); None for another one. Minutes are `TM`, months `M`."""
    found = _LENGTH.fullmatch(text)
    if found is None:
        return None
    unit = found[2] or ("H" if found[4] == "H" else "TM")
    return int(found[1] or found[3]), unit


def length_text(count: int, unit: str) -> str:
    """The period of one unit as it is written: `P5WD`, `PT6H`."""
    return f"PT{count}{unit[-1]}" if unit in ("H", "TM") else f"P{count}{unit}"


def length_in_words(text: str, lang: str) -> str:
    """A period of one unit in words: `P5WD` is „5 pracovních dní“; another one stays as it is written."""
    told = length(text)
    if told is None:
        return text
    (one, few, many), english = LENGTHS[told[1]]
    forms = (english[0], english[1], english[1]) if lang == "en" else (one, few, many)
    return f"{told[0]}{NBSP}{plural(told[0], *forms, lang)}"


_IN_BRACKETS = re.compile(r"\((P[0-9A-Z]+)\)")


def reckoned(line: Mapping[str, Json], lang: str) -> str:
    """A line of how a day came about, `{"text", "text_en"}`, with the period in words where it is in brackets."""
    text = str((line.get("text_en") if lang == "en" else "") or line["text"])
    return _IN_BRACKETS.sub(lambda found: f"({length_in_words(found[1], lang)})", text)
