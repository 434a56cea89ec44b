"""The story of a case in plain words: one entry of the history becomes a line with an icon, who, when and details."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from flask import url_for

from engine.model import SYSTEM, Json
from engine.queries.people import person
from engine.queries.story import StoryEntry
from web.here import session
from web.i18n import _, language
from web.said import Owned, said
from web.tenancy import tenant_key
from web.ui import words
from web.ui.failing import Failure, connector_at, failure
from web.ui.operating import KINDS
from web.workplace.deciding import decided, plain


@dataclass(frozen=True, kw_only=True)
class Told:
    """A line of the story."""

    entry: StoryEntry
    icon: str
    #: Class of the mark: is-ok, is-now, is-wait, is-late or nothing.
    mark: str
    headline: str
    #: Quoted under the headline.
    details: tuple[str, ...] = ()
    #: What exactly failed, for whoever is to mend it.
    small_print: str = ""
    #: people, decisions or nothing: which filter shows it.
    kind: str = ""
    #: Where more of it is.
    address: str = ""

    @property
    def who(self) -> str:
        """Who did it."""
        if self.entry.facts.get("automatic") or self.entry.who_name == SYSTEM.name:
            return _("automatically")
        who = self.entry.who_name or self.entry.who or _("applicant")
        return _("%(who)s for %(absent)s", who=who, absent=self.entry.acting_for) if self.entry.acting_for else who


Facts = Mapping[str, Json]
Teller = Callable[[StoryEntry, Facts], Told]


class Case(Owned, Protocol):
    """The case whose story is told."""

    @property
    def business_key(self) -> str: ...


def tell_all(entries: Sequence[StoryEntry], case: Case) -> list[Told]:
    """Say the entries of a case, with the names of colleagues whom they know by username."""
    return [tell(entry, case) for entry in with_names(entries)]


#: Entries that tell to whom a task went.
HANDED = ("task-delegated", "task-returned")


def with_names(entries: Sequence[StoryEntry]) -> list[StoryEntry]:
    """The entries with people's names in place of usernames; who is not here any more stays as written."""
    usernames = {entry.acting_for for entry in entries if entry.acting_for}
    usernames |= {str(entry.facts["to"]) for entry in entries if entry.kind in HANDED and entry.facts.get("to")}
    found = [person(session(), tenant_key(), username) for username in sorted(usernames)]
    names = {one.username: one.name for one in found if one}

    def named(entry: StoryEntry) -> StoryEntry:
        to = {"to": names.get(str(entry.facts.get("to")), entry.facts.get("to"))} if entry.kind in HANDED else {}
        absent = names.get(entry.acting_for, entry.acting_for) if entry.acting_for else None
        return replace(entry, acting_for=absent, facts={**entry.facts, **to})

    return [named(entry) for entry in entries] if names else list(entries)


def tell(entry: StoryEntry, case: Case) -> Told:
    """Say an entry of a case; a kind without words of its own is said by its name."""
    told = in_words(entry, partial(said, owner=case))
    if entry.kind == "decision":
        headline, details = told.node_name, decided(entry.facts, case)
        return Told(entry=told, icon="table", mark="is-ok", headline=headline, details=details, kind="decisions")
    if entry.kind in FAILURES:
        return failed(told, case)
    teller = TELLERS.get(entry.kind)
    if teller is None:
        return Told(entry=told, icon="info", mark="", headline=told.node_name or told.kind)
    return replace(teller(told, told.facts), address=address_of(told.facts, case.business_key))


FAILURES: Mapping[str, Callable[[str], str]] = {
    "job-failed": lambda step: _("Failed: %(step)s", step=step),
    "error": lambda step: _("Error: %(step)s", step=step),
    "incident": lambda step: _("Incident: %(step)s", step=step),
}


