"""What changed between two versions of a form, in words."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext

from engine.model import Json
from forms.dates import show_date
from forms.edit import conditions, prices, rules
from forms.edit.called import Called, called
from forms.edit.difference import ALTERNATIVE, RULE_ACROSS, Change, Keyword, difference
from forms.pointers import MISSING
from web.i18n import _
from web.studio.items import LOOK
from web.studio.ruling import SIGNS
from web.studio.words import ARES, FORMATS, KEYWORDS, OPERATORS, WIDTHS, Word

#: Says a value of a keyword; "" where it has no words for it.
Speak = Callable[[Json, Called], str]
#: Characters of a value that is told as it is written.
LONGEST = 160


@dataclass(frozen=True, kw_only=True)
class Said:
    """One change as people read it."""

    kind: str
    sentence: str
    details: list[str]


_FIELD: Mapping[str, Word] = {
    "added": lazy_gettext("Added: %(label)s"),
    "removed": lazy_gettext("Removed: %(label)s"),
    "changed": lazy_gettext("Changed: %(label)s"),
    "moved": lazy_gettext("Moved: %(label)s"),
    "whole": lazy_gettext("The form as a whole"),
}
_SENTENCES: Mapping[str, Mapping[str, Word]] = {
    ALTERNATIVE: {
        "added": lazy_gettext("Added variant: %(label)s"),
        "removed": lazy_gettext("Removed variant: %(label)s"),
        "changed": lazy_gettext("Changed variant: %(label)s"),
    },
    RULE_ACROSS: {
        "added": lazy_gettext("Added rule: %(label)s"),
        "removed": lazy_gettext("Removed rule: %(label)s"),
        "changed": lazy_gettext("Changed rule: %(label)s"),
    },
}


@dataclass(frozen=True, kw_only=True)
class Names:
    """What answers are called before and after."""

    before: Called
    after: Called


def told(old: dict[str, Json], new: dict[str, Json]) -> list[Said]:
    """Everything that differs between two versions of a form."""
    names = Names(before=called(old), after=called(new))
    return [said(one, names) for one in difference(old, new)]


def said(change: Change, names: Names) -> Said:
    """A change in a sentence, with its details."""
    names = Names(before=names.before.inside(change.container), after=names.after.inside(change.container))
    where = " › ".join(change.within)
    label = f"„{change.label}“" + (f" ({where})" if where else "")
    sentence = str(_SENTENCES.get(change.what, _FIELD)[change.kind])
    sentence = sentence % {"label": label} if "%(" in sentence else sentence
    return Said(kind=change.kind, sentence=sentence, details=[detail(one, names) for one in change.keywords])


def detail(keyword: Keyword, names: Names) -> str:
    """What was said before and what is said now."""
    name = str(KEYWORDS.get(keyword.name, keyword.name))
    before = worded(keyword.name, keyword.before, names.before)
    after = worded(keyword.name, keyword.after, names.after)
    if (keyword.before is MISSING and keyword.after is MISSING) or before == after:
        return name
    if keyword.before is MISSING:
        return _("%(name)s: now %(after)s", name=name, after=after)
    if keyword.after is MISSING:
        return _("%(name)s: no longer (was %(before)s)", name=name, before=before)
    return _("%(name)s: %(after)s, was %(before)s", name=name, before=before, after=after)


def worded(keyword: str, found: Json, names: Called) -> str:
    """A value of a keyword; what nobody has words for as it is written, cut."""
    speak = _SPOKEN.get(keyword)
    if speak is not None and found is not MISSING and (text := speak(found, names)):
        return text
    return plain(found)


def plain(found: Json) -> str:
    """A value short enough to be read."""
    if isinstance(found, bool):
        return _("yes") if found else _("no")
    if isinstance(found, str):
        return f"„{found}“"
    if isinstance(found, int | float):
        return f"{found}"
    if isinstance(found, list) and found and not any(isinstance(one, list | dict) for one in found):
        return ", ".join(map(plain, found))
    text = json.dumps(found, ensure_ascii=False) if found is not MISSING and found is not None else "–"
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _choices(found: Json, _names: Called) -> str:
    listed = found if isinstance(found, list) else []
    if not listed or not all(isinstance(one, dict) and "const" in one for one in listed):
        return ""
    return ", ".join(_choice(one) for one in listed)


def _choice(one: Mapping[str, Json]) -> str:
    hint = one.get("description")
    return f"„{one.get('title', one['const'])}“" + (f" ({hint})" if isinstance(hint, str) and hint else "")


def _condition(found: Json, names: Called) -> str:
    condition = conditions.read(found)
    parts = (
        [f"{names.answer(one.pointer)} {OPERATORS[one.operator]} {_compared(one, names)}" for one in condition.clauses]
        if condition
        else []
    )
    return f" {_('or') if condition and condition.any else _('and')} ".join(part.strip() for part in parts)


def _compared(clause: conditions.Clause, names: Called) -> str:
    return "" if clause.value is None else _value(names, clause.pointer, clause.value)


def _value(names: Called, pointer: str, value: Json) -> str:
    title = names.value(pointer, value)
    return plain(value) if title is None else f"„{title}“"


def _rule(found: Json, names: Called) -> str:
    comparison = rules.read(found)
    if comparison is None:
        return _("nothing yet") if found == rules.ALWAYS else ""
    return f"{_side(comparison.left, names)} {SIGNS[comparison.operator]} {_side(comparison.right, names)}"


def _side(side: rules.Operand, names: Called) -> str:
    if isinstance(side, rules.Answer):
        return names.answer(side.pointer)
    if isinstance(side, rules.Today):
        return _("the day on which it is sent")
    if isinstance(side, rules.Recorded):
        return _("%(field)s in the register %(register)s", field=side.field, register=side.register)
    return show_date(side.value) if isinstance(side.value, str) else f"{side.value}"


def _worth(found: Json, names: Called) -> str:
    worth = prices.read(found)
    if worth is None:
        return ""
    if isinstance(worth, prices.Total):
        return _("the sum of %(parts)s", parts=", ".join(_part(one, names) for one in worth.parts))
    return " × ".join([_price(worth.price, names), *(_factor(one, names) for one in worth.factors)])


def _part(one: prices.Column | rules.Answer, names: Called) -> str:
    if isinstance(one, prices.Column):
        return names.column(one.rows.pointer, one.name)
    return names.answer(one.pointer)


def _factor(one: prices.Factor, names: Called) -> str:
    if isinstance(one, rules.Answer):
        return names.answer(one.pointer)
    labels = {"since": names.answer(one.since.pointer), "until": names.answer(one.until.pointer)}
    if one.nights:
        return _("nights from „%(since)s“ to „%(until)s“", **labels)
    return _("days from „%(since)s“ to „%(until)s“", **labels)


def _price(price: prices.Price, names: Called) -> str:
    if isinstance(price, prices.Fixed):
        return _amount(price.amount)
    if isinstance(price, prices.BySize):
        steps = [_("from %(least)s: %(amount)s", least=least, amount=_amount(paid)) for least, paid in price.steps]
        listed = [*steps, _("otherwise %(amount)s", amount=_amount(price.below))]
    else:
        listed = [f"{_value(names, price.by.pointer, value)}: {_amount(paid)}" for value, paid in price.amounts]
    return f"{names.answer(price.by.pointer)} ({'; '.join(listed)})"


def _amount(text: str) -> str:
    return text.removesuffix(".00").replace(".", ",")


def _titles(found: Json, _names: Called) -> str:
    listed = found if isinstance(found, list) else []
    titles = [one.get("title") for one in listed if isinstance(one, dict)]
    return ", ".join(f"„{one}“" for one in titles if isinstance(one, str))


def _sentences(found: Json, _names: Called) -> str:
    texts = found.values() if isinstance(found, dict) else ()
    return ", ".join(f"„{one}“" for one in texts if isinstance(one, str))


def _readers(found: Json, _names: Called) -> str:
    groups = found.get("groups") if isinstance(found, dict) else None
    return _("only %(group)s", group=", ".join(map(str, groups))) if isinstance(groups, list) else ""


def _filling(found: Json, names: Called) -> str:
    pairs = found.get("map") if isinstance(found, dict) else None
    if not isinstance(pairs, dict):
        return ""
    told = (f"{ARES.get(str(path), str(path))} → {names.answer(target)}" for target, path in pairs.items())
    return f"{str(found.get('title') or found.get('source', '')).upper()} ({', '.join(told)})"


def _options(found: Json, _names: Called) -> str:
    return str(found.get("register", "")) if isinstance(found, dict) else ""


def _years(found: Json, _names: Called) -> str:
    text = str(found)
    return _("%(years)s years", years=text[1:-1]) if text[:1] + text[-1:] == "PY" else ""


def _megabytes(found: Json, _names: Called) -> str:
    return f"{found / 2**20:g} MB" if isinstance(found, int) else ""


def _of(words: Mapping[str, Word]) -> Speak:
    """Words for values that the builder offers."""
    return lambda found, _names: str(words.get(found, "")) if isinstance(found, str) else ""


_LOOKS: Mapping[str, Word] = {key: word for looks in LOOK.values() for key, word in looks.items() if key}
#: Keyword → words for its value; "" where there are none.
_SPOKEN: Mapping[str, Speak] = {
    "oneOf": _choices,
    "if": _condition,
    "check": _rule,
    "at": lambda found, names: names.answer(str(found)),
    "x-computed": _worth,
    "x-steps": _titles,
    "x-messages": _sentences,
    "x-labels": _sentences,
    "x-sensitive": _readers,
    "x-prefill": _filling,
    "x-options": _options,
    "x-retention": _years,
    "x-max-size": _megabytes,
    "x-width": _of(WIDTHS),
    "x-widget": _of(_LOOKS),
    "format": _of(FORMATS),
    "items": lambda found, names: _choices(found.get("oneOf"), names) if isinstance(found, dict) else "",
}
