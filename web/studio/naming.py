"""What is wrong with an expression of the builder: it can't be read, or it names what no question is called."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches

from engine.errors import ScriptError
from engine.expressions import FUNCTIONS, LOOKUPS, problem_in, read
from engine.said import in_language
from forms.naming import fold
from web.i18n import _, language

#: What an expression of a form sees besides the answers; a case's parameters it does not.
GIVEN = frozenset({"today"})
#: How much alike two names have to be, from 0 to 1.
ALIKE = 0.6


def fault_in(text: str, known: Collection[str]) -> str:
    """Say what is wrong with an expression over answers of these names; "" when nothing is."""
    if why := problem_in(text):
        return _("The expression can't be read: %(why)s", why=in_language(why, language()))
    for name in strange_names(text, known):
        if like := likely(name, {*known, *FUNCTIONS}):
            return _("No question is called %(name)s. Did you mean %(like)s?", name=name, like=like)
        return _("No question is called %(name)s. The names are listed below.", name=name)
    return ""


def strange_names(text: str, known: Collection[str]) -> list[str]:
    """Names that are neither answers nor functions nor made by the text itself, in alphabetical order."""
    try:
        seen = read(text)
    except ScriptError:
        return []
    return sorted(seen.reads - seen.assigns - FUNCTIONS - LOOKUPS - GIVEN - set(known))


def likely(name: str, known: Collection[str]) -> str | None:
    """The name most like this one, small letters and accents aside."""
    folded = {fold(one): one for one in sorted(known, reverse=True)}
    found = get_close_matches(fold(name), folded, n=1, cutoff=ALIKE)
    return folded[found[0]] if found else None
