"""What the panel of the modeller offers: everything that a diagram may name, in the author's words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import url_for
from flask_babel import lazy_gettext

from engine.check.folder import names_in_folder
from engine.model import Json
from forms.edit import document
from forms.errors import FormError
from integrations.registry import CONNECTORS
from processes.agenda import Agenda
from web.i18n import language
from web.inspection import inside_actions
from web.studio.completing import functions
from web.studio.drafts import Draft, texts_in
from web.studio.rooms import page_of
from web.studio.words import Word

#: Actions inside the office, in the author's words.
INSIDE_TITLES: Mapping[str, Word] = {
    "register.save": lazy_gettext("Save a record in a register"),
    "register.save_all": lazy_gettext("Save many records in a register at once"),
    "register.find": lazy_gettext("Find records in a register"),
    "register.link": lazy_gettext("Tie records of registers"),
    "register.unlink": lazy_gettext("Untie records of registers"),
    "register.linked": lazy_gettext("Find what a record is tied to"),
    "register.delete": lazy_gettext("Delete a record of a register"),
    "number.draw": lazy_gettext("Draw a number from a series"),
    "payment.request": lazy_gettext("Ask for a payment"),
    "payment.cancel": lazy_gettext("Cancel a request for payment"),
    "payment.assign": lazy_gettext("Assign a payment"),
    "payment.resolve": lazy_gettext("Settle a stray payment"),
    "payment.ignore": lazy_gettext("Leave a payment aside"),
    "payment.by_gateway": lazy_gettext("Take what the payment gateway brought"),
    "payment.gateway_refund": lazy_gettext("Note what the payment gateway returned"),
    "bank.order": lazy_gettext("Order a payment from the bank"),
    "bank.refund": lazy_gettext("Send a payment back to where it came from"),
    "bank.cancel_order": lazy_gettext("Take an order for the bank back"),
    "deadline.start": lazy_gettext("Start a deadline"),
    "deadline.stop": lazy_gettext("Stop the clock of a deadline"),
    "deadline.resume": lazy_gettext("Let the clock of a deadline run again"),
    "deadline.meet": lazy_gettext("Mark a deadline as met"),
    "people.of_group": lazy_gettext("List the people of a group"),
    "case.title": lazy_gettext("Set the title of the case"),
    "note.add": lazy_gettext("Write a note to the case"),
}
#: Parameters that name a thing of the agenda: action's beginning and parameter → list of the offer.
NAMES = {
    ("register.", "register"): "registers",
    ("mail.", "template"): "templates",
    ("document.", "template"): "documents",
    ("people.", "group"): "groups",
}


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One line of a list."""

    key: str
    title: str

    def as_json(self, **more: Json) -> dict[str, Json]:
        """Give it to the browser."""
        return {"key": self.key, "title": self.title, **more}


def offered(draft: Draft) -> dict[str, Json]:
    """All lists, with everything that is just being changed in them."""
    files, agenda = draft.files, draft.published.agenda
    names = names_in_folder(files)
    return {
        "forms": list(forms(agenda.key, files)),
        "groups": [Choice(key=key, title=text(title)).as_json() for key, title in sorted(agenda.groups.items())],
        "decisions": list(decisions(agenda.key, files)),
        "registers": sorted(names.registers or ()),
        "templates": sorted(names.templates or ()),
        "documents": sorted(names.documents or ()),
        "processes": sorted(names.processes or ()),
        "parameters": sorted(agenda.parameters),
        "actions": [*inside(), *outside()],
        "variables": variables(agenda, files),
        "functions": functions(),
    }


def text(texts: Mapping[str, str]) -> str:
    """A text in the page's language."""
    return texts.get(language()) or texts.get("cs", "")


def forms(agenda: str, files: Mapping[str, bytes]) -> Iterator[dict[str, Json]]:
    """Forms with their headings and the page where they are built."""
    for path in sorted(files):
        if not (path.startswith("forms/") and path.endswith(".json")):
            continue
        key = path.removeprefix("forms/").removesuffix(".json")
        try:
            title = document.read(files[path]).get("title")
        except FormError:
            title = None
        shown = title if isinstance(title, str) and title else key
        yield Choice(key=key, title=shown).as_json(url=url_for("builder.page", agenda=agenda, key=key))


def decisions(agenda: str, files: Mapping[str, bytes]) -> Iterator[dict[str, Json]]:
    """Decisions with their names and the page where they are edited."""
    for path in sorted(files):
        if path.endswith(".dmn"):
            for one in texts_in(files[path]):
                yield Choice(key=one.id, title=one.name).as_json(url=page_of(agenda, path))


def inside() -> Iterator[dict[str, Json]]:
    """Actions that are done in the office itself."""
    for name, effect in inside_actions().items():
        parameters = [{"name": one, "required": True, **listed(name, one)} for one in effect.needs]
        parameters += [{"name": one, "required": False, **listed(name, one)} for one in effect.takes]
        title = str(INSIDE_TITLES.get(name, name))
        yield Choice(key=name, title=title).as_json(parameters=parameters, errors=[], inside=True)


def outside() -> Iterator[dict[str, Json]]:
    """Actions of the outside world."""
    for name, one in CONNECTORS.items():
        required = one.parameters.get("required") or []
        parameters = [
            {"name": key, "required": key in required, "choices": schema.get("enum"), **listed(name, key)}
            for key, schema in one.parameters["properties"].items()
        ]
        errors = [{"code": code, "title": text(title)} for code, title in one.errors.items()]
        yield Choice(key=name, title=text(one.title)).as_json(parameters=parameters, errors=errors, inside=False)


def listed(action: str, parameter: str) -> dict[str, Json]:
    """The list whose names a parameter takes."""
    found = next((of for (begin, name), of in NAMES.items() if action.startswith(begin) and name == parameter), None)
    return {"of": found} if found else {}


def variables(agenda: Agenda, files: Mapping[str, bytes]) -> list[str]:
    """Names that a text may use: what every case has and what the agenda's forms set."""
    names = names_in_folder(files)
    found = {"parameters", "case", "today"}
    for facts in (names.forms or {}).values():
        found |= set(facts.properties)
    return sorted(found)
