"""All that is wrong with answers, in form order, each at its field and in words for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from jsonschema.exceptions import ValidationError

from forms.at_once import FORBIDDEN
from forms.compile import Form
from forms.messages import characters, key_of, limit_text, sentence
from forms.naming import candidates
from forms.patterns import MAX_TEXT
from forms.pointers import join, split
from forms.shape import Shape
from forms.steps import names_on
from forms.tree import Answers, Evaluate, Field, namesakes, unfold, variables, walk
from forms.words import humanized, localized, text_of

Json = Any
#: Of several faults of one field the first of these is said; the rest usually follow from it.
_ORDER = ("required", "type", "const", "enum", "characters", "length", "format")


@dataclass(frozen=True, kw_only=True)
class FieldError:
    """What is wrong with one field: `message` is for people, `keyword` for programs."""

    pointer: str
    keyword: str
    message: str


def validate(
    form: Form, data: Json, *, step: str | None = None, lang: str = "cs", evaluate: Evaluate | None = None
) -> list[FieldError]:
    """Give every error, in form order, at most one for a field. With `step` only those of its fields."""
    if form.plain is not None and form.plain.is_right(data):
        return []
    answers = Answers(form=form, data=data if isinstance(data, dict) else {}, evaluate=evaluate)
    check = _Check(form=form, data=data, answers=answers, lang=lang)
    found = [*check.schema_errors(), *check.text_errors(), *check.blank_errors()]
    errors = _without_consequences(_first_of_each(found), check.fields) if found else []
    errors += [error for error in check.rule_errors() if error.pointer not in {e.pointer for e in errors}]
    if not errors:
        return []
    fields = check.fields
    page = form.step(step)
    if page is not None:
        asked = fields[""].children
        others = {name for other in form.steps if other is not page for name in names_on(form, other, asked)}
        errors = [error for error in errors if (split(error.pointer) or [""])[0] not in others]
    order = {pointer: index for index, pointer in enumerate(fields)}
    return sorted(errors, key=lambda error: _place(error.pointer, order))


def _first_of_each(found: list[FieldError]) -> list[FieldError]:
    """Keep one error for each field, the most basic one."""
    kept: dict[str, FieldError] = {}
    for error in found:
        before = kept.get(error.pointer)
        if before is None or _rank(error) < _rank(before):
            kept[error.pointer] = error
    return list(kept.values())


def _without_consequences(errors: list[FieldError], fields: Mapping[str, Field]) -> list[FieldError]:
    """Leave out values that only wait to be worked out of others which are wrong or missing themselves."""
    given = [error for error in errors if not (error.pointer in fields and fields[error.pointer].widget == "output")]
    return given or errors


def _rank(error: FieldError) -> int:
    return _ORDER.index(error.keyword) if error.keyword in _ORDER else len(_ORDER)


def _place(pointer: str, order: Mapping[str, int]) -> float:
    """Give the place of a pointer in form order; what isn't a field of the form stands behind its parent."""
    if pointer in order:
        return order[pointer]
    parent = pointer.rpartition("/")[0]
    return _place(parent, order) + 0.5 if pointer else len(order)


