"""Stories are played a few at a time before what is changed is published, so that one sees how far it has come."""

from __future__ import annotations

from time import monotonic

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from engine.errors import EngineError
from engine.queries.authoring import open_proposals
from processes.agenda import AgendaRefused
from processes.scenarios import BadScenario
from web.auth import sign_in_required
from web.db import close_session
from web.here import session
from web.studio import hand
from web.studio.drafts import content_now
from web.studio.remembering import Playbill
from web.tenancy import tenant_key

blueprint = Blueprint("storytelling", __name__)

#: For so many seconds stories are played before the page is told.
SHOWN_EVERY = 2.0


@blueprint.post("/studio/<agenda>/pribehy")
@sign_in_required
def some(agenda: str) -> ResponseReturnValue:
    """Play some of the stories of the agenda with the changes that are named, and say how many are left.

    What they come to is remembered: publishing then looks whether each came out, and plays what it doesn't know.
    """
    hand.require_author()
    files = dict(hand.published(agenda).agenda.files)
    chosen = set(request.values.getlist("with"))
    files |= {
        one.path: content_now(one) for one in open_proposals(session(), tenant_key(), agenda) if one.path in chosen
    }
    close_session()  # Playing takes seconds; nothing is held meanwhile.
    until = monotonic() + SHOWN_EVERY
    try:
        with Playbill(files) as bill:
            left = bill.unheard
            while left:
                bill.hear(left.pop(0))
                if monotonic() > until:
                    break
            return jsonify(total=len(bill.stories), done=len(bill.stories) - len(left))
    except (AgendaRefused, BadScenario, EngineError):
        # Publishing says what is wrong.
        return jsonify(total=0, done=0)
