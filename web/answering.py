"""The form of a human task or an offer: what it begins with, what was written to it before, how it is sent.

The same for the applicant on the portal and the clerk at the desk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from engine.commands import CompleteHumanTask, CorrelateMessage, SaveDraft, StoreAttachment
from engine.model import Actor, Json, SubmittedForm, Variables
from engine.queries import cases, definitions, papers, tasks
from engine.queries.cases import CaseFacts
from engine.queries.offers import OfferFacts
from engine.queries.papers import DraftFacts, FileFacts
from engine.queries.tasks import TaskFacts
from forms.carry import Change
from forms.compile import Form
from forms.graph import properties_in_place
from forms.parts import Comment
from forms.posted import FileRef
from web.carrying import kept, written
from web.published import form_of
from web.ui.form_flow import Sheet, file_ids
from web.ui.seen import Seen
from web.ui.uploads import Judged

#: Widget by which a form judges the fields of another one.
REVIEW = "field-review"
Link = Callable[[FileFacts], str]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A form that a case asks somebody to answer."""

    form_key: str
    sheet: Sheet
    #: What was written to it and not sent.
    draft: DraftFacts | None = None
    #: What another version of the form did to that.
    changes: Sequence[Change] = ()

    def with_data(self, data: Variables) -> Asked:
        """The same form with other answers."""
        return replace(self, sheet=replace(self.sheet, data=data))


def asked_by(
    session: Session, tenant: str, task: TaskFacts, draft: DraftFacts | None, link: Link = lambda file: ""
) -> Asked | None:
    """Give the form of a human task, filled with what was written or what the case knows; None without a form.

    `link` gives the address of a file for whoever fills the form.
    """
    if task.form is None:
        return None
    deployment = definitions.definition(session, tenant, task.definition_id).deployment_id
    form = form_of(session, tenant, deployment, task.form)
    known = tasks.visible_variables(session, tenant, task.id) if task.state in ("open", "claimed") else {}
    drafted = written(session, tenant, draft, task.definition_id, form) if draft else None
    begun = prefilled(form, known) if begins_filled(session, tenant, task) else {}
    data = (drafted.data if drafted else begun) | only_shown(form, known)
    judged = dict(reviewed(session, tenant, deployment, form, known))
    files = [references(session, tenant, *one, link) for one in ((form, data), *judged.values())]
    sheet = Sheet(
        form=form,
        data=data,
        comments=comments_of(known.get(task.comments or "")),
        files={file_id: file for some in files for file_id, file in some.items()},
        reviewed=judged,
    )
    return Asked(form_key=task.form, sheet=sheet, draft=draft, changes=drafted.changes if drafted else ())


def asked_by_offer(
    session: Session, tenant: str, case: CaseFacts, offer: OfferFacts, link: Link = lambda file: ""
) -> Asked | None:
    """Give the form of an offer, begun with what the case knows; None without a form."""
    if offer.form is None:
        return None
    form = form_of(session, tenant, case.deployment_id, offer.form)
    data = prefilled(form, cases.variables(session, tenant, case.id))
    files = references(session, tenant, form, data, link)
    return Asked(form_key=offer.form, sheet=Sheet(form=form, data=data, files=files))


def begins_filled(session: Session, tenant: str, task: TaskFacts) -> bool:
    """Whether the author wants the form to begin with what the case knows."""
    node = definitions.model_of(session, tenant, task.definition_id).nodes.get(task.node)
    return node is None or node.human is None or node.human.prefill


def prefilled(form: Form, known: Variables) -> Variables:
    """The values of the case that the form asks for by the same names."""
    names = dict(properties_in_place(form.root))
    return {name: value for name, value in known.items() if name in names and value is not None}


def only_shown(form: Form, known: Variables) -> Variables:
    """The values of the case that the form shows and nobody may change there, as they are now."""
    parts = properties_in_place(form.root)
    names = {name for name, part in parts if isinstance(part, dict) and part.get("readOnly") is True}
    return {name: known[name] for name in names if known.get(name) is not None}


