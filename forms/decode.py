"""From a post to answers: only what the form asks now, in the types it asks for."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forms.compile import Form
from forms.computed import computed
from forms.controls import chosen, parse, widget_of
from forms.naming import named
from forms.pointers import MISSING
from forms.posted import FileRef, Pairs, Place, sorted_by_place
from forms.shape import Member, Shape
from forms.tree import PARTED, Answers, Evaluate, extra_member, is_plain, item_schema, unfold, walk
from forms.typed import clean

Json = Any

_ROW = re.compile(r"0|[1-9][0-9]{0,5}")


def decode(  # noqa: PLR0913 what a post is read by
    form: Form,
    pairs: Pairs,
    files: Mapping[str, Sequence[FileRef]] | None = None,
    current: Json = None,
    *,
    step: str | None = None,
    evaluate: Evaluate | None = None,
    lang: str = "cs",
) -> dict[str, Json]:
    """Read posted pairs into answers, numbers as the page's language writes them. Raises PostTooLarge.

    `current` are the answers so far: fields that weren't on the page, and read-only ones, keep theirs. Fields that the
    form doesn't ask now can't be set. `files` are the uploads by control name. Rows without an answer are left out.
    """
    return Decoder(form, current, step=step, evaluate=evaluate, lang=lang).read(pairs, files or {})


class Decoder:
    """Reads one post; the choices that seldom change are given once."""

    def __init__(
        self,
        form: Form,
        current: Json,
        *,
        step: str | None = None,
        evaluate: Evaluate | None = None,
        lang: str = "cs",
    ) -> None:
        self._form = form
        self._current = current if isinstance(current, dict) else {}
        page = form.step(step)
        self._page = (
            None if page is None else {name for other in form.steps if other is not page for name in other.names}
        )
        self._last = page is None or page is form.steps[-1]
        self._evaluate = evaluate
        self.lang = lang
        #: Rows without an answer stay; the add and remove buttons need their numbers.
        self.keep_blank = False
        #: Take what the schema neither describes nor forbids. Never for a post from outside.
        self.extras = False
        #: Ids that a post may name; uploads of others can't be taken over.
        self.known_files: Collection[str] = _Files(form, self._current)

    def read(self, pairs: Pairs, files: Mapping[str, Sequence[FileRef]]) -> dict[str, Json]:
        """Read the post into answers."""
        posted = sorted_by_place(pairs, files)
        data: dict[str, Json] = {}
        answers = Answers(form=self._form, data=data, evaluate=self._evaluate)
        _Reader(self, answers).members(self._form.root, posted, self._current, data)
        return computed(self._form, data, self._evaluate)

    def is_elsewhere(self, name: str) -> bool:
        """Say whether a top-level field belongs to another step than the posted one."""
        return self._page is not None and name in self._page


@dataclass(frozen=True)
class _Reader:
    decoder: Decoder
    answers: Answers

    def members(self, schema: Any, posted: Place, current: Json, read: dict[str, Json]) -> None:
        """Read properties into `read` until no answer opens another one; what isn't open in the end is dropped."""
        before = current if isinstance(current, dict) else {}
        done: set[str] = set()
        while True:
            asked = self._asked(schema, posted, read)
            fresh = [member for member in asked if member.name not in done]
            if not fresh:
                break
            for member in fresh:
                done.add(member.name)
                value = self._member(schema, member, posted, before.get(member.name, MISSING))
                if value is not MISSING:
                    read[member.name] = value
        kept = {member.name: read[member.name] for member in asked if member.name in read}
        read.clear()
        read.update(kept)

    def _asked(self, schema: Any, posted: Place, read: dict[str, Json]) -> list[Member]:
        shape = self.answers.shape(schema, read)
        asked = self.answers.members(shape, read)
        if self.decoder.extras:
            names = {member.name for member in asked} | {member.name for member in shape.members}
            extra = (extra_member(self.answers.form, shape, name) for name in posted.below if name not in names)
            asked += [member for member in extra if member]
        return asked

    def _member(self, schema: Any, member: Member, posted: Place, current: Json) -> Json:
        if schema is self.answers.form.root and self.decoder.is_elsewhere(member.name):
            return current
        return self.value(member, posted.at(member.name), current)

    def value(self, member: Member, posted: Place, current: Json) -> Json:
        shape = self.answers.shape(member.schema, MISSING)
        if shape.get("readOnly") or shape.get("x-computed") is not None:
            return current
        widget = widget_of(shape)
        if widget in PARTED and posted.values and not posted.below and is_plain(shape, posted.values[-1]):
            shape = shape.without_parts()
            widget = widget_of(shape)
        if widget == "group":
            return self._group(member, posted, current)
        if posted.is_bare:
            return current
        if widget == "rows":
            return self._rows(shape, posted, current)
        return _answer(shape, widget, posted, self)

    def _group(self, member: Member, posted: Place, current: Json) -> Json:
        if posted.is_bare and not current:
            return {} if member.required else current
        if not member.required and not posted.is_answered:
            return current if self._is_only_shown(member, current) else posted.empty
        read: dict[str, Json] = {}
        self.members(member.schema, posted, current, read)
        return read if read or member.required else posted.empty

    def _is_only_shown(self, member: Member, current: Json) -> bool:
        """Whether nothing in a group can be answered, so that no post says anything of it."""
        inside = [self.answers.shape(one.schema, MISSING) for one in self.answers.shape(member.schema, current).members]
        return bool(inside) and all(one.get("readOnly") or one.get("x-computed") is not None for one in inside)

    def _rows(self, shape: Shape, posted: Place, current: Json) -> Json:
        before = current if isinstance(current, list) else []
        if shape.keeps_rows:
            return self._kept_rows(shape, posted, before)
        rows: list[Json] = []
        for index in sorted(int(token) for token in posted.below if _ROW.fullmatch(token)):
            item = Member(name="", schema=item_schema(self.answers.form, shape, index), required=False)
            old = before[index] if index < len(before) else MISSING
            row = self.value(item, posted.at(str(index)), old)
            if row is MISSING and (self.decoder.keep_blank or len(rows) < shape.limit("minItems")):
                row = blank_item(self.answers, shape, index)
            if row is not MISSING:
                rows.append(row)
        return rows or ([] if posted.below and self.decoder.keep_blank else posted.empty)

    def _kept_rows(self, shape: Shape, posted: Place, before: list[Json]) -> Json:
        """Read what was answered in the rows that are there; others that are posted are none."""
        rows = list(before)
        for index, old in enumerate(before):
            if str(index) in posted.below:
                item = Member(name="", schema=item_schema(self.answers.form, shape, index), required=True)
                row = self.value(item, posted.at(str(index)), old)
                rows[index] = old if row is MISSING else row
        return rows or MISSING


