"""What a decision table decided, in the agenda's words: its columns, its answers, the row that fired and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from engine.dmn import Decisions, Table
from engine.model import Json, Variables
from engine.queries.definitions import decisions_of
from forms import money
from forms.compile import Form
from forms.display import display
from forms.formats import FORMATS
from forms.graph import properties_in_place
from forms.tree import Answers, unfold
from web.here import session
from web.i18n import _, language
from web.periods import length_in_words
from web.published import agenda_of, deployment_of, form_of, form_of_kept, titles_of_values
from web.said import Owned, said_by
from web.tenancy import tenant_key
from web.ui import words
from web.ui.filters import text_of

Facts = Mapping[str, Json]
Say = Callable[[str], str]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question that was put to a decision, as the history keeps it."""

    facts: Facts
    say: Say
    decisions: Decisions
    #: None where the version has no such table, or decides by an expression.
    table: Table | None
    #: What people read where forms and registers of the agenda ask for the same value.
    shown: Mapping[str, str]
    #: Value → what it is called wherever the agenda has it among choices or groups, always the same.
    called: Mapping[str, str]

    def details(self) -> Iterator[str]:
        """The sentences under the line of the story."""
        if looked := "; ".join(self.looked_at()):
            yield _("From %(inputs)s", inputs=looked)
        yield _("Result: %(outputs)s", outputs="; ".join(self.came_out()))
        yield from self.by_rules()

    def looked_at(self) -> Iterator[str]:
        """The input columns with their values."""
        source = {column.name: column.text for column in self.table.inputs} if self.table else {}
        for name, value in (self.facts.get("inputs") or {}).items():
            yield f"{self.say(name)}: {self.said(source.get(name, ''), value)}"

    def came_out(self) -> Iterator[str]:
        """The output columns with their values."""
        outputs = self.facts.get("outputs")
        if not isinstance(outputs, dict):
            yield self.told(outputs)
            return
        labels = {column.name: column.label for column in self.table.outputs} if self.table else {}
        for name, value in outputs.items():
            yield f"{self.say(labels.get(name) or name)}: {self.said(name, value)}"

    def said(self, asked_as: str, value: Json) -> str:
        """A value as the agenda shows it where it asks for it by this name, else as it is told without one."""
        return self.say(self.shown.get(asked_as, "")) or self.told(value)

    def told(self, value: Json) -> str:
        """A value for which the agenda asks nowhere by this name: what it is called elsewhere in the agenda."""
        return self.called.get(value) or self.say(plain(value)) if isinstance(value, str) else plain(value)

    def by_rules(self) -> Iterator[str]:
        """One sentence for each row that fired, of the tables it was worked out from too."""
        for rule in self.facts.get("rules") or ():
            decision = self.decisions.find(str(rule.get("decision")))
            facts = {"num": rule.get("number"), "table": self.say(decision.name if decision else "")}
            if reason := str(rule.get("annotation") or ""):
                yield _("Row %(num)s of the table “%(table)s” applied: %(reason)s", reason=self.say(reason), **facts)
            else:
                yield _("Row %(num)s of the table “%(table)s” applied", **facts)


def decided(facts: Facts, owner: Owned) -> tuple[str, ...]:
    """What a decision of a case looked at, what came out, and by which rows."""
    decisions = decisions_of(session(), tenant_key(), owner.definition_id)
    found = decisions.find(str(facts.get("ref") or ""))
    table = found.logic if found and isinstance(found.logic, Table) else None
    inputs, outputs = facts.get("inputs") or {}, facts.get("outputs")
    values = {column.text: inputs[column.name] for column in table.inputs if column.name in inputs} if table else {}
    asked = Asked(
        facts=facts,
        say=lambda text: said_by(text, owner.definition_id),
        decisions=decisions,
        table=table,
        called=called_in(owner),
        shown=as_asked(owner, {**(outputs if isinstance(outputs, dict) else {}), **values}),
    )
    return tuple(asked.details())


def as_asked(owner: Owned, values: Variables) -> dict[str, str]:
    """Values as forms and registers of the agenda show them, by the names under which they ask for them."""
    shown: dict[str, str] = {}
    for form in forms_of(owner):
        if values.keys() & dict(properties_in_place(form.root)).keys() - shown.keys():
            for field in unfold(Answers(form=form, data=dict(values))).children:
                if field.name in values and (text := display(form, field, language())):
                    shown.setdefault(field.name, text)
    return shown


def forms_of(owner: Owned) -> Iterator[Form]:
    """The forms of the agenda that a case runs on, then the records of its registers."""
    deployment = deployment_of(session(), tenant_key(), owner.definition_id)
    agenda = agenda_of(session(), tenant_key(), deployment)
    for key in agenda.forms:
        yield form_of(session(), tenant_key(), deployment, key)
    for key in agenda.registers:
        yield form_of_kept(session(), tenant_key(), deployment, key)


def called_in(owner: Owned) -> Mapping[str, str]:
    """What values are called in the agenda that a case runs on, in the language of the page."""
    deployment = deployment_of(session(), tenant_key(), owner.definition_id)
    titles = titles_of_values(session(), tenant_key(), deployment)
    return {
        value: said_by(title, owner.definition_id) if isinstance(title, str) else text_of(title)
        for value, title in titles.items()
    }


def plain(value: Json) -> str:
    """A value in a line: days, periods and amounts as people write them."""
    if isinstance(value, str):
        return written(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        return words.number(str(value), language())
    return "–" if value is None else str(value)


def written(text: str) -> str:
    """A text of a case as people write it, where it is a day, a period or an amount in the spelling of programs."""
    if FORMATS["date"].right(text):
        return words.date_plain(text, language())
    if money.is_stored(text):
        return words.number(text, language())
    return length_in_words(text, language())
