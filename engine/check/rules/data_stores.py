"""A data store that is only drawn: nothing is read from it or written to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.check.rule import Found, found, rule
from engine.check.subject import Subject, children, holder
from engine.reading.data import register_of, store_of


@rule(
    "data-stores",
    "hint",
    mend=(
        "Napište u úložiště radnice:register a u vazby, co se kopíruje; kresba může i zůstat (docs/bpmn.md).",
        "Say radnice:register at the store and at the association what is copied; the drawing may stay (docs/bpmn.md).",
    ),
    drawn=(
        "Vazba na úložiště dat {store} je jen kresba, nic se jí nečte ani nezapisuje.",
        "The association with the data store {store} is only drawn; it reads and writes nothing.",
    ),
    field=(
        "Registr {register} nemá pole {name}.",
        "The register {register} has no field {name}.",
    ),
)
def data_stores(subject: Subject) -> Iterator[Found]:
    """Find associations with data stores; those that compute something are refused when the file is read."""
    for association in subject.elements("dataInputAssociation", "dataOutputAssociation"):
        store = store_of(association, subject.by_id)
        if store is None or register_of(association, subject.by_id) is not None:
            continue
        if next(children(association, "transformation", "assignment"), None) is None:
            yield found("drawn", holder(association), store=store)
    fields = subject.surroundings.register_fields or {}
    for node in subject.nodes():
        for saved in node.writes:
            for name, _ in saved.fields if saved.register in fields else ():
                if name not in fields[saved.register]:
                    yield replace(found("field", node.id, register=saved.register, name=name), severity="error")
