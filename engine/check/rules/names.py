"""Forms, groups, decisions, connectors, documents, messages and registers that a diagram names are there."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from engine.check.rule import Found, found, rule
from engine.check.subject import Subject
from engine.check.texts import literal_text
from engine.diagram import Node

#: Connector parameter that names something → which of the surroundings.
NAMING = {
    ("document.render", "template"): "documents",
    ("mail.send", "template"): "templates",
    ("register.save", "register"): "registers",
    ("register.save_all", "register"): "registers",
    ("register.find", "register"): "registers",
    ("register.delete", "register"): "registers",
    ("register.link", "register"): "registers",
    ("register.unlink", "register"): "registers",
    ("register.linked", "register"): "registers",
    ("people.of_group", "group"): "groups",
}


@rule(
    "names-are-known",
    mend=(
        "Opravte název, nebo to, co pojmenovává, do agendy přidejte.",
        "Correct the name or add to the agenda what it names.",
    ),
    forms=("Formulář {name} v agendě není.", "The agenda has no form {name}."),
    groups=("Skupina {name} v agendě není; doplňte ji do agenda.toml.", "The agenda has no group {name}; add it."),
    lane=(
        "Dráha {name} se nejmenuje jako žádná skupina; napište u úkolu group.",
        "The lane {name} is not called as any group; give the task a group.",
    ),
    decisions=("Rozhodnutí {name} v agendě není.", "The agenda has no decision {name}."),
    documents=("Dokument {name} v agendě není.", "The agenda has no document {name}."),
    templates=("Zpráva {name} v agendě není.", "The agenda has no message {name}."),
    registers=("Rejstřík {name} v agendě není.", "The agenda has no register {name}."),
    connectors=("Akce {name} neexistuje.", "There is no action {name}."),
)
def names(subject: Subject) -> Iterator[Found]:
    """Find names that lead nowhere."""
    for node in subject.nodes():
        for kind, name in _names_of(node):
            known: Collection[str] | None = getattr(subject.surroundings, kind)
            if known is not None and name not in known:
                by_lane = kind == "groups" and node.lane == name
                one = found("lane" if by_lane else kind, node.id, name=name)
                yield one


def _names_of(node: Node) -> Iterator[tuple[str, str]]:
    """Give (kind, name) for every name that a node uses."""
    holders = [node.human, node.start, node.offer]
    for holder in holders:
        if holder is not None and holder.form:
            yield "forms", holder.form
        if holder is not None and holder.group and holder.audience != "applicant":
            yield "groups", holder.group
    yield from (("registers", one) for one in [*(r.register for r in node.reads), *(w.register for w in node.writes)])
    if node.decision:
        yield "decisions", node.decision.ref
    if node.connector:
        yield "connectors", node.connector.name
        for parameter, text in node.connector.parameters.items():
            kind = NAMING.get((node.connector.name, parameter))
            name = literal_text(text)
            if kind and name is not None:
                yield kind, name
