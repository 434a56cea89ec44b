"""What templates may use besides Jinja's own filters, by language: the same names, each language's own writing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from markupsafe import Markup

from processes import wording, wording_en
from processes.words import HOME

Filters = Mapping[str, Callable[..., Any]]
_NAMES = ("money", "money_dash", "date_cz", "nbsp", "plural", "number")
#: What must never break over two lines.
_WHOLE = ("money", "money_dash", "ico")


def _of(language: ModuleType) -> Filters:
    return {name: getattr(language, name) for name in _NAMES} | {"ico": wording.ico}


_FILTERS: Mapping[str, Filters] = {HOME: _of(wording), "en": _of(wording_en)}


def filters(lang: str) -> Filters:
    """Give the filters of a language."""
    return _FILTERS.get(lang, _FILTERS[HOME])


def html_filters(lang: str) -> Filters:
    """Give the filters for HTML: money and numbers of companies stay on one line."""
    known = filters(lang)
    return {**known, **{name: _on_one_line(known[name]) for name in _WHOLE}}


def _on_one_line(word: Callable[[Any], str]) -> Callable[[Any], Markup]:
    """Keep a word in one line by style, with ordinary spaces: what is copied or searched in a PDF is plain text.

    A line may break between a hyphen and even a no-break space (UAX 14, LB12a): "7 620,-" | "Kč".
    """

    def written(value: Any) -> Markup:
        return Markup('<span class="nowrap">{}</span>').format(word(value).replace(wording.NBSP, " "))

    return written
