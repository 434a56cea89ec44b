"""What changed between two versions of answers, question by question."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from forms.compile import Form
from forms.desk import Desk
from forms.display import Files
from forms.parts import Offer
from forms.tree import Answers, Field, unfold

Json = Any
#: What registers say of the answers, by pointer.
Offers = Mapping[str, Offer]


@dataclass(frozen=True, kw_only=True)
class Change:
    """One question answered otherwise; an empty text means that it wasn't asked or answered."""

    pointer: str
    label: str
    before: str
    after: str


def compare(  # noqa: PLR0913 what is compared of the answers
    form: Form,
    before: Json,
    after: Json,
    *,
    lang: str = "cs",
    files: Files | None = None,
    groups: Collection[str] | None = None,
    offers: tuple[Offers, Offers] = ({}, {}),
    older: Form | None = None,
) -> list[Change]:
    """List the questions whose answers differ, in form order; those that are gone last.

    `offers` name what was chosen from registers, before and after. `older` is the form that was answered before, where
    it was another version: what only that one asked, or offered, is told in its words.
    """
    old = told(older or form, before, lang, files, groups, offers[0])
    new = told(form, after, lang, files, groups, offers[1])
    changes = [
        Change(pointer=pointer, label=label, before=old.get(pointer, ("", ""))[1], after=text)
        for pointer, (label, text) in new.items()
    ]
    changes += [
        Change(pointer=p, label=label, before=text, after="") for p, (label, text) in old.items() if p not in new
    ]
    return [change for change in changes if change.before != change.after]


def told(
    form: Form,
    data: Json,
    lang: str,
    files: Files | None = None,
    groups: Collection[str] | None = None,
    offers: Offers | None = None,
) -> dict[str, tuple[str, str]]:
    """Give label and answer of every question, by pointer."""
    answers = Answers(form=form, data=data if isinstance(data, dict) else {})
    desk = Desk(answers=answers, lang=lang, read_only=True, files=files or {}, groups=groups, offers=offers or {})
    root = unfold(answers)
    return {q.pointer: (label, desk.shown(q)) for q, label in _labelled(desk, root, "")}


def _labelled(desk: Desk, field: Field, row: str) -> Iterator[tuple[Field, str]]:
    """Give every question with its label, after the name of its row."""
    for child in field.children:
        if field.widget == "rows" and child.index is not None and not child.is_question:
            yield from _labelled(desk, child, f"{desk.row_title(field, child.index)} – ")
        elif child.is_question:
            yield child, row + desk.label(child)
        else:
            yield from _labelled(desk, child, row)
