"""A computed value as a form: a price by a choice or a number, times numbers, or a sum; and reading what was chosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations

from engine.model import Json
from forms.edit import EditRefused, branches
from forms.edit.choices import Offer
from forms.edit.places import Schema, container_of, data_path
from forms.edit.prices import AMOUNT, ByChoice, BySize, Column, Days, Factor, Fixed, Price, Product, Total, Worth, read
from forms.edit.rules import MOST_GROUPS, Answer
from forms.edit.tree import every, tree
from forms.pointers import get, split
from web.i18n import _
from web.studio.asking import Asked, answers_for

PRICE, TOTAL, TEXT = "price", "total", "text"
CHOICES, NUMBERS = ("choice", "alternatives", "yes_no", "ticks"), ("integer", "number")
COMPUTED = "computed"
SUMMED = (*NUMBERS, "money", COMPUTED)
#: Rows of a price by size, choices of a price, numbers by which a price is multiplied.
MOST_SIZES, MOST_AMOUNTS, MOST_FACTORS = 12, 500, 4
#: Dates between which days are counted.
MOST_DATES = 8


@dataclass(frozen=True, kw_only=True)
class Priced:
    """The controls of a computed value, as they stand or as they were typed."""

    mode: str = PRICE
    #: Pointer of the question by whose answer the price goes; "" = one price for all.
    by: str = ""
    fixed: str = ""
    #: Amounts in the order of the choices.
    amounts: tuple[str, ...] = ()
    below: str = ""
    #: From how much on, and the amount.
    sizes: tuple[tuple[str, str], ...] = ()
    factors: tuple[str, ...] = ()
    #: "answer:/a", "column:/rows:name".
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Priceable:
    """Answers of which a computed value can be made."""

    answers: Sequence[Asked]
    #: What can be summed: key as in Priced.parts → label and what it is.
    parts: Mapping[str, tuple[str, Answer | Column]]

    @property
    def by(self) -> list[Asked]:
        """Answers by which a price can go."""
        return [one for one in self.answers if one.kind in (*CHOICES, *NUMBERS)]

    @property
    def factors(self) -> Mapping[str, tuple[str, Factor]]:
        """By what a price can be multiplied: numbers, days and nights between dates; key → label and what it is."""
        numbers = [
            one for one in self.answers if one.kind in NUMBERS or (one.kind == COMPUTED and one.measure == "text")
        ]
        found: dict[str, tuple[str, Factor]] = {
            one.pointer: (one.label, Answer(pointer=one.pointer)) for one in numbers
        }
        dates = [one for one in self.answers if one.kind == "date"][:MOST_DATES]
        for since, until in combinations(dates, 2):
            labels = {"since": since.label, "until": until.label}
            days = Days(since=Answer(pointer=since.pointer), until=Answer(pointer=until.pointer))
            nights = replace(days, nights=True)
            found[_factor_key(days)] = (_("days from „%(since)s“ to „%(until)s“", **labels), days)
            found[_factor_key(nights)] = (_("nights from „%(since)s“ to „%(until)s“", **labels), nights)
        return found

    def asked(self, pointer: str) -> Asked | None:
        """The question at a pointer."""
        return next((one for one in self.answers if one.pointer == pointer), None)


def priceable(schema: Schema, place: str) -> Priceable:
    """What a computed value can be made of: answers beside it and around it, the nearest of a name."""
    found: list[Asked] = []
    parts: dict[str, tuple[str, Answer | Column]] = {}
    seen: set[str] = set()
    for level in _levels(place):
        inner = data_path(place)[len(data_path(level))]
        beside = answers_for(schema, f"{level}/properties/?" if seen else place)
        near = [
            one for one in beside if split(one.pointer)[0] not in seen and one.pointer.count("/") <= MOST_GROUPS + 1
        ]
        near = [one for one in near if split(one.pointer)[0] != inner]
        found += [_with_yes_and_no(one) for one in near]
        summed: list[tuple[str, Answer | Column]] = [
            (one.label, Answer(pointer=one.pointer)) for one in near if one.kind in SUMMED
        ]
        parts |= {_part_key(part): (label, part) for label, part in [*summed, *_columns(schema, level, near)]}
        seen |= branches.names_taken(schema, level)
    return Priceable(answers=found, parts=parts)


def _levels(place: str) -> Iterator[str]:
    """The objects around a place, the nearest first."""
    level = branches.home(container_of(place))
    yield level
    while level:
        level = branches.home(level.rpartition("/")[0].removesuffix("/properties"))
        yield level


def _columns(schema: Schema, level: str, near: Sequence[Asked]) -> Iterator[tuple[str, Column]]:
    """Answers of repeated groups that can be summed over the rows."""
    rows = {data_path(one.pointer): one for one in every(tree(schema)) if one.kind == "rows"}
    for one in near:
        node = rows.get((*data_path(level), *split(one.pointer)))
        for child in node.children if node else ():
            if child.kind in SUMMED:
                yield f"{one.label} › {child.title}", Column(rows=Answer(pointer=one.pointer), name=child.name)


def _with_yes_and_no(one: Asked) -> Asked:
    if one.kind != "yes_no":
        return one
    return replace(one, offers=(Offer(label=_("Yes")), Offer(label=_("No"))), values=(True, False))


# --- as it stands ----------------------------------------------------------------------------------------------------


def shown(schema: Schema, place: str, among: Priceable) -> Priced:
    """The controls for a value as it stands."""
    text = get(schema, f"{place}/x-computed")
    worth = read(text)
    if worth is None:
        return Priced(mode=TEXT if text else PRICE)
    if isinstance(worth, Total):
        return Priced(mode=TOTAL, parts=tuple(_part_key(one) for one in worth.parts))
    return replace(_priced(worth.price, among), factors=tuple(map(_factor_key, worth.factors)))


def _part_key(one: Answer | Column) -> str:
    return f"answer:{one.pointer}" if isinstance(one, Answer) else f"column:{one.rows.pointer}:{one.name}"


def _factor_key(one: Factor) -> str:
    if isinstance(one, Answer):
        return one.pointer
    return f"{'nights' if one.nights else 'days'}:{one.since.pointer}:{one.until.pointer}"


def _priced(price: Price, among: Priceable) -> Priced:
    if isinstance(price, Fixed):
        return Priced(fixed=_read_aloud(price.amount))
    if isinstance(price, BySize):
        sizes = tuple((_read_aloud(f"{least}"), _read_aloud(amount)) for least, amount in price.steps)
        return Priced(by=price.by.pointer, below=_read_aloud(price.below), sizes=sizes)
    asked = among.asked(price.by.pointer)
    known = [(type(value), value, amount) for value, amount in price.amounts]
    amounts = [
        next((amount for kind, known_value, amount in known if (kind, known_value) == (type(value), value)), "")
        for value in (asked.values if asked else ())
    ]
    return Priced(by=price.by.pointer, amounts=tuple(map(_read_aloud, amounts)))


def _read_aloud(amount: str) -> str:
    """An amount as a person writes it."""
    return amount.removesuffix(".00").replace(".", ",")


# --- as it was chosen ------------------------------------------------------------------------------------------------


def posted(form: Mapping[str, str]) -> Priced:
    """The controls as they were posted."""

    def typed(name: str) -> str:
        return form.get(name, "").strip()

    amounts = [typed(f"p:a:{at}") for at in range(MOST_AMOUNTS) if f"p:a:{at}" in form]
    sizes = [(typed(f"p:s:{at}:from"), typed(f"p:s:{at}:amount")) for at in range(MOST_SIZES)]
    factors = [typed(f"p:x:{at}") for at in range(MOST_FACTORS)]
    return Priced(
        mode=TOTAL if typed("p:mode") == TOTAL else PRICE,
        by=typed("p:by"),
        fixed=typed("p:fixed"),
        amounts=tuple(amounts),
        below=typed("p:below"),
        sizes=tuple(one for one in sizes if any(one)),
        factors=tuple(one for one in factors if one),
        parts=tuple(name.removeprefix("p:part:") for name in form if name.startswith("p:part:")),
    )


def worth_of(typed: Priced, among: Priceable, *, money: bool) -> Worth:
    """What the controls say. Raises EditRefused with what is missing."""
    if typed.mode == TOTAL:
        if not typed.parts or not set(typed.parts) <= among.parts.keys():
            raise EditRefused("pick-parts")
        return Total(parts=tuple(among.parts[one][1] for one in typed.parts))
    if not set(typed.factors) <= among.factors.keys():
        raise EditRefused("no-such-place")
    factors = tuple(among.factors[one][1] for one in typed.factors)
    return Product(price=_price(typed, among, _Reader(money=money)), factors=factors)


@dataclass(frozen=True, kw_only=True)
class _Reader:
    """Reads amounts; of money with two places."""

    money: bool

    def __call__(self, text: str, label: str) -> str:
        plain = _plain(text)
        if not text:
            raise EditRefused("amount-needed", label)
        if not AMOUNT.fullmatch(plain):
            raise EditRefused("no-amount", text)
        whole = plain.partition(".")[2]
        return f"{Decimal(plain):.2f}" if self.money and len(whole) <= 2 else plain


def _plain(text: str) -> str:
    return "".join(text.split()).replace("\u00a0", "").replace(",", ".").removesuffix("Kč").removesuffix(".-")


def _price(typed: Priced, among: Priceable, amount: _Reader) -> Price:
    if not typed.by:
        return Fixed(amount=amount(typed.fixed, _("the price")))
    asked = among.asked(typed.by)
    if asked is None:
        raise EditRefused("no-such-place")
    by = Answer(pointer=asked.pointer)
    if asked.kind in NUMBERS:
        return BySize(by=by, steps=tuple(_sizes(typed, amount)), below=amount(typed.below, _("in other cases")))
    listed = [*typed.amounts, *[""] * len(asked.offers)]
    amounts = tuple(
        (value, amount(text, offer.label))
        for value, offer, text in zip(asked.values, asked.offers, listed, strict=False)
    )
    if not amounts or any(isinstance(value, list | dict) for value, _amount in amounts):
        raise EditRefused("no-such-edit")
    return ByChoice(by=by, amounts=amounts, several=asked.kind == "ticks")


def _sizes(typed: Priced, amount: _Reader) -> Iterator[tuple[int | float, str]]:
    """From how much on it costs what, the least first."""
    read_sizes: dict[int | float, str] = {}
    for least, text in typed.sizes:
        number: Json = _plain(least)
        if not AMOUNT.fullmatch(number):
            raise EditRefused("no-amount", least) if least else EditRefused("size-needed", text)
        size = float(number) if "." in number else int(number)
        if size in read_sizes:
            raise EditRefused("same-size", least)
        read_sizes[size] = amount(text, least)
    if not read_sizes:
        raise EditRefused("size-needed", typed.below or "?")
    yield from sorted(read_sizes.items())
