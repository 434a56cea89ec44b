"""The builder's words for kinds of questions, operators, edits and refusals."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext

from engine.model import Json
from forms.edit import EditRefused
from forms.edit.kinds import Beginning
from web.i18n import _

#: Words that are said in the language of the page when they are shown.
Word = str

#: Kinds in the order in which they are offered.
KINDS: Mapping[str, Word] = {
    "text": lazy_gettext("Short text"),
    "long_text": lazy_gettext("Long text"),
    "choice": lazy_gettext("One of several choices"),
    "ticks": lazy_gettext("Several of several choices"),
    "yes_no": lazy_gettext("Yes or no"),
    "integer": lazy_gettext("Whole number"),
    "number": lazy_gettext("Decimal number"),
    "money": lazy_gettext("Amount of money"),
    "date": lazy_gettext("Date"),
    "time": lazy_gettext("Time"),
    "date-time": lazy_gettext("Date and time"),
    "email": lazy_gettext("E-mail"),
    "phone": lazy_gettext("Phone"),
    "file": lazy_gettext("File"),
    "files": lazy_gettext("Several files"),
    "consent": lazy_gettext("Declaration to tick"),
    "computed": lazy_gettext("Computed value"),
    "review": lazy_gettext("Objections to the answers of another form"),
    "alternatives": lazy_gettext("Choice with questions of its own"),
    "group": lazy_gettext("Group of questions"),
    "rows": lazy_gettext("Repeated group"),
}
OTHER_KINDS: Mapping[str, Word] = {
    "library": lazy_gettext("Part from the library"),
    "reference": lazy_gettext("Part shared in the form"),
    "advanced": lazy_gettext("Advanced"),
    "step": lazy_gettext("Step"),
    "section": lazy_gettext("Heading"),
    "condition": lazy_gettext("Condition"),
    "otherwise": lazy_gettext("Otherwise"),
    "variant": lazy_gettext("Variant"),
    "together": lazy_gettext("Further questions"),
    "shared": lazy_gettext("Shared part"),
    "rule": lazy_gettext("Rule across answers"),
    "form": lazy_gettext("Form"),
}
ICONS: Mapping[str, str] = {
    "text": "text",
    "long_text": "list",
    "choice": "radio",
    "ticks": "tick-box",
    "yes_no": "radio",
    "integer": "hash",
    "number": "hash",
    "money": "bank",
    "date": "cal",
    "time": "clock",
    "date-time": "cal",
    "email": "mail",
    "phone": "user",
    "file": "file",
    "files": "file",
    "consent": "tick-box",
    "computed": "hash",
    "review": "edit",
    "group": "box",
    "rows": "table",
    "library": "book",
    "reference": "book",
    "step": "right",
    "section": "text",
    "condition": "branch",
    "otherwise": "branch",
    "variant": "branch",
    "together": "box",
    "shared": "box",
    "alternatives": "branch",
    "rule": "check",
}
LIBRARY: Mapping[str, Word] = {
    "person": lazy_gettext("Person: name, date of birth"),
    "address": lazy_gettext("Address"),
    "organisation": lazy_gettext("Organisation by its number (ARES)"),
    "bank_account": lazy_gettext("Bank account"),
    "contact": lazy_gettext("Contact: e-mail, phone"),
    "budget": lazy_gettext("Budget of costs and incomes"),
    "de_minimis": lazy_gettext("Declaration of de minimis aid"),
    "consent": lazy_gettext("Consent with processing of personal data"),
}
OPERATORS: Mapping[str, Word] = {
    "is": lazy_gettext("is"),
    "is-not": lazy_gettext("is not"),
    "one-of": lazy_gettext("is one of"),
    "contains": lazy_gettext("has ticked"),
    "at-least": lazy_gettext("is at least"),
    "at-most": lazy_gettext("is at most"),
    "over": lazy_gettext("is more than"),
    "under": lazy_gettext("is less than"),
    "answered": lazy_gettext("is answered"),
    "unanswered": lazy_gettext("is not answered"),
}
FORMATS: Mapping[str, Word] = {
    "": lazy_gettext("any text"),
    "email": lazy_gettext("e-mail"),
    "phone": lazy_gettext("phone"),
    "cz-ico": lazy_gettext("company number (IČO)"),
    "cz-dic": lazy_gettext("tax number (DIČ)"),
    "cz-account": lazy_gettext("account number"),
    "iban": "IBAN",
    "cz-postal-code": lazy_gettext("postal code"),
    "cz-databox": lazy_gettext("data box"),
    "cz-birth-number": lazy_gettext("birth number"),
    "ean": lazy_gettext("EAN of a supply point"),
    "eic": "EIC",
    "uri": lazy_gettext("web address"),
    "time": lazy_gettext("time"),
    "date-time": lazy_gettext("date and time"),
}
#: Token of the HTML attribute autocomplete → what it is.
FILLS: Mapping[str, Word] = {
    "": lazy_gettext("nothing"),
    "name": lazy_gettext("first name and surname"),
    "given-name": lazy_gettext("first name"),
    "family-name": lazy_gettext("surname"),
    "bday": lazy_gettext("date of birth"),
    "email": lazy_gettext("e-mail"),
    "tel": lazy_gettext("phone"),
    "organization": lazy_gettext("name of an organisation"),
    "street-address": lazy_gettext("street and number"),
    "address-level2": lazy_gettext("town"),
    "postal-code": lazy_gettext("postal code"),
}
WIDTHS: Mapping[str, Word] = {
    "": lazy_gettext("by its kind"),
    "s": lazy_gettext("narrow"),
    "m": lazy_gettext("medium"),
    "l": lazy_gettext("wide"),
    "full": lazy_gettext("the whole line"),
    "half": lazy_gettext("half, beside its neighbour"),
}
#: Keyword → what it is called where changes are told.
KEYWORDS: Mapping[str, Word] = {
    "title": lazy_gettext("label"),
    "description": lazy_gettext("hint"),
    "x-help": lazy_gettext("help"),
    "required": lazy_gettext("must be answered"),
    "if": lazy_gettext("when it is asked"),
    "oneOf": lazy_gettext("choices"),
    "enum": lazy_gettext("choices"),
    "x-labels": lazy_gettext("words of choices"),
    "items": lazy_gettext("what is repeated"),
    "type": lazy_gettext("kind"),
    "format": lazy_gettext("format"),
    "minLength": lazy_gettext("shortest text"),
    "maxLength": lazy_gettext("longest text"),
    "minimum": lazy_gettext("least"),
    "maximum": lazy_gettext("most"),
    "minItems": lazy_gettext("fewest"),
    "maxItems": lazy_gettext("most of them"),
    "pattern": lazy_gettext("pattern"),
    "x-unit": lazy_gettext("unit"),
    "x-width": lazy_gettext("width"),
    "x-widget": lazy_gettext("look"),
    "x-computed": lazy_gettext("how it is worked out"),
    "x-visible": lazy_gettext("when it is shown"),
    "x-sensitive": lazy_gettext("personal data"),
    "x-retention": lazy_gettext("how long it is kept"),
    "x-messages": lazy_gettext("sentences for errors"),
    "x-steps": lazy_gettext("steps"),
    "x-translations": lazy_gettext("translations"),
    "x-accept": lazy_gettext("kinds of files"),
    "x-max-size": lazy_gettext("size of a file"),
    "else": lazy_gettext("asked when the condition does not hold"),
    "default": lazy_gettext("filled in at the start"),
    "x-rules": lazy_gettext("rules across answers"),
    "x-registers": lazy_gettext("registers that may be asked"),
    "x-options": lazy_gettext("chosen from a register"),
    "x-prefill": lazy_gettext("filling in from a register"),
    "x-autocomplete": lazy_gettext("what the browser may fill in"),
    "x-image-max": lazy_gettext("how big a picture may be"),
    "x-sum": lazy_gettext("sum under the column"),
    "x-add-label": lazy_gettext("words of the button that adds one"),
    "x-item-label": lazy_gettext("what one of them is called"),
    "x-rows-kept": lazy_gettext("rows stay as they are"),
    "x-was": lazy_gettext("former name"),
    "x-of": lazy_gettext("whose answers are judged"),
    "readOnly": lazy_gettext("only to be read"),
    "multipleOf": lazy_gettext("only multiples of"),
    "exclusiveMinimum": lazy_gettext("more than"),
    "exclusiveMaximum": lazy_gettext("less than"),
    "$ref": lazy_gettext("shared part"),
    "check": lazy_gettext("what has to hold"),
    "at": lazy_gettext("at which question it is told"),
    "message": lazy_gettext("sentence"),
}
#: Name of an edit → what the list of changes says; `label` is the field.
EDITS: Mapping[str, Word] = {
    "begin": lazy_gettext("beginning"),
    "import": lazy_gettext("file loaded"),
    "add": lazy_gettext("added: %(label)s"),
    "remove": lazy_gettext("removed: %(label)s"),
    "duplicate": lazy_gettext("copied: %(label)s"),
    "move": lazy_gettext("moved: %(label)s"),
    "details": lazy_gettext("changed: %(label)s"),
    "choices": lazy_gettext("choices changed: %(label)s"),
    "when": lazy_gettext("condition changed: %(label)s"),
    "rename": lazy_gettext("name in the answers changed: %(label)s"),
    "turn": lazy_gettext("another kind: %(label)s"),
    "step": lazy_gettext("step added"),
    "section": lazy_gettext("heading added"),
    "dissolve": lazy_gettext("step or heading taken away: %(label)s"),
    "translate": lazy_gettext("translations"),
    "rule": lazy_gettext("rule changed: %(label)s"),
    "price": lazy_gettext("how it is worked out: %(label)s"),
    "fill": lazy_gettext("filling in from a register: %(label)s"),
    "registers": lazy_gettext("registers that expressions may ask"),
    "pages": lazy_gettext("pages of the form"),
    "as-condition": lazy_gettext("said as a condition"),
    "copy-variant": lazy_gettext("variant copied: %(label)s"),
    "variants": lazy_gettext("variants told apart by a question"),
}
REFUSALS: Mapping[str, Word] = {
    "no-such-place": lazy_gettext("This part of the form is no longer here. Choose it again in the tree."),
    "no-such-kind": lazy_gettext("Choose what to add."),
    "no-such-edit": lazy_gettext("This can't be done with this part of the form."),
    "cannot-turn": lazy_gettext("This part can't become another kind of question. Add a new one and remove this one."),
    "asked-by": lazy_gettext("The answer is needed elsewhere: %(names)s. Change that first, then come back."),
    "into-itself": lazy_gettext("A question can't depend on itself or stand inside itself."),
    "at-the-edge": lazy_gettext("It can't go further in this direction."),
    "nothing-to-enter": lazy_gettext("Right before it there is no group that it could go into."),
    "nothing-to-leave": lazy_gettext("It stands in no group that it could leave."),
    "no-section-here": lazy_gettext("A heading can be put only above a question that stands right in a step."),
    "name-needed": lazy_gettext("Write a name."),
    "name-taken": lazy_gettext("Another question here has the name %(names)s already."),
    "two-choices": lazy_gettext("Offer at least two choices."),
    "same-value": lazy_gettext("Two choices would be stored as the same value: %(names)s."),
    "too-deep": lazy_gettext("Groups are nested too deep here."),
    "no-number": lazy_gettext("Write a number to compare with."),
    "no-such-choice": lazy_gettext("The question does not offer this: %(names)s."),
    "only-numbers": lazy_gettext("Only numbers can be compared by size: %(names)s."),
    "pick-field": lazy_gettext("Choose the question on which it depends."),
    "pick-value": lazy_gettext("Write or choose the answer on which it depends: %(names)s."),
    "tells-apart": lazy_gettext(
        "This question and the parts it opens stay together. Put them into a group and move or copy that."
    ),
    "no-conditions": lazy_gettext(
        "The file of this form says it is written in an older JSON Schema, which has no conditions."
    ),
    "named-in": lazy_gettext("Expressions speak of the answer by its name: %(names)s. Change them first."),
    "one-question": lazy_gettext("There has to be more than one question."),
    "sentence-needed": lazy_gettext("Write the sentence that people read when the rule does not hold."),
    "pick-left": lazy_gettext("Choose the question that the rule checks."),
    "pick-right": lazy_gettext("Choose what it is compared with, or write the value."),
    "pick-key": lazy_gettext("Choose the answer by which the record is found in the register."),
    "only-sizes": lazy_gettext("Only numbers, amounts and dates can be compared by size: %(names)s."),
    "not-alike": lazy_gettext("These can't be compared with each other: %(names)s."),
    "no-day": lazy_gettext("Write a day such as 1. 7. 2027."),
    "filled-by-another": lazy_gettext("Another question fills these in from a register already."),
    "amount-needed": lazy_gettext("Write the amount: %(names)s. For nothing write 0."),
    "no-amount": lazy_gettext("This is no amount or number: %(names)s. Write for example 1 500 or 12,50."),
    "size-needed": lazy_gettext("Write from how much on this amount is paid: %(names)s."),
    "same-size": lazy_gettext("Two lines begin with the same number: %(names)s."),
    "pick-parts": lazy_gettext("Tick what is added up."),
    "pick-key-field": lazy_gettext("Choose by which field of the register the record is found."),
    "pick-target": lazy_gettext("Choose at least one question that is filled in."),
    "filled-twice": lazy_gettext("One question can be filled in from one place only."),
}
#: Path in the answer of ARES → what it is.
ARES: Mapping[str, Word] = {
    "obchodniJmeno": lazy_gettext("Name of the company"),
    "dic": lazy_gettext("Tax number (DIČ)"),
    "sidlo.textovaAdresa": lazy_gettext("Address in one line"),
    "sidlo.nazevUlice": lazy_gettext("Street"),
    "sidlo.cisloDomovni": lazy_gettext("House number"),
    "sidlo.nazevObce": lazy_gettext("Town"),
    "sidlo.psc": lazy_gettext("Postal code"),
    "sidlo.kodAdresnihoMista": lazy_gettext("RÚIAN code of the address"),
}


def sentence(refused: EditRefused) -> str:
    """Why an edit can't be made."""
    if refused.why == "no-expression":
        return refused.names[0]
    text = REFUSALS.get(refused.why, REFUSALS["no-such-edit"])
    return str(text) % {"names": ", ".join(f"„{name}“" for name in refused.names)}


def told(what: Json) -> str:
    """One step in the list of changes."""
    facts = what if isinstance(what, dict) else {}
    text = str(EDITS.get(str(facts.get("edit")), EDITS["details"]))
    return text % {"label": facts.get("label") or _("the form")} if "%(" in text else text


def kind_name(kind: str) -> str:
    """A kind in words."""
    return str(KINDS.get(kind) or OTHER_KINDS.get(kind) or OTHER_KINDS["advanced"])


def beginning(kind: str, label: str = "") -> Beginning:
    """The words a new part begins with: what the author wrote, else the kind's own."""
    title = label.strip() or kind_name(kind)
    return Beginning(title=title, choices=(_("First choice"), _("Second choice")), first=_("New question"))
