"""The form as applicants will meet it, by the portal's own renderer: live preview, trying out. Nothing is stored."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.model import Json, Variables
from forms.compile import Form, Step, compile_form
from forms.edit.examples import answers_for
from forms.errors import FormError, FormSchemaError
from forms.initial import initial
from forms.posted import FileRef
from forms.summary import summary
from web.answering import judged_keys
from web.auth import sign_in_required
from web.headers import CSP
from web.here import parts, session
from web.i18n import language
from web.published import in_languages
from web.said import reason_of
from web.studio import hand
from web.studio.hand import InHand
from web.tenancy import tenant_key
from web.ui import form_flow
from web.ui.form_flow import Received, Sheet
from web.ui.uploads import Judged

blueprint = Blueprint("trying", __name__, url_prefix="/studio/<agenda>/formulare/<key>/zkusit")

#: The preview stands in a frame of the builder's page, and of no other site's.
FRAMED = {
    "Content-Security-Policy": CSP.replace("frame-ancestors 'none'", "frame-ancestors 'self'"),
    "X-Frame-Options": "SAMEORIGIN",
}
#: Answers that travel with the page; longer ones are a mistake.
MOST_CARRIED = 500_000


@dataclass(frozen=True, kw_only=True)
class Trial:
    """The form being tried: answers so far, the page of it."""

    found: InHand
    form: Form
    data: Variables
    step: Step | None
    #: Names of files that were picked; their contents are thrown away.
    files: dict[str, FileRef] = field(default_factory=dict)

    @property
    def sheet(self) -> Sheet:
        """The page being filled."""
        key = self.step.key if self.step else None
        return Sheet(form=self.form, data=self.data, step=key, files=self.files, reviewed=dict(self.judged()))

    def judged(self) -> Iterator[tuple[str, tuple[Form, Variables]]]:
        """The forms whose answers this one judges, empty."""
        for key in judged_keys(self.form):
            if key in self.found.agenda.forms:
                with suppress(FormSchemaError):
                    other = compile_form(self.found.agenda.forms[key])
                    yield key, (other, initial(other, {}))

    def following(self) -> Step | None:
        """The step after this one."""
        at = self.form.steps.index(self.step) + 1 if self.step else 0
        return self.form.steps[at] if self.step and at < len(self.form.steps) else None


@blueprint.get("")
@sign_in_required
def begin(agenda: str, key: str) -> ResponseReturnValue:
    """An empty form."""
    found = hand.in_hand(agenda, key)
    try:
        form = compile_form(spoken(found))
    except FormSchemaError as error:
        return render_template("studio/broken.html", hand=found, error=reason_of(error), small=is_small()), 200, FRAMED
    wanted = form.step(request.args.get("krok")) or (form.steps[0] if form.steps else None)
    data = initial(form, answers_for(found.schema, request.args.get("pole", "")))
    return shown(Trial(found=found, form=form, data=data, step=wanted))


@blueprint.post("")
@sign_in_required
def fill(agenda: str, key: str) -> ResponseReturnValue:
    """What was filled in: errors, the next step, or what would be stored."""
    found = hand.in_hand(agenda, key)
    try:
        form = compile_form(spoken(found))
        carried = read_carried(request.form.get("_data", ""))
        trial = Trial(
            found=found,
            form=form,
            data=carried.get("data", {}),
            step=form.step(request.args.get("krok")) or (form.steps[0] if form.steps else None),
            files={one["id"]: FileRef(**one) for one in carried.get("files", [])},
        )
        received = form_flow.receive(trial.sheet, request, pretend, parts().outside)
    except (FormError, TypeError, KeyError, AttributeError) as error:
        return render_template("studio/broken.html", hand=found, error=reason_of(error), small=is_small()), 422, FRAMED
    return answered(trial, received)


def spoken(found: InHand) -> Mapping[str, Json]:
    """The form with the words of its agenda, as the portal will show it."""
    return in_languages(session(), tenant_key(), found.published.deployment_id, found.schema)


def answered(trial: Trial, received: Received) -> ResponseReturnValue:
    """The page again, the next one, or the end."""
    files = {**trial.files, **received.files}
    now = Trial(found=trial.found, form=trial.form, data=received.data, step=trial.step, files=files)
    if not received.accepted:
        return shown(now, received)
    after = now.following()
    if after is not None:
        return shown(Trial(found=now.found, form=now.form, data=now.data, step=after, files=files))
    return ended(now)


def shown(trial: Trial, received: Received | None = None) -> ResponseReturnValue:
    """A page of the form."""
    view = form_flow.show(trial.sheet, received)
    status = 422 if received and received.errors else 200
    here = here_at(trial, trial.step)
    content = render_template(
        "studio/trial.html",
        hand=trial.found,
        view=view,
        here=here,
        urls={step.key: here_at(trial, step) for step in trial.form.steps},
        carried=carried_by(trial),
        small=is_small(),
        last=trial.following() is None,
    )
    return content, status, FRAMED


def ended(trial: Trial) -> ResponseReturnValue:
    """All answers, whether the whole is right, and the JSON that would be stored."""
    lang = language()
    errors = form_flow.faults(trial.form, trial.data)
    content = render_template(
        "studio/tried.html",
        hand=trial.found,
        sections=summary(trial.form, trial.data, lang, files=trial.files, evaluate=form_flow.evaluate),
        errors=errors,
        stored=json.dumps(trial.data, ensure_ascii=False, indent=2),
        again=here_at(trial, trial.form.steps[0] if trial.form.steps else None),
        small=is_small(),
    )
    return content, 200, FRAMED


def here_at(trial: Trial, step: Step | None) -> str:
    """Address of a page of the trial."""
    address: dict[str, Any] = dict(trial.found.address)
    return url_for("trying.begin", **address, krok=step.key if step else None, maly="1" if is_small() else None)


def is_small() -> bool:
    """Whether the page stands in the builder's frame."""
    return request.args.get("maly") == "1"


def pretend(upload: Judged) -> FileRef:
    """A file that was picked: known by name, kept nowhere."""
    return FileRef(id=f"zkouska-{secrets.token_hex(8)}", name=upload.filename, size=len(upload.content))


def carried_by(trial: Trial) -> str:
    """The answers of all steps, to come back with the next post."""
    files = [{"id": one.id, "name": one.name, "size": one.size} for one in trial.files.values()]
    return json.dumps({"data": trial.data, "files": files}, ensure_ascii=False)


def read_carried(text: str) -> dict[str, Json]:
    """The answers that came back; nothing where they are damaged: it is only a trial."""
    try:
        found = json.loads(text) if len(text) <= MOST_CARRIED else {}
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) and isinstance(found.get("data", {}), dict) else {}
