"""A data store that is only drawn: nothing is read from it or written to it."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.rule import Found, found, rule
from engine.check.subject import Subject, children, holder
from engine.reading.data import store_of


@rule(
    "data-stores",
    "hint",
    mend=(
        "Registr čte register.find a zapisuje register.save; kresba může zůstat.",
        "A register is read by register.find and written by register.save; the drawing may stay.",
    ),
    drawn=(
        "Vazba na úložiště dat {store} je jen kresba, nic se jí nečte ani nezapisuje.",
        "The association with the data store {store} is only drawn; it reads and writes nothing.",
    ),
)
def data_stores(subject: Subject) -> Iterator[Found]:
    """Find associations with data stores; those that compute something are refused when the file is read."""
    for association in subject.elements("dataInputAssociation", "dataOutputAssociation"):
        store = store_of(association, subject.by_id)
        if store is not None and next(children(association, "transformation", "assignment"), None) is None:
            yield found("drawn", holder(association), store=store)
