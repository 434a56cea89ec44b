"""Choices that come from a register: what a typed text means there, and how an answer is called.

`x-options: {"register": key, "value": field, "label": field}`. Only what is public of a public register is offered;
the rest of it nobody learns by asking.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from engine.errors import NotAllowed, NotFound
from engine.model import Json, Variables
from engine.queries.lookups import Lookups
from engine.queries.registers import Wanted, public_records, public_with, register
from forms.compile import Form
from forms.graph import schemas
from forms.messages import sentence
from forms.naming import MOST_CANDIDATES, fold
from forms.parts import Offer
from forms.pointers import put
from forms.tree import Answers, Field, unfold, walk
from forms.validate import FieldError, label_of

LONGEST_QUERY = 200
#: So many different answers of one register are looked up for a page, so many by one query; and so many texts that
#: are no answers are searched for. What a post has beyond that is told as unknown.
MOST_NAMED, AT_ONCE, MOST_SEARCHED = 2000, 200, 20


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

    def names(self, typed: Iterable[str]) -> dict[str, str]:
        """Give the names of those of the texts that are answers, by one query for so many. Raises NotFound."""
        self._check()
        wanted = list(dict.fromkeys(text for text in typed if len(text) <= LONGEST_QUERY))[:MOST_NAMED]
        found: dict[str, str] = {}
        for some in (wanted[at : at + AT_ONCE] for at in range(0, len(wanted), AT_ONCE)):
            records = public_with(self.session, self.tenant, self.key, self.value, some)
            found |= dict(self._pair(one.data) for one in records)
        return found

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
    """Look up every answer from a register: those of one register together, and no more texts than a person types."""
    asked = list(_asked(session, tenant, form, data))
    desks = {source.url: _Desk(source) for _field, source in asked}
    for one, source in asked:
        desks[source.url].typed.append(one.value)
    offers, errors, known = {}, [], data
    for one, source in asked:
        value, offer, keyword = desks[source.url].looked_up(one.value)
        known = put(known, one.pointer, value) if value else known
        offers[one.pointer] = offer
        if keyword:
            label, typed = label_of(form, one, lang), str(one.value)[:60]
            said = sentence(keyword, lang, label=label, typed=typed)
            errors.append(FieldError(pointer=one.pointer, keyword="x-options", message=said))
    return Offered(data=known, offers=offers, errors=errors)


@dataclass
class _Desk:
    """What is known of one register while one page is looked up."""

    source: Source
    typed: list[Json] = field(default_factory=list)
    #: What was searched for already.
    searched: dict[str, Sequence[tuple[str, str]]] = field(default_factory=dict)

    @cached_property
    def names(self) -> dict[str, str] | None:
        """Names of the answers among what was typed; None where nothing of the register is public."""
        try:
            return self.source.names(one for one in self.typed if isinstance(one, str) and one)
        except (NotFound, NotAllowed):
            return None

    def looked_up(self, typed: Json) -> tuple[str, Offer, str]:
        """Give the value, what the page shows and the key of the sentence where it means nothing."""
        url = self.source.url
        if not isinstance(typed, str) or not typed:
            return "", Offer(url=url), ""
        if self.names is None:
            return "", Offer(text=typed), "choice.unknown"
        if typed in self.names:
            return typed, Offer(text=self.names[typed], url=url), ""
        found = self._found(typed)
        meant = [(value, name) for value, name in found if fold(name) == fold(typed)]
        if len(meant) == 1:
            return meant[0][0], Offer(text=meant[0][1], url=url), ""
        offer = Offer(text=typed, candidates=tuple(found), url=url)
        return "", offer, "choice.several" if found else "choice.unknown"

    def _found(self, typed: str) -> Sequence[tuple[str, str]]:
        if typed not in self.searched and len(self.searched) < MOST_SEARCHED:
            self.searched[typed] = self.source.find(typed)
        return self.searched.get(typed, ())


def _asked(session: Session, tenant: str, form: Form, data: Variables) -> Iterator[tuple[Field, Source]]:
    answers = Answers(form=form, data=data, evaluate=Lookups(session, tenant).evaluate)
    for asked in walk(unfold(answers)):
        wanted = asked.shape.get("x-options")
        if asked.widget == "autocomplete" and isinstance(wanted, dict) and not asked.shape.choices:
            key, value, label = (str(wanted.get(name, "")) for name in ("register", "value", "label"))
            yield asked, Source(session=session, tenant=tenant, key=key, value=value, label=label)
