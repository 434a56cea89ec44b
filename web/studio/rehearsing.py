"""Trying a diagram out: a case is played on a virtual clock by test people; what was played is kept as a scenario.

Nothing of it lives on the server. The page carries the steps, and each answer plays them from the beginning in an
office in memory, so any process may answer, a step can be taken back, and what is kept is exactly what was played.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

import yaml
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.calendar import PRAGUE
from engine.errors import EngineError
from engine.model import Json, Variables
from engine.queries.authoring import proposal_of
from engine.reading import read_model
from engine.reading.layout import read_layout
from forms.compile import Form, compile_form
from forms.edit.kinds import slug
from forms.errors import FormError
from forms.initial import initial
from forms.posted import FileRef
from processes.agenda import Agenda, AgendaRefused, parse_agenda
from processes.scenarios import BadScenario, OpenTask, Scenario, read_scenarios
from web.auth import sign_in_required
from web.drawing import marks
from web.here import now, parts, session
from web.i18n import _
from web.said import reason_of
from web.studio import drafts, hand
from web.studio.asked import title_typed
from web.studio.drafts import Draft
from web.studio.playing import PEOPLE, Played, Story, names_of, played, told, why, with_people
from web.studio.problems import problems_of
from web.tenancy import tenant_key
from web.ui import form_flow
from web.ui.diagram import Marks, draw
from web.ui.form_flow import Received, Sheet
from web.ui.uploads import Judged

blueprint = Blueprint("rehearsing", __name__, url_prefix="/studio/<agenda>/diagramy/<key>/zkusit")

#: Steps and characters that a page carries.
MOST_STEPS, MOST_CARRIED = 80, 400_000
PERIODS = ("PT1H", "P1D", "P5WD", "P1W", "P1M", "P1Y")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The form that is being filled: which step it makes, who fills it in."""

    kind: str
    what: str
    by: str
    #: Key of the form; "" for a step without one.
    form: str
    sheet: Sheet

    @property
    def named(self) -> str:
        """How the page calls it back."""
        return calling(self.kind, self.what, self.by)

    @property
    def carried(self) -> str:
        """What its answers were before this page."""
        return json.dumps(self.sheet.data, ensure_ascii=False)


def calling(kind: str, what: str, by: str) -> str:
    """A step as a button of the page names it."""
    return json.dumps([kind, what, by])


@blueprint.get("")
@sign_in_required
def begin(agenda: str, key: str) -> ResponseReturnValue:
    """A new story: which procedure, on which day."""
    draft = drafts.in_hand(agenda, key)
    return shown(draft, fresh(draft))


@blueprint.post("")
@sign_in_required
def play(agenda: str, key: str) -> ResponseReturnValue:
    """One more step, or one back."""
    draft = drafts.in_hand(agenda, key)
    story = carried(request.form.get("_story", "")) or fresh(draft)
    do, _sep, what = request.form.get("_do", "").partition(":")
    if do in ("wait", "until", "pay", "") and len(story.steps) >= MOST_STEPS:
        return shown(draft, story, message=_("The story is long enough; keep it and begin another."))
    if do == "keep":
        return kept(draft, story)
    if do == "story":
        return shown(draft, ready(draft, request.form.get("story", "")) or story)
    if do == "fill":
        return shown(draft, story, opened=what)
    return shown(draft, turned(draft, story, do, what)) if do else filled(draft, story)


def turned(draft: Draft, story: Story, do: str, what: str) -> Story:
    """The story after a button that needs no form."""
    if do == "back":
        return replace(story, steps=story.steps[:-1])
    if do == "process":
        return Story(process=what, starts=story.starts)
    if do in ("wait", "until"):
        return story.with_step(**{do: what})
    return story.with_step(pay={}) if do == "pay" else fresh(draft)


def fresh(draft: Draft) -> Story:
    """A story in which nothing has happened."""
    model = read_model(draft.data)
    starts = now().astimezone(PRAGUE).replace(hour=9, minute=0, second=0, microsecond=0)
    return Story(process=model.processes[0] if model.processes else "", starts=starts.strftime("%Y-%m-%d %H:%M"))


