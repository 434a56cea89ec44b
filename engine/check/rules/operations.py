"""What a task or process passes to an operation is what the operation's messages are made of."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.items import Items, data_of
from engine.check.rule import Found, found, rule
from engine.check.subject import Element, Subject, holder, texts
from engine.reading.xml import local

#: Task → which data goes with which message of the operation.
EXCHANGED = {
    "serviceTask": (("dataInput", "inMessageRef"), ("dataOutput", "outMessageRef")),
    "sendTask": (("dataInput", "inMessageRef"),),
    "receiveTask": (("dataOutput", "inMessageRef"),),
}


@rule(
    "operations",
    mend=(
        "Srovnejte data úlohy se zprávou její operace.",
        "Make the data of the task agree with the message of its operation.",
    ),
    differs=(
        "Data {data} mají jiný druh než zpráva operace ({message}).",
        "The data {data} is of another kind than the message of the operation ({message}).",
    ),
    no_message=(
        "Úloha uvádí data ({data}), ale její operace v tomto směru žádnou zprávu nemá.",
        "The task declares data ({data}), but its operation has no message that way.",
    ),
    other_message=(
        "Úloha uvádí jinou zprávu než její operace.",
        "The task names another message than its operation.",
    ),
)
def operations(subject: Subject) -> Iterator[Found]:
    """Find data that doesn't fit the messages of an operation."""
    items = Items(subject)
    for task in subject.elements(*EXCHANGED):
        operation = subject.by_id.get(task.get("operationRef") or "")
        if operation is None:
            continue
        for tag, message_tag in EXCHANGED[local(task)]:
            message, data = items.message(operation, message_tag), data_of(task, tag)
            yield from _compared(items, task, data[:1], message)
            if data and not texts(operation, message_tag):
                yield found("no_message", task.get("id"), data=data[0].get("id"))
        if task.get("messageRef") and task.get("messageRef") not in texts(operation, "inMessageRef"):
            yield found("other_message", task.get("id"))
    for binding in subject.elements("ioBinding"):
        operation = subject.by_id.get(binding.get("operationRef") or "")
        for attribute, message_tag in (("inputDataRef", "inMessageRef"), ("outputDataRef", "outMessageRef")):
            bound = subject.by_id.get(binding.get(attribute) or "")
            message = items.message(operation, message_tag)
            yield from _compared(items, binding, [bound] if bound is not None else [], message)


def _compared(items: Items, place: Element, data: list[Element], message: Element | None) -> Iterator[Found]:
    for one in data:
        if message is not None and not items.same(one, message):
            yield found("differs", holder(place), data=one.get("id"), message=message.get("id"))
