"""How people read dates, times, money and numbers, Czech and English. Pure: the language is an argument."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from engine.calendar import PRAGUE

NBSP = "\u00a0"
DAYS = ("pondělí", "úterý", "středa", "čtvrtek", "pátek", "sobota", "neděle")
#: After „do“: do středy, do pátku.
DAYS_GENITIVE = ("pondělí", "úterý", "středy", "čtvrtka", "pátku", "soboty", "neděle")
DAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS_EN = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

_PREPOSITION = re.compile(r"(?<![\w\u00a0])([ksvzouaiKSVZOUAI]) (?=\S)")
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_NUMBER = re.compile(r"(\d\.?) (?=[\d%]|(?:Kč|let|dní|dnů|dny|den|měsíc\w*|hodin\w*|minut\w*|kusů|obyvatel\w*)\b)")
_ABBREVIATION = re.compile(r"(?:\b(?:č\.\u00a0j\.|č\.|čl\.|odst\.|písm\.|str\.|tj\.|např\.|IČO|PSČ)|§) (?=\S)")


def local_day(value: date | datetime) -> date:
    """The day in Prague."""
    return value.astimezone(PRAGUE).date() if isinstance(value, datetime) else value


def moment(value: date | datetime | str) -> date | datetime:
    """A date or aware moment, also from its ISO text."""
    if not isinstance(value, str):
        return value
    return datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)


def numeric(day: date, lang: str = "cs", *, year: bool = True) -> str:
    """23. 11. 2026, 23 November 2026."""
    if lang == "en":
        return f"{day.day}{NBSP}{MONTHS_EN[day.month - 1]}" + (f"{NBSP}{day.year}" if year else "")
    return f"{day.day}.{NBSP}{day.month}." + (f"{NBSP}{day.year}" if year else "")


def date_cz(value: date | datetime | str, lang: str = "cs", *, until: bool = False) -> str:
    """Pondělí 23. 11. 2026, in small letters; `until` gives the form after „do“."""
    day = local_day(moment(value))
    names = DAYS_EN if lang == "en" else DAYS_GENITIVE if until else DAYS
    return f"{names[day.weekday()]} {numeric(day, lang)}"


def date_plain(value: date | datetime | str, lang: str = "cs") -> str:
    """23. 11. 2026."""
    return numeric(local_day(moment(value)), lang)


def date_short(value: date | datetime | str, lang: str = "cs") -> str:
    """23. 11., for lists."""
    return numeric(local_day(moment(value)), lang, year=False)


def month(name: str) -> str:
    """6/2026 from `2026-06`; any other name as it is."""
    found = _MONTH.fullmatch(name)
    return f"{int(found[2])}/{found[1]}" if found else name


def clock(value: datetime) -> str:
    """10:58 in Prague."""
    local = value.astimezone(PRAGUE)
    return f"{local.hour}:{local.minute:02}"


def moment_cz(value: datetime | str, lang: str = "cs") -> str:
    """Pondělí 23. 11. 2026 v 10:58."""
    when = moment(value)
    assert isinstance(when, datetime)
    return f"{date_cz(when, lang)} {'at' if lang == 'en' else 'v'}{NBSP}{clock(when)}"


def plural(count: int, one: str, few: str, many: str, lang: str = "cs") -> str:
    """The word for so many: 1 den, 2 dny, 5 dní. English takes one and many."""
    if abs(count) == 1:
        return one
    return few if lang == "cs" and 2 <= abs(count) <= 4 else many


def days(count: int, lang: str = "cs") -> str:
    """5 dní, 2 dny, 1 den."""
    word = plural(count, "day", "days", "days", lang) if lang == "en" else plural(count, "den", "dny", "dní")
    return f"{count}{NBSP}{word}"


def days_left(due: date | datetime, now: datetime) -> int:
    """Whole days from today to the day of the deadline; negative after it."""
    return (local_day(due) - local_day(now)).days


def time_left(due: date | datetime, now: datetime, lang: str = "cs") -> str:
    """Zbývá 5 dní, zítra, dnes, 2 dny po lhůtě."""
    left = days_left(due, now)
    if left == 0 and isinstance(due, datetime) and due < now:
        return "past due today" if lang == "en" else "dnes po lhůtě"
    if left in (0, 1):
        return (("today", "tomorrow") if lang == "en" else ("dnes", "zítra"))[left]
    if left < 0:
        return f"{days(-left, lang)} {'overdue' if lang == 'en' else 'po lhůtě'}"
    if lang == "en":
        return f"{days(left, lang)} left"
    return f"{plural(left, 'zbývá', 'zbývají', 'zbývá')} {days(left)}"


def urgency(due: date | datetime | None, now: datetime) -> str:
    """Class of the chip: is-late, is-soon (two days or less), or nothing."""
    if due is None:
        return ""
    left = days_left(due, now)
    if left < 0 or (isinstance(due, datetime) and due < now):
        return "is-late"
    return "is-soon" if left <= 2 else ""


def grouped(digits: str) -> str:
    """7620 → 7 620 with no-break spaces."""
    sign, digits = ("−", digits[1:]) if digits.startswith("-") else ("", digits)
    head = len(digits) % 3 or 3
    parts = [digits[:head], *(digits[at : at + 3] for at in range(head, len(digits), 3))]
    return sign + NBSP.join(part for part in parts if part)


def number(value: int | str | Decimal, lang: str = "cs") -> str:
    """1 234,5 and 1,234.5."""
    whole, _, rest = str(value).partition(".")
    if lang == "en":
        return grouped(whole).replace(NBSP, ",") + (f".{rest}" if rest else "")
    return grouped(whole) + (f",{rest}" if rest else "")


def figure(value: float, lang: str = "cs") -> str:
    """A number of a statistics: whole as it is, else to one decimal place."""
    return number(int(value) if value == int(value) else str(round(value, 1)), lang)


def money(value: int | str | Decimal, lang: str = "cs") -> str:
    """7 620,00 Kč and CZK 7,620.00 from whole haléře (int) or a decimal amount (text, Decimal)."""
    try:
        amount = Decimal(value) / 100 if isinstance(value, int) else Decimal(value)
    except InvalidOperation:
        return str(value)
    written = number(f"{amount:.2f}", lang)
    if lang != "en":
        return f"{written}{NBSP}Kč"
    return f"{'−' if amount < 0 else ''}CZK{NBSP}{written.removeprefix('−')}"


def crowns(value: int, lang: str = "cs") -> str:
    """20 000 Kč and CZK 20,000 from whole crowns."""
    if lang != "en":
        return f"{number(value)}{NBSP}Kč"
    return f"{'−' if value < 0 else ''}CZK{NBSP}{number(abs(value), lang)}"


def ico(value: str) -> str:
    """051 29 061, as the register writes it."""
    text = str(value).strip()
    return f"{text[:3]}{NBSP}{text[3:5]}{NBSP}{text[5:]}" if len(text) == 8 and text.isdigit() else text


def filesize(size: int, lang: str = "cs") -> str:
    """140 kB, 1,2 MB."""
    if size < 1000:
        return f"{size}{NBSP}B"
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))}{NBSP}kB"
    text = f"{size / 1_000_000:.1f}"
    return f"{text if lang == 'en' else text.replace('.', ',')}{NBSP}MB"


def nbsp(text: str) -> str:
    """Join one-letter words, numbers with units and abbreviations with what follows them."""
    joined = _PREPOSITION.sub(rf"\1{NBSP}", str(text))
    joined = _PREPOSITION.sub(rf"\1{NBSP}", joined)
    joined = _NUMBER.sub(rf"\1{NBSP}", joined)
    joined = joined.replace("č. j.", f"č.{NBSP}j.")
    return _ABBREVIATION.sub(lambda found: found.group()[:-1] + NBSP, joined)
