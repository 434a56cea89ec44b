"""What operators do, in words: interventions, why one is not possible, what one sets off."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from flask_babel import lazy_gettext, ngettext

from engine.diagram import Model
from engine.model import Effect, Refusal
from engine.queries.interventions import OperationFacts
from web.here import now
from web.i18n import _, language
from web.ui import words

#: Interventions by the key under which they are kept.
KINDS: Mapping[str, str] = {
    "suspend": lazy_gettext("Suspended"),
    "resume": lazy_gettext("Let go on"),
    "terminate": lazy_gettext("Ended"),
    "set": lazy_gettext("Values corrected"),
    "move": lazy_gettext("Moved to another step"),
    "migrate": lazy_gettext("Carried to another version"),
    "retry": lazy_gettext("Tried again"),
    "undo": lazy_gettext("Taken back"),
}

#: Why something can't be done, by the code of engine.model.Refusal and engine.errors.CannotMove.
REFUSALS: Mapping[str, str] = {
    "node-gone": lazy_gettext("The version has no such step. Say which step it goes on with."),
    "body-gone": lazy_gettext("The version has no such sub-process or called process."),
    "other-body": lazy_gettext("The step lies in another sub-process."),
    "kind": lazy_gettext("The step is of another kind there. Name it in the mapping to begin it anew."),
    "other-action": lazy_gettext("An outside action is under way and the version has another one at that step."),
    "loop": lazy_gettext("The step is repeated otherwise there. Name it in the mapping to begin it anew."),
    "way-in": lazy_gettext("The case waits at a junction that other ways lead to there."),
    "events": lazy_gettext("Some of several events have come already and the version waits for others."),
    "undoing": lazy_gettext("Something is being undone just now. Try again when that is done."),
    "mapping-unknown": lazy_gettext("The mapping names a step that is not there."),
    "failed": lazy_gettext("An expression or a rule of the version failed."),
    "status": lazy_gettext("The case has ended."),
    "same-version": lazy_gettext("The case goes by this version already."),
    "item": lazy_gettext("One of several people's parts can't be moved alone; move the whole step."),
    "event-sub-process": lazy_gettext("A sub-process started by an event can't be moved; move what is inside of it."),
    "no-such-node": lazy_gettext("There is no such step."),
    "not-entered": lazy_gettext("Nothing can begin at this element by itself."),
    "no-such-flow": lazy_gettext("No such way leads to the step."),
    "which-flow": lazy_gettext("Several ways meet at the step. Say over which one the case comes."),
}

#: Effects of the kernel that an operator wants to know of, in the order of the list.
CHANGES: Mapping[str, str] = {
    "cancelled": lazy_gettext("Closes: %(step)s"),
    "reopened": lazy_gettext("Opens again: %(step)s"),
    "task-opened": lazy_gettext("Opens: %(step)s"),
    "job-opened": lazy_gettext("Sets off the action: %(step)s"),
    "relocated": lazy_gettext("Goes on as: %(step)s"),
    "incident": lazy_gettext("Fails: %(step)s"),
    "timer-set": lazy_gettext("Begins to wait: %(step)s"),
    "wait-set": lazy_gettext("Begins to wait: %(step)s"),
    "wait-cleared": lazy_gettext("Waits no longer: %(step)s"),
    "passed": lazy_gettext("Passes: %(step)s"),
    "message": lazy_gettext("Sends a message: %(step)s"),
    "signal": lazy_gettext("Sends a signal: %(step)s"),
    "undo-lost": lazy_gettext("Can no longer be undone by the process: %(step)s"),
    "ended": lazy_gettext("The case ends."),
}

Say = Callable[[str], str]
_HOURS, _MINUTES = 3600, 60


def why(refusal: Refusal, model: Model, say: Say) -> str:
    """One sentence of a refusal, with the step it is about; `say` gives the agenda's words in the page's language."""
    said = str(REFUSALS.get(refusal.code, refusal.message or refusal.code))
    step = say(name_of(model, refusal.node))
    return f"{step}: {said}" if step else said


def changes(effects: Sequence[Effect], models: Sequence[Model], say: Say) -> list[str]:
    """What an intervention sets off, each thing once, in the order in which it happens."""
    lines = []
    for effect in effects:
        if (phrase := CHANGES.get(effect.do)) is not None:
            step = next(filter(None, (name_of(model, effect.node or "") for model in models)), effect.node or "")
            lines.append(str(phrase) % {"step": say(step)} if "%" in str(phrase) else str(phrase))
    return list(dict.fromkeys(lines))


def name_of(model: Model, node: str) -> str:
    """The name of a step in a diagram; its id where it has none, nothing where it isn't there."""
    found = model.nodes.get(node)
    return (found.name or found.id) if found is not None else ""


def problem_of(one: OperationFacts) -> str:
    """Why an intervention could not be done, by its codes where it has some."""
    codes = [reason["code"] for reason in one.facts.get("reasons") or ()] or [one.facts.get("code", "")]
    said = dict.fromkeys(str(REFUSALS[code]) for code in codes if code in REFUSALS)
    return " ".join(said) or one.problem


def ago(moment: datetime) -> str:
    """How long it has been."""
    return lasts((now() - moment).total_seconds())


def lasts(seconds: float | None) -> str:
    """How long something takes: 40 min, 11 hours, 3 days."""
    if seconds is None:
        return "–"
    if seconds < _MINUTES:
        return _("under a minute")
    if seconds < _HOURS:
        return _("%(num)s min", num=round(seconds / _MINUTES))
    if seconds < 2 * 24 * _HOURS:
        return str(ngettext("%(num)d hour", "%(num)d hours", round(seconds / _HOURS)))
    return words.days(round(seconds / (24 * _HOURS)), language())
