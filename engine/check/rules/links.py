"""Link events come in pairs: one or more sources, one target."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from engine.check.rule import Found, found, rule
from engine.check.subject import Subject


@rule(
    "links-pair",
    mend=(
        "Pojmenujte zdroj a cíl odkazu stejně; cíl je jeden.",
        "Give the link's source and target the same name; there is one target.",
    ),
    source=("Do zdroje odkazu spojnice jen vedou, žádná z něj nevede.", "A link source has incoming flows only."),
    target=("Z cíle odkazu spojnice jen vedou, žádná do něj nevede.", "A link target has outgoing flows only."),
    no_target=("Odkaz {name} nemá cíl stejného jména.", "The link {name} has no target of the same name."),
    no_source=("Odkaz {name} nemá zdroj stejného jména.", "The link {name} has no source of the same name."),
    targets=("Odkaz {name} má víc cílů; může mít jen jeden.", "The link {name} has several targets; it may have one."),
)
def links(subject: Subject) -> Iterator[Found]:
    """Find link events that don't pair."""
    ends = [(n, (n.parent, t.name)) for n, t in subject.triggers("link")]
    sources = {key for node, key in ends if node.kind == "intermediateThrowEvent"}
    targets = Counter(key for node, key in ends if node.kind == "intermediateCatchEvent")
    for node, key in ends:
        name = key[1] or ""
        if node.kind == "intermediateThrowEvent":
            if node.outgoing or not node.incoming:
                yield found("source", node.id)
            if key not in targets:
                yield found("no_target", node.id, name=name)
        else:
            if node.incoming or not node.outgoing:
                yield found("target", node.id)
            if key not in sources:
                yield found("no_source", node.id, name=name)
            if targets[key] > 1:
                yield found("targets", node.id, name=name)
