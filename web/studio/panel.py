"""What can be set of one part of the form: the controls with what stands there, and reading them back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation

from engine.model import Json
from forms.edit.choices import offers, stored_values
from forms.edit.places import Schema, container_of, is_field, part
from forms.pointers import MISSING, get, join
from web.i18n import _
from web.studio import items as known_items
from web.studio.items import Item
from web.studio.naming import fault_in
from web.studio.sources import Register, options_items, sensitive_item

#: The language beside the original one.
OTHER = "en"


@dataclass(frozen=True, kw_only=True)
class Panel:
    """The controls for one part."""

    main: tuple[Item, ...]
    limits: tuple[Item, ...] = ()
    more: tuple[Item, ...] = ()
    messages: tuple[Item, ...] = ()
    translations: tuple[Item, ...] = ()

    @property
    def items(self) -> tuple[Item, ...]:
        """All of them."""
        return (*self.main, *self.limits, *self.more, *self.messages, *self.translations)

    @property
    def keywords(self) -> frozenset[str]:
        """Keywords of the part that have a control here."""
        own = (*self.main, *self.limits, *self.more, *self.messages)
        return frozenset(item.keyword.partition("/")[0] for item in own)


@dataclass(frozen=True, kw_only=True)
class Office:
    """What the office has that a part of a form may speak of."""

    registers: Sequence[Register] = ()
    #: Key → name of the groups of people.
    groups: Mapping[str, str] = field(default_factory=dict)
    #: Key → heading of the other forms of the agenda.
    forms: Mapping[str, str] = field(default_factory=dict)


NOTHING = Office()
_PARTS = ("main", "limits", "more", "messages")


def panel(schema: Schema, place: str, kind: str, office: Office = NOTHING) -> Panel:
    """Give the controls for a part, with what stands there."""
    own = part(schema, place)
    texts = (known_items.TITLE, known_items.HINT) if place else (known_items.FORM_TITLE, known_items.FORM_HINT)
    if not is_field(place):
        return Panel(main=_fitting(own, texts), translations=_translations(schema, place, texts))
    messages = known_items.messages_of(kind)
    return Panel(
        main=_fitting(own, texts),
        limits=_fitting(own, _limits(schema, place, kind, office)),
        more=_fitting(own, _more(own, kind, office)),
        messages=_fitting(own, messages),
        translations=_translations(schema, place, (*texts, known_items.HELP, *messages)),
    )


def _limits(schema: Schema, place: str, kind: str, office: Office) -> tuple[Item, ...]:
    made = known_items.OF_KIND.get(kind, ())
    if kind == "text":
        made = (*made, *options_items(part(schema, place), office.registers))
    if kind == "review":
        made = (replace(known_items.OF, options={"": _("no form"), **office.forms}), *made)
    if container_of(place).endswith("/items") and kind in ("integer", "number", "money", "computed"):
        made = (*made, known_items.IN_TABLE)
    default = _default(schema, place, kind)
    return (*made, default) if default else made


def _default(schema: Schema, place: str, kind: str) -> Item | None:
    """What the question is answered with at the start."""
    label = known_items.DEFAULT
    if kind == "choice":
        values = stored_values(schema, place)
        words = {str(at): one.label for at, one in enumerate(offers(schema, place))}
        return replace(
            label,
            control="pick",
            options={"": _("nothing"), **words},
            shown=lambda value: str(values.index(value)) if value in values else "?",
            stored=lambda text: values[int(text)],
        )
    if kind == "yes_no":
        return replace(
            label,
            control="pick",
            options={"": _("nothing"), "true": _("Yes"), "false": _("No")},
            shown=lambda value: str(value).lower(),
            stored=lambda text: text == "true",
        )
    if kind == "money":
        return replace(label, control="number", stored=lambda text: f"{Decimal(text):.2f}")
    if kind in ("integer", "number"):
        return replace(label, control="number", whole=kind == "integer")
    return label if kind in ("text", "long_text") else None


def _more(own: Schema, kind: str, office: Office) -> tuple[Item, ...]:
    everywhere = (sensitive_item(own, office.groups), known_items.RETENTION, known_items.VISIBLE, known_items.WAS)
    if kind in ("library", "reference"):
        return everywhere
    if kind in ("group", "rows"):
        return (known_items.HELP, known_items.READ_ONLY, *everywhere)
    if kind == "review":
        return (known_items.HELP, *everywhere)
    if kind == "computed":
        return (known_items.HELP, known_items.WIDTH, *everywhere)
    rare = known_items.RARE.get(kind, ())
    return (known_items.HELP, known_items.WIDTH, *rare, known_items.READ_ONLY, *everywhere)


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
    with_typed = replace(shown, **{part: _typed(getattr(shown, part), seen) for part in _PARTS})
    return Typed(changes=changes, translations=translations, panel=with_typed)


def as_typed(shown: Panel, posted: Mapping[str, str]) -> Panel:
    """Give the controls with what was typed into them, unread."""

    def filled(items: tuple[Item, ...]) -> tuple[Item, ...]:
        return tuple(
            replace(item, value=posted.get(item.name, "" if item.control == "tick" else item.value)) for item in items
        )

    return Panel(**{name: filled(getattr(shown, name)) for name in (*_PARTS, "translations")})


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
    why = item.fault(text) if item.fault else fault_in(text, known) if item.control == "code" else ""
    if why:
        return MISSING, why
    return (item.stored(text) if item.stored else text), ""


def _number_of(item: Item, text: str) -> tuple[Json, str]:
    plain = text.replace("\u00a0", "").replace(" ", "").replace(",", ".")
    if not _is_number(plain, whole=item.whole):
        return MISSING, _("Write a whole number.") if item.whole else _("Write a number.")
    if item.fault and (why := item.fault(plain)):
        return MISSING, why
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