def comments_of(value: Json) -> Sequence[Comment]:
    """What the office wrote to the fields; anything else in the variable is passed over."""
    rows = value if isinstance(value, list) else []
    return [
        Comment(pointer=row["pointer"], comment=row["comment"])
        for row in rows
        if isinstance(row, dict) and isinstance(row.get("pointer"), str) and isinstance(row.get("comment"), str)
    ]


def reviewed(
    session: Session, tenant: str, deployment: str, form: Form, known: Variables
) -> Iterator[tuple[str, tuple[Form, Variables]]]:
    """The forms whose fields this one judges, with the answers they were given."""
    for key in judged_keys(form):
        judged = form_of(session, tenant, deployment, key)
        yield key, (judged, prefilled(judged, known))


def judged_keys(form: Form) -> Iterator[str]:
    """Keys of the forms whose fields this one judges."""
    for _name, schema in properties_in_place(form.root):
        if isinstance(schema, dict) and schema.get("x-widget") == REVIEW and isinstance(schema.get("x-of"), str):
            yield schema["x-of"]


# --- files -----------------------------------------------------------------------------------------------------------


def references(session: Session, tenant: str, form: Form, data: Variables, link: Link) -> Mapping[str, FileRef]:
    """The files among the answers, by id, with their names."""
    found = papers.attachments(session, tenant, file_ids(form, data))
    return {file.id: reference(file, link) for file in found}


def reference(file: FileFacts, link: Link) -> FileRef:
    """A file as a form shows it."""
    return FileRef(id=file.id, name=file.filename, size=file.size, url=link(file), sha256=file.sha256)


def new_file(
    file: Judged, tenant: str, actor: Actor, *, draft_id: str | None = None, instance_id: str | None = None
) -> StoreAttachment:
    """The command that keeps a file of a draft, or of the case itself where there is no draft."""
    return StoreAttachment(
        tenant=tenant,
        actor=actor,
        filename=file.filename,
        media_type=file.media_type,
        content=file.content,
        draft_id=draft_id,
        instance_id=instance_id,
    )


# --- commands --------------------------------------------------------------------------------------------------------


def draft_command(
    asked: Asked, task: TaskFacts, tenant: str, actor: Actor, data: Variables, seen: Seen | None = None
) -> SaveDraft:
    """The command that saves what is written so far; refused with DraftChanged over what the page hasn't `seen`."""
    return SaveDraft(
        tenant=tenant,
        actor=actor,
        seen=seen.revision if seen else None,
        tab=seen.tab if seen else "",
        draft_id=asked.draft.id if asked.draft else None,
        task_id=task.id,
        form=asked.form_key,
        definition_id=task.definition_id,
        data=kept(data, "", asked.changes),
    )


def completion(
    task: TaskFacts, asked: Asked | None, data: Variables, *, tenant: str, actor: Actor, channel: str
) -> CompleteHumanTask:
    """The command that answers a task; what was not asked is told as empty, so that an older answer doesn't stay."""
    if asked is None:
        return CompleteHumanTask(tenant=tenant, actor=actor, task_id=task.id)
    form = asked.sheet.form
    sent = SubmittedForm(form=asked.form_key, data=data, channel=channel, attachments=file_ids(form, data))
    return CompleteHumanTask(
        tenant=tenant,
        actor=actor,
        task_id=task.id,
        data=dict.fromkeys(dict(properties_in_place(form.root))) | data,
        submission=sent,
        draft_id=asked.draft.id if asked.draft else None,
    )


def offer_message(
    offer: OfferFacts, asked: Asked | None, data: Variables, *, tenant: str, actor: Actor, channel: str
) -> CorrelateMessage:
    """The message the case waits for, with the form word for word."""
    sent = None
    if asked is not None:
        files = file_ids(asked.sheet.form, data)
        sent = SubmittedForm(form=asked.form_key, data=data, channel=channel, attachments=files)
    return CorrelateMessage(
        tenant=tenant,
        actor=actor,
        name=offer.name,
        correlation=offer.correlation,
        payload=data,
        # A double click is one message.
        message_id=f"offer:{offer.instance_id}:{offer.wait}",
        instance_id=offer.instance_id,
        wait=offer.wait,
        submission=sent,
    )
