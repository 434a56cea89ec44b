"""Changes of how a register is written, one at a time; what a change doesn't name stays as it is.

A definition is the JSON of `registers/<key>.json` (see `definitions`). Functions give a new one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from engine.model import Json

Definition = dict[str, Json]

#: What a field may be used for besides being kept, in the order of the page.
COLUMNS, SEARCH, INDEX, PUBLIC = "columns", "search", "index", "public"
USES = (COLUMNS, SEARCH, INDEX, PUBLIC)
_DAYS = re.compile(r"P(\d+)D")


def fields_of(definition: Mapping[str, Json]) -> list[str]:
    """Names of the fields in the order of the schema."""
    return list(_schema(definition).get("properties") or {})


def uses_of(definition: Mapping[str, Json], name: str) -> frozenset[str]:
    """What a field is used for."""
    return frozenset(use for use in USES if name in _listed(definition, use))


def with_uses(definition: Mapping[str, Json], name: str, wanted: Collection[str]) -> Definition:
    """The register with this field used so; a register that shows the public nothing keeps doing so."""
    made = dict(definition)
    for use in USES:
        listed = _listed(made, use)
        if (use in wanted) != (name in listed):
            made = _with_listed(made, use, [*listed, name] if use in wanted else [one for one in listed if one != name])
    return made


def without_field(definition: Mapping[str, Json], name: str) -> Definition:
    """The register with no list, key or right that names a field; its schema is the caller's."""
    made = with_uses(definition, name, ())
    if "unique" in made:
        keys = [[one] if isinstance(one, str) else one for one in made["unique"]]
        if any(name in key for key in keys):
            made["unique"] = [key for key in keys if name not in key]
    fields = (made.get("rights") or {}).get("fields") or {}
    if name in fields:
        kept = {one: groups for one, groups in fields.items() if one != name}
        made["rights"] = {**made["rights"], "fields": kept}
    return made


def days_before(watch: Mapping[str, Json]) -> list[int] | None:
    """How many days before its date a record begins a case; None where that isn't said in days."""
    periods = watch.get("before")
    if "date" not in watch or not isinstance(periods, list):
        return None
    found = [_DAYS.fullmatch(str(one)) for one in periods]
    return [int(one[1]) for one in found if one] if all(found) else None


def with_days_before(definition: Mapping[str, Json], at: int, days: Sequence[int]) -> Definition:
    """The register whose watch at a position begins cases so many days before."""
    watches = list(definition.get("watch") or ())
    watches[at] = {**watches[at], "before": [f"P{day}D" for day in sorted(set(days), reverse=True)]}
    return {**definition, "watch": watches}


def may(definition: Mapping[str, Json], kind: str) -> frozenset[str]:
    """Groups that may `read` or `write` the records."""
    return frozenset((definition.get("rights") or {}).get(kind) or ())


def with_rights(definition: Mapping[str, Json], kind: str, groups: Collection[str]) -> Definition:
    """The register whose records these groups may `read` or `write`; those that stay keep their order."""
    rights = dict(definition.get("rights") or {})
    before = list(rights.get(kind) or ())
    if set(before) == set(groups):
        return dict(definition)
    rights[kind] = [*(one for one in before if one in groups), *sorted(set(groups) - set(before))]
    return {**definition, "rights": rights}


def _schema(definition: Mapping[str, Json]) -> Mapping[str, Json]:
    schema = definition.get("schema")
    return schema if isinstance(schema, Mapping) else {}


def _listed(definition: Mapping[str, Json], use: str) -> list[str]:
    holder = definition.get("public") or {} if use == PUBLIC else definition
    listed = holder.get("fields" if use == PUBLIC else use)
    return list(listed) if isinstance(listed, list) else []


def _with_listed(definition: Definition, use: str, names: list[str]) -> Definition:
    if use != PUBLIC:
        return {**definition, use: names}
    public = definition.get("public")
    return {**definition, "public": {**public, "fields": names}} if isinstance(public, dict) else definition
