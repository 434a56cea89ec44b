"""The parts of a page: plain facts that templates write out and never have to think about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = Any


@dataclass(frozen=True, kw_only=True)
class Comment:
    """What the office says about one field of a returned form."""

    pointer: str
    comment: str


@dataclass(frozen=True, kw_only=True)
class Option:
    """One radio, check box or line of a select; `reveal` hangs under it."""

    id: str
    value: str
    label: str
    hint: str = ""
    checked: bool = False
    reveal: tuple[Part, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What a register has for a field: the name of its answer, what the typed text may have meant, where to ask."""

    text: str = ""
    #: Value and name.
    candidates: tuple[tuple[str, str], ...] = ()
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Button:
    """A button that changes the form and shows it again."""

    do: str
    label: str
    icon: str = ""


@dataclass(frozen=True, kw_only=True)
class Attached:
    """A file that is already there."""

    id: str
    name: str
    size: str
    url: str
    remove: Button | None = None


@dataclass(frozen=True, kw_only=True)
class Reviewed:
    """A field of another form that a clerk can object to."""

    id: str
    name: str
    label: str
    text: str
    comment: str


@dataclass(frozen=True, kw_only=True)
class Part:
    """What all parts of a page have."""

    kind: str
    pointer: str
    id: str
    label: str
    hint: str = ""
    help: str = ""
    #: Where a prefilled value came from.
    note: str = ""
    error: str = ""
    comments: tuple[str, ...] = ()
    #: Heading level of a group; 0 where the legend is no heading.
    level: int = 0


@dataclass(frozen=True, kw_only=True)
class Control(Part):
    """One question."""

    widget: str
    name: str
    text: str = ""
    options: tuple[Option, ...] = ()
    #: What a typed text may have meant.
    candidates: tuple[Option, ...] = ()
    #: Where a script asks for choices that aren't on the page.
    choices_url: str = ""
    required: bool = False
    #: Marked as not mandatory.
    optional: bool = False
    readonly: bool = False
    unit: str = ""
    width: str = ""
    input_type: str = "text"
    input_mode: str = ""
    autocomplete: str = ""
    max_length: int | None = None
    rows: int = 4
    spellcheck: bool = True
    number: bool = False
    #: Value of the hidden marker; None for no marker.
    marker: str | None = None
    #: Changing the answer may change what else is asked or worked out.
    opens: bool = False
    reveal: tuple[Part, ...] = ()
    prefill: Button | None = None
    files: tuple[Attached, ...] = ()
    multiple: bool = False
    accept: str = ""
    reviewed: tuple[Reviewed, ...] = ()
    described_by: str = ""
    #: Label for a control in a table, where the heading of the column is the visible one.
    spoken: str = ""
    sensitive: bool = False


@dataclass(frozen=True, kw_only=True)
class Group(Part):
    """Questions that belong together."""

    name: str
    parts: tuple[Part, ...]
    marker: str | None = None
    add: Button | None = None
    remove: Button | None = None
    #: Ids of the controls for latitude and longitude, which the browser may fill by where it is; () = it is no place.
    position: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Row:
    """One of the repeated items."""

    id: str
    title: str
    parts: tuple[Part, ...]
    name: str
    marker: str
    remove: Button | None
    #: Questions of a table row that have an error, which stands under the row.
    errors: tuple[Part, ...] = ()
    error: str = ""


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of rows shown as a table."""

    label: str
    number: bool
    width: str
    total: str = ""


@dataclass(frozen=True, kw_only=True)
class Rows(Part):
    """Repeated items as cards, or as a table with sums."""

    name: str
    style: str
    rows: tuple[Row, ...]
    columns: tuple[Column, ...] = ()
    marker: str = ""
    add: Button | None = None
    optional: bool = False
    has_totals: bool = False


@dataclass(frozen=True, kw_only=True)
class StepLink:
    """A step in the line of steps: done, now or next."""

    key: str
    title: str
    description: str
    number: int
    state: str


@dataclass(frozen=True, kw_only=True)
class ErrorLink:
    """An error in the summary, with the id of its control."""

    target: str
    text: str


@dataclass(frozen=True, kw_only=True)
class View:
    """A page of the form."""

    title: str
    description: str
    parts: tuple[Part, ...]
    lang: str
    words: Mapping[str, str]
    steps: tuple[StepLink, ...] = ()
    step: str | None = None
    errors: tuple[ErrorLink, ...] = ()
    errors_title: str = ""
    read_only: bool = False
    #: Id of the control that gets the focus after a button.
    focus: str = ""
    has_files: bool = False
