"""A style sheet without the rules that can't match any page of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator

#: What a rule may ask for and none of our pages has: the web components of the design system and what they render,
#: their states, sizes and types that we don't use. `tests/unit/web/test_trimming.py` looks into the pages.
ABSENT_ELEMENT = r"(?<![\w.-])gov-[\w-]+"
ABSENT_CLASSES = ("gov-icon", "gov-spin-animation", "validation-icon", "gov-form-input__icons")
ABSENT_ATTRIBUTES = (
    *("expanded", "expanded-mobile", "data-expanded", "data-expanded-mobile", "loading", "slot", "icon-start"),
    *("icon-end", "input-type", "multiline", "legend", "data-disabled", "data-theme"),
)
ABSENT_VALUES = {"data-type": ("link", "switch"), "data-size": ("xs", "l", "xl")}

_ABSENT = re.compile(
    "|".join(
        (
            ABSENT_ELEMENT,
            *(rf"\.{name}(?![\w-])" for name in ABSENT_CLASSES),
            *(rf"\[{name}[\]=]" for name in ABSENT_ATTRIBUTES),
            *(rf"\[{name}={value}\]" for name, values in ABSENT_VALUES.items() for value in values),
        )
    )
)
#: Rules that hold other rules.
_GROUPS = ("@media", "@supports", "@layer")


def trimmed(css: str) -> str:
    """The sheet without rules for what no page has. It must be minified: without comments and texts with brackets."""
    return "".join(_rules(css))


def _rules(css: str) -> Iterator[str]:
    for head, inner in _blocks(css):
        if head.startswith(_GROUPS):
            kept = trimmed(inner)
            yield f"{head}{{{kept}}}" if kept else ""
        elif head.startswith("@"):
            yield f"{head}{{{inner}}}"
        else:
            selectors = [one for one in _split(head) if not _ABSENT.search(_demanded(one))]
            yield f"{','.join(selectors)}{{{inner}}}" if selectors else ""


def _blocks(css: str) -> Iterator[tuple[str, str]]:
    """What stands before each pair of braces, and what between them."""
    place = 0
    while (opening := css.find("{", place)) >= 0:
        end = _end(css, opening, "{", "}")
        yield css[place:opening].strip(), css[opening + 1 : end]
        place = end + 1


def _end(text: str, opening: int, left: str, right: str) -> int:
    """Where the bracket that opens at a place is closed."""
    depth = 0
    for place in range(opening, len(text)):
        depth += (text[place] == left) - (text[place] == right)
        if depth == 0:
            return place
    raise ValueError(f"{left} at {opening} is never closed")


def _split(selectors: str) -> Iterator[str]:
    """Selectors of a list, at commas that stand in no brackets."""
    start = depth = 0
    for place, letter in enumerate(selectors):
        depth += (letter in "([") - (letter in ")]")
        if letter == "," and depth == 0:
            yield selectors[start:place]
            start = place + 1
    yield selectors[start:]


def _demanded(selector: str) -> str:
    """The selector without what it says must not be."""
    while (start := selector.find(":not(")) >= 0:
        selector = selector[:start] + selector[_end(selector, start + len(":not"), "(", ")") + 1 :]
    return selector
