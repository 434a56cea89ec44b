"""Records of registers as pages show them: a form of what a person sees, columns, values as people read them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from engine.model import Actor, Json, Variables
from engine.queries.record_lists import View
from engine.registers.definitions import Register, is_choice
from engine.store.record_values import is_amount, kept_value
from forms.compile import Form
from forms.display import display
from forms.shape import Shape
from forms.tree import Answers, unfold
from forms.words import text_of
from web.here import session
from web.i18n import _, language
from web.published import form_of_fields
from web.tenancy import tenant_key

#: Columns that a list has when nobody chose any.
USUAL_COLUMNS = 6
#: What a text has to begin with to become a link: never a script, never another host by two slashes.
_ADDRESS = re.compile(r"https?://[^\s]+$|/(?![/\\])[^\s\\]*$")


@dataclass(frozen=True, kw_only=True)
class Column:
    """A field as a column of a list."""

    name: str
    title: str
    number: bool
    sortable: bool
    #: Its texts are addresses.
    address: bool = False

    def leads_to(self, text: str) -> str:
        """Where a text of it leads: a page of ours or of another site; "" = it is only a text."""
        return text if self.address and _ADDRESS.match(text) else ""


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What of a register's records somebody sees, and how it reads."""

    view: View
    form: Form

    @property
    def register(self) -> Register:
        return self.view.register

    @cached_property
    def columns(self) -> Mapping[str, Column]:
        """Every field that is seen, by name."""
        shapes = self.register.schema.get("properties", {})
        return {name: self._column(name, shapes[name]) for name in self.view.fields}

    def _column(self, name: str, shape: Mapping[str, Json]) -> Column:
        title = text_of(self.form, self.form.root["properties"][name], "title", language()) or name
        address = shape.get("format") in ("uri", "uri-reference")
        sortable = name in self.view.sortable
        return Column(name=name, title=title, number=is_amount(shape), sortable=sortable, address=address)

    def chosen(self, names: Sequence[str]) -> list[Column]:
        """The columns asked for; without any those of the register's author, else the first ones that tell most."""
        named = [name for name in dict.fromkeys(names) if name in self.columns]
        return [self.columns[name] for name in named or self._usual()]

    def _usual(self) -> list[str]:
        wanted = [name for name in self.register.columns if name in self.columns]
        if wanted:
            return wanted
        telling = [*self.register.search, *self.register.indexed]
        names = [name for name in self.view.fields if name in telling] or list(self.view.fields)
        return names[:USUAL_COLUMNS]

    def texts(self, data: Variables) -> dict[str, str]:
        """The values of a record as people read them."""
        fields = unfold(Answers(form=self.form, data=data)).children
        return {field.name: display(self.form, field, language()) for field in fields}

    def words_of(self, name: str) -> dict[str, str]:
        """How the values of a choice are called, by what is kept of them."""
        shape = self.register.schema["properties"][name]
        values = [True, False] if shape.get("type") == "boolean" else values_of(shape)
        named = {kept_value(shape, one): self.texts({name: one}).get(name) or str(one) for one in values}
        # A choice of nothing may have its own words; a program's None has none.
        nothing = named.get("", "None")
        return {**named, "": _("not filled in") if nothing == "None" else nothing}


def values_of(shape: Mapping[str, Json]) -> list[Json]:
    """The values that a choice offers."""
    listed = list(shape.get("enum") or ())
    return listed or [one["const"] for one in shape.get("oneOf") or () if "const" in one]


def paper_of(view: View) -> Paper:
    """How the records of a view read."""
    return Paper(view=view, form=form_for(view.register, view.fields))


def form_for(kept: Register, seen: Collection[str], fixed: Collection[str] = ()) -> Form:
    """A record as a form of the fields that are seen; the fixed ones are only read."""
    return form_of_fields(session(), tenant_key(), kept, seen, fixed)


def form_to_write(kept: Register, actor: Actor) -> Form:
    """The form by which a person changes a record."""
    seen = tuple(kept.readable(actor, dict.fromkeys(kept.properties)))
    return form_for(kept, seen, [name for name in seen if not kept.writable(actor, name)])


def is_day(shape: Mapping[str, Any] | Shape) -> bool:
    """Say whether a field is a day."""
    return shape.get("format") == "date"


def ranged(view: View) -> list[str]:
    """Fields that a list may be narrowed by from and to."""
    shapes = view.register.schema.get("properties", {})
    return [
        name
        for name in view.sortable
        if not is_choice(shapes[name]) and (is_day(shapes[name]) or is_amount(shapes[name]))
    ]
