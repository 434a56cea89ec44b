"""How a case moves: the kernel runs, inside effects are done at once, the rest becomes rows."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine import kernel
from engine.errors import EngineError, Spinning
from engine.handlers import inside
from engine.handlers.projection import Projection
from engine.handlers.published import Definition
from engine.handlers.stores import CaseStores
from engine.handlers.telling import Teller
from engine.handlers.work import Work
from engine.kernel import Large
from engine.model import Advance, Effect, Json
from engine.store.cases import InstanceRow
from engine.store.locking import save_state

KernelCommand = dict[str, Json]

#: Effects that others than the case may have acted upon.
_LASTING = frozenset({"message", "signal", "ended"})
#: Effects that the movement itself looks at; all others only leave their rows and entries.
_CONCERNING = _LASTING | {"job-opened", "cancelled"}
#: More inside effects than this in one movement is a loop that never rests.
MOST_INSIDE = 1_000


def advance(work: Work, instance: InstanceRow, command: KernelCommand) -> Movement:
    """Move a case by one command of the kernel and by every inside effect that follows, and write the rows.

    Raises engine.errors.Conflict when the case isn't where the command thinks it is; nothing has changed then.
    """
    movement = Movement(work=work, instance=instance, definition=work.definition(instance))
    movement.run(command)
    return movement.complete()


def follow(work: Work, instance: InstanceRow, step: Advance) -> Movement:
    """Take over a step that the kernel has already made, of a migration or of something taken back."""
    movement = Movement(work=work, instance=instance, definition=work.definition(instance))
    movement.take(step)
    return movement.complete()


def attempt(work: Work, instance: InstanceRow, command: KernelCommand) -> str | None:
    """Advance where nobody could be told of a failure; a case that never rests stays as it was, with an incident.

    Gives the sentence that says why it didn't move, None when it did.
    """
    told, sent, hints = len(work.story.entries), len(work.sent), len(work.hints)
    try:
        with work.session.begin_nested():
            advance(work, instance, command)
            work.writes.send()
    except Spinning as error:
        work.writes.drop()
        del work.story.entries[told:], work.sent[sent:], work.hints[hints:]
        return str(error)
    return None


@dataclass(kw_only=True)
class Movement:
    """A case on its way from one rest to the next."""

    work: Work
    instance: InstanceRow
    definition: Definition
    teller: Teller = field(init=False)
    state: str = field(init=False)
    #: Inside effects asked for and not done yet, by activity.
    asked: dict[str, Effect] = field(default_factory=dict)
    done: int = 0
    #: Something of it is known outside of the case, or the case is over: it can't be taken back.
    lasting: bool = False

    def __post_init__(self) -> None:
        rows = Projection(work=self.work, instance=self.instance, model=self.definition.model)
        self.teller = Teller(work=self.work, rows=rows)
        self.state = self.instance.state

    def run(self, command: KernelCommand) -> None:
        """Let the kernel take one command."""
        model, logic = self.definition.model, self.definition.logic
        now, large = self.work.now, self.work.large(self.instance)
        stores = CaseStores(work=self.work, instance=self.instance, saved=self._saved)
        self.take(kernel.advance(model, self.state or None, command, now, logic, large=large, stores=stores))

    def take(self, step: Advance) -> None:
        """Take over a step of the kernel."""
        self.state = step.state
        for effect in step.effects:
            if effect.do in _CONCERNING:
                self._take(effect)
            else:
                self.teller.take(effect)
        self._end(step)

    def complete(self) -> Movement:
        """Do every inside effect that is asked for, and write."""
        while (following := self.next_inside()) is not None:
            self.run(following)
        self.finish()
        return self

    def next_inside(self) -> KernelCommand | None:
        """Do the next inside effect; give the command that tells the kernel how it went."""
        if not self.asked:
            return None
        self.lasting = True
        activity = next(iter(self.asked))
        effect = self.asked.pop(activity)
        self.done += 1
        if self.done > MOST_INSIDE:
            return _failed(activity, None, "The case did not come to rest.")
        facts = effect.facts
        try:
            value = inside.perform(self.work, self.instance, facts["connector"], facts.get("parameters") or {})
        except EngineError as error:
            return _failed(activity, error.facts.get("code"), str(error))
        return {"do": "complete", "activity": activity, "data": value}

    def finish(self) -> None:
        """Write the case and its rows."""
        self._name()
        save_state(self.work.writes, self.instance, self.state)
        self.teller.rows.write()

    def _saved(self) -> None:
        self.lasting = True

    def _take(self, effect: Effect) -> None:
        do = effect.do
        if do in _LASTING:
            self.lasting = True
        if do == "job-opened" and effect.facts["connector"] in inside.INSIDE:
            self.asked[str(effect.activity)] = effect
        elif do == "cancelled" and effect.activity in self.asked:
            del self.asked[effect.activity]
        else:
            self.teller.take(effect)

    def _end(self, step: Advance) -> None:
        if step.status != "running":
            instance = self.work.changing(self.instance)
            instance.status, instance.ended_at = step.status, self.work.now

    def _name(self) -> None:
        if not self.definition.title_expression:
            return
        title = title_of(self.definition, self.state, self.work.large(self.instance))
        if title not in ("", self.instance.title):
            self.work.changing(self.instance).title = title


def title_of(definition: Definition, state: str, large: Large) -> str:
    """Give the title that the agenda computes for a case; "" where it computes none or its text fails."""
    if not definition.title_expression:
        return ""
    try:
        title = definition.logic.value(definition.title_expression, kernel.own_lookup(state, large))
    except EngineError:
        return ""
    return title.strip() if isinstance(title, str) else ""


def _failed(activity: str, code: str | None, message: str) -> KernelCommand:
    return {"do": "fail", "activity": activity, "code": code, "message": message}
