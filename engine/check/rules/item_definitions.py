"""Data declared as a collection is one in its item definition too; references to data are named after their state."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.items import Items
from engine.check.rule import Found, found, rule
from engine.check.subject import Subject, children
from engine.reading.xml import flag

DECLARED = ("dataObject", "dataInput", "dataOutput")


@rule(
    "item-definitions",
    mend=(
        "Srovnejte isCollection a stav v názvu s definicí položky.",
        "Make isCollection and the state in the name agree with the item definition.",
    ),
    collection=(
        "isCollection neodpovídá definici položky {item}.",
        "isCollection does not agree with the item definition {item}.",
    ),
    state_name=(
        "Odkaz na data ve stavu {state} se má jmenovat „{expected}“.",
        "A reference to data in the state {state} should be named {expected!r}.",
    ),
)
def item_definitions(subject: Subject) -> Iterator[Found]:
    """Find data whose declarations contradict each other."""
    items = Items(subject)
    for element in subject.elements(*DECLARED):
        item = items.of(element)
        if item is not None and flag(item, "isCollection") != flag(element, "isCollection"):
            yield found("collection", element.get("id"), item=item.get("id"))
    for element in subject.elements("dataObjectReference"):
        state = next(children(element, "dataState"), None)
        data = subject.by_id.get(element.get("dataObjectRef") or "")
        if state is None or data is None or not state.get("name"):
            continue
        expected = f"{data.get('name') or ''} [{state.get('name')}]"
        if element.get("name") != expected:
            yield found("state_name", element.get("id"), state=state.get("name"), expected=expected)
