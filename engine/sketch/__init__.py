"""Makes a drawn diagram runnable: people decide and do what no system knows yet, and every change is told."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from engine.check import unreadable
from engine.errors import EngineError
from engine.headless import RunResult
from engine.model import Json
from engine.reading.xml import local, parse_xml
from engine.sketch.choices import mend_directions, mend_gateways
from engine.sketch.closing import close
from engine.sketch.data import mend_data
from engine.sketch.flowing import begin_and_end, mend_flows
from engine.sketch.mending import ROUNDS, errors_of, mend_found, mend_run, mend_schema, trial
from engine.sketch.opening import open_up
from engine.sketch.paper import Paper, Todo, slug
from engine.sketch.placing import draw_missing
from engine.sketch.undoing import mend_compensation
from engine.sketch.waiting import mend_events
from engine.sketch.work import give_forms, mend_work


@dataclass(frozen=True, kw_only=True)
class Sketch:
    """A drawn diagram made runnable; without content it could not be, and `todo` says why."""

    content: bytes | None
    todo: list[Todo]
    #: Forms that its tasks ask, by name.
    forms: dict[str, Json] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return self.content is not None


def sketch(content: bytes, *, name: str = "sketch", lang: str = "cs") -> Sketch:
    """Make a diagram runnable. `name` begins the names of its forms. Never raises for a bad file."""
    try:
        paper = Paper(parse_xml(content), lang, slug(name).lower() or "sketch")
    except EngineError as error:
        return Sketch(content=None, todo=[Todo(None, unreadable(error, lang))])
    if not paper.nodes():
        return Sketch(content=None, todo=[Todo(None, _nothing(lang))])
    _first(paper)
    return _until_it_runs(paper)


def drawn(content: bytes, lang: str = "cs") -> bytes:
    """Give a place on the sheet to what nobody has drawn. Raises UnreadableModel."""
    paper = Paper(parse_xml(content), lang, "drawn")
    _learn(paper)
    draw_missing(paper)
    return etree.tostring(paper.root, encoding="UTF-8", xml_declaration=True)


def _nothing(lang: str) -> str:
    return "The file draws no process." if lang == "en" else "V souboru není nakreslený žádný postup."


def _first(paper: Paper) -> None:
    """Do everything that can be seen from the drawing alone."""
    open_up(paper)
    _learn(paper)
    mend_data(paper)
    mend_flows(paper)
    draw_missing(paper)
    mend_compensation(paper)
    mend_work(paper)
    begin_and_end(paper)
    mend_events(paper)
    begin_and_end(paper)
    mend_gateways(paper)
    mend_work(paper)
    begin_and_end(paper)


def _learn(paper: Paper) -> None:
    """Tell the sheet what only the diagram knows: who holds whom."""
    holders = {i for i, e in paper.by_id.items() if local(e) in ("participant", "lane", "group")}
    holders |= {i for i, shape in paper.sheet.shapes.items() if shape.get("isExpanded") == "true"}
    hosts = {e.get("id") or "": e.get("attachedToRef") or "" for e in paper.nodes("boundaryEvent")}
    ends = {
        i: (e.get("sourceRef") or "", e.get("targetRef") or "")
        for i, e in paper.by_id.items()
        if local(e) in ("sequenceFlow", "messageFlow", "association")
    }
    paper.sheet.learn(holders, hosts, ends)


def _until_it_runs(paper: Paper) -> Sketch:
    """Check and run it, mend what is found, and again."""
    for _ in range(ROUNDS * 3):
        content = _written(paper)
        errors = errors_of(content, paper.lang)
        if errors:
            mended = [mend_found(paper, problem) for problem in errors]
            if not any(mended):
                return Sketch(content=None, todo=[Todo(p.element, p.message) for p in errors])
            begin_and_end(paper)
            continue
        result = trial(content)
        if result.status == "completed" or not mend_run(paper, result):
            return _done(paper, content, result)
        begin_and_end(paper)
    return Sketch(content=None, todo=[Todo(p.element, p.message) for p in errors_of(_written(paper), paper.lang)])


def _written(paper: Paper) -> bytes:
    """Give the file as it now is."""
    mend_directions(paper)
    give_forms(paper)
    close(paper)
    mend_schema(paper)
    close(paper)
    return etree.tostring(paper.root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _done(paper: Paper, content: bytes, result: RunResult) -> Sketch:
    if result.status == "refused":
        return Sketch(content=None, todo=[Todo(p["element"], p["message"]) for p in result.problems])
    for identity in dict.fromkeys(result.waiting):
        paper.say("still_waits", identity)
    for problem in result.problems:
        paper.say("trial", problem["element"], why=problem["message"])
    return Sketch(content=content, todo=paper.todo, forms=paper.forms)


__all__ = ["Sketch", "Todo", "drawn", "sketch"]
