"""Soundness: can every case come to its end, and every activity be reached? Judged by visiting all states."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.check.soundness.explore import MOST_STATES, Explorer, Findings, Path
from engine.check.soundness.reduce import Reduced, reduce
from engine.diagram import GATEWAYS, Model, Node, Problem
from engine.errors import EngineError

RULE = "soundness"
SENTENCES = {
    "deadlock": (
        "Případ tu může zůstat stát navždy{way}.",
        "A case can come to rest here for ever{way}.",
    ),
    "never_ends": (
        "Proces nemůže nikdy doběhnout do konce.",
        "The process can never come to its end.",
    ),
    "unbounded": (
        "Značek tu přibývá bez konce{way}; za rozdělením{split} asi chybí spojení, nebo je ve smyčce.",
        "Tokens multiply here without end{way}; a join is probably missing after the split{split}, or it is in a loop.",
    ),
    "doubled": (
        "Sem se mohou dostat dvě značky najednou{way}; co následuje, stane se dvakrát. Za rozdělením{split} asi chybí "
        "spojení, nebo má být volbou.",
        "Two tokens can be here at once{way}; what follows happens twice. A join is probably missing after the "
        "split{split}, or it should be a choice.",
    ),
    "dead": ("Sem se žádný případ nemůže dostat.", "No case can ever get here."),
    "broken": ("Případ tu uvázne{way}: {why}", "A case gets stuck here{way}: {why}"),
    "circle": (
        "Proces tu běží v kruhu, aniž by na něco čekal{way}.",
        "The process runs in a circle here without waiting for anything{way}.",
    ),
    "too_large": (
        "Proces má přes {states} stavů, neprošli jsme všechny.",
        "The process has more than {states} states; not all were visited.",
    ),
}


MENDS = {
    "deadlock": (
        "Spojte větve branou téhož druhu, jakou se rozdělily.",
        "Join the branches with a gateway of the kind that split them.",
    ),
    "never_ends": ("Doplňte cestu ke konci.", "Add a way to the end."),
    "unbounded": (
        "Spojte rozdělené větve dřív, než se cesta vrátí.",
        "Join the split branches before the way goes back.",
    ),
    "doubled": (
        "Spojte větve souběžnou branou, nebo z rozdělení udělejte výlučnou bránu s podmínkami.",
        "Join the branches with a parallel gateway, or make the split an exclusive gateway with conditions.",
    ),
    "dead": ("Připojte prvek tam, kam případ dojde, nebo jej smažte.", "Connect it where a case comes, or delete it."),
    "broken": ("Opravte prvek podle důvodu ve větě.", "Put the element right by the reason in the sentence."),
    "circle": ("Vložte do kruhu úkol, časovač nebo cestu ven.", "Put a task, a timer or a way out into the circle."),
    "too_large": (
        "Rozdělte postup na podprocesy nebo volané postupy.",
        "Divide the process into sub-processes or called ones.",
    ),
}


def soundness_problems(model: Model, lang: str, most: int = MOST_STATES) -> Iterator[Problem]:
    """Explore every process of a model and say what goes wrong, with a counterexample."""
    whole = with_stubs(model)
    reduced = reduce(whole)
    reached: set[str] = set()
    complete = True
    for process in model.processes:
        try:
            findings = expanded(Explorer(reduced.model, process, most).explore(), reduced)
        except (EngineError, RecursionError):
            return
        reached |= findings.entered
        complete = complete and findings.whole
        yield from _of_process(model, process, findings, lang)
    if complete:
        yield from _dead(model, whole, reached, lang)


def expanded(findings: Findings, reduced: Reduced) -> Findings:
    """Tell findings of a reduced model in terms of the drawn one."""

    def way(short: Path) -> Path:
        pieces = (reduced.ways.get(piece, (piece,)) for piece in short)
        return tuple(p for piece in pieces for p in piece)

    findings.entered = {m for n in findings.entered for m in reduced.members.get(n, frozenset({n}))}
    for notes in (findings.stuck, findings.crowded, findings.doubled, findings.circles):
        notes.update({node: way(short) for node, short in notes.items()})
    findings.broken = {node: (why, way(short)) for node, (why, short) in findings.broken.items()}
    return findings


def with_stubs(model: Model) -> Model:
    """Give a model in which calls of processes from other files are single steps."""
    strangers = {n.id for n in model.nodes.values() if n.kind == "callActivity" and n.called not in model.nodes}
    if not strangers:
        return model
    nodes = {i: replace(n, kind="serviceTask", connector=None) if i in strangers else n for i, n in model.nodes.items()}
    return replace(model, nodes=nodes, memo={})


def _of_process(model: Model, process: str, findings: Findings, lang: str) -> Iterator[Problem]:
    ends = findings.can_complete
    severity = "warning" if ends or not findings.whole else "error"
    for node, way in findings.stuck.items():
        yield _problem(model, lang, "deadlock", node, way, severity)
    yield from _too_many(model, findings, lang)
    for node, way in findings.circles.items():
        yield _problem(model, lang, "circle", node, way, "error")
    for node, (why, way) in findings.broken.items():
        yield _problem(model, lang, "broken", node, way, severity, why=why)
    wrong = findings.stuck or findings.crowded or findings.circles or findings.broken
    if not ends and findings.whole and not wrong and model.nodes[process].members:
        yield _problem(model, lang, "never_ends", process, (), "warning")
    if not findings.whole and not findings.crowded:
        yield _problem(model, lang, "too_large", process, (), "hint", states=findings.states)


def _too_many(model: Model, findings: Findings, lang: str) -> Iterator[Problem]:
    """Give places with too many tokens, one for each split they come from."""
    said: set[str] = set()
    for sentence, severity, notes in (
        ("unbounded", "error", findings.crowded),
        ("doubled", "warning", findings.doubled),
    ):
        for node, way in notes.items():
            split = _last_split(model, way)
            if split not in said:
                said.add(split)
                named = model.nodes[split].name or split if split else ""
                told = "" if not named else f" “{named}”" if lang == "en" else f" „{named}“"
                yield _problem(model, lang, sentence, node, way, severity, split=told)


def _last_split(model: Model, way: Path) -> str:
    """Give the node on a way from which several tokens went out last; "" where none did."""
    flows = [model.flows.get(piece) for piece in way]
    for later, before in zip(reversed(flows), reversed(flows[:-1]), strict=False):
        if later is not None and before is not None and later is not before and later.source == before.source:
            return later.source
    return ""


def _dead(model: Model, whole: Model, reached: set[str], lang: str) -> Iterator[Problem]:
    """Give the first nodes of what nobody can reach; what follows them is dead for the same reason."""
    skipped = _behind_unknown(model, whole)
    for node in model.nodes.values():
        if node.kind == "process" or node.id in reached or node.id in skipped or _lies_in_dead(model, node, reached):
            continue
        before = [f.source for f in node.incoming]
        if not before or any(source in reached for source in before):
            yield _problem(model, lang, "dead", node.id, (), "warning")


def _lies_in_dead(model: Model, node: Node, reached: set[str]) -> bool:
    """Say whether the body around, or the activity whose boundary this is, is dead itself or undoes something."""
    parent = model.nodes.get(node.parent or "")
    undoes = node.compensation or (node.attached_to and any(t.kind == "compensate" for t in node.triggers))
    if undoes or (parent is not None and parent.event_sub and parent.id not in reached):
        return True
    if parent is not None and parent.kind != "process" and parent.id not in reached:
        return True
    host = model.nodes.get(node.attached_to or "")
    return host is not None and host.id not in reached


def _behind_unknown(model: Model, whole: Model) -> set[str]:
    """Give what only happens by what a process of another file throws: escalations caught at a call."""
    stubs = {i for i, n in whole.nodes.items() if n is not model.nodes[i]}
    first = [
        n.id
        for n in model.nodes.values()
        if n.attached_to in stubs and any(t.kind in ("escalation", "compensate", "cancel") for t in n.triggers)
    ]
    found, todo = set(first), list(first)
    while todo:
        for flow in model.nodes[todo.pop()].outgoing:
            if flow.target not in found:
                found.add(flow.target)
                todo.append(flow.target)
    return found


def _problem(
    model: Model, lang: str, sentence: str, element: str, way: Path, severity: str, **facts: object
) -> Problem:
    czech, english = SENTENCES[sentence]
    text = (english if lang == "en" else czech).format(way=_told(model, way, lang), **facts)
    mend = MENDS[sentence][lang == "en"]
    return Problem(severity, RULE, element, text, path=way, mend=mend)  # type: ignore[arg-type]


def _told(model: Model, way: Path, lang: str) -> str:
    """Tell a way by the names of what people know: activities, events, and where a decision was made."""
    names: list[str] = []
    for piece in way:
        node, flow = model.nodes.get(piece), model.flows.get(piece)
        name = node.name if node is not None and node.kind not in GATEWAYS else flow.name if flow is not None else ""
        if name and (not names or names[-1] != name):
            names.append(name)
    if not names:
        return ""
    shown = names if len(names) <= 8 else [*names[:2], "…", *names[-5:]]
    return (", for example after: " if lang == "en" else ", například po: ") + " → ".join(shown)


__all__ = ["soundness_problems", "with_stubs"]
