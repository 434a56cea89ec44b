"""Choices that come from a register: what a typed text means there, and how an answer is called.

`x-options: {"register": key, "value": field, "label": field}`. Only what is public of a public register is offered;
the rest of it nobody learns by asking.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.expressions import evaluate_value
from engine.model import Json, Variables
from engine.queries.registers import Wanted, public_records, register
from forms.compile import Form
from forms.graph import schemas
from forms.messages import sentence
from forms.naming import MOST_CANDIDATES, fold
from forms.parts import Offer
from forms.pointers import put
from forms.tree import Answers, Field, unfold, walk
from forms.validate import FieldError, label_of

LONGEST_QUERY = 200


@dataclass(frozen=True, kw_only=True)
class Source:
    """A register to choose from: which of its public fields is the answer and which is its name."""

    session: Session
    tenant: str
    key: str
    value: str
    label: str

    def find(self, text: str, most: int = MOST_CANDIDATES) -> Sequence[tuple[str, str]]:
        """Give values and names of the records that have every word of the text. Raises NotFound."""
        self._check()
        wanted = Wanted(q=text.strip()[:LONGEST_QUERY], page_size=most)
        return [self._pair(one.data) for one in public_records(self.session, self.tenant, self.key, wanted).items]

    def called(self, value: str) -> str | None:
        """Give the name of an answer; None when no record has it."""
        self._check()
        wanted = Wanted(where={self.value: value}, page_size=1)
        found = public_records(self.session, self.tenant, self.key, wanted).items
        return self._pair(found[0].data)[1] if found else None

    def _check(self) -> None:
        kept = register(self.session, self.tenant, self.key)
        if not {self.value, self.label} <= set(kept.public_fields or ()):
            raise NotFound

    def _pair(self, data: Variables) -> tuple[str, str]:
        return str(data.get(self.value, "")), str(data.get(self.label, ""))

    @property
    def url(self) -> str:
        """Where a script asks."""
        return f"/registry/{self.key}/nabidka?{urlencode({'value': self.value, 'label': self.label})}"


@dataclass(frozen=True, kw_only=True)
class Offered:
    """The answers with values in place of names, what the page shows of them, and what means nothing."""

    data: Variables
    offers: Mapping[str, Offer] = field(default_factory=dict)
    errors: Sequence[FieldError] = ()


def asks(form: Form) -> bool:
    """Whether the form has a field that a register answers."""
    found: tuple[bool] = form.remember("x-options", lambda: (any("x-options" in one for one in schemas(form.root)),))
    return found[0]


def offered(session: Session, tenant: str, form: Form, data: Variables, lang: str) -> Offered:
    """Look up every answer from a register."""
    offers, errors, known = {}, [], data
    for asked, source in _asked(session, tenant, form, data):
        value, offer, keyword = _looked_up(source, asked.value)
        known = put(known, asked.pointer, value) if value else known
        offers[asked.pointer] = offer
        if keyword:
            label, typed = label_of(form, asked, lang), str(asked.value)[:60]
            said = sentence(keyword, lang, label=label, typed=typed)
            errors.append(FieldError(pointer=asked.pointer, keyword="x-options", message=said))
    return Offered(data=known, offers=offers, errors=errors)


def _looked_up(source: Source, typed: Json) -> tuple[str, Offer, str]:
    """Give the value, what the page shows and the key of the sentence where it means nothing."""
    if not isinstance(typed, str) or not typed:
        return "", Offer(url=source.url), ""
    try:
        name = source.called(typed)
        if name is not None:
            return typed, Offer(text=name, url=source.url), ""
        found = source.find(typed)
    except NotFound:
        return "", Offer(text=typed), "choice.unknown"
    meant = [(value, name) for value, name in found if fold(name) == fold(typed)]
    if len(meant) == 1:
        return meant[0][0], Offer(text=meant[0][1], url=source.url), ""
    offer = Offer(text=typed, candidates=tuple(found), url=source.url)
    return "", offer, "choice.several" if found else "choice.unknown"


def _asked(session: Session, tenant: str, form: Form, data: Variables) -> Iterator[tuple[Field, Source]]:
    answers = Answers(form=form, data=data, evaluate=evaluate_value)
    for asked in walk(unfold(answers)):
        wanted = asked.shape.get("x-options")
        if asked.widget == "autocomplete" and isinstance(wanted, dict) and not asked.shape.choices:
            key, value, label = (str(wanted.get(name, "")) for name in ("register", "value", "label"))
            yield asked, Source(session=session, tenant=tenant, key=key, value=value, label=label)
