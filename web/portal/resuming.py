"""Going on later: the link that opens an application again, on the page and by mail."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import structlog
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.drafting import AddressDraft, DiscardDraft, ShareDraft, UnshareDraft
from engine.errors import NotAllowed
from engine.queries.papers import DraftFacts, draft_by_secret
from integrations.failures import Failure
from integrations.ports import Mail
from web.auth import ANYONE
from web.db import close_session
from web.here import engine, now, parts, session
from web.i18n import _, language
from web.limits import PUBLIC_POST, TRACKING, limiter
from web.portal import access, applying, drafts
from web.portal.applicant import applicant
from web.tenancy import address_here, tenant, tenant_key
from web.ui import words

blueprint = Blueprint("resuming", __name__)
log = structlog.get_logger("radnice.web")

ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]{2,}")
#: Mails with the link an hour: nobody may be flooded through us.
MAILS = "5 per minute;20 per hour"


def resume_link(draft_id: str, secret: str = "") -> str:
    """The link that opens the draft in any browser."""
    secret = secret or access.secret_of(draft_id)
    if not secret:
        # It was opened by the account whose it is: its page is enough, once one is signed in.
        return f"{address_here()}/podani/{draft_id}"
    query = urlencode({"p": draft_id, "k": secret})
    return f"{address_here()}/podani/pokracovat?{query}"


@blueprint.get("/podani/pokracovat")
@limiter.limit(TRACKING)
def resume() -> ResponseReturnValue:
    draft_id, secret = request.args.get("p", ""), request.args.get("k", "")
    draft = draft_by_secret(session(), tenant_key(), draft_id, secret, now())
    access.remember_draft(draft.id, secret)
    return redirect(url_for("applying.resume_here", draft_id=draft.id), 303)


@blueprint.get("/podani/<draft_id>/ulozeno")
def saved(draft_id: str) -> ResponseReturnValue:
    application = applying.begun(draft_id)
    email = applicant(application.form, application.data).email
    return saved_page(application, email)


def saved_page(application: applying.Application, email: str, error: str = "") -> ResponseReturnValue:
    """The link, and the offer to mail it."""
    assert application.draft is not None
    content = render_template(
        "portal/saved.html",
        application=application,
        link=resume_link(application.draft.id),
        email=email,
        error=error,
    )
    return content, 422 if error else 200


@blueprint.post("/podani/<draft_id>/ulozeno")
@limiter.limit(MAILS)
def mail_link(draft_id: str) -> ResponseReturnValue:
    application = applying.begun(draft_id)
    email = request.form.get("email", "").strip()
    if not ADDRESS.fullmatch(email):
        return saved_page(application, email, _("Check the e-mail, for instance novak@mesto.cz."))
    mail = letter(application, email)
    close_session()
    try:
        parts().outside.mailer.send(mail)
    except Failure as error:
        log.warning("resume link not sent", error=type(error).__name__)
        return saved_page(application, email, _("The mail can't be sent just now. Please copy the link."))
    assert application.draft is not None
    # Where the link is, the warning before its end can go.
    reader = AddressDraft(
        tenant=tenant_key(),
        actor=ANYONE,
        draft_id=draft_id,
        email=email,
        language=language(),
        as_guest=application.draft.as_guest,
    )
    engine().execute(reader)
    flash(_("We have sent the link to %(email)s.", email=email))
    return redirect(url_for("resuming.saved", draft_id=draft_id), 303)


def letter(application: applying.Application, email: str) -> Mail:
    """The mail with the link."""
    assert application.draft is not None
    facts = {"title": application.card.title, "link": resume_link(application.draft.id), "office": tenant().name}
    until = words.date_plain(application.draft.expires_at, language())
    text = _(
        "Hello,\n\nyou have begun “%(title)s”. You can go on whenever you like at this link:\n\n%(link)s\n\n"
        "It works until %(until)s. Don't give it to anybody: it opens what you have written.\n\n%(office)s\n",
        until=until,
        **facts,
    )
    return Mail(
        to=[email],
        subject=_("Continue: %(title)s", title=application.card.title),
        text=text,
        sender=str(tenant().settings.get("mail_from") or parts().settings.mail_from),
        sender_name=tenant().name,
        key=f"resume:{application.draft.id}:{now().isoformat()}",
        sent_at=now(),
    )


# --- whose it is -----------------------------------------------------------------------------------------------------


def own(draft_id: str) -> DraftFacts:
    """A draft that this browser began or got whole. Raises NotFound, and NotAllowed for those who only help."""
    draft = drafts.opened(draft_id)
    if draft.as_guest:
        raise NotAllowed
    close_session()
    return draft


@blueprint.post("/podani/<draft_id>/zahodit")
@limiter.limit(PUBLIC_POST)
def discard(draft_id: str) -> ResponseReturnValue:
    draft = own(draft_id)
    engine().execute(DiscardDraft(tenant=tenant_key(), actor=ANYONE, draft_id=draft.id))
    access.forget_draft(draft.id)
    flash(_("What you had written is thrown away."))
    return redirect("/", 303)


@blueprint.post("/podani/<draft_id>/sdilet")
@limiter.limit(PUBLIC_POST)
def share(draft_id: str) -> ResponseReturnValue:
    """Let others write: their link is shown this once, because only its hash is kept."""
    draft = own(draft_id)
    secret = engine().execute(ShareDraft(tenant=tenant_key(), actor=ANYONE, draft_id=draft.id))
    flash(resume_link(draft.id, secret), "link")
    return redirect(url_for("resuming.saved", draft_id=draft.id) + "#spolu", 303)


@blueprint.post("/podani/<draft_id>/nesdilet")
@limiter.limit(PUBLIC_POST)
def unshare(draft_id: str) -> ResponseReturnValue:
    """End the link of the others."""
    draft = own(draft_id)
    engine().execute(UnshareDraft(tenant=tenant_key(), actor=ANYONE, draft_id=draft.id))
    flash(_("The link for others doesn't work any more."))
    return redirect(url_for("resuming.saved", draft_id=draft.id) + "#spolu", 303)
