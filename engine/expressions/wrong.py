"""What is wrong with a Starlark text, in both languages: the parser's own words are English and name its tokens."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from engine.said import Said

_UNEXPECTED = re.compile(
    r"unexpected (?P<what>new line|(?:symbol|keyword|identifier) '(?P<word>[^']*)'|\w+ literal .*?|.+?) here"
    r"(?:, expected (?:one of )?(?P<wanted>.*))?$"
)
_RESERVED, _INVALID = re.compile(r"cannot use reserved keyword `(.+?)`"), re.compile(r"invalid input `(.+?)`")
_ZERO = re.compile(r"integer cannot have leading 0, got `(.+?)`")
_OUTSIDE = re.compile(r"`(.+?)` cannot be used outside of a `(.+?)`")
_OPENING = {")": "(", "]": "[", "}": "{"}
#: Brackets, and what hides them: texts and comments.
_BRACKETS = re.compile(
    r"""\"{3}(?:\\.|(?!\"{3}).)*\"{0,3}|'{3}(?:\\.|(?!'{3}).)*'{0,3}"""
    r"""|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?|\#[^\n]*|[()\[\]{}]""",
    re.DOTALL,
)
#: Signs of other languages, and what is written for them here.
INSTEAD = {"&": "and", "|": "or", "!": "not", "?": "x if … else y", "„": '"', "“": '"', "”": '"', ";": ","}
_PYTHON = {"is": "==", "while": "for", "import": "", "try": "", "class": "", "with": "", "raise": "fail(…)"}


def in_words(raw: str, text: str, tidy: str, line: int, column: int) -> Said:
    """Say what the parser found wrong in a text, and where; `tidy` is what it read, without margins."""
    czech, english = _what(raw.removeprefix("Parse error: "), tidy, line, column)
    line, column = _in_whole(text, tidy, line, column)
    return Said(f"řádek {line}, sloupec {column}: {czech}", f"line {line}, column {column}: {english}")


def _in_whole(text: str, tidy: str, line: int, column: int) -> tuple[int, int]:
    """Give a place of the text without margins in the text as it was written."""
    above = text[: len(text) - len(text.lstrip())].count("\n")
    written, read = text.split("\n"), tidy.split("\n")
    if line > len(read) or line + above > len(written):
        return line + above, column
    return line + above, column + max(0, written[line + above - 1].find(read[line - 1]))


def _what(raw: str, text: str, line: int, column: int) -> tuple[str, str]:
    if found := _RESERVED.search(raw):
        word = found[1]
        other = _PYTHON.get(word, "")
        return (
            f"slovo {word} tu nic neznamená" + (f"; pište {other}" if other else ""),
            f"the word {word} means nothing here" + (f"; write {other}" if other else ""),
        )
    if found := _INVALID.search(raw):
        return _stranger(found[1])
    if "unfinished string literal" in raw:
        return "text nemá uvozovku na konci", "the text has no quotation mark at its end"
    if found := _ZERO.search(raw):
        return f"číslo {found[1]} začíná nulou", f"the number {found[1]} begins with a zero"
    if found := _OUTSIDE.search(raw):
        place = {"def": ("funkce", "a function"), "for": ("cyklu", "a loop")}.get(found[2], (found[2], found[2]))
        return f"{found[1]} smí stát jen uvnitř {place[0]}", f"{found[1]} may only stand inside {place[1]}"
    if found := _UNEXPECTED.search(raw):
        return _unexpected(found["what"], found["word"], found["wanted"] or "", text, line, column)
    return f"tak se výraz nepíše ({raw})", f"an expression isn't written so ({raw})"


def _stranger(sign: str) -> tuple[str, str]:
    other = INSTEAD.get(sign)
    return (
        f"znak {sign} tu nic neznamená" + (f"; pište {other}" if other else ""),
        f"the sign {sign} means nothing here" + (f"; write {other}" if other else ""),
    )


def _unexpected(what: str, word: str | None, wanted: str, text: str, line: int, column: int) -> tuple[str, str]:
    if '"INDENT"' in wanted:
        return "řádek po dvojtečce má být odsazený", "the line after a colon must be indented"
    if re.search("indent|dedent", what, re.IGNORECASE):
        return "řádek je odsazený jinak, než má být", "the line is indented otherwise than it should be"
    left_open = open_bracket(text, line, column)
    if what == "new line":
        return _ended(wanted, left_open)
    if word in _OPENING and (left_open is None or left_open[0] != _OPENING[word]):
        return f"závorka {word} tu nemá co zavřít", f"the bracket {word} closes nothing here"
    if word == "=":
        return "znak = tu stát nemůže; rovnost se píše ==", "the sign = can't stand here; write == to compare"
    if word in ("&", "|"):
        return _stranger(word)
    return _misplaced(word or re.sub(r"^\w+ literal |[\"']", "", what), wanted, column)


