"""Where a person is asked: in the task just before, or in one put there for it."""

from __future__ import annotations

from engine.model import Json
from engine.reading.xml import BPMN, Element, local
from engine.sketch.paper import Paper, is_person, ours, slug, title


def ask(paper: Paper, before: Element, name: str, field: Json, word: str, of: str) -> Element:
    """Ask for a variable before a node; gives the task that asks."""
    asker = asker_before(paper, before)
    if asker is None:
        asker = insert(paper, before, paper.word(word, of=of))
    paper.fields.setdefault(asker.get("id") or "", {})[name] = field
    return asker


def asker_before(paper: Paper, node: Element) -> Element | None:
    """Give the human task whose form can ask: the only thing before a node, with no other way on."""
    into = paper.into(node)
    known = paper.asking.get(node.get("id") or "")
    if known in paper.by_id:
        return paper.by_id[known]
    if len(into) != 1:
        return None
    source = paper.source(into[0])
    loops = any(local(c).endswith("LoopCharacteristics") for c in source)
    if not is_person(source) or loops or len(paper.out_of(source)) != 1 or has_form(source):
        return None
    return source


def has_form(node: Element) -> bool:
    """Say whether the author gave the task a form of ours."""
    told = ours(node, "task")
    return told is not None and bool(told.get("form"))


def insert(paper: Paper, before: Element, name: str) -> Element:
    """Put a human task before a node: what led to the node leads to the task."""
    body = before.getparent()
    assert body is not None
    into = paper.into(before)
    task = paper.add(body, "userTask", f"ask_{before.get('id')}", name=name)
    identity = task.get("id") or ""
    paper.sheet.put_before(identity, before.get("id") or "", "task")
    paper.in_lane_of(task, before)
    for flow in into:
        paper.lead(flow, target=identity)
    paper.join(task, before)
    paper.asking[before.get("id") or ""] = identity
    paper.say("inserted", task, name=name, before=title(before))
    return task


def form_of(paper: Paper, task: Element) -> str:
    """Give the name of the form that a task will have: the task's own name where that tells it from the others."""
    identity = task.get("id") or ""
    if identity not in paper.form_names:
        name = f"{paper.key}_{slug(task.get('name') or '')[:40] or slug(identity)}".lower()
        taken = name in paper.form_names.values()
        paper.form_names[identity] = f"{name}_{slug(identity)}".lower() if taken else name
    return paper.form_names[identity]


def variable(word: str, element: Element) -> str:
    """Give the name of the variable that an answer is kept in."""
    return f"{word}_{slug(element.get('id') or '')}".lower()


def is_in(element: Element, tag: str) -> bool:
    """Say whether an element lies in one of a kind."""
    return any(local(e) == tag for e in element.iterancestors(BPMN + tag))
