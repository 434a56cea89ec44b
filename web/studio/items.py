"""Everything that can be set of a part of a form: at which keyword, in which words, by which control."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from flask_babel import lazy_gettext

from engine.model import Json
from forms.errors import FormSchemaError
from forms.patterns import refuse_unsafe
from web.i18n import _
from web.studio.words import FILLS, FORMATS, WIDTHS, Word

Control = Literal["line", "lines", "number", "tick", "pick", "code"]


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing that can be set: at which keyword, by which control."""

    keyword: str
    label: Word
    control: Control = "line"
    hint: Word = ""
    #: Of a pick: value → words.
    options: Mapping[str, Word] = field(default_factory=dict)
    #: Whole numbers only.
    whole: bool = False
    #: What a tick stores.
    stores: Json = True
    #: How a stored value is shown and a typed one stored, where they differ.
    shown: Callable[[Json], str] | None = None
    stored: Callable[[str], Json] | None = None
    #: What is wrong with a typed text; "" when nothing is.
    fault: Callable[[str], str] | None = None
    #: As it stands now.
    value: str = ""
    error: str = ""

    @property
    def name(self) -> str:
        """Name of the control."""
        return f"k:{self.keyword}"


TITLE = Item(keyword="title", label=lazy_gettext("Label"), hint=lazy_gettext("What you ask, in the reader's words."))
HINT = Item(
    keyword="description",
    label=lazy_gettext("Hint"),
    control="lines",
    hint=lazy_gettext("One sentence under the label."),
)
FORM_TITLE = Item(
    keyword="title", label=lazy_gettext("Name of the form"), hint=lazy_gettext("People read it as the heading.")
)
FORM_HINT = Item(
    keyword="description",
    label=lazy_gettext("Introduction"),
    control="lines",
    hint=lazy_gettext("A sentence or two under the heading."),
)
HELP = Item(
    keyword="x-help",
    label=lazy_gettext("Longer help"),
    control="lines",
    hint=lazy_gettext("Opens when somebody asks for it."),
)
WIDTH = Item(keyword="x-width", label=lazy_gettext("Width"), control="pick", options=WIDTHS)
FILL = Item(
    keyword="x-autocomplete",
    label=lazy_gettext("What the browser may fill in"),
    control="pick",
    options=FILLS,
)
DEFAULT = Item(keyword="default", label=lazy_gettext("Filled in at the start"))
READ_ONLY = Item(keyword="readOnly", label=lazy_gettext("Only to be read, nobody can change it here"), control="tick")
UNIT = Item(keyword="x-unit", label=lazy_gettext("Unit"), hint=lazy_gettext("For example kWh or km."))
VISIBLE = Item(
    keyword="x-visible",
    label=lazy_gettext("Shown only when this expression holds"),
    control="code",
    hint=lazy_gettext("For conditions that can't be said above."),
)


def _years(value: Json) -> str:
    text = str(value)
    return text[1:-1] if text.startswith("P") and text.endswith("Y") else text


def _megabytes(value: Json) -> str:
    return f"{value / 2**20:g}" if isinstance(value, int) else ""


RETENTION = Item(
    keyword="x-retention",
    label=lazy_gettext("Erase after how many years"),
    control="number",
    hint=lazy_gettext("Empty means as long as the case."),
    whole=True,
    shown=_years,
    stored=lambda text: f"P{text}Y",
)
MOST_BYTES = Item(
    keyword="x-max-size",
    label=lazy_gettext("Largest file in MB"),
    control="number",
    shown=_megabytes,
    stored=lambda text: round(float(text) * 2**20),
)
FILE_KINDS: Mapping[str, Word] = {
    "": lazy_gettext("documents, tables and pictures"),
    "application/pdf": lazy_gettext("only PDF"),
    "application/pdf image/jpeg image/png": lazy_gettext("PDF or pictures"),
    "image/jpeg image/png": lazy_gettext("only pictures"),
}
ACCEPT = Item(
    keyword="x-accept",
    label=lazy_gettext("Which files"),
    control="pick",
    options=FILE_KINDS,
    shown=lambda value: " ".join(value) if isinstance(value, list) else "?",
    stored=str.split,
)


def _number(keyword: str, label: Word, *, whole: bool = False) -> Item:
    return Item(keyword=keyword, label=label, control="number", whole=whole)


LENGTHS = (
    _number("minLength", lazy_gettext("At least characters"), whole=True),
    _number("maxLength", lazy_gettext("At most characters"), whole=True),
)
BOUNDS = (_number("minimum", lazy_gettext("Least")), _number("maximum", lazy_gettext("Most")))
OPEN_BOUNDS = (
    _number("exclusiveMinimum", lazy_gettext("More than")),
    _number("exclusiveMaximum", lazy_gettext("Less than")),
    Item(
        keyword="multipleOf",
        label=lazy_gettext("Only multiples of"),
        control="number",
        fault=lambda text: _positive(text),
    ),
)


def _positive(text: str) -> str:
    return "" if float(text) > 0 else _("Write a number above zero.")


def _former(text: str) -> str:
    misplaced = "/" in text and (not text.startswith("/") or "//" in text or text.endswith("/"))
    return _("Write a name, or a way that begins with a slash: /contact/phone.") if misplaced else ""


def _unsafe(text: str) -> str:
    try:
        refuse_unsafe(text, "")
    except FormSchemaError:
        return _("The pattern can't be read, or checking it could take for ever. Ask who wrote it for you.")
    return ""


