"""All answers in form order, for the check page, the PDF and the story of a case."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from forms.compile import Form
from forms.desk import HIDDEN, Desk
from forms.parts import Comment, Offer
from forms.pointers import element_id
from forms.posted import FileRef
from forms.steps import names_on
from forms.sums import total_of
from forms.tree import Answers, Evaluate, Field, unfold
from forms.words import localized

Json = Any


@dataclass(frozen=True, kw_only=True)
class Line:
    """One question and its answer; `text` may have several lines."""

    pointer: str
    id: str
    label: str
    text: str
    widget: str
    number: bool = False
    #: Ids of attached files, for links.
    files: tuple[FileRef, ...] = ()
    sensitive: bool = False
    #: What the office wrote to the answer.
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Table:
    """Repeated rows as a table: headings, lines of cells, sums."""

    pointer: str
    id: str
    label: str
    total_word: str
    columns: tuple[Line, ...]
    rows: tuple[tuple[Line, ...], ...]
    totals: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Section:
    """A heading with lines, tables and smaller sections under it."""

    title: str
    step: str | None
    lines: tuple[Line | Table | Section, ...]


def summary(  # noqa: PLR0913 what is shown of the answers
    form: Form,
    data: Json,
    lang: str = "cs",
    *,
    files: dict[str, FileRef] | None = None,
    evaluate: Evaluate | None = None,
    blanks: bool = False,
    masked: bool = False,
    groups: Collection[str] | None = None,
    offers: Mapping[str, Offer] | None = None,
    comments: Sequence[Comment] = (),
) -> tuple[Section, ...]:
    """Give the answers as sections, one for each step or group.

    `blanks` keeps unanswered questions; `masked` shows personal data (x-sensitive) as dots, `groups` are the reader's.
    `offers` name what was chosen from registers; `comments` are what the office wrote to the fields.
    """
    answers = Answers(form=form, data=data or {}, evaluate=evaluate)
    desk = Desk(answers=answers, lang=lang, read_only=True, masked=masked, groups=groups, files=files or {})
    desk = replace(desk, offers=offers or {}, comments=comments)
    writer = _Writer(desk, blanks)
    root = unfold(answers)
    if not form.steps:
        return tuple(writer.sections(root, localized(form.schema, "/title", form.schema.get("title"), lang)))
    found = []
    for at, step in enumerate(form.steps):
        names = names_on(form, step, root.children)
        fields = [field for field in root.children if field.name in names]
        title = localized(form.schema, f"/x-steps/{at}/title", step.title, lang)
        lines = tuple(writer.lines(fields))
        found.append(Section(title=title, step=step.key, lines=lines))
    return tuple(section for section in found if section.lines)


@dataclass(frozen=True)
class _Writer:
    desk: Desk
    blanks: bool

    def sections(self, root: Field, title: str) -> Iterator[Section]:
        """Split a form without steps: loose questions under its title, each group under its own."""
        loose: list[Line | Table | Section] = []
        for line in self.lines(root.children):
            if isinstance(line, Section):
                if loose:
                    yield Section(title=title, step=None, lines=tuple(loose))
                loose, title = [], ""
                yield line
            else:
                loose.append(line)
        if loose:
            yield Section(title=title, step=None, lines=tuple(loose))

    def lines(self, fields: Sequence[Field]) -> Iterator[Line | Table | Section]:
        for field in fields:
            if field.widget == "group":
                yield from self._group(field, self.desk.label(field))
            elif field.widget == "rows":
                yield from self._rows(field)
            else:
                line = self.line(field)
                if line.text or line.comments or self.blanks:
                    yield line

    def line(self, field: Field) -> Line:
        desk = self.desk
        ids = field.value if isinstance(field.value, list) else [field.value]
        attached = tuple(desk.files[i] for i in ids if isinstance(i, str) and i in desk.files)
        return Line(
            pointer=field.pointer,
            id=element_id(field.pointer),
            label=desk.label(field),
            text=desk.shown(field),
            widget=field.widget,
            number=bool(field.shape.types & {"integer", "number"}) or field.shape.get("format") == "money",
            files=attached if field.widget in ("file", "files") and not desk.is_hidden(field) else (),
            sensitive=desk.is_sensitive(field),
            comments=() if desk.is_hidden(field) else desk.comments_at(field.pointer),
        )

    def _group(self, field: Field, title: str) -> Iterator[Section]:
        lines = tuple(self.lines(field.children))
        if lines:
            yield Section(title=title, step=None, lines=lines)

    def _rows(self, field: Field) -> Iterator[Line | Table | Section]:
        if field.shape.get("x-widget") == "table" and field.children and all(r.children for r in field.children):
            yield self._table(field)
            return
        for row in field.children:
            title = f"{self.desk.label(field)} – {self.desk.row_title(field, row.index or 0)}"
            if row.is_question:
                yield self.line(row)
            else:
                yield from self._group(row, title)

    def _total(self, rows: Field, cell: Line) -> str:
        """Give the sum of a column; of one that the reader may not see it would tell what is in it."""
        total = total_of(rows, cell.pointer.rpartition("/")[2], self.desk.lang)
        return HIDDEN if total and cell.text == HIDDEN else total

    def _table(self, field: Field) -> Table:
        rows = tuple(tuple(self.line(cell) for cell in row.children if cell.is_question) for row in field.children)
        longest = max(rows, key=len)
        totals = tuple(self._total(field, cell) for cell in longest)
        return Table(
            pointer=field.pointer,
            id=element_id(field.pointer),
            label=self.desk.label(field),
            total_word=self.desk.words["total"],
            columns=longest,
            rows=rows,
            totals=totals if any(totals) else (),
        )