def _ended(wanted: str, left_open: tuple[str, int, int] | None) -> tuple[str, str]:
    if left_open is not None:
        sign, row, place = left_open
        return (
            f"závorka {sign} (řádek {row}, sloupec {place}) není zavřená",
            f"the bracket {sign} (line {row}, column {place}) isn't closed",
        )
    if wanted == '":"':
        return "chybí dvojtečka", "a colon is missing"
    if wanted.startswith('"else"'):
        return "za if chybí else a jiná hodnota", "after if, else and another value are missing"
    return "výraz končí dřív, než má: něco za ním chybí", "the expression ends too early: something is missing"


def _misplaced(told: str, wanted: str, column: int) -> tuple[str, str]:
    if wanted == '":"':
        return f"před „{told}“ chybí dvojtečka", f"before “{told}” a colon is missing"
    if '"\\n"' in wanted and column > 1 and re.search(r"\w", told):
        return (
            f"před „{told}“ chybí znaménko, čárka nebo nový řádek",
            f"before “{told}” a sign, a comma or a new line is missing",
        )
    return f"„{told}“ tu stát nemůže", f"“{told}” can't stand here"


def open_bracket(text: str, line: int, column: int) -> tuple[str, int, int] | None:
    """Give the last bracket that is open before a place in a text, with its line and column; None where none is."""
    rows = text.split("\n")
    before = "\n".join([*rows[: line - 1], rows[line - 1][: column - 1] if line <= len(rows) else ""])
    opened: list[int] = []
    for found in _BRACKETS.finditer(before):
        if found[0] in _OPENING.values():
            opened.append(found.start())
        elif found[0] in _OPENING and opened:
            opened.pop()
    if not opened:
        return None
    above = before[: opened[-1]]
    return before[opened[-1]], above.count("\n") + 1, opened[-1] - above.rfind("\n")


_KINDS = {
    "int": "celé číslo",
    "float": "číslo",
    "string": "text",
    "bool": "ano/ne",
    "list": "seznam",
    "dict": "záznam",
    "tuple": "dvojice",
    "NoneType": "prázdná hodnota",
    "function": "funkce",
}
_LINE = re.compile(r" \(line (\d+)\)$")
_RUNNING: Mapping[re.Pattern[str], Callable[[re.Match[str]], str]] = {
    re.compile(r"^Variable `(.+?)` not found(?:, did you mean `(.+?)`\?)?"): lambda m: (
        f"nic se nejmenuje {m[1]}" + (f"; nemělo být {m[2]}?" if m[2] else "")
    ),
    re.compile(r"^Operation `(.+?)` not supported for types `(.+?)` and `(.+?)`"): lambda m: (
        f"{_KINDS.get(m[2], m[2])} a {_KINDS.get(m[3], m[3])} nejde "
        + ("porovnat" if m[1] == "compare" else f"spojit znaménkem {m[1]}")
    ),
    re.compile(r"^Operation `(.+?)` not supported on type `(.+?)`"): lambda m: (
        f"{m[1]} nejde použít na: {_KINDS.get(m[2], m[2])}"
    ),
    re.compile(r"^Object of type `(.+?)` has no attribute `(.+?)`"): lambda m: (
        f"{_KINDS.get(m[1], m[1])} nemá nic, co by se jmenovalo {m[2]}"
    ),
    re.compile(r"^Index `(.+?)` is out of bound"): lambda m: f"seznam nemá položku číslo {m[1]} (počítá se od 0)",
    re.compile(r"^Key `(.+?)` was not found"): lambda m: f"klíč {m[1]} tu není",
    re.compile(r"division by zero|modulo by zero", re.IGNORECASE): lambda _: "dělí se nulou",
    re.compile(r"^Cannot parse `(.*?)` as an integer"): lambda m: f"„{m[1]}“ není celé číslo",
    re.compile(r"^'(.*)' is not an ISO 8601 date"): lambda m: f"„{m[1]}“ není datum, jako je 2026-12-31",
}


def in_both(sentence: str) -> str:
    """Give a sentence about a text that ran, in Czech too where it is a usual one; one kept in English as well."""
    place = _LINE.search(sentence)
    for pattern, said in _RUNNING.items():
        if found := pattern.search(sentence):
            return Said(said(found) + (f" (řádek {place[1]})" if place else ""), sentence)
    return sentence
