"""A process and its versions: how many cases stand where, how long steps take, whether deadlines are kept."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from engine.errors import NotFound
from engine.queries import load
from engine.queries.load import StepLoad, VersionLoad
from web.cockpit.room import blueprint
from web.drawing import drawn
from web.headers import as_file
from web.here import now, session
from web.i18n import _
from web.noting import noted
from web.said import said_by
from web.tenancy import tenant_key
from web.ui.diagram import Marks
from web.ui.operating import lasts
from web.ui.spreadsheet import spreadsheet

#: So many of the slowest steps are told on the diagram.
SLOWEST = 3
#: Seconds within which nobody calls a step slow.
SLOW = 3600
#: Seconds of which a heat map says nothing: a machine did it.
MOMENT = 60
#: Parts of the longest step's time from which a step is drawn a shade hotter.
HOTTER = (0.1, 0.33, 0.66)
#: The view of the diagram in which steps are shaded by how long they take.
DURATIONS = "durations"


def versions_of(process_key: str) -> Sequence[VersionLoad]:
    """All versions of a process, the newest first."""
    found = load.versions(session(), tenant_key(), process_key)
    if not found:
        raise NotFound
    return found


def chosen(found: Sequence[VersionLoad], version: int | None) -> VersionLoad:
    """The version asked for; else the newest."""
    if version is None:
        return found[0]
    wanted = next((one for one in found if one.definition.version == version), None)
    if wanted is None:
        raise NotFound
    return wanted


def slowest(steps: Sequence[StepLoad]) -> list[StepLoad]:
    """Where cases stand the longest: the bottlenecks."""
    timed = [step for step in steps if (step.lasts.ninth or 0) >= SLOW]
    return sorted(timed, key=lambda step: -(step.lasts.ninth or 0))[:SLOWEST]


def heat(steps: Sequence[StepLoad]) -> Marks:
    """Each step the hotter the longer it takes, with how long."""
    timed = {step.node: step.lasts.ninth for step in steps if step.lasts.ninth is not None}
    longest = max(timed.values(), default=0) or 1
    return Marks(
        counted=True,
        heat={node: 1 + sum(seconds >= longest * share for share in HOTTER) for node, seconds in timed.items()},
        notes={node: lasts(seconds) for node, seconds in timed.items() if seconds >= MOMENT},
    )


def marks(steps: Sequence[StepLoad]) -> Marks:
    """Numbers of cases and incidents at their steps, and how long the slowest usually take."""
    return Marks(
        now={step.node: step.now for step in steps if step.now},
        bad={step.node: step.incidents for step in steps if step.incidents},
        counted=True,
        notes={step.node: lasts(step.lasts.ninth) for step in slowest(steps)},
    )


@blueprint.get("/procesy/<process_key>", defaults={"version": None})
@blueprint.get("/procesy/<process_key>/<int:version>")
def process(process_key: str, version: int | None) -> ResponseReturnValue:
    """The diagram with numbers, the steps as a table, the versions, the deadlines."""
    found = versions_of(process_key)
    shown = chosen(found, version)
    steps = load.steps(session(), tenant_key(), shown.definition.id, now())
    name, durations = said_by(shown.definition.name, shown.definition.id), request.args.get("view") == DURATIONS
    if durations:
        label, drawing = _("How long each step of %(process)s takes", process=name), heat(steps)
    else:
        label, drawing = _("Cases at each step of %(process)s", process=name), marks(steps)
    standing = {*drawing.now, *drawing.bad, *drawing.heat}
    return render_template(
        "cockpit/process.html",
        versions=found,
        shown=shown,
        steps=steps,
        slowest=slowest(steps),
        say=partial(said_by, definition_id=shown.definition.id),
        kept=load.deadlines_kept(session(), tenant_key(), process_key, now()),
        sheets=drawn(shown.definition, drawing, standing, label),
        view=DURATIONS if durations else "",
        size="fit" if request.args.get("size") == "fit" else "",
        older=[one for one in found if one.definition.version != found[0].definition.version and one.running],
    )


@blueprint.get("/procesy/<process_key>/<int:version>/kroky.csv")
def steps_csv(process_key: str, version: int) -> Response:
    """The steps of a version for a table program."""
    shown = chosen(versions_of(process_key), version)
    header = [
        _("Step"),
        _("Waiting now"),
        _("Late"),
        _("Incidents"),
        _("Done"),
        _("Median (s)"),
        _("9 of 10 within (s)"),
    ]
    rows = [
        (
            said_by(s.name, shown.definition.id),
            s.now,
            s.late,
            s.incidents,
            s.lasts.number,
            s.lasts.median,
            s.lasts.ninth,
        )
        for s in load.steps(session(), tenant_key(), shown.definition.id, now())
    ]
    noted("exported", "process", process_key, version=version, rows=len(rows))
    return as_csv(spreadsheet(header, rows), f"{process_key}-{version}.csv")


@blueprint.get("/procesy/<process_key>/lhuty.csv")
def deadlines_csv(process_key: str) -> Response:
    """Deadlines kept and missed for a table program."""
    newest = versions_of(process_key)[0].definition
    header = [_("Deadline"), _("Kept"), _("Missed"), _("Running"), _("Past it")]
    kept = load.deadlines_kept(session(), tenant_key(), process_key, now())
    rows = [(said_by(one.name, newest.id), one.kept, one.missed, one.running, one.overdue) for one in kept]
    noted("exported", "process", process_key, rows=len(rows))
    return as_csv(spreadsheet(header, rows), f"{process_key}-deadlines.csv")


@blueprint.get("/procesy.csv")
def processes_csv() -> Response:
    """All processes for a table program."""
    header = [
        _("Process"),
        _("Version"),
        _("Running"),
        _("Late"),
        _("Incidents"),
        _("Median (s)"),
        _("9 of 10 within (s)"),
    ]
    rows = [
        (
            said_by(p.newest.name, p.newest.id),
            p.newest.version,
            p.running,
            p.late,
            p.incidents,
            p.lasts.median,
            p.lasts.ninth,
        )
        for p in load.processes(session(), tenant_key(), now())
    ]
    noted("exported", "process", rows=len(rows))
    return as_csv(spreadsheet(header, rows), "processes.csv")


def as_csv(text: str, filename: str) -> Response:
    """A table to be saved."""
    return as_file(Response(text, content_type="text/csv; charset=utf-8"), filename)