@dataclass(kw_only=True)
class _Check:
    form: Form
    data: Json
    answers: Answers
    lang: str

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """By pointer, in form order. Unfolded only when there is something to say: most answers are right."""
        return {field.pointer: field for field in walk(unfold(self.answers))}

    @cached_property
    def texts(self) -> list[str]:
        """Every text of the answers."""
        return _plain_texts(self.data)

    def schema_errors(self) -> Iterator[FieldError]:
        for error in self.form.checker.iter_errors(self.data):
            yield from self._said(error)

    def _said(self, error: ValidationError) -> Iterator[FieldError]:
        pointer = join("", *error.absolute_path)
        keyword = str(error.validator)
        if keyword == "False schema":
            keyword = "additionalProperties"
        if keyword in ("oneOf", "anyOf") and self._is_choice(pointer, error.validator_value):
            keyword = "enum"
        if keyword == "required" and self._is_hidden(pointer):
            return
        if keyword == "required" and pointer in self.fields:
            yield from self._missing(self.fields[pointer])
            return
        yield FieldError(
            pointer=pointer, keyword=keyword, message=self._message(pointer, keyword, error.validator_value)
        )

    def _is_hidden(self, pointer: str) -> bool:
        """Say whether the form has this field but doesn't ask it now, by x-visible."""
        parent, _, name = pointer.rpartition("/")
        above = self.fields.get(parent)
        members = above.shape.members if above and pointer not in self.fields else ()
        return any(join("", member.name) == f"/{name}" for member in members)

    def _is_choice(self, pointer: str, branches: Json) -> bool:
        """Say whether the alternatives are the choices of one question, not alternative fields."""
        named = all(isinstance(branch, str) for branch in branches)
        return not named and pointer in self.fields and bool(self.fields[pointer].shape.choices)

    def _missing(self, field: Field) -> Iterator[FieldError]:
        """Expand a missing group to those of its questions that must be answered."""
        inner = [child for child in field.children if child.required] if field.widget == "group" else []
        for child in inner:
            yield from self._missing(child)
        if not inner:
            yield FieldError(
                pointer=field.pointer, keyword="required", message=self._message(field.pointer, "required", None)
            )

    def text_errors(self) -> Iterator[FieldError]:
        if max(map(len, self.texts), default=0) <= MAX_TEXT and not FORBIDDEN.search("".join(self.texts)):
            return
        for pointer, text in _texts(self.data, ""):
            if FORBIDDEN.search(text):
                yield self._error(pointer, "characters")
            elif len(text) > MAX_TEXT and "maxLength" not in self._shape_keywords(pointer):
                yield self._error(pointer, "length")

    def blank_errors(self) -> Iterator[FieldError]:
        """Refuse an empty text where something must be written, as a form means "required"."""
        if all(self.texts):
            return
        for field in self.fields.values():
            if field.required and field.value == "" and field.is_question and not _allows_blank(field.shape):
                yield self._error(field.pointer, "required")

    def _error(self, pointer: str, keyword: str) -> FieldError:
        return FieldError(pointer=pointer, keyword=keyword, message=self._message(pointer, keyword, None))

    def _shape_keywords(self, pointer: str) -> Mapping[str, Any]:
        return self.fields[pointer].shape.keywords if pointer in self.fields else {}

    def _message(self, pointer: str, keyword: str, limit: Json) -> str:
        field = self.fields.get(pointer)
        name = (split(pointer) or [""])[-1]
        if field is None:
            return sentence(
                keyword, self.lang, label=humanized(name), name=name, **self._named(pointer, keyword, limit)[1]
            )
        own = self._own_message(field, keyword)
        if own:
            return own
        key = self._key(keyword, field)
        suffix, facts = self._named(pointer, keyword, limit)
        return sentence(
            key + suffix,
            self.lang,
            label=label_of(self.form, field, self.lang),
            name=name,
            **facts,
            **{
                "typed": str(field.value)[:60],
                "limit": limit_text(limit, field.shape, self.lang),
                "characters": characters(limit, self.lang),
            },
        )

    def _key(self, keyword: str, field: Field) -> str:
        if (
            field.widget == "autocomplete"
            and keyword in ("enum", "oneOf", "anyOf", "const")
            and isinstance(field.value, str)
        ):
            found = candidates(self.form, field.shape, field.value, self.lang)
            return "choice.several" if found else "choice.unknown"
        return key_of(keyword, field.shape, field.widget)

    def _named(self, pointer: str, keyword: str, names: Json) -> tuple[str, dict[str, str]]:
        """Give the labels of the fields that a choice between fields speaks of."""
        if keyword not in ("anyOf", "oneOf", "not") or not isinstance(names, list) or not names:
            return "", {}
        parent = pointer.rpartition("/")[0]
        near = (self.fields.get(join(parent, name)) for name in names if isinstance(name, str))
        labels = dict.fromkeys(label_of(self.form, field, self.lang) for field in near if field)
        return (".names", {"names": ", ".join(labels)}) if labels else ("", {})

    def _own_message(self, field: Field, keyword: str) -> str:
        """Give the author's sentence from x-messages."""
        own = field.shape.get("x-messages")
        if not isinstance(own, dict):
            return ""
        document, pointer = self.form.graph.origin(field.shape.sources["x-messages"])
        key = keyword if keyword in own else "*"
        return localized(document, f"{pointer}/x-messages/{key}", own.get(key), self.lang)

    def rule_errors(self) -> Iterator[FieldError]:
        """Check the authors' rules across fields, once the fields themselves are right."""
        if self.answers.evaluate is None or not self._has_rules():
            return
        for field in self.fields.values():
            listed = field.shape.get("x-rules")
            for index, rule in enumerate(listed if isinstance(listed, list) else []):
                if isinstance(rule, dict) and not self._holds(rule, field):
                    yield self._broken(rule, index, field)

    def _has_rules(self) -> bool:
        every = self.form.graph.every
        found: bool = self.form.remember("x-rules", lambda: any("x-rules" in schema for schema in every()))
        return found

    def _holds(self, rule: Mapping[str, Any], field: Field) -> bool:
        names = variables(self.answers, namesakes(self.answers, field), field.value)
        evaluate = self.answers.evaluate
        try:
            return bool(evaluate(str(rule.get("check")), names)) if evaluate else True
        except Exception:
            return any(value is None for name, value in names.items() if name != "x-registers")

    def _broken(self, rule: Mapping[str, Any], index: int, field: Field) -> FieldError:
        document, pointer = self.form.graph.origin(field.shape.sources["x-rules"])
        said = localized(document, f"{pointer}/x-rules/{index}/message", rule.get("message"), self.lang)
        at = field.pointer + str(rule.get("at", ""))
        return FieldError(pointer=at, keyword="x-rules", message=said or sentence("x-rules", self.lang))


def _plain_texts(data: Json) -> list[str]:
    """Give every text without its place, which costs more than the text."""
    found, waiting = [], [data]
    for value in waiting:
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    return found


def _texts(value: Json, pointer: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts(inner, join(pointer, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, join(pointer, index))


def _allows_blank(shape: Shape) -> bool:
    return any(choice.value == "" for choice in shape.choices)


def label_of(form: Form, field: Field, lang: str) -> str:
    """Give the label of a field: its title, or a readable form of its name."""
    source = field.shape.sources.get("title")
    return (text_of(form, source, "title", lang) if source else "") or humanized(field.name)
