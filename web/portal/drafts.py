"""Applications being written: where they are saved, who may go on with them, what they start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask import url_for

from engine.commands import SaveDraft
from engine.diagram import Model, StartForm
from engine.errors import NotFound
from engine.queries.accounts import draft_of_account
from engine.queries.papers import DraftFacts, draft_by_secret
from web.accounts import account
from web.db import close_session
from web.here import engine, now, parts, session
from web.portal import access
from web.portal.allowance import allowance, origin
from web.portal.cards import Card
from web.tenancy import tenant_key


@dataclass(frozen=True, kw_only=True)
class Begun:
    """A draft on the first page."""

    title: str
    path: str
    saved_at: datetime
    id: str
    expires_at: datetime
    as_guest: bool


def start_form(model: Model, process: str) -> StartForm | None:
    """The form with which anybody may start the process on the portal; None where nobody can."""
    body = model.nodes.get(process)
    if body is None:
        return None
    starts = (model.nodes[name].start for name in body.starts)
    return next((start for start in starts if start is not None and start.audience == "public"), None)


def opened(draft_id: str) -> DraftFacts:
    """A draft this browser may go on with. Raises NotFound, also where the secret is missing."""
    secret, one = access.secret_of(draft_id), account()
    if not secret and one is not None:
        return draft_of_account(session(), tenant_key(), draft_id, one.id, now())
    return draft_by_secret(session(), tenant_key(), draft_id, secret, now())


def begun(offered: Sequence[Card]) -> list[Begun]:
    """Drafts this browser knows and may still send."""
    titles = {card.process: card.title for card in offered}
    found: list[Begun] = []
    for draft_id in access.drafts():
        try:
            facts = opened(draft_id)
        except NotFound:
            access.forget_draft(draft_id)
            continue
        if facts.instance_id is None and facts.process_key in titles:
            found.append(as_begun(facts, titles[facts.process_key]))
    return found


def as_begun(facts: DraftFacts, title: str) -> Begun:
    """A draft as lists show it."""
    return Begun(
        title=title,
        path=url_for("applying.resume_here", draft_id=facts.id),
        saved_at=facts.saved_at,
        id=facts.id,
        expires_at=facts.expires_at,
        as_guest=facts.as_guest,
    )


def save(command: SaveDraft, as_guest: bool = False) -> str:
    """Save what is written so far and remember the draft in this browser; gives its id. Raises DraftChanged."""
    one = account()
    close_session()
    # Whoever only helps to write has their own account; the draft stays whose it is.
    mine = one.id if one is not None and not as_guest else ""
    limited = replace(
        command, account_id=mine, origin=origin(), allowance=allowance(), days=parts().settings.draft_days
    )
    saved, secret = engine().execute(limited)
    if secret:
        access.remember_draft(saved, secret)
    return saved
