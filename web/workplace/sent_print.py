"""A form as it was sent, printed for one of the office: dots where they may not read, and comments at the answers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from engine.calendar import day_in_prague
from engine.errors import NotFound
from engine.model import Json
from forms.desk import HIDDEN
from processes.documents import Renderer
from web.auth import actor, sign_in_required
from web.errors import answer
from web.headers import as_file
from web.here import now, parts, session
from web.i18n import _, language
from web.limits import limiter
from web.noting import noted
from web.paper import PDF, PRINTS
from web.submitted import parts_of
from web.tenancy import tenant, tenant_key
from web.workplace.cases import case_by
from web.workplace.sent import note_sensitive, sent_in

blueprint = Blueprint("sent_print", __name__, url_prefix="/prace/pripady")


@blueprint.get("/<case_number:number>/formulare/<submission_id>.pdf")
@sign_in_required
@limiter.limit(PRINTS)
def printed(number: str, submission_id: str) -> ResponseReturnValue:
    """One form as a tagged PDF. 503 where this machine can't make any."""
    case = case_by(number)
    found = sent_in(session(), tenant_key(), case.id, None, actor().groups)
    one = next((each for each in found if each.facts.id == submission_id), None)
    if one is None:
        raise NotFound
    printer = parts().outside.pdf
    if printer.unavailable():
        return answer(503, _("PDF can't be made here just now."))
    note_sensitive(case.business_key, [one])
    noted("read-form", "case", case.business_key, submission=submission_id)
    sections: list[Any] = [{"title": section.title, "parts": list(parts_of(section))} for section in one.sections]
    html = Renderer(files={}, lang=language()).submission(
        {
            "title": one.title,
            "case": {"number": case.business_key},
            "tenant": tenant().for_templates(),
            "today": day_in_prague(now()).isoformat(),
            "sections": sections,
            "is_masked": tells_dots(sections),
            "submission": {
                "sha256": one.facts.sha256,
                "submitted_at": one.facts.submitted_at.isoformat(),
                "submitter_name": one.facts.submitter_name or one.facts.submitted_by,
            },
        }
    )
    made = Response(printer.print(html), mimetype=PDF)
    return as_file(made, f"{case.business_key.replace('/', '-')} {one.title}.pdf", inline=True)


def tells_dots(told: Json) -> bool:
    """Whether something in it is hidden behind dots."""
    if isinstance(told, dict):
        return any(tells_dots(value) for value in told.values())
    return any(map(tells_dots, told)) if isinstance(told, list) else told == HIDDEN
