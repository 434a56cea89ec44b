"""Every word of the pages is said in Czech: what a template or a module marks for translation has one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

WEB = Path(__file__).parents[3] / "web"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("**/templates/**.txt", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "lazy_ngettext": (1, 2)}


def said() -> set[str]:
    """What the Czech catalogues say."""
    found: set[str] = set()
    for path in sorted((WEB / "locale/cs/LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                if message.id and message.string and not message.fuzzy:
                    found.update([message.id] if isinstance(message.id, str) else message.id)
    return found


def marked() -> Iterator[tuple[str, str]]:
    """Each text that is marked, with the place."""
    for file, line, message, _comments, _context in extract_from_dir(WEB, METHODS, keywords=KEYWORDS):  # type: ignore[arg-type]
        for text in [message] if isinstance(message, str) else message:
            if text:
                yield text, f"{file}:{line}"


def test_nothing_stays_english_on_a_czech_page() -> None:
    known = said()
    found = list(marked())
    assert len(found) > 1_000
    assert [f"{place}: {text}" for text, place in found if text not in known] == []