def ready(draft: Draft, path: str) -> Story | None:
    """A story that the agenda has, to be gone on with; what it expects is left out."""
    found = next((one for one in ready_stories(draft) if one.path == path), None)
    if found is None:
        return None
    steps = [{one.kind: one.what, **one.words} for one in found.steps if one.kind != "expect"]
    starts = found.starts.astimezone(PRAGUE).strftime("%Y-%m-%d %H:%M")
    return Story(process=found.process, starts=starts, steps=steps[:MOST_STEPS], parameters=found.parameters)


def ready_stories(draft: Draft) -> list[Scenario]:
    """The stories of the agenda about this diagram's processes."""
    processes = read_model(draft.data).processes
    try:
        return [one for one in read_scenarios(parse_agenda(draft.files)) if one.process in processes]
    except (AgendaRefused, BadScenario):
        return []


def carried(text: str) -> Story | None:
    """The story that came back with the page; None where it is damaged: it is only a trial."""
    try:
        read: Json = json.loads(text) if len(text) <= MOST_CARRIED else {}
        return Story(
            process=str(read["process"]),
            starts=str(read["starts"]),
            steps=list(read["steps"]),
            parameters=dict(read.get("parameters") or {}),
        )
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


# --- the page --------------------------------------------------------------------------------------------------------


def shown(
    draft: Draft,
    story: Story,
    *,
    opened: str = "",
    asked: Asked | None = None,
    received: Received | None = None,
    message: str = "",
) -> ResponseReturnValue:
    """The page: where the case stands, what can be done next."""
    try:
        found = played(draft, story)
    except (AgendaRefused, BadScenario, EngineError, FormError) as error:
        return refused(draft, reason_of(error))
    standing = found.standing
    named = names_of([read_model(draft.data)])
    if standing.error:
        message, story = why(standing.error, named), replace(story, steps=story.steps[: standing.taken])
    asked = asked or opening(found, draft, story, opened)
    gone = standing.progress
    content = render_template(
        "studio/rehearsal.html",
        draft=draft,
        story=story,
        carried=json.dumps(story.as_scenario(""), ensure_ascii=False),
        standing=standing,
        people=found.people,
        processes=read_model(draft.data).processes,
        sheet=draw(read_layout(draft.data), marks(gone) if gone else Marks()),
        asked=asked,
        view=form_flow.show(asked.sheet, received) if asked else None,
        periods=PERIODS,
        message=message,
        told=partial(told, found.agenda, named),
        button_of=calling,
        ready=[(one.path, one.title) for one in ready_stories(draft)],
        pays=any(one.startswith("payment") for one in json.dumps(standing.variables, default=str).split('"')),
    )
    return content, 422 if message or (received and received.errors) else 200


def refused(draft: Draft, reason: str) -> ResponseReturnValue:
    """Why there is nothing to play: what the check says, else what the reading said."""
    errors = [
        one for one in problems_of(draft.files, draft.path, draft.published.agenda.key) if one.severity == "error"
    ]
    return render_template("studio/unplayable.html", draft=draft, errors=errors, reason=reason), 422


def opening(found: Played, draft: Draft, story: Story, opened: str) -> Asked | None:
    """The form to be filled in: the one that was chosen; at the beginning the one that starts the procedure."""
    if not found.standing.status:
        node = next((n for n in read_model(draft.data).nodes.values() if n.start and n.parent == story.process), None)
        form = node.start.form if node and node.start else ""
        by = (
            "applicant"
            if node and node.start and node.start.audience == "public"
            else next(iter([*found.people][1:]), "")
        )
        return Asked(
            kind="start", what=form, by=by, form=form, sheet=Sheet(form=form_named(found.agenda, form), data={})
        )
    kind, what, by = named(opened)
    if kind == "answer":
        task = next((one for one in found.standing.tasks if one.node == what and by in one.doers), None)
        return asked_of(found, task, by) if task else None
    offer = next((one for one in found.standing.offers if kind == "offer" and one[0] == what), None)
    if offer is None:
        return None
    return Asked(
        kind="offer",
        what=what,
        by=offer[2],
        form=offer[1],
        sheet=Sheet(form=form_named(found.agenda, offer[1]), data={}),
    )


def named(text: str) -> tuple[str, str, str]:
    """The step that a page names: its kind, what it is about, who takes it."""
    try:
        kind, what, by = json.loads(text)
    except (ValueError, TypeError):
        return "", "", ""
    return str(kind), str(what), str(by)


