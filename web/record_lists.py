"""What the address of a list of records asks for, and the list as a page shows it; for the staff and for everybody."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from engine.model import Json
from engine.queries.record_lists import CAPTION, CHANGED, Asked, Facet, Listed, View, facets, listed
from engine.queries.registers import RecordFacts
from forms import money
from forms.dates import is_date, tidy_date
from web.here import session
from web.i18n import _
from web.records import Column, Paper, is_day, paper_of, ranged

PAGE_SIZE = 50
LONGEST_QUERY, LONGEST_CURSOR = 200, 2_000
#: Values of one field that a list may be narrowed by.
MOST_CHOSEN = 20
#: What stands before a field's name in an address.
IS, FROM, TO, COLUMN = "je.", "od.", "do.", "sloupec"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A value that a list may be narrowed by."""

    value: str
    words: str
    count: int
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class Range:
    """A field with from and to, as they were typed."""

    name: str
    title: str
    low: str
    high: str


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A list as a page shows it."""

    paper: Paper
    asked: Asked
    found: Listed
    columns: Sequence[Column]
    rows: Sequence[tuple[RecordFacts, Mapping[str, str]]]
    #: (field, title, its values)
    facets: Sequence[tuple[str, str, Sequence[Choice]]]
    ranges: Sequence[Range]
    #: Sentences about what can't be read in the address.
    problems: Sequence[str]
    #: What the address says, for links and hidden fields: pairs in their order.
    said: Sequence[tuple[str, str]]
    sorts: Mapping[str, str] = field(default_factory=dict)

    @property
    def pinned(self) -> list[tuple[str, str, str, str]]:
        """What it is narrowed by that no filter shows: (field, title, value as kept, as people read it)."""
        offered = {name for name, _title, _choices in self.facets}
        first = self.rows[0][1] if self.rows else {}
        return [
            (name, self.paper.columns[name].title, value, (first.get(name) if len(values) == 1 else "") or value)
            for name, values in self.asked.among.items()
            if name not in offered
            for value in values
        ]

    @property
    def narrowed(self) -> bool:
        """Whether something was asked for."""
        return bool(self.asked.q or self.asked.among or self.asked.between)

    def address(self, url: Callable[..., str], **changed: str) -> str:
        """The same list otherwise."""
        args: MultiDict[str, str] = MultiDict([pair for pair in self.said if pair[0] not in changed])
        for name, value in changed.items():
            if value:
                args.add(name, value)
        return url(**args.to_dict(flat=False))

    def sorted_by(self, name: str) -> str:
        """How it is sorted by a column now: ascending, descending or "" (not at all)."""
        if self.asked.sort.removeprefix("-") != name or not name:
            return ""
        return "descending" if self.asked.sort.startswith("-") else "ascending"

    def turned(self, name: str) -> str:
        """The order that a click on a column's heading gives."""
        return f"-{name}" if self.asked.sort == name else name


def asked_in(paper: Paper, args: MultiDict[str, str]) -> tuple[Asked, list[Range], list[str]]:
    """Read an address: what is asked, the ranges as typed, sentences about what can't be read."""
    view, problems, ranges = paper.view, list[str](), list[Range]()
    between: dict[str, tuple[Json, Json]] = {}
    for name in ranged(view):
        low, high = (args.get(mark + name, "").strip()[:60] for mark in (FROM, TO))
        ranges.append(Range(name=name, title=paper.columns[name].title, low=low, high=high))
        ends = [_end(view, name, text) for text in (low, high)]
        problems += [
            _unread(paper, name, text) for text, end in zip((low, high), ends, strict=True) if text and end is None
        ]
        if any(end is not None for end in ends):
            between[name] = (ends[0], ends[1])
    among = {
        name: chosen[:MOST_CHOSEN] for name in view.sortable if (chosen := [v[:100] for v in args.getlist(IS + name)])
    }
    sort = args.get("razeni", "")
    known = {CAPTION, CHANGED, *view.sortable}
    asked = Asked(
        q=args.get("q", "").strip()[:LONGEST_QUERY] if view.searchable else "",
        among=among,
        between=between,
        sort=sort if sort.removeprefix("-") in known else CAPTION,
        after=args.get("za", "")[:LONGEST_CURSOR],
        before=args.get("pred", "")[:LONGEST_CURSOR],
        size=PAGE_SIZE,
    )
    return asked, ranges, problems


def sheet_of(view: View, args: MultiDict[str, str]) -> Sheet:
    """The list that an address asks for. Raises Invalid for a broken cursor."""
    paper = paper_of(view)
    asked, ranges, problems = asked_in(paper, args)
    found = listed(session(), view, asked)
    kept = [(name, value) for name, value in args.items(multi=True) if name not in ("za", "pred") and value]
    return Sheet(
        paper=paper,
        asked=asked,
        found=found,
        columns=paper.chosen(args.getlist(COLUMN)),
        rows=[(one, paper.texts(one.data)) for one in found.items],
        facets=[_choices(paper, asked, one) for one in facets(session(), view, asked)],
        ranges=ranges,
        problems=problems,
        said=kept,
        sorts=sorts_of(paper),
    )


def sorts_of(paper: Paper) -> dict[str, str]:
    """What a list may be sorted by."""
    names = {name: paper.columns[name].title for name in paper.view.sortable}
    return {CAPTION: _("by name"), f"-{CHANGED}": _("last changed first"), **names}


def _choices(paper: Paper, asked: Asked, facet: Facet) -> tuple[str, str, list[Choice]]:
    words, chosen = paper.words_of(facet.field), asked.among.get(facet.field, ())
    offered = [
        Choice(value=value, words=words.get(value, value), count=count, chosen=value in chosen)
        for value, count in facet.counts
    ]
    return facet.field, paper.columns[facet.field].title, offered


def _end(view: View, name: str, text: str) -> Json:
    if not text:
        return None
    if is_day(view.register.schema["properties"][name]):
        day = tidy_date(text)
        return day if is_date(day) else None
    number = money.parse(text, thousands=".")
    return None if number is None else str(number)


def _unread(paper: Paper, name: str, text: str) -> str:
    kind = _("a day") if is_day(paper.register.schema["properties"][name]) else _("a number")
    return _("%(field)s: “%(typed)s” is not %(kind)s.", field=paper.columns[name].title, typed=text, kind=kind)