def failed(entry: StoryEntry, case: Case) -> Told:
    """A line about a step that failed, why, and what exactly in small print."""
    headline = FAILURES[entry.kind](entry.node_name)
    message, connector = str(entry.facts.get("message") or ""), connector_at(case.definition_id, entry.node)
    # An error that the diagram itself throws is no failure of an expression.
    drawn = entry.kind == "error" and connector is None
    why = Failure(sentence=message) if drawn or not message else failure(message, connector)
    details = (why.sentence,) if why.sentence else ()
    return Told(entry=entry, icon="alert", mark="is-late", headline=headline, details=details, small_print=why.detail)


#: Facts that are texts of the agenda; the text of a note is one only where the diagram wrote it.
AGENDA_TEXTS = ("name", "title", "purpose", "to_name")


def in_words(entry: StoryEntry, say: Callable[[str], str]) -> StoryEntry:
    """The entry with the agenda's texts in the language of the page."""
    names = (*AGENDA_TEXTS, "text") if entry.facts.get("automatic") else AGENDA_TEXTS
    texts = {name: say(entry.facts[name]) for name in names if isinstance(entry.facts.get(name), str)}
    return replace(entry, node_name=say(entry.node_name), facts={**entry.facts, **texts})


def address_of(facts: Facts, number: str) -> str:
    """Where the form or the document is that an entry speaks of."""
    for fact, page, mark in (("submission", "cases.forms", "f"), ("document", "cases.documents", "d")):
        if isinstance(found := facts.get(fact), str):
            return url_for(page, number=number, _anchor=f"{mark}-{found}")
    return ""


def simple(icon: str, headline: Callable[[], str], mark: str = "", kind: str = "") -> Teller:
    """A line whose words don't depend on facts, only the reason does."""

    def told(entry: StoryEntry, facts: Facts) -> Told:
        reason = str(facts.get("reason") or "")
        details = (_("Reason: %(reason)s", reason=reason),) if reason else ()
        return Told(entry=entry, icon=icon, mark=mark, headline=headline(), details=details, kind=kind)

    return told


def about_node(icon: str, phrase: Callable[[str], str], mark: str = "", kind: str = "") -> Teller:
    """A line about a step of the diagram."""

    def told(entry: StoryEntry, facts: Facts) -> Told:
        headline = phrase(str(facts.get("name") or entry.node_name))
        return Told(entry=entry, icon=icon, mark=mark, headline=headline, kind=kind)

    return told


def about_money(phrase: Callable[[str], str], mark: str = "") -> Teller:
    """A line about an amount on its way to or from the bank."""

    def told(entry: StoryEntry, facts: Facts) -> Told:
        headline = phrase(words.money(int(facts.get("amount") or 0), language()))
        return Told(entry=entry, icon="bank", mark=mark, headline=headline)

    return told


def delegated(entry: StoryEntry, facts: Facts) -> Told:
    named = {"task": entry.node_name, "who": facts.get("to", "")}
    headline = (
        _("%(task)s handed to %(who)s, to come back", **named)
        if facts.get("returns")
        else _("%(task)s handed to %(who)s", **named)
    )
    return Told(entry=entry, icon="right", mark="", headline=headline, kind="people")


def returned(entry: StoryEntry, facts: Facts) -> Told:
    headline = _("%(task)s answered and given back to %(who)s", task=entry.node_name, who=facts.get("to", ""))
    return Told(entry=entry, icon="undo", mark="", headline=headline, kind="people")


def noted(entry: StoryEntry, facts: Facts) -> Told:
    text = str(facts.get("text") or "")
    return Told(entry=entry, icon="edit", mark="", headline=_("Note"), details=(text,), kind="people")


def submitted(entry: StoryEntry, facts: Facts) -> Told:
    headline = _("Form sent: %(step)s", step=entry.node_name) if entry.node else _("Form sent")
    digest, remark = str(facts.get("sha256") or ""), str(facts.get("remark") or "")
    details = [_("Fingerprint %(hash)s", hash=f"{digest[:4]}…{digest[-4:]}")] if digest else []
    return Told(
        entry=entry,
        icon="file",
        mark="is-wait" if remark else "",
        headline=headline,
        details=(*details, *filter(None, [remark])),
        kind="people",
    )


