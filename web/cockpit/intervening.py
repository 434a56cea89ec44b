"""One case under an operator's hands: where it stands, what may be done, what that would set off, doing it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from engine.commands import Intervention, ResumeInstance, SetVariables, SuspendInstance, TerminateInstance
from engine.errors import Conflict, Invalid, NotFound
from engine.interventions import MoveToken, Rehearse
from engine.model import Json, Verdict
from engine.queries import cases as reads
from engine.queries import definitions, interventions, progress
from integrations import strict_json
from web.auth import actor
from web.cockpit.room import blueprint, case_by, execute, reason_of_form
from web.drawing import sheets
from web.errors import sentence
from web.here import session
from web.i18n import _
from web.said import said_by
from web.tenancy import tenant_key
from web.ui.operating import KINDS, REFUSALS, changes, why


@dataclass(frozen=True, kw_only=True)
class Action:
    """One way to intervene: its word in the address, its name, what it says of itself."""

    key: str
    name: str
    says: str
    #: In which states of a case.
    states: frozenset[str] = frozenset({"running", "suspended"})
    #: What it would set off can be shown before.
    previewed: bool = True


ACTIONS: Mapping[str, Action] = {
    action.key: action
    for action in (
        Action(
            key="presunout",
            name=lazy_gettext("Move to another step"),
            says=lazy_gettext("What the case is doing at a step ends, and another step begins."),
        ),
        Action(
            key="opravit",
            name=lazy_gettext("Correct a value"),
            says=lazy_gettext("A value of the case is changed; the old one stays in the story."),
        ),
        Action(
            key="pozastavit",
            name=lazy_gettext("Suspend the case"),
            says=lazy_gettext("Nobody may work on it, timers and messages wait until it goes on."),
            states=frozenset({"running"}),
            previewed=False,
        ),
        Action(
            key="pokracovat",
            name=lazy_gettext("Let the case go on"),
            says=lazy_gettext("Everything that came meanwhile is taken in."),
            states=frozenset({"suspended"}),
            previewed=False,
        ),
        Action(
            key="ukoncit",
            name=lazy_gettext("End the case"),
            says=lazy_gettext("All its tasks and deadlines end. It can't be undone."),
        ),
    )
}


@dataclass(kw_only=True)
class Asked:
    """What the form asks for, as far as it can be understood."""

    reason: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    command: Intervention | None = None


def possible(case: reads.CaseFacts) -> list[Action]:
    """What may be done with a case in its state."""
    return [action for action in ACTIONS.values() if case.status in action.states]


@blueprint.get("/pripady/<case_number:number>", defaults={"what": ""})
@blueprint.get("/pripady/<case_number:number>/<what>")
def ask(number: str, what: str) -> ResponseReturnValue:
    """Where the case stands and what may be done with it."""
    return shown(case_by(number), what, Asked(facts=dict(request.args.items())))


@blueprint.post("/pripady/<case_number:number>/<what>")
def intervene(number: str, what: str) -> ResponseReturnValue:
    """Show what it would set off, or do it."""
    case = case_by(number)
    if what not in ACTIONS:
        raise NotFound
    asked = understood(case, what)
    if asked.command is None or asked.errors:
        return shown(case, what, asked, status=422)
    if request.form.get("step") == "preview" and ACTIONS[what].previewed:
        verdict: Verdict = execute(Rehearse(tenant=tenant_key(), actor=actor(), wanted=asked.command))  # type: ignore[arg-type]
        return shown(case, what, asked, verdict=verdict)
    try:
        execute(asked.command)
    except (Conflict, Invalid) as error:
        asked.errors["action"] = sentence_of(error)
        asked.facts["flows"] = error.facts.get("flows") or ()
        return shown(case_by(number), what, asked, status=409 if isinstance(error, Conflict) else 422)
    flash(_("Done. It stands in the story of the case."))
    return redirect(url_for("cockpit.ask", number=number), 303)


def sentence_of(error: Conflict | Invalid) -> str:
    """Why it was refused, by its code where it has one."""
    return str(REFUSALS.get(error.facts.get("code", ""), sentence(error)))


def understood(case: reads.CaseFacts, what: str) -> Asked:
    """Read the form into a command."""
    reason, error = reason_of_form()
    asked = Asked(reason=reason, facts={k: v for k, v in request.form.items() if k != "csrf_token"})
    if error and request.form.get("step") != "preview":
        asked.errors["reason"] = error
    base = {"tenant": tenant_key(), "actor": actor(), "instance_id": case.id, "reason": reason}
    READERS[what](asked, base)
    return asked


def read_move(asked: Asked, base: Mapping[str, Any]) -> None:
    """`move` is token, source and target joined by bars."""
    parts = asked.facts.get("move", "").split("|")
    if len(parts) != 3:
        asked.errors["move"] = _("Choose where the case goes.")
        return
    token, source, target = parts
    over = asked.facts.get("over") or None
    asked.command = MoveToken(**base, token=token, source=source, target=target, over=over)


def read_value(asked: Asked, base: Mapping[str, Any]) -> None:
    """A name and a value: JSON, or else plain text."""
    name = asked.facts.get("name", "").strip()[:200]
    if not name.isidentifier():
        asked.errors["name"] = _("Write the name of a value: letters, digits and underscores.")
        return
    known = reads.variables(session(), tenant_key(), base["instance_id"]).get(name)
    asked.command = SetVariables(**base, variables={name: value_of(asked.facts.get("value", ""), known)})


def value_of(text: str, known: Json) -> Json:
    """A number, a list, true or false as JSON; everything else is text, and where text stands a number is text too."""
    try:
        value = strict_json.read(text.encode())
    except strict_json.BadJson:
        return text
    # Money is text: 500.00 in its place would no longer be an exact amount.
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return text.strip() if is_number and isinstance(known, str) else value


def read_plain(command: type[Intervention]) -> Callable[[Asked, Mapping[str, Any]], None]:
    """An intervention that has only a reason."""

    def read(asked: Asked, base: Mapping[str, Any]) -> None:
        asked.command = command(**base)

    return read


READERS: Mapping[str, Callable[[Asked, Mapping[str, Any]], None]] = {
    "presunout": read_move,
    "opravit": read_value,
    "pozastavit": read_plain(SuspendInstance),
    "pokracovat": read_plain(ResumeInstance),
    "ukoncit": read_plain(TerminateInstance),
}


def shown(
    case: reads.CaseFacts, what: str, asked: Asked, verdict: Verdict | None = None, status: int = 200
) -> ResponseReturnValue:
    """The page of a case under an operator's hands."""
    actions = possible(case)
    chosen = next((action for action in actions if action.key == what), None)
    if what and chosen is None and what not in ACTIONS:
        raise NotFound
    model = definitions.model_of(session(), tenant_key(), case.definition_id)
    gone = progress.progress(session(), tenant_key(), case.id)
    say = partial(said_by, definition_id=case.definition_id)
    here = [say(model.nodes[node].name or node) for node in gone.active or gone.armed if node in model.nodes]
    label = _("The case stands at: %(steps)s", steps=", ".join(dict.fromkeys(here)) or "–")
    variables = reads.variables(session(), tenant_key(), case.id)
    alive = case.status in ("running", "suspended")
    return (
        render_template(
            "cockpit/case.html",
            case=case,
            actions=actions,
            chosen=chosen,
            asked=asked,
            places=interventions.places(session(), tenant_key(), case.id) if alive else [],
            nodes=model.nodes,
            values={name: json.dumps(value, ensure_ascii=False) for name, value in sorted(variables.items())},
            effects=changes(verdict.changes, [model], say) if verdict else None,
            refused=[why(one, model, say) for one in verdict.refusals] if verdict else [],
            verdict=verdict,
            operations=interventions.operations(session(), tenant_key(), instance_id=case.id, page_size=20),
            kinds=KINDS,
            sheets=sheets(case, gone, label),
            label=label,
        ),
        status,
    )
