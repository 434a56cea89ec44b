"""The condition of a question as a form: which answers can be asked for, and reading what the author chose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from engine.model import Json
from forms.compile import shared_library
from forms.edit import EditRefused, branches
from forms.edit.alternatives import told_by, variants
from forms.edit.choices import Offer, offers, stored_values
from forms.edit.conditions import ANSWERED, UNANSWERED, Clause, Condition
from forms.edit.places import Schema, container_of, is_field
from forms.edit.tree import Node, every, tree
from forms.graph import LIBRARY
from forms.pointers import get, join
from web.i18n import _
from web.studio.words import OPERATORS

#: Rows of conditions that a page can have.
MOST_ROWS = 20
#: Answers that a condition in words names one by one.
MOST_TOLD = 3
_SIZES = ("at-least", "at-most", "over", "under")
_NUMBERS = ("integer", "number")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """An answer on which a question may depend."""

    #: Pointer among the answers of the container.
    pointer: str
    label: str
    kind: str
    #: What is compared by size: the kind, of a computed value what comes out.
    measure: str = ""
    offers: Sequence[Offer] = ()
    #: Stored values of the offers, in their order.
    values: Sequence[Json] = ()

    @property
    def operators(self) -> Mapping[str, Any]:
        """What can be said of it."""
        names: tuple[str, ...] = ("is", "is-not", ANSWERED, UNANSWERED)
        if self.kind in _NUMBERS:
            names = ("is", *_SIZES, "is-not", ANSWERED, UNANSWERED)
        elif self.kind in ("choice", "alternatives"):
            names = ("is", "is-not", "one-of", ANSWERED, UNANSWERED)
        elif self.kind == "ticks":
            names = ("contains", ANSWERED, UNANSWERED)
        elif self.kind in ("group", "rows", "file", "files", "library", "advanced"):
            names = (ANSWERED, UNANSWERED)
        return {name: OPERATORS[name] for name in names}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One clause as a row of the form."""

    pointer: str = ""
    operator: str = ""
    value: str = ""
    asked: Asked | None = None
    #: Numbers of the offers among which the answer has to be.
    ticked: frozenset[int] = frozenset()


def answers_for(schema: Schema, place: str) -> list[Asked]:
    """Give the answers on which a field can depend: those beside it, and those in groups beside it."""
    home = branches.home(container_of(place))
    found: dict[str, Asked] = {}
    for node in every(tree(schema)):
        inside_itself = node.pointer == place or node.pointer.startswith(place + "/")
        if is_field(node.pointer) and not inside_itself and branches.home(container_of(node.pointer)) == home:
            for asked in _asked(schema, node, "", ""):
                found.setdefault(asked.pointer, asked)
    return list(found.values())


def _asked(schema: Schema, node: Node, above: str, before: str) -> Iterator[Asked]:
    pointer, label = join(above, node.name), f"{before}{node.title}"
    own = get(schema, node.pointer)
    offered, values = offered_by(schema, node)
    made = own.get("format", "text") if node.kind == "computed" and isinstance(own, dict) else node.kind
    yield Asked(pointer=pointer, label=label, kind=node.kind, measure=str(made), offers=offered, values=values)
    if node.kind == "group":
        for child in node.children:
            if is_field(child.pointer):
                yield from _asked(schema, child, pointer, f"{label} › ")
    if node.kind == "library" and isinstance(own, dict):
        shared = shared_library().get(str(own.get("$ref", "")).removeprefix(LIBRARY), {})
        yield from _in_library(shared, pointer, label)


def offered_by(schema: Schema, node: Node) -> tuple[Sequence[Offer], Sequence[Json]]:
    """Give the answers on offer at a question, and their stored values."""
    if node.kind == "alternatives":
        told = told_by(schema, node.pointer)
        return variants(schema, node.pointer), told.values if told else ()
    if node.kind in ("choice", "ticks"):
        return offers(schema, node.pointer), stored_values(schema, node.pointer)
    return (), ()


def _in_library(shared: Mapping[str, Json], pointer: str, label: str) -> Iterator[Asked]:
    for node in tree(dict(shared)):
        if is_field(node.pointer):
            yield from _asked(dict(shared), node, pointer, f"{label} › ")


# --- shown and read --------------------------------------------------------------------------------------------------


def lines_of(condition: Condition | None, asked: Sequence[Asked]) -> list[Line]:
    """Give the rows of a condition, and an empty one after them."""
    known = {one.pointer: one for one in asked}
    rows = [_line(one, known.get(one.pointer)) for one in condition.clauses] if condition else []
    return [*rows, Line()]


def _line(clause: Clause, asked: Asked | None) -> Line:
    ticked = frozenset[int]()
    if asked and clause.operator == "one-of" and isinstance(clause.value, list):
        ticked = frozenset(at for at, value in enumerate(asked.values) if value in clause.value)
    return Line(
        pointer=clause.pointer, operator=clause.operator, value=_shown(clause.value), asked=asked, ticked=ticked
    )