def asked_of(found: Played, task: OpenTask, by: str) -> Asked:
    """The form of a task."""
    form = form_named(found.agenda, task.form)
    return Asked(
        kind="answer", what=task.node, by=by, form=task.form, sheet=Sheet(form=form, data=initial(form, task.shown))
    )


def form_named(agenda: Agenda, key: str) -> Form:
    """A form of the agenda; of a task without one, a form that asks nothing."""
    schema = agenda.forms.get(key) if key else {"type": "object", "properties": {}}
    if schema is None:
        raise FormError(_("The agenda has no form %(key)s.", key=key))
    return compile_form(schema)


# --- answers ---------------------------------------------------------------------------------------------------------


def filled(draft: Draft, story: Story) -> ResponseReturnValue:
    """A form that was filled in: errors, or one more step."""
    kind, what, by = named(request.form.get("_asked", ""))
    form = request.form.get("_form", "")
    try:
        agenda = parse_agenda(draft.files)
        sheet = Sheet(form=form_named(agenda, form), data=read_data(request.form.get("_data", "")))
        received = form_flow.receive(sheet, request, pretend, parts().outside)
    except (AgendaRefused, FormError) as error:
        return refused(draft, reason_of(error))
    if not received.accepted:
        asked = Asked(kind=kind, what=what, by=by, form=form, sheet=replace(sheet, data=received.data))
        return shown(draft, story, asked=asked, received=received)
    data = as_uploads(received.data, received.files)
    step: dict[str, Json] = {kind: form if kind == "start" else what, "with": data}
    if by != "applicant":
        step["by"] = by
    return shown(draft, story.with_step(**step)) if kind in ("start", "answer", "offer") else shown(draft, story)


def read_data(text: str) -> Variables:
    """What the form began with."""
    try:
        read = json.loads(text) if len(text) <= MOST_CARRIED else {}
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}


def pretend(upload: Judged) -> FileRef:
    """A file that was picked: known by name, kept nowhere."""
    return FileRef(id=f"zkouska-{secrets.token_hex(8)}", name=upload.filename, size=len(upload.content))


def as_uploads(data: Json, files: Mapping[str, FileRef]) -> Json:
    """Answers as a scenario says them: `{upload: name}` where a file was picked."""
    if isinstance(data, dict):
        return {key: as_uploads(one, files) for key, one in data.items()}
    if isinstance(data, list):
        return [as_uploads(one, files) for one in data]
    return {"upload": files[data].name} if isinstance(data, str) and data in files else data


# --- keeping a story -------------------------------------------------------------------------------------------------


def kept(draft: Draft, story: Story) -> ResponseReturnValue:
    """Keep what was played as a scenario of the agenda, with where it came to as what is expected."""
    title = title_typed()
    if not title or not story.steps:
        return shown(draft, story, message=_("Play something and write what the story is called."))
    try:
        standing = played(draft, story).standing
    except (AgendaRefused, BadScenario, EngineError) as error:
        return refused(draft, reason_of(error))
    expected: dict[str, Json] = {"status": standing.status, "open": sorted(one.node for one in standing.tasks)}
    scenario = story.with_step(expect=expected).as_scenario(title)
    path = free_path(draft, title)
    text = yaml.safe_dump(scenario, allow_unicode=True, sort_keys=False, width=120)
    hand.begin(draft.published, path, text, "story")
    if PEOPLE not in draft.files:
        hand.begin(draft.published, PEOPLE, with_people(draft.files)[PEOPLE].decode(), "story")
    flash(_("The story is kept as %(path)s and will be played at each publishing.", path=path))
    return redirect(url_for("releasing.page", **draft.address), 303)


def free_path(draft: Draft, title: str) -> str:
    """A path that no scenario has."""
    name, taken = slug(title).lower()[:60] or "story", draft.files
    numbers = (f"scenarios/{name}{'' if at == 1 else f'_{at}'}.yaml" for at in range(1, 1000))
    return next(path for path in numbers if path not in taken and not in_work(draft, path))


def in_work(draft: Draft, path: str) -> bool:
    """Whether somebody is just writing a file of this path."""
    return proposal_of(session(), tenant_key(), draft.published.agenda.key, path) is not None
