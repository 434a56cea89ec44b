"""The stories of an agenda played: how they come out, and which would with the parameters as they were."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from engine.errors import EngineError
from engine.model import Json
from processes.agenda import Agenda, AgendaRefused
from processes.scenarios import BadScenario, Coverage, Failure, Outcome, pinned
from web.db import close_session
from web.i18n import _, language
from web.said import reason_of
from web.studio.playing import names_of, told, why
from web.studio.remembering import Playbill
from web.ui.words import date_plain


@dataclass(frozen=True, kw_only=True)
class Told:
    """How a story came out."""

    path: str
    title: str
    #: Why it didn't, in the author's language; "" when it did.
    reason: str

    @property
    def ok(self) -> bool:
        """Everything came as expected."""
        return not self.reason


@dataclass(frozen=True, kw_only=True)
class Performance:
    """All stories of an agenda played."""

    outcomes: Sequence[Told]
    coverage: Coverage
    #: Why they could not be played.
    problem: str = ""
    #: Stories that come out only with the parameters as they were: path, the file that says so.
    as_before: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Nothing is red."""
        return not self.problem and not self.broken

    @property
    def broken(self) -> frozenset[str]:
        """Paths of the stories that don't come out."""
        return frozenset(one.path for one in self.outcomes if not one.ok)

    def settled(self, files: Mapping[str, bytes], left: Collection[str], keep_values: bool) -> Mapping[str, bytes]:
        """Give the files without broken stories that are left out, and with others told by the parameters as they were.

        Raises StoriesBroken where that doesn't do.
        """
        gone = self.broken & set(left)
        told = {path: text for path, text in self.as_before.items() if keep_values and path not in gone}
        broken = [one for one in self.outcomes if one.path in self.broken - gone - told.keys()]
        if self.problem or broken:
            raise StoriesBroken(broken)
        return {path: told.get(path, content) for path, content in files.items() if path not in gone}


class StoriesBroken(Exception):
    """Stories don't come out, and nobody said what is to become of them."""

    def __init__(self, broken: Sequence[Told]) -> None:
        super().__init__()
        self.broken = broken


def performed(files: Mapping[str, bytes], before: Agenda | None = None) -> Performance:
    """Play all stories of an agenda; those that don't come out once more with the parameters as they were `before`."""
    nothing = Coverage.of([])
    close_session()  # Playing may take seconds; nothing is held meanwhile.
    try:
        with Playbill(files) as bill:
            heard = [bill.hear(one) for one in bill.stories]
            values = otherwise(before, bill.agenda) if before else {}
            broken = [one for one, it in zip(bill.stories, heard, strict=True) if not it.outcome.ok and values]
            true_before = [one for one in broken if bill.hear(one, values).outcome.ok]
    except (AgendaRefused, BadScenario, EngineError) as error:
        return Performance(outcomes=[], coverage=nothing, problem=reason_of(error))
    coverage, named = Coverage.of(bill.models), names_of(bill.models)
    for it in heard:
        coverage.seen_nodes |= it.nodes
        coverage.seen_flows |= it.flows
    return Performance(
        outcomes=[told_of(it.outcome, bill.agenda, named) for it in heard],
        coverage=coverage,
        as_before={one.path: pinned(files[one.path].decode(), values).encode() for one in true_before},
    )


def otherwise(before: Agenda, now: Agenda) -> Mapping[str, Json]:
    """Give the values of parameters that hold otherwise now, as they were."""
    return {
        name: value
        for name, value in before.parameters.items()
        if name in now.parameters and now.parameters[name] != value
    }


def told_of(outcome: Outcome, agenda: Agenda, named: Mapping[str, str]) -> Told:
    """How a story came out, in the author's language."""
    why = reason(outcome.failure, agenda, named) if outcome.failure else ""
    return Told(path=outcome.path, title=outcome.title, reason=why)


def reason(failure: Failure, agenda: Agenda, named: Mapping[str, str]) -> str:
    """Where a story stopped and why, in the author's language."""
    what = ": ".join(part for part in told(agenda, named, {failure.kind: failure.what}) if part)
    facts = {"number": failure.number, "what": what, "day": date_plain(failure.day, lang=language())}
    return _("Step %(number)s (%(what)s; %(day)s). %(why)s", why=why(failure.error, named), **facts)