def documented(entry: StoryEntry, facts: Facts) -> Told:
    headline = _("Document: %(title)s", title=facts.get("title", ""))
    return Told(entry=entry, icon="file", mark="", headline=headline)


def money_asked(entry: StoryEntry, facts: Facts) -> Told:
    amount = words.money(int(facts.get("amount") or 0), language())
    headline = _("Payment of %(amount)s asked for", amount=amount)
    details = (_("Variable symbol %(symbol)s", symbol=facts.get("variable_symbol", "")),)
    return Told(entry=entry, icon="bank", mark="is-now", headline=headline, details=details)


def money_taken_back(entry: StoryEntry, facts: Facts) -> Told:
    amount = words.money(int(facts.get("amount") or 0), language())
    headline = _("The bank took the payment of %(amount)s back; it is to be paid again", amount=amount)
    details = (_("Variable symbol %(symbol)s", symbol=facts.get("variable_symbol", "")),)
    return Told(entry=entry, icon="bank", mark="is-late", headline=headline, details=details)


def message_came(entry: StoryEntry, facts: Facts) -> Told:
    return Told(entry=entry, icon="mail", mark="is-now", headline=entry.node_name or str(facts.get("name", "")))


def timer_fired(entry: StoryEntry, facts: Facts) -> Told:
    due = str(facts.get("due") or "")
    details = (_("Due %(when)s", when=words.moment_cz(due, language())),) if due else ()
    return Told(entry=entry, icon="clock", mark="is-wait", headline=entry.node_name, details=details)


def corrected(entry: StoryEntry, facts: Facts) -> Told:
    before = facts.get("before") or {}
    changed = tuple(
        f"{name}: {plain(before[name])} → {plain(value)}" if name in before else f"{name} = {plain(value)}"
        for name, value in (facts.get("variables") or {}).items()
    )
    reason = str(facts.get("reason") or "")
    details = (*changed, _("Reason: %(reason)s", reason=reason)) if reason else changed
    return Told(
        entry=entry, icon="edit", mark="is-wait", headline=_("Values corrected"), details=details, kind="people"
    )


def moved(entry: StoryEntry, facts: Facts) -> Told:
    reason = _("Reason: %(reason)s", reason=facts.get("reason") or "")
    headline = _("Moved by an operator from %(step)s", step=entry.node_name)
    goal = _("to the step %(step)s", step=facts.get("to_name") or facts.get("to") or "")
    return Told(entry=entry, icon="right", mark="is-wait", headline=headline, details=(goal, reason), kind="people")


def migrated(entry: StoryEntry, facts: Facts) -> Told:
    versions = {"old": facts.get("from_version", ""), "new": facts.get("to_version", "")}
    headline = _("Goes on by version %(new)s, until now by %(old)s", **versions)
    reason = _("Reason: %(reason)s", reason=facts.get("reason") or "")
    return Told(entry=entry, icon="branch", mark="is-now", headline=headline, details=(reason,), kind="people")


def taken_back(entry: StoryEntry, facts: Facts) -> Told:
    headline = _("Taken back: %(what)s", what=KINDS.get(str(facts.get("operation")), ""))
    reason = _("Reason: %(reason)s", reason=facts.get("reason") or "")
    return Told(entry=entry, icon="undo", mark="is-wait", headline=headline, details=(reason,), kind="people")


def started(entry: StoryEntry, facts: Facts) -> Told:
    headline = _("Case %(number)s began", number=facts.get("number", ""))
    return Told(entry=entry, icon="play", mark="is-ok", headline=headline)


