"""Markdown of messages: to safe HTML and to plain text, and the escaping of what people wrote into it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

_PUNCTUATION = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~&])")
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


def escaped(value: str) -> str:
    """Take a value's meaning as Markdown away; lines stay lines."""
    return "\\\n".join(_PUNCTUATION.sub(r"\\\1", line.strip()) for line in value.strip().splitlines())


def to_html(source: str) -> str:
    """Give HTML of Markdown; raw HTML in it is text."""
    return str(_MARKDOWN.render(source))


def to_text(source: str) -> str:
    """Give Markdown as a plain letter: headings and paragraphs, dashes, links with their address in brackets."""
    return re.sub(r"\n{3,}", "\n\n", "".join(_plain(_MARKDOWN.parse(source)))).strip()


def _plain(tokens: Sequence[Token]) -> list[str]:
    parts: list[str] = []
    counters: list[int | None] = []
    for token in tokens:
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            counters.append(int(token.attrGet("start") or 1) if token.type.startswith("ordered") else None)
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            counters.pop()
            parts.append("\n")
        elif token.type == "list_item_open":
            parts.append(_bullet(counters))
        elif token.type == "inline":
            parts.append(_inline(token.children or []))
        else:
            parts.append(_AFTER.get(token.type, "") if not token.hidden else "\n" * token.type.endswith("_close"))
    return parts


#: What stands in the text after an element.
_AFTER = {"paragraph_close": "\n\n", "heading_close": "\n\n", "th_close": "  ", "td_close": "  ", "tr_close": "\n"}


def _bullet(counters: list[int | None]) -> str:
    number = counters[-1]
    if number is None:
        return "  " * (len(counters) - 1) + "- "
    counters[-1] = number + 1
    return "  " * (len(counters) - 1) + f"{number}. "


def _inline(tokens: Sequence[Token]) -> str:
    text, target, start = "", "", 0
    for token in tokens:
        if token.type == "link_open":
            target, start = str(token.attrGet("href") or ""), len(text)
        elif token.type == "link_close":
            text += f" ({target})" if target and text[start:] != target else ""
        elif token.type in {"softbreak", "hardbreak"}:
            text += "\n" if token.type == "hardbreak" else " "
        else:
            text += token.content
    return text