PATTERN = Item(
    keyword="pattern",
    label=lazy_gettext("Pattern of the text"),
    control="code",
    hint=lazy_gettext("A regular expression, for who knows them: ^[A-Z]{2}[0-9]{4}$ is two capitals and four digits."),
    fault=_unsafe,
)
COUNTS = (
    _number("minItems", lazy_gettext("At least how many"), whole=True),
    _number("maxItems", lazy_gettext("At most how many"), whole=True),
)
FORMAT = Item(keyword="format", label=lazy_gettext("What it may be"), control="pick", options=FORMATS)
LOOK = {
    "choice": {
        "": lazy_gettext("by the number of choices"),
        "radio": lazy_gettext("all choices one under another"),
        "select": lazy_gettext("a list that opens"),
        "autocomplete": lazy_gettext("a box in which one searches, for long lists"),
    },
    "yes_no": {"": lazy_gettext("Yes and No"), "checkbox": lazy_gettext("a box to tick")},
    "rows": {"": lazy_gettext("cards one under another"), "table": lazy_gettext("a table")},
}
COMPUTED = Item(
    keyword="x-computed",
    label=lazy_gettext("Expression"),
    control="code",
    hint=lazy_gettext("An expression over names of answers, such as times(price, count)."),
)
RESULT = Item(
    keyword="format",
    label=lazy_gettext("What comes out"),
    control="pick",
    options={"": lazy_gettext("text or number"), "money": lazy_gettext("amount in Kč"), "date": lazy_gettext("date")},
)
ROW_WORDS = (
    Item(keyword="x-item-label", label=lazy_gettext("What one of them is called")),
    Item(keyword="x-add-label", label=lazy_gettext("Words of the button that adds one")),
    Item(
        keyword="x-rows-kept",
        label=lazy_gettext("Nobody adds a row or takes one out: they come from the case"),
        control="tick",
    ),
)
IN_TABLE = Item(keyword="x-sum", label=lazy_gettext("Add a sum under this column of the table"), control="tick")
IMAGE = Item(
    keyword="x-image-max",
    label=lazy_gettext("Make bigger pictures smaller, longer side in pixels"),
    control="number",
    hint=lazy_gettext("Empty keeps them as they are. 2000 is enough to read a document."),
    whole=True,
)
OF = Item(
    keyword="x-of",
    label=lazy_gettext("Whose answers are judged"),
    control="pick",
    hint=lazy_gettext("Each answer of that form stands here with a place for an objection."),
)
WAS = Item(
    keyword="x-was",
    label=lazy_gettext("How it was called in an older version of the form"),
    hint=lazy_gettext("Answers begun before are found by it. A name, or the whole way from the top: /contact/phone."),
    fault=lambda text: _former(text),
)
UPLOAD = (ACCEPT, MOST_BYTES, IMAGE)


def _look(kind: str) -> Item:
    return Item(keyword="x-widget", label=lazy_gettext("Look"), control="pick", options=LOOK[kind])


#: Kind → what is special about it.
OF_KIND: Mapping[str, tuple[Item, ...]] = {
    "text": (FORMAT, *LENGTHS),
    "long_text": LENGTHS,
    "email": LENGTHS,
    "integer": (*(replace(one, whole=True) for one in BOUNDS), UNIT),
    "number": (*BOUNDS, UNIT),
    "choice": (_look("choice"),),
    "yes_no": (_look("yes_no"),),
    "ticks": COUNTS,
    "file": UPLOAD,
    "files": (*COUNTS, *UPLOAD),
    "rows": (*COUNTS, _look("rows"), *ROW_WORDS),
    "computed": (COMPUTED, RESULT, UNIT),
    "review": COUNTS[:1],
}
#: Kind → what is special about it and seldom needed.
RARE: Mapping[str, tuple[Item, ...]] = {
    "text": (PATTERN, FILL),
    "long_text": (PATTERN,),
    "email": (FILL,),
    "phone": (FILL,),
    "date": (FILL,),
    "integer": OPEN_BOUNDS,
    "number": OPEN_BOUNDS,
}
_SENTENCES: Mapping[str, Word] = {
    "required": lazy_gettext("Sentence when it is not answered"),
    "format": lazy_gettext("Sentence when it is written wrongly"),
    "pattern": lazy_gettext("Sentence when it does not fit the pattern"),
    "minLength": lazy_gettext("Sentence when it is too short"),
    "maxLength": lazy_gettext("Sentence when it is too long"),
    "minimum": lazy_gettext("Sentence when it is too little"),
    "maximum": lazy_gettext("Sentence when it is too much"),
    "minItems": lazy_gettext("Sentence when there are too few"),
    "maxItems": lazy_gettext("Sentence when there are too many"),
    "const": lazy_gettext("Sentence when it is not ticked"),
    "*": lazy_gettext("Sentence for any other error"),
}
_SAID_OF: Mapping[str, tuple[str, ...]] = {
    "text": ("format", "pattern", "minLength", "maxLength"),
    "long_text": ("minLength", "maxLength"),
    "integer": ("minimum", "maximum"),
    "number": ("minimum", "maximum"),
    "ticks": ("minItems", "maxItems"),
    "files": ("minItems", "maxItems"),
    "rows": ("minItems", "maxItems"),
    "review": ("minItems",),
    "consent": ("const",),
}


def messages_of(kind: str) -> tuple[Item, ...]:
    """The author's own sentences for what can be wrong with an answer of this kind."""
    if kind == "computed":
        return ()
    own = _SAID_OF.get(kind, ("format",) if kind in ("money", "date", "time", "date-time", "email", "phone") else ())
    return tuple(Item(keyword=f"x-messages/{one}", label=_SENTENCES[one]) for one in ("required", *own, "*"))