def recorded(entry: StoryEntry, facts: Facts) -> Told:
    caption = facts.get("caption") or facts.get("register") or ""
    deleted = entry.kind == "record-deleted"
    said = _("Taken out of the register: %(caption)s", caption=caption) if deleted else ""
    headline = said or _("Written to the register: %(caption)s", caption=caption)
    return Told(entry=entry, icon="book", mark="", headline=headline)


def about_period(icon: str, phrase: Callable[[str], str], mark: str) -> Teller:
    """A line about a named period of the case."""

    def told(entry: StoryEntry, facts: Facts) -> Told:
        due = str(facts.get("due_on") or "")
        reason = str(facts.get("reason") or "")
        until = (_("Until %(when)s", when=words.date_cz(due, language(), until=True)),) if due else ()
        details = (*until, _("Reason: %(reason)s", reason=reason)) if reason else until
        return Told(entry=entry, icon=icon, mark=mark, headline=phrase(str(facts.get("title") or "")), details=details)

    return told


TELLERS: dict[str, Teller] = {
    "record-saved": recorded,
    "record-deleted": recorded,
    "deadline-started": about_period("clock", lambda title: _("Period begins: %(title)s", title=title), "is-now"),
    "deadline-stopped": about_period("pause", lambda title: _("Period stands: %(title)s", title=title), "is-wait"),
    "deadline-resumed": about_period("play", lambda title: _("Period goes on: %(title)s", title=title), "is-now"),
    "deadline-prolonged": about_period("clock", lambda title: _("Period prolonged: %(title)s", title=title), "is-wait"),
    "deadline-met": about_period("check", lambda title: _("Period kept: %(title)s", title=title), "is-ok"),
    "deadline-missed": about_period("alert", lambda title: _("Period missed: %(title)s", title=title), "is-late"),
    "case-started": started,
    "case-completed": simple("check", lambda: _("The case has ended"), "is-ok", "decisions"),
    "case-suspended": simple("pause", lambda: _("The case was suspended"), "is-wait", "people"),
    "case-resumed": simple("play", lambda: _("The case goes on"), "is-ok", "people"),
    "case-terminated": simple("x", lambda: _("The case was ended by an operator"), "is-late", "decisions"),
    "variables-changed": corrected,
    "token-moved": moved,
    "case-migrated": migrated,
    "operation-undone": taken_back,
    "form-submitted": submitted,
    "task-claimed": about_node("user", lambda name: _("Taken: %(task)s", task=name), kind="people"),
    "task-released": about_node("undo", lambda name: _("Given back: %(task)s", task=name), kind="people"),
    "task-delegated": delegated,
    "task-returned": returned,
    "task-completed": about_node("check", lambda name: name, "is-ok", "people"),
    "job-done": about_node("check", lambda name: name),
    "timer-fired": timer_fired,
    "message-received": message_came,
    "incident-resolved": simple("check", lambda: _("The incident was resolved"), "is-ok", "people"),
    "note": noted,
    "document": documented,
    "payment-requested": money_asked,
    "payment-reversed": money_taken_back,
    "bank-order-prepared": about_money(
        lambda amount: _("%(amount)s is ready to be ordered from the bank", amount=amount)
    ),
    "bank-order-sent": about_money(lambda amount: _("The order of %(amount)s went to the bank", amount=amount)),
    "bank-order-confirmed": about_money(lambda amount: _("The bank paid %(amount)s out", amount=amount), "is-ok"),
    "bank-order-returned": about_money(lambda amount: _("The bank brought %(amount)s back", amount=amount), "is-late"),
    "bank-order-cancelled": about_money(lambda amount: _("The order of %(amount)s was taken back", amount=amount)),
    "payment-cancelled": simple("bank", lambda: _("The request for payment was cancelled")),
    "transaction-assigned": simple("bank", lambda: _("A payment was assigned to the case"), "is-ok", "people"),
    "transaction-resolved": simple("bank", lambda: _("A payment was dealt with otherwise"), "", "people"),
    "transaction-ignored": simple("bank", lambda: _("A payment was left alone"), "", "people"),
}
