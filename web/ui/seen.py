"""Two windows on one draft: each says which saving it was made of, so that neither overwrites the other unknowingly."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from flask import Request

from engine.queries.papers import DraftFacts
from web.digits import whole

#: Hidden fields of the page. A script gives all pages of one window the same name.
SEEN, TAB = "_seen", "_tab"
LONGEST_TAB = 40


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What the posted page was made of."""

    revision: int | None = None
    tab: str = ""

    def is_overtaken(self, draft: DraftFacts) -> bool:
        """Whether somebody else saved since."""
        own = bool(self.tab) and draft.tab == self.tab
        return self.revision is not None and not own and self.revision != draft.revision


def seen_in(request: Request) -> Seen:
    """What the page says of itself; a page without it is never refused."""
    return Seen(revision=whole(request.form.get(SEEN, "")), tab=request.form.get(TAB, "")[:LONGEST_TAB])


def told_of(draft: DraftFacts | None, request: Request) -> Mapping[str, str]:
    """The hidden fields of a page made of this draft."""
    tab = request.form.get(TAB, "")[:LONGEST_TAB] or secrets.token_hex(8)
    return {TAB: tab} | ({SEEN: str(draft.revision)} if draft else {})


def told_of_task(draft: DraftFacts | None, request: Request) -> Mapping[str, str]:
    """The same for a task, which has one draft of each person: two windows that begin at once are two as well."""
    return {SEEN: "0", **told_of(draft, request)}
