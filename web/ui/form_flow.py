"""A posted form, from the browser to answers and errors; the same for the portal and the workplace.

The caller owns where answers are kept: `Keep` stores a file and says its reference, saving a draft is its own business.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, cast

from flask import Request, g
from flask_babel import force_locale
from werkzeug.datastructures import FileStorage

from engine.calendar import day_in_prague
from engine.errors import NotAllowed, NotFound
from engine.model import Json, Variables
from engine.queries.lookups import Lookups
from engine.queries.registers import public_with
from forms.actions import Acted, act, revealed
from forms.compile import Form
from forms.pointers import name_of, split
from forms.posted import FileRef
from forms.prefill import REGISTER, Wanted, asked, filled
from forms.tree import Answers, Field, unfold, walk
from forms.validate import FieldError, validate
from forms.view import Comment, View, view
from integrations.failures import BusinessError, Failure
from integrations.ports import Company, CompanyRegister, VirusScanner
from web.here import now, parts, session
from web.i18n import _, language
from web.outside import Outside
from web.sifting import PutAside
from web.tenancy import tenant_key
from web.ui.offers import Offered, asks, offered
from web.ui.uploads import MAX_SIZE, USUAL, FileRefused, Judged, judge, smaller
from web.ui.words import filesize

Keep = Callable[[Judged], FileRef]

#: Names of our own buttons; a form's own ones are `_do`.
GO, CONTINUE, SAVE = "_go", "continue", "save"
#: What a script sends by itself from time to time; and the button that puts the list of changes away.
KEEP, NOTED = "keep", "noted"


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A form being filled: which page of it, and what is known so far."""

    form: Form
    data: Variables
    #: Key of the step; None = the whole form on one page.
    step: str | None = None
    #: What the office wrote to its fields.
    comments: Sequence[Comment] = ()
    #: Files among the answers, by id.
    files: Mapping[str, FileRef] = field(default_factory=dict)
    #: Forms whose fields this one judges, with their data.
    reviewed: Mapping[str, tuple[Form, Variables]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Received:
    """What came of a post."""

    data: Variables
    errors: Sequence[FieldError] = ()
    #: Sentences beside fields: what the prefill found.
    notes: Mapping[str, str] = field(default_factory=dict)
    #: Control that gets the focus.
    focus: str | None = None
    #: The same page comes again: a button of the form was pressed, or an answer opened new questions.
    again: bool = False
    #: The person wants to go on later; nothing was checked.
    later: bool = False
    #: What the case should remember: the register could not be asked.
    remark: str = ""
    files: Mapping[str, FileRef] = field(default_factory=dict)

    @property
    def accepted(self) -> bool:
        """The page is right and the person wants to go on."""
        return not (self.errors or self.again or self.later)


def evaluate(text: str, variables: Mapping[str, Json]) -> Json:
    """The language of the author's expressions; what they ask of registers is asked once in a request."""
    today = day_in_prague(now()).isoformat()
    if "lookups" not in g:
        g.lookups = Lookups(session(), tenant_key())
    return cast(Lookups, g.lookups).evaluate(text, {"today": today, **variables})


def show(sheet: Sheet, received: Received | None = None, mode: Any = "edit") -> View:
    """The page of a form, as new or as it came back."""
    files = {**sheet.files, **(received.files if received else {})}
    data = received.data if received else sheet.data
    return view(
        sheet.form,
        data,
        errors=received.errors if received else (),
        lang=language(),
        step=sheet.step,
        mode=mode,
        comments=sheet.comments,
        evaluate=evaluate,
        files=files,
        notes=received.notes if received else {},
        focus=received.focus if received else None,
        reviewed=sheet.reviewed,
        offers=from_registers(sheet.form, data).offers,
    )


def from_registers(form: Form, data: Variables) -> Offered:
    """What registers say of the answers that are chosen from them."""
    return offered(session(), tenant_key(), form, data, language()) if asks(form) else Offered(data=data)


def receive(sheet: Sheet, request: Request, keep: Keep, outside: Outside) -> Received:
    """Read a post: answers, files, buttons; and check it where the person wants to go on."""
    pairs = [(name, value) for name, value in request.form.items(multi=True)]
    kept, refused = take_files(sheet, request, pairs, keep, outside.scanner)
    acted = act(sheet.form, pairs, kept, sheet.data, step=sheet.step, evaluate=evaluate, lang=language())
    files = {ref.id: ref for refs in kept.values() for ref in refs}
    acted = replace(acted, data=from_registers(sheet.form, acted.data).data)
    received = Received(data=acted.data, errors=refused, files=files, focus=acted.focus)
    if acted.action is not None:
        return pressed(sheet, acted, received, outside.companies)
    if request.form.get(GO) in (SAVE, KEEP):
        return replace(received, later=not refused, again=bool(refused))
    if request.form.get(GO) == NOTED:
        return replace(received, again=True)
    return checked(sheet, pairs, received)


def checked(sheet: Sheet, pairs: Sequence[tuple[str, str]], received: Received) -> Received:
    """Validate the page; an answer that opens questions the page didn't have brings the page again."""
    found = faults(sheet.form, received.data, step=sheet.step)
    fresh = revealed(sheet.form, received.data, pairs, step=sheet.step, evaluate=evaluate)
    if fresh and not received.errors:
        on_page = [error for error in found if not is_within(error.pointer, fresh)]
        if not on_page:
            return replace(received, again=True, focus=fresh[0])
        found = on_page
    refused = {error.pointer for error in received.errors}
    return replace(received, errors=[*received.errors, *(error for error in found if error.pointer not in refused)])


def faults(form: Form, data: Variables, step: str | None = None) -> list[FieldError]:
    """Everything that is wrong with the answers, also by what registers say."""
    found = validate(form, data, step=step, lang=language(), evaluate=evaluate)
    page = form.step(step)
    others = {name for one in form.steps if page and one is not page for name in one.names}
    told = from_registers(form, data).errors
    return [*found, *(one for one in told if (split(one.pointer) or [""])[0] not in others)]


def is_within(pointer: str, parents: Sequence[str]) -> bool:
    """Whether the pointer is one of the others or lies below it."""
    return any(pointer == parent or pointer.startswith(parent + "/") for parent in parents)


def pressed(sheet: Sheet, acted: Acted, received: Received, companies: CompanyRegister) -> Received:
    """A button of the form itself was pressed: the page comes again."""
    again = replace(received, again=True)
    if acted.action is None or acted.action.kind != "prefill":
        return again
    return prefilled(sheet.form, again, acted.action.pointer, companies)


# --- registers -------------------------------------------------------------------------------------------------------


def prefilled(form: Form, received: Received, pointer: str, companies: CompanyRegister) -> Received:
    """Fill fields from a register, or say why it can't be done now."""
    wanted = asked(form, received.data, pointer)
    if wanted is None or not wanted.value:
        return noted(received, pointer, _("Write the number first."))
    if wanted.source == REGISTER:
        return from_own_register(form, received, wanted)
    try:
        company = companies.find(str(wanted.value))
    except BusinessError as error:
        return noted(received, pointer, business_sentence(error))
    except Failure:
        with force_locale("cs"):
            remark = _("The register ARES did not answer, the applicant typed the data by hand.")
        sentence = _("The register ARES doesn't answer just now. Please type the data by hand, we will check them.")
        return replace(noted(received, pointer, sentence), remark=remark)
    data = filled(form, received.data, pointer, company.answer)
    return noted(replace(received, data=data), pointer, found_sentence(company))


def from_own_register(form: Form, received: Received, wanted: Wanted) -> Received:
    """Fill fields by a record of the office's own register: what is public of it, nobody learns the rest by asking."""
    title = wanted.title or wanted.register
    try:
        found = public_with(session(), tenant_key(), wanted.register, wanted.key, [str(wanted.value)])
    except (NotFound, NotAllowed):
        return noted(received, wanted.pointer, _("The register %(title)s can't be asked.", title=title))
    if not found:
        sentence = _("The register %(title)s does not know this. Check it, or type the data by hand.", title=title)
        return noted(received, wanted.pointer, sentence)
    data = filled(form, received.data, wanted.pointer, found[0].data)
    sentence = _("Filled in from the register %(title)s. Please check it.", title=title)
    return noted(replace(received, data=data), wanted.pointer, sentence)


def noted(received: Received, pointer: str, sentence: str) -> Received:
    """The sentence beside the field, which gets the focus."""
    return replace(received, notes={**received.notes, pointer: sentence}, focus=pointer)


def business_sentence(error: BusinessError) -> str:
    """Why the register has nothing for us."""
    if error.code == "ares.invalid-ico":
        return _("This is not a valid number. It has eight digits and the last one is a check digit.")
    return _("The register ARES knows nobody with this number. Check it, or type the data by hand.")


def found_sentence(company: Company) -> str:
    """What was found and where."""
    if company.dissolved_on:
        return _("Filled in from ARES, but note: the register says that it ceased to exist.")
    if company.recorded:
        return _("Filled in from ARES (record, without a connection). Please check it.")
    return _("Filled in from ARES. Please check it.")


# --- files -----------------------------------------------------------------------------------------------------------


def take_files(
    sheet: Sheet, request: Request, pairs: Sequence[tuple[str, str]], keep: Keep, scanner: VirusScanner
) -> tuple[dict[str, list[FileRef]], list[FieldError]]:
    """Store the uploads that may be accepted; give them by control, and an error for each of the others."""
    sent = [(name, upload) for name, upload in request.files.items(multi=True) if upload.filename]
    kept: dict[str, list[FileRef]] = {}
    refused: list[FieldError] = []
    places = file_fields(sheet, pairs) if sent else {}
    for name, upload in sent:
        place = places.get(name)
        if place is None:
            continue
        try:
            file = judged(upload, place, scanner)
            kept.setdefault(name, []).append(sent_before(sheet, place, file) or keep(file))
        except FileRefused as error:
            refused.append(FieldError(pointer=place.pointer, keyword="file", message=str(error)))
    return kept, refused


def sent_before(sheet: Sheet, place: Field, file: Judged) -> FileRef | None:
    """The same file among the answers of its field: a script sent it with a part of the page, now comes the whole."""
    digest = sha256(file.content).hexdigest()
    ids = place.value if isinstance(place.value, list) else [place.value]
    known = (sheet.files.get(one) for one in ids if isinstance(one, str))
    return next((ref for ref in known if ref is not None and ref.sha256 == digest), None)


def file_fields(sheet: Sheet, pairs: Sequence[tuple[str, str]]) -> dict[str, Field]:
    """The file fields that are asked now, by pointer."""
    data = act(sheet.form, pairs, {}, sheet.data, step=sheet.step, evaluate=evaluate).data
    fields = walk(unfold(Answers(form=sheet.form, data=data, evaluate=evaluate)))
    return {name_of(item.pointer): item for item in fields if item.widget in ("file", "files")}


def judged(upload: FileStorage, place: Field, scanner: VirusScanner) -> Judged:
    """The upload, if the field takes it. Raises FileRefused."""
    if isinstance(upload.stream, PutAside):
        together = filesize(parts().settings.max_body, language())
        raise FileRefused(
            _(
                "Files sent at once may have %(most)s together, so “%(name)s” was not kept. What you have written was."
                " Make the files smaller, or save the form after each of them.",
                most=together,
                name=upload.filename,
            )
        )
    shape = place.shape
    # Of several files the limits may be said of the list or of each of them.
    one = shape.get("items")
    each: Mapping[str, Any] = one if isinstance(one, dict) else {}
    most = shape.get("x-max-size") or each.get("x-max-size") or MAX_SIZE
    accept = frozenset(shape.get("x-accept") or each.get("x-accept") or ()) or USUAL
    # One byte over the limit tells that there is more; the rest isn't read.
    content = upload.stream.read(int(most) + 1)
    known = judge(upload.filename or "", content, accept=accept, most=int(most))
    refuse_infected(known, scanner)
    longest = shape.limit("x-image-max") or int(each.get("x-image-max") or 0)
    return smaller(known, longest) if longest > 0 else known


def refuse_infected(file: Judged, scanner: VirusScanner) -> None:
    """Refuse what the scanner knows, and what it can't look at just now."""
    try:
        virus = scanner.scan(file.content)
    except Failure as error:
        raise FileRefused(
            _("We can't look at the file for viruses just now. Add it in a while; the rest is saved.")
        ) from error
    if virus is not None:
        raise FileRefused(_("“%(name)s” contains a virus (%(virus)s).", name=file.filename, virus=virus))


def file_ids(form: Form, data: Variables) -> list[str]:
    """Ids of all files among the answers."""
    fields = walk(unfold(Answers(form=form, data=data, evaluate=evaluate)))
    values = [item.value for item in fields if item.widget in ("file", "files") and item.value]
    flat = [one for value in values for one in (value if isinstance(value, list) else [value])]
    return [one for one in flat if isinstance(one, str)]
