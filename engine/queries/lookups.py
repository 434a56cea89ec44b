"""What expressions of forms ask of registers: only what everybody may read, of the registers that the form declares."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import partial

from sqlalchemy.orm import Session

from engine.errors import NotAllowed, NotFound, ScriptError
from engine.expressions import evaluate_asking, evaluate_value
from engine.model import Json, Variables
from engine.queries.registers import Wanted, public_record, public_records, register

#: The form's keyword, and the name under which its value comes among the variables of an expression.
DECLARED = "x-registers"
#: So many records may one question find, so many questions may one page ask.
MOST_RECORDS, MOST_QUESTIONS = 200, 100
LONGEST_VALUE = 200
#: Beyond these a number isn't the same in every database.
LARGEST_NUMBER = 2**53


class Lookups:
    """The registers of one organisation as one page sees them: each question is asked once.

    A value that a public form works out must be the same whoever looks at it, so also for staff only public records
    and fields count.
    """

    def __init__(self, session: Session, tenant: str) -> None:
        self._session = session
        self._tenant = tenant
        self._known: dict[tuple[str, ...], dict[str, Json]] = {}

    def evaluate(self, text: str, variables: Mapping[str, Json]) -> Json:
        """Give the value of an expression of a form, which may `find` and `get`. Raises ScriptError."""
        listed = variables.get(DECLARED)
        declared = tuple(one for one in listed if isinstance(one, str)) if isinstance(listed, list) else ()
        if not declared:
            return evaluate_value(text, variables)
        known = self._known.setdefault(declared, {})
        return evaluate_asking(text, variables, known, partial(self._answer, declared))

    def _answer(self, declared: Sequence[str], question: str) -> Json:
        function, key, what = json.loads(question)
        if key not in declared:
            raise ScriptError(f"the form doesn't name the register {key!r} in {DECLARED}")
        if sum(map(len, self._known.values())) >= MOST_QUESTIONS:
            raise ScriptError(f"the form asks registers more than {MOST_QUESTIONS} times")
        try:
            return self._found(key, what) if function == "find" else self._got(key, what)
        except (NotFound, NotAllowed) as error:
            raise ScriptError(f"the register {key!r} has nothing public like that") from error

    def _found(self, key: str, where: Mapping[str, Json]) -> list[Variables]:
        if not all(map(_can_stand_in_a_record, where.values())):
            return []
        found = public_records(self._session, self._tenant, key, Wanted(where=where, page_size=MOST_RECORDS))
        if found.total > MOST_RECORDS:
            raise ScriptError(f"more than {MOST_RECORDS} records of {key!r} are like that")
        return [dict(one.data) for one in found.items]

    def _got(self, key: str, value: Json) -> Variables | None:
        if not _can_stand_in_a_record(value):
            return None
        kept = register(self._session, self._tenant, key)
        public = kept.public_fields or ()
        name = next((names[0] for names in kept.unique if len(names) == 1 and names[0] in public), None)
        if name is not None:
            return next(iter(self._found(key, {name: value})), None)
        try:
            return dict(public_record(self._session, self._tenant, key, str(value)).data)
        except NotFound:
            return None


def _can_stand_in_a_record(value: Json) -> bool:
    """Say whether a record may have such a value; what isn't answered stands in none."""
    if isinstance(value, str):
        return value.isprintable() and len(value) <= LONGEST_VALUE
    return isinstance(value, int | float) and abs(value) < LARGEST_NUMBER
