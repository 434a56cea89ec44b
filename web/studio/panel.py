"""What can be set of one part of the form: a table that makes the controls and reads them back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Literal

from flask_babel import lazy_gettext

from engine.model import Json
from forms.edit.places import Schema, is_field, part
from forms.pointers import MISSING, get, join
from web.i18n import _
from web.studio.naming import fault_in
from web.studio.words import FORMATS, WIDTHS, Word

Control = Literal["line", "lines", "number", "tick", "pick", "code"]
#: The language beside the original one.
OTHER = "en"


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
SENSITIVE = Item(
    keyword="x-sensitive", label=lazy_gettext("Personal data, hidden from those who need not see it"), control="tick"
)
REQUIRED_MESSAGE = Item(keyword="x-messages/required", label=lazy_gettext("Sentence when it is not answered"))
OTHER_MESSAGE = Item(keyword="x-messages/*", label=lazy_gettext("Sentence for any other error"))
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
    },
    "yes_no": {"": lazy_gettext("Yes and No"), "checkbox": lazy_gettext("a box to tick")},
    "rows": {"": lazy_gettext("cards one under another"), "table": lazy_gettext("a table")},
}
COMPUTED = Item(
    keyword="x-computed",
    label=lazy_gettext("How it is worked out"),
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
)


def _look(kind: str) -> Item:
    return Item(keyword="x-widget", label=lazy_gettext("Look"), control="pick", options=LOOK[kind])


#: Kind → what is special about it.
OF_KIND: Mapping[str, tuple[Item, ...]] = {
    "text": (FORMAT, *LENGTHS),
    "long_text": LENGTHS,
    "email": LENGTHS,
    "phone": (),
    "integer": (*(replace(one, whole=True) for one in BOUNDS), UNIT),
    "number": (*BOUNDS, UNIT),
    "choice": (_look("choice"),),
    "yes_no": (_look("yes_no"),),
    "ticks": COUNTS,
    "file": (ACCEPT, MOST_BYTES),
    "files": (*COUNTS,),
    "rows": (*COUNTS, _look("rows"), *ROW_WORDS),
    "computed": (COMPUTED, RESULT),
}
#: Parts that are no question of their own.
WORDS_ONLY = ("step", "section", "variant", "together", "shared")


@dataclass(frozen=True, kw_only=True)
class Panel:
    """The controls for one part."""

    main: tuple[Item, ...]
    limits: tuple[Item, ...] = ()
    more: tuple[Item, ...] = ()
    translations: tuple[Item, ...] = ()

    @property
    def items(self) -> tuple[Item, ...]:
        """All of them."""
        return (*self.main, *self.limits, *self.more, *self.translations)

    @property
    def keywords(self) -> frozenset[str]:
        """Keywords of the part that have a control here."""
        return frozenset(item.keyword.partition("/")[0] for item in (*self.main, *self.limits, *self.more))


def panel(schema: Schema, place: str, kind: str) -> Panel:
    """Give the controls for a part, with what stands there."""
    own = part(schema, place)
    texts = (TITLE, HINT) if place else (FORM_TITLE, FORM_HINT)
    if not is_field(place):
        made = Panel(main=_fitting(own, texts), translations=_translations(schema, place, texts))
        return made
    more: tuple[Item, ...] = (HELP, WIDTH, REQUIRED_MESSAGE, OTHER_MESSAGE, SENSITIVE, RETENTION, VISIBLE)
    if kind in ("group", "rows", "library", "reference"):
        more = (REQUIRED_MESSAGE, SENSITIVE, RETENTION, VISIBLE)
    if kind == "computed":
        more = (HELP, SENSITIVE, RETENTION, VISIBLE)
    words = (*texts, HELP)
    return Panel(
        main=_fitting(own, texts),
        limits=_fitting(own, OF_KIND.get(kind, ())),
        more=_fitting(own, more),
        translations=_translations(schema, place, words),
    )


def _fitting(own: Schema, items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Give the items whose control can show what stands there; what is odd stays among the advanced."""
    return tuple(made for item in items if (made := _filled(own, item)) is not None)


