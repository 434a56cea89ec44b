"""Walks the pages as a person would, by their links, and reads every word that a page shows or tells aloud."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from flask.testing import FlaskClient

#: Attributes that people read or hear.
SPOKEN = ("aria-label", "title", "placeholder", "alt")
#: What nobody reads as a sentence: `code` holds names that diagrams go by, whatever language they look like.
SILENT = frozenset({"script", "style", "code"})
#: The switch of languages, files, and what ends the visit.
ELSEWHERE = re.compile(r"^/(jazyk|static|odhlaseni|api|arms|tenant)|\.(svg|csv|json|jsonld|css)$|/soubor|/dokument/")
NUMBER = re.compile(r"[0-9a-f]{32}|[0-9a-z]{26}|[A-Z]+-\d{4}-\d+")


class Reader(HTMLParser):
    """Texts and links of one page."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links: list[str] = []
        self._silent = 0
        self._other: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        if tag in SILENT:
            self._silent += 1
        if tag == "a" and facts.get("href"):
            self.links.append(str(facts["href"]))
        # What is marked as another language is meant to be in it.
        if tag == "a" and facts.get("hreflang"):
            self._other.append(tag)
        elif not self._other:
            self.texts += [str(facts[name]) for name in SPOKEN if facts.get(name)]

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self._silent -= 1
        if self._other and tag == self._other[-1]:
            self._other.pop()

    def handle_data(self, data: str) -> None:
        text = " ".join(data.replace("\u00a0", " ").split())
        if text and not self._silent and not self._other:
            self.texts.append(text)


def read(html: str) -> Reader:
    """Read a page."""
    reader = Reader()
    reader.feed(html)
    return reader


def walk(client: FlaskClient, starts: Sequence[str], most: int = 200) -> Iterator[tuple[str, Reader]]:
    """Give (path, page) of everything that can be reached; of pages alike in all but a number, the first three."""
    waiting, seen, alike = list(starts), set(starts), dict[str, int]()
    while waiting and len(seen) < most + len(waiting):
        path = waiting.pop(0)
        answer = client.get(path, follow_redirects=True)
        if answer.mimetype != "text/html":
            continue
        assert answer.status_code == 200, (path, answer.status_code)
        page = read(answer.text)
        yield path, page
        for link in page.links:
            target = urlsplit(urljoin(path, link))
            address = target.path + (f"?{target.query}" if target.query else "")
            shape = NUMBER.sub("*", target.path)
            if target.netloc or target.scheme not in ("",) or ELSEWHERE.search(target.path) or address in seen:
                continue
            alike[shape] = alike.get(shape, 0) + 1
            if alike[shape] <= 3:
                seen.add(address)
                waiting.append(address)