def blank_item(answers: Answers, shape: Shape, index: int) -> Json:
    """Give the value of a row in which nothing is filled yet but what its author filled in for a start."""
    item = answers.shape(item_schema(answers.form, shape, index), MISSING)
    widget = widget_of(item)
    if widget == "group":
        inside = {member.name: answers.shape(member.schema, MISSING) for member in item.members}
        return {name: one.get("default") for name, one in inside.items() if _begins_filled(one)}
    return [] if widget == "rows" else ""


def _begins_filled(shape: Shape) -> bool:
    """Whether a question has a default; a declaration is never ticked in advance."""
    return "default" in shape.keywords and widget_of(shape) not in ("checkbox", "output", "group", "rows")


def _answer(shape: Shape, widget: str, posted: Place, reader: _Reader) -> Json:
    if widget == "checkboxes":
        return _ticked(reader.answers.shape(shape.get("items"), MISSING), posted)
    if widget in ("file", "files"):
        return _uploaded(widget, posted, reader.decoder.known_files)
    if widget == "review":
        return _review(posted)
    text = clean(posted.values[-1]) if posted.values else ""
    if widget == "checkbox":
        return _tick(shape, text, posted)
    if widget in ("radio", "select"):
        return _choice(shape, text, posted)
    if widget == "autocomplete" and shape.choices:
        # The last of them filled in: the radios that offer a choice stand under the text.
        typed = next((clean(value).strip() for value in reversed(posted.values) if value.strip()), "")
        return named(reader.answers.form, shape, typed) if typed else posted.empty
    if widget == "autocomplete":
        text = next((clean(value) for value in reversed(posted.values) if value.strip()), "")
    text = text if posted.marker == " " else text.strip()
    return parse(text, shape, reader.decoder.lang) if text else posted.empty


def _choice(shape: Shape, text: str, posted: Place) -> Json:
    if not text:
        return posted.empty
    if not shape.choices:
        return {"true": True, "false": False}.get(text, text)
    return chosen(shape, text)


def _tick(shape: Shape, text: str, posted: Place) -> Json:
    if not text:
        return posted.empty
    return chosen(shape, text) if shape.choices else text == "true" or text


def _ticked(item: Shape, posted: Place) -> Json:
    ticked = [chosen(item, clean(value)) for value in dict.fromkeys(posted.values)]
    if not ticked:
        return posted.empty
    order = [value for value in _order(posted.marker) if value in ticked]
    return order if len(order) == len(ticked) else ticked


def _order(marker: str | None) -> list[Json]:
    try:
        listed = json.loads(marker or "[]")
    except (ValueError, RecursionError):
        return []
    return listed if isinstance(listed, list) else []


def _uploaded(widget: str, posted: Place, known: Collection[str]) -> Json:
    kept = [value for value in dict.fromkeys(posted.values) if value in known]
    new = [file.id for file in posted.files]
    if widget == "files":
        return list(dict.fromkeys([*kept, *new])) or posted.empty
    return next(iter([*new, *kept]), posted.empty)


def _review(posted: Place) -> Json:
    said = ((pointer, clean(text).strip()) for pointer, text in posted.about.items())
    return [{"pointer": pointer, "comment": text} for pointer, text in said if text] or posted.empty


class _Files(Collection[str]):
    """Ids of the files among the present answers, looked up when first needed."""

    def __init__(self, form: Form, current: Json) -> None:
        self._form, self._current = form, current
        self._ids: set[str] | None = None

    def _known(self) -> set[str]:
        if self._ids is None:
            fields = walk(unfold(Answers(form=self._form, data=self._current)))
            lists = (f.value if f.widget == "files" else [f.value] for f in fields if f.widget in ("file", "files"))
            self._ids = {value for values in lists if isinstance(values, list) for value in values if value}
        return self._ids

    def __contains__(self, item: object) -> bool:
        return item in self._known()

    def __iter__(self) -> Any:
        return iter(self._known())

    def __len__(self) -> int:
        return len(self._known())