def _filled(own: Schema, item: Item) -> Item | None:
    found = get(own, f"/{item.keyword}")
    if found is MISSING or found == "":
        above = get(own, "/" + item.keyword.partition("/")[0])
        return item if found == "" or "/" not in item.keyword or above is MISSING or isinstance(above, dict) else None
    if item.control == "tick":
        return replace(item, value="1") if found is item.stores else None
    if item.shown is not None:
        text = item.shown(found)
    elif isinstance(found, str):
        text = found
    elif isinstance(found, int | float) and not isinstance(found, bool):
        text = f"{found:g}" if abs(found) < 10**6 and float(f"{found:g}") == found else str(found)
    else:
        return None
    if item.control == "number" and not _is_number(text, whole=item.whole):
        return None
    known = item.control != "pick" or text in item.options
    return replace(item, value=text) if known else None


def _translations(schema: Schema, place: str, items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Give the controls for the English of those texts that stand there."""
    made = []
    for item in items:
        original = get(schema, f"{place}/{item.keyword}")
        if isinstance(original, str) and original.strip():
            said = get(schema, join("/x-translations", OTHER, f"{place}/{item.keyword}"))
            made.append(
                replace(
                    item, keyword=f"{OTHER}:{item.keyword}", value=said if isinstance(said, str) else "", hint=original
                )
            )
    return tuple(made)


# --- reading what was typed ------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What came of a post: changes by keyword, translations by pointer, and the panel with errors."""

    changes: Mapping[str, Json]
    translations: Mapping[str, str]
    panel: Panel

    @property
    def errors(self) -> list[Item]:
        """Controls with something wrong in them."""
        return [item for item in self.panel.items if item.error]


def read(shown: Panel, place: str, posted: Mapping[str, str], known: Collection[str] = ()) -> Typed:
    """Read the controls; only what differs from what was shown is a change. `known` are the names of the answers."""
    changes: dict[str, Json] = {}
    translations: dict[str, str] = {}
    seen: dict[str, Item] = {}
    for item in shown.items:
        text = _plain(posted.get(item.name, "")) if item.control == "tick" or item.name in posted else item.value
        if text == _plain(item.value):
            continue
        if item.keyword.startswith(f"{OTHER}:"):
            translations[f"{place}/{item.keyword.partition(':')[2]}"] = text
            continue
        value, error = _stored(item, text, known)
        seen[item.keyword] = replace(item, value=text, error=error)
        if not error:
            changes[item.keyword] = value
    with_typed = replace(shown, **{part: _typed(getattr(shown, part), seen) for part in ("main", "limits", "more")})
    return Typed(changes=changes, translations=translations, panel=with_typed)


def as_typed(shown: Panel, posted: Mapping[str, str]) -> Panel:
    """Give the controls with what was typed into them, unread."""

    def filled(items: tuple[Item, ...]) -> tuple[Item, ...]:
        return tuple(
            replace(item, value=posted.get(item.name, "" if item.control == "tick" else item.value)) for item in items
        )

    return Panel(
        main=filled(shown.main),
        limits=filled(shown.limits),
        more=filled(shown.more),
        translations=filled(shown.translations),
    )


def _typed(items: tuple[Item, ...], seen: Mapping[str, Item]) -> tuple[Item, ...]:
    return tuple(seen.get(item.keyword, item) for item in items)


def _stored(item: Item, text: str, known: Collection[str]) -> tuple[Json, str]:
    text = text.strip()
    if item.control == "tick":
        return (item.stores if text else MISSING), ""
    if not text:
        return MISSING, ""
    if item.control == "number":
        return _number_of(item, text)
    if item.control == "pick" and text not in item.options:
        return MISSING, _("Choose one of those on offer.")
    if item.control == "code" and (why := fault_in(text, known)):
        return MISSING, why
    return (item.stored(text) if item.stored else text), ""


def _number_of(item: Item, text: str) -> tuple[Json, str]:
    plain = text.replace("\u00a0", "").replace(" ", "").replace(",", ".")
    if not _is_number(plain, whole=item.whole):
        return MISSING, _("Write a whole number.") if item.whole else _("Write a number.")
    if item.stored is not None:
        return item.stored(plain), ""
    return (int(plain) if "." not in plain else float(plain)), ""


def _is_number(text: str, *, whole: bool) -> bool:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return False
    return number.is_finite() and abs(number) < 10**15 and (not whole or number == number.to_integral_value() >= 0)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n")
