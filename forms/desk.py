"""What a page is made over: answers, language, errors, comments, files; and small facts about fields."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from forms.compile import Form
from forms.display import display
from forms.parts import Comment, Offer
from forms.posted import FileRef
from forms.shape import Shape
from forms.tree import Answers, Field
from forms.validate import label_of
from forms.words import text_of, words

Json = Any
#: Another form and its answers, for a clerk who objects to its fields.
Other = tuple[Form, Json]


#: Stands for an answer that its reader may not see.
HIDDEN = "••••"


def is_kept_from(mark: Json, groups: Collection[str]) -> bool:
    """Say whether `x-sensitive` names groups, and none of a reader's is among them."""
    if not isinstance(mark, dict):
        return False
    named = mark.get("groups")
    return not set(groups) & set(named if isinstance(named, list) else ())


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Everything that the parts of a page are made of."""

    answers: Answers
    lang: str = "cs"
    read_only: bool = False
    #: Personal data (x-sensitive) are shown as dots.
    masked: bool = False
    #: Groups of the reader, for data that only some may see; None = whoever reads gave the data.
    groups: Collection[str] | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    comments: Sequence[Comment] = ()
    files: Mapping[str, FileRef] = field(default_factory=dict)
    #: Sentences to stand at fields, such as where a prefilled value came from.
    notes: Mapping[str, str] = field(default_factory=dict)
    reviewed: Mapping[str, Other] = field(default_factory=dict)
    #: Choices from registers, by pointer of their fields.
    offers: Mapping[str, Offer] = field(default_factory=dict)

    @property
    def form(self) -> Form:
        """The form of the page."""
        return self.answers.form

    @property
    def words(self) -> Mapping[str, str]:
        """Words in the language of the page."""
        return words(self.lang)

    def text(self, shape: Shape, keyword: str) -> str:
        """Give an author's text in the language of the page."""
        source = shape.sources.get(keyword)
        return text_of(self.form, source, keyword, self.lang) if source else ""

    def shown(self, field: Field) -> str:
        """Give the answer to a question as text, or dots for personal data that aren't for this reader."""
        offered = self.offers.get(field.pointer)
        named = offered.text if offered and not offered.candidates else ""
        return self.masked_text(field, named or display(self.form, field, self.lang, self.files))

    def masked_text(self, field: Field, text: str) -> str:
        """Give the text, or dots for who may not read it."""
        return HIDDEN if text and self.is_hidden(field) else text

    def is_hidden(self, field: Field) -> bool:
        """Say whether this reader gets dots: `{"groups": […]}` names those who don't, also at a part around it."""
        if self.masked and field.marks:
            return True
        groups = self.groups
        return groups is not None and any(is_kept_from(mark, groups) for mark in field.marks)

    def is_sensitive(self, field: Field) -> bool:
        """Say whether the author marked this as personal data."""
        return bool(field.marks)

    def label(self, field: Field) -> str:
        """Give the label of a field; a row of an unnamed kind is called by its number."""
        if field.index is not None:
            return self._numbered(self.text(field.shape, "title"), field.index)
        return label_of(self.form, field, self.lang)

    def row_title(self, rows: Field, index: int) -> str:
        """Give the name of a row: "Kontakt 2"."""
        item = self.text(rows.shape, "x-item-label") or self.text(self._item(rows, index), "title")
        return self._numbered(item, index)

    def row_caption(self, rows: Field, row: Field) -> str:
        """Give the name of a row with the first thing filled in it, so that people know which one it is."""
        title = self.row_title(rows, row.index or 0)
        first = next((child for child in row.children if child.is_question), row)
        said = self.shown(first) if first.is_question else ""
        return f"{title}: {said.splitlines()[0][:60]}" if said.strip() else title

    def _numbered(self, name: str, index: int) -> str:
        return self.words["row"].format(name=name or self.words["item"], number=index + 1)

    def _item(self, rows: Field, index: int) -> Shape:
        return rows.children[index].shape if index < len(rows.children) else rows.shape

    def error_at(self, field: Field) -> str:
        """Give the error of a field without the label in front, which stands above it anyway."""
        said = self.errors.get(field.pointer, "")
        rest = said.removeprefix(f"{self.label(field)}: ")
        return rest[:1].upper() + rest[1:]

    def comments_at(self, pointer: str) -> tuple[str, ...]:
        """Give what the office said about a field."""
        return tuple(comment.comment for comment in self.comments if comment.pointer == pointer)
