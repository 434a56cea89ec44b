"""From a number of a page to the records it was counted from: the list of the register, narrowed the same way."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping, Sequence

from engine.model import Actor, Json
from engine.queries.questions import Question
from engine.queries.registers import register
from engine.registers.definitions import Register
from engine.store.record_values import kept_value
from web.here import session
from web.record_lists import FROM, IS, TO
from web.tenancy import tenant_key

_SPAN = re.compile(r"[12][0-9]{3}(-(0[1-9]|1[0-2]))?")
#: Gives the address of a list from the key of its register and what narrows it.
Address = Callable[..., str]


def links(question: Question, groups: Iterable[str | None], address: Address, reader: Actor | None) -> Sequence[str]:
    """Give for each group where its records are; "" where a list can't be narrowed so."""
    if question.source != "register":
        return [""] * len(list(groups))
    kept = register(session(), tenant_key(), question.name)
    shown = kept.public_fields or () if reader is None else kept.readable(reader, dict.fromkeys(kept.properties))
    if not {question.by, *question.where} <= {*kept.indexed} & {*shown}:
        return [""] * len(list(groups))
    always = {IS + name: _kept(kept, name, value) for name, value in question.where.items()}
    return [
        address(key=kept.key, **always, **_of_group(kept, question, group))
        if group and (not question.by_span or _SPAN.fullmatch(group))
        else ""
        for group in groups
    ]


def _of_group(kept: Register, question: Question, group: str) -> Mapping[str, Json]:
    if not question.by_span:
        return {IS + question.by: _kept(kept, question.by, group)}
    first, last = (group, group) if question.by_span == "month" else (f"{group}-01", f"{group}-12")
    days = monthrange(int(last[:4]), int(last[5:]))[1]
    return {FROM + question.by: f"{first}-01", TO + question.by: f"{last}-{days}"}


def _kept(kept: Register, name: str, value: Json) -> Json:
    shape = kept.schema["properties"][name]
    return [kept_value(shape, one) for one in value] if isinstance(value, list) else kept_value(shape, value)
