"""Rules across answers: what has to hold between two of them, said as question, operator, question or value."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from forms.edit import steps
from forms.edit.places import Edited, EditRefused, Schema, is_field, part
from forms.pointers import MISSING, get, join, put, split

Json = Any
RULES = "x-rules"
#: Groups in which an answer may stand, one in another.
MOST_GROUPS = 4
#: A rule that is only begun holds for everybody.
ALWAYS = "True"
OPERATORS = {"at-most": "<=", "at-least": ">=", "under": "<", "over": ">", "equal": "==", "different": "!="}
#: Where amounts are compared, both sides are brought to haléře.
MONEY, OTHER = "to_halere", ""
_BY_SIGN = {sign: name for name, sign in OPERATORS.items()}

_TEXT = r'"(?:[^"\\]|\\.)*"'


def _within(groups: int) -> str:
    """Give the pattern of an answer that stands in so many groups."""
    inner = rf"value_of\({_TEXT}, None\)"
    for _group in range(groups):
        inner = rf"\({inner} or \{{\}}\)\.get\({_TEXT}\)"
    return inner


_ANSWER = rf"(?:{'|'.join(_within(groups) for groups in range(MOST_GROUPS + 1))})"
_REGISTER = rf"\(get\({_TEXT}, {_ANSWER}\) or \{{\}}\)\.get\({_TEXT}\)"
_OPERAND = rf"(?:{_REGISTER}|{_ANSWER}|{_TEXT}|today|-?[0-9]+(?:\.[0-9]+)?)"
_SIDE = rf"(?:to_halere\({_OPERAND}\)|{_OPERAND})"
_COMPARED = re.compile(rf"(?:^| or )(?P<left>{_SIDE}) (?P<sign><=|>=|==|!=|<|>) (?P<right>{_SIDE})$")
_FOUND = re.compile(rf"\(get\((?P<register>{_TEXT}), (?P<by>{_ANSWER})\) or \{{\}}\)\.get\((?P<field>{_TEXT})\)")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An answer beside the rule, or in groups there: `/vek`, `/drzitel/vek`. At the top of the form too."""

    pointer: str


@dataclass(frozen=True, kw_only=True)
class Today:
    """The day on which the form is sent."""


@dataclass(frozen=True, kw_only=True)
class Value:
    """What the author wrote: a number, an amount, a day, a text."""

    value: str | int | float


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """A field of the record of a register that an answer names."""

    register: str
    field: str
    by: Answer


Operand = Answer | Today | Value | Recorded


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What has to hold as soon as both sides are known."""

    left: Operand
    operator: str
    right: Operand
    #: MONEY where amounts are compared.
    measure: str = OTHER


def written(comparison: Comparison) -> str:
    """Give the expression."""
    sides = (comparison.left, comparison.right)
    guards = dict.fromkeys(text for side in sides for text in _guards(side))
    compared = f" {OPERATORS[comparison.operator]} ".join(_measured(side, comparison.measure) for side in sides)
    return " or ".join([*(f"{text} == None" for text in guards), compared])


def read(text: Json) -> Comparison | None:
    """Read an expression as a comparison; None when it says something that a comparison can't."""
    found = _COMPARED.search(text) if isinstance(text, str) else None
    if found is None:
        return None
    measure = MONEY if found["left"].startswith(MONEY) else OTHER
    made = Comparison(
        left=_operand(found["left"]), operator=_BY_SIGN[found["sign"]], right=_operand(found["right"]), measure=measure
    )
    return made if written(made) == text else None


def _measured(side: Operand, measure: str) -> str:
    return f"{measure}({spelled(side)})" if measure else spelled(side)


def _guards(side: Operand) -> list[str]:
    """Give what has to be known before the sides are compared."""
    if isinstance(side, Recorded):
        return [spelled(side.by), spelled(side)]
    return [spelled(side)] if isinstance(side, Answer) else []


def spelled(side: Operand) -> str:
    """Give a side as it stands in an expression."""
    if isinstance(side, Today):
        return "today"
    if isinstance(side, Value):
        return quoted(side.value) if isinstance(side.value, str) else repr(side.value)
    if isinstance(side, Recorded):
        return f"(get({quoted(side.register)}, {spelled(side.by)}) or {{}}).get({quoted(side.field)})"
    names = split(side.pointer)
    text = f"value_of({quoted(names[0])}, None)"
    for name in names[1:]:
        text = f"({text} or {{}}).get({quoted(name)})"
    return text


def quoted(text: str) -> str:
    """Give a text of Starlark."""
    return json.dumps(text, ensure_ascii=False)


def _operand(text: str) -> Operand:
    text = text.removeprefix(f"{MONEY}(").removesuffix(")") if text.startswith(MONEY) else text
    if text == "today":
        return Today()
    if found := _FOUND.fullmatch(text):
        by = _operand(found["by"])
        assert isinstance(by, Answer)
        return Recorded(register=json.loads(found["register"]), field=json.loads(found["field"]), by=by)
    if re.fullmatch(_ANSWER, text):
        names = [json.loads(name) for name in re.findall(_TEXT, text)]
        return Answer(pointer=join("", *names))
    return Value(value=json.loads(text))


def rules(schema: Schema, holder: str = "") -> list[Json]:
    """Give the rules of an object: of the form as a whole, of a group, of what is repeated."""
    found = get(schema, f"{holder}/{RULES}")
    return found if isinstance(found, list) else []


def is_rule(place: str) -> bool:
    """Whether a place is a rule."""
    tokens = split(place)
    return len(tokens) >= 2 and tokens[-2] == RULES and tokens[-1].isdigit() and not is_field(join("", *tokens[:-1]))


def holder_of(place: str) -> str:
    """Give the object whose answers a rule looks at."""
    return join("", *split(place)[:-2])


def add(schema: Schema, message: str, holder: str = "") -> Edited:
    """Add a rule that holds always, for the author to say what it asks."""
    count, listed = len(rules(schema, holder)), f"{holder}/{RULES}"
    rule = {"check": ALWAYS, "message": message}
    made = put(schema, f"{listed}/{count}", rule) if count else put(schema, listed, [rule])
    return Edited(schema=made, place=f"{listed}/{count}")


def remove(schema: Schema, place: str) -> Edited:
    """Take a rule away; translations of the others follow."""
    if not is_rule(place):
        raise EditRefused("no-such-place")
    part(schema, place)
    made, _moves = steps.without(schema, place)
    holder = holder_of(place)
    made = made if rules(made, holder) else put(made, f"{holder}/{RULES}", MISSING)
    return Edited(schema=made, place=holder.removesuffix("/items"))


def set_check(schema: Schema, place: str, check: str, at: str) -> Edited:
    """Say what has to hold and at which question it is told; registers that it asks are declared."""
    made = put(schema, f"{place}/check", check)
    made = put(made, f"{place}/at", at or MISSING) if at != get(schema, f"{place}/at") else made
    comparison = read(check)
    sides = (comparison.left, comparison.right) if comparison else ()
    for side in sides:
        made = declared(made, side.register) if isinstance(side, Recorded) else made
    return Edited(schema=made, place=place)


def declared(schema: Schema, register: str) -> Schema:
    """Let the form's expressions ask a register."""
    known = schema.get("x-registers")
    listed = known if isinstance(known, list) else []
    made: Schema = schema if register in listed else put(schema, "/x-registers", [*listed, register])
    return made
