"""A browser without JavaScript: what it would post from the first form of a page, in document order."""

from __future__ import annotations

from html.parser import HTMLParser

Pairs = list[tuple[str, str]]


class Page(HTMLParser):
    """Reads a page and keeps its successful controls, buttons, ids and labels."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.pairs: Pairs = []
        self.buttons: dict[str, str] = {}
        self.ids: list[str] = []
        self.names: set[str] = set()
        self.labelled: set[str] = set()
        self.described: set[str] = set()
        self.controls: list[dict[str, str | None]] = []
        self.links: list[str] = []
        self.inline: list[str] = []
        self._select: tuple[str, list[tuple[str, bool]]] | None = None
        self._area: list[str] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._note(tag, given)
        name = given.get("name")
        if tag == "input" and name:
            self._input(name, given)
        elif tag == "select" and name:
            self._select = (name, [])
        elif tag == "option" and self._select:
            self._select[1].append((given.get("value") or "", "selected" in given))
        elif tag == "textarea" and name:
            self._area = [name, ""]
        elif tag == "button" and name:
            self.buttons[given.get("value") or ""] = name

    def _note(self, tag: str, given: dict[str, str | None]) -> None:
        self.inline += [name for name in given if name.startswith("on") or name == "style"]
        if given.get("id"):
            self.ids.append(given["id"] or "")
        if tag == "label" and given.get("for"):
            self.labelled.add(given["for"] or "")
        if tag == "a" and (given.get("href") or "").startswith("#"):
            self.links.append((given["href"] or "")[1:])
        self.described.update((given.get("aria-describedby") or "").split())
        if tag in ("input", "select", "textarea") and given.get("type") != "hidden":
            self.controls.append(given)
            self.names.add(given.get("name") or "")

    def _input(self, name: str, given: dict[str, str | None]) -> None:
        kind = given.get("type") or "text"
        value = given.get("value")
        if kind in ("checkbox", "radio"):
            if "checked" in given:
                self.pairs.append((name, "on" if value is None else value))
        elif kind != "file":
            self.pairs.append((name, _one_line(value or "") if kind != "hidden" else value or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self._select:
            name, options = self._select
            chosen = [value for value, selected in options if selected] or [options[0][0]]
            self.pairs.append((name, chosen[-1]))
            self._select = None
        elif tag == "textarea" and self._area:
            name, text = self._area
            text = text.removeprefix("\n")
            self.pairs.append((name, text.replace("\r\n", "\n").replace("\n", "\r\n")))
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area:
            self._area[1] += data


def _one_line(value: str) -> str:
    return value.replace("\r", "").replace("\n", "")


def changed(pairs: Pairs, name: str, value: str | None) -> Pairs:
    """Give the pairs as if a person had changed one control; None clears a box or a radio."""
    kept = [(other, text) for other, text in pairs if other != name]
    return kept if value is None else [*kept, (name, value)]