def posted_lines(posted: Mapping[str, str], asked: Sequence[Asked]) -> list[Line]:
    """Give the rows as they were posted, for the page to come again."""
    known = {one.pointer: one for one in asked}
    rows = []
    for at in range(MOST_ROWS):
        pointer = posted.get(f"c:{at}:field", "")
        if pointer:
            rows.append(_posted_line(posted, f"c:{at}", known.get(pointer), pointer))
    return [*rows, Line()]


def _posted_line(posted: Mapping[str, str], name: str, asked: Asked | None, pointer: str) -> Line:
    ticked = frozenset(at for at in range(len(asked.offers)) if f"{name}:one:{at}" in posted) if asked else frozenset()
    operator, value = posted.get(f"{name}:operator", ""), posted.get(f"{name}:value", "")
    return Line(pointer=pointer, operator=operator, value=value, asked=asked, ticked=ticked)


def read_condition(posted: Mapping[str, str], asked: Sequence[Asked], before: Condition | None) -> Condition | None:
    """Read the rows; None = always. Raises EditRefused with what is missing."""
    rows = posted_lines(posted, asked)[:-1]
    clauses = tuple(_clause(row, before) for row in rows)
    return Condition(clauses=clauses, any=posted.get("c:any") == "1") if clauses else None


def _clause(row: Line, before: Condition | None) -> Clause:
    # What was there and wasn't touched keeps its value as it is, whatever its type.
    untouched = next((one for one in before.clauses if _is_as_shown(one, row)), None) if before else None
    if untouched is not None:
        return untouched
    if row.asked is None:
        raise EditRefused("pick-field")
    if row.operator in _SIZES and row.operator not in row.asked.operators:
        raise EditRefused("only-numbers", row.asked.label)
    operator = row.operator if row.operator in row.asked.operators else next(iter(row.asked.operators))
    if operator in (ANSWERED, UNANSWERED):
        return Clause(pointer=row.pointer, operator=operator)
    if operator == "one-of":
        return Clause(pointer=row.pointer, operator=operator, value=_ticked(row, row.asked))
    return Clause(pointer=row.pointer, operator=operator, value=_value(row.asked, row.value.strip()))


def _is_as_shown(clause: Clause, row: Line) -> bool:
    shown = _line(clause, row.asked)
    same_value = shown.ticked == row.ticked if shown.ticked else shown.value == row.value
    return (shown.pointer, shown.operator) == (row.pointer, row.operator) and same_value


def _ticked(row: Line, asked: Asked) -> list[Json]:
    """The ticked answers; without JavaScript the first time as words with commas."""
    if row.ticked:
        return [asked.values[at] for at in sorted(row.ticked)]
    return [_value(asked, word.strip()) for word in row.value.split(",") if word.strip()] or [_value(asked, "")]


def _value(asked: Asked, text: str) -> Json:
    if not text:
        raise EditRefused("pick-value", asked.label)
    if asked.kind in ("yes_no", "consent"):
        word = text.casefold()
        if word in ("true", "1", str(_("Yes")).casefold()):
            return True
        if word in ("false", "0", str(_("No")).casefold()):
            return False
        raise EditRefused("no-such-choice", text)
    if asked.kind in ("choice", "ticks", "alternatives"):
        return _offered(asked, text)
    return _number(text) if asked.kind in _NUMBERS else text


def _offered(asked: Asked, text: str) -> Json:
    hit = next((offer for offer in asked.offers if text in (offer.value, offer.label)), None)
    if hit is None:
        raise EditRefused("no-such-choice", text)
    return asked.values[hit.was] if hit.was is not None else hit.value


def _number(text: str) -> Json:
    try:
        number = Decimal(text.replace("\u00a0", "").replace(" ", "").replace(",", "."))
    except InvalidOperation:
        raise EditRefused("no-number") from None
    if not number.is_finite() or abs(number) > 10**15:
        raise EditRefused("no-number")
    return int(number) if number == number.to_integral_value() else float(number)


def _shown(value: Json) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(map(_shown, value))
    return "" if value is None else str(value)


def said(condition: Condition, asked: Sequence[Asked]) -> str:
    """Say a condition in words, over the answers on which it can depend."""
    known = {one.pointer: one for one in asked}
    parts = [_said(one, known.get(one.pointer)) for one in condition.clauses]
    between = _("or") if condition.any else _("and")
    return f" {between} ".join(parts)


def _said(clause: Clause, asked: Asked | None) -> str:
    label = asked.label if asked else clause.pointer.lstrip("/")
    operator = str(OPERATORS[clause.operator])
    if clause.operator in (ANSWERED, UNANSWERED):
        return f"„{label}“ {operator}"
    return f"„{label}“ {operator} {_answer(clause.value, asked)}"


def _answer(value: Json, asked: Asked | None) -> str:
    if isinstance(value, bool):
        return _("Yes").lower() if value else _("No").lower()
    if isinstance(value, list):
        return ", ".join(_answer(one, asked) for one in value[:MOST_TOLD]) + (" …" if len(value) > MOST_TOLD else "")
    hit = next((offer for offer in asked.offers if offer.value == _shown(value)), None) if asked else None
    return f"„{hit.label}“" if hit else _shown(value)
