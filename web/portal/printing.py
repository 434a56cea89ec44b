"""The same form on paper: empty, or with what is written so far, to be signed and brought."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from web.errors import answer
from web.headers import as_file
from web.here import parts
from web.i18n import _
from web.limits import limiter
from web.paper import PRINTS, TooLongToPrint, entry_url, paper
from web.portal.applying import Application, begun, new

blueprint = Blueprint("printing", __name__)


@blueprint.get("/sluzby/<agenda>/<process>/formular.pdf")
@limiter.limit(PRINTS)
def blank(agenda: str, process: str) -> ResponseReturnValue:
    return printed(new(agenda, process))


@blueprint.get("/podani/<draft_id>/formular.pdf")
@limiter.limit(PRINTS)
def filled(draft_id: str) -> ResponseReturnValue:
    return printed(begun(draft_id))


def printed(application: Application) -> ResponseReturnValue:
    """The application as a PDF; 503 where this machine can't make any, 422 where it would be a book."""
    if parts().outside.pdf.unavailable():
        return answer(503, _("PDF can't be made here just now. Fill the form in on the screen, please."))
    card, draft = application.card, application.draft
    entry = entry_url(card.agenda, card.process, draft.id if draft else "")
    files = application.sheet(application.steps.first).files
    try:
        made = paper(application.form, card.title, entry, application.data if draft else None, files)
    except TooLongToPrint:
        return answer(422, _("So much is written that it can't be printed. Send it from the screen, please."))
    return as_file(made, f"{card.process}.pdf", inline=True)
