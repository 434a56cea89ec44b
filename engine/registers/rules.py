"""Rules of a register: what must hold of a record whoever writes it, with values that have dates of validity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from engine.model import Json


@dataclass(frozen=True, kw_only=True)
class Dated:
    """A value from a day on."""

    since: str
    value: Json


@dataclass(frozen=True, kw_only=True)
class RecordRule:
    """One rule, as `rules` of `registers/<key>.json` say it."""

    #: Starlark that must be true.
    check: str
    #: Field at which a form tells that it isn't.
    at: str = ""
    #: What is told then, by language; names of values and facts stand in braces.
    message: Mapping[str, str] = field(default_factory=dict)
    #: Field with the day that chooses among dated values; "" = today.
    as_of: str = ""
    values: Mapping[str, Sequence[Dated]] = field(default_factory=dict)
    #: Starlark for what the message tells besides.
    facts: Mapping[str, str] = field(default_factory=dict)


def read_rules(told: Sequence[Mapping[str, Json]]) -> tuple[RecordRule, ...]:
    """Read the rules of a register whose shape is right."""
    return tuple(
        RecordRule(
            check=one["check"],
            at=one.get("at") or "",
            message=one.get("message") or {},
            as_of=one.get("as_of") or "",
            values={
                name: tuple(Dated(since=str(row["since"]), value=row["value"]) for row in rows)
                for name, rows in (one.get("values") or {}).items()
            },
            facts=one.get("facts") or {},
        )
        for one in told
    )
