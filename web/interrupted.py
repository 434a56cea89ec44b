"""A form that was posted after its session had ended: whoever wrote it goes on, and nothing typed is lost.

Pages carry in each form a signed word of whose they are. What was posted with it goes to the sign-in page and back to
the form inside the pages themselves, signed, so that it works without JavaScript and lies on no server.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeSerializer

from web.auth import actor, is_signed_in
from web.here import now, parts
from web.i18n import _
from web.portal import access
from web.tenancy import tenant_key
from web.ui.form_flow import GO, KEEP

#: The field with the word of whose a page is, and the one of the sign-in page with what was posted.
WORD, KEPT = "_page", "_kept"
#: How long a page may lie open.
LIFE = timedelta(days=3)
#: What is never written back into a page: tokens of ours, and passwords.
NOT_KEPT = frozenset({WORD, "csrf_token", "old", "new", "again", "password"})


@dataclass(frozen=True, kw_only=True)
class Post:
    """What was posted, by whom, where to."""

    username: str
    path: str
    fields: list[tuple[str, str]]
    #: Names of files: a page can't carry those, they have to be chosen again.
    files: list[str]


def word(draft: str = "", case: str = "") -> str:
    """Whose the page is: a person of the staff, or whoever may open this draft or case without an account."""
    if is_signed_in():
        # A list has many forms with the same word.
        if "page_word" not in g:
            g.page_word = _signed(WORD, {"username": actor().username})
        return str(g.page_word)
    grants = {"draft": draft, "secret": access.secret_of(draft) if draft else "", "case": case}
    return _signed(WORD, {name: it for name, it in grants.items() if it})


def offer() -> ResponseReturnValue | None:
    """The way on for a form that came too late; None where the page was not ours, or there is nothing to keep."""
    who = _opened(WORD, request.form.get(WORD, ""))
    by_script = request.form.get(GO) == KEEP or "HX-Request" in request.headers
    if who is None or by_script or not _from_our_page():
        return None
    post = _posted(str(who.get("username", "")))
    if post.username:
        return _for_staff(post)
    _grant_again(who)
    return _page(post, word(who.get("draft", ""), who.get("case", "")))


def resume(kept: str, username: str) -> ResponseReturnValue | None:
    """Where somebody who has just signed in left off; None where they left nothing."""
    told = _opened(KEPT, kept)
    if told is None:
        return None
    post = Post(**told["post"])
    if post.username != username:
        flash(_("What was being written here belongs to somebody else, so it was put away."))
        return None
    return _page(post)


def sign_in_first() -> ResponseReturnValue:
    """Send a stranger to the sign-in page and back; what they wrote goes along."""
    return offer() or redirect(url_for("sign_in.form", next=request.full_path.rstrip("?")))


def _for_staff(post: Post) -> ResponseReturnValue | None:
    if is_signed_in():
        return _page(post) if actor().username == post.username else None
    kept = _signed(KEPT, {"post": vars(post)})
    notice = _("Your sign-in has run out meanwhile. Sign in again: what you have written is kept.")
    return render_template("sign_in.html", next=post.path, username=post.username, kept=kept, notice=notice), 401


def _page(post: Post, again: str = "") -> ResponseReturnValue:
    # This page may be left open for too long as well.
    return render_template("kept.html", post=post, word=again or word()), 200


def _posted(username: str) -> Post:
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_KEPT]
    files = [file.filename for file in request.files.values() if file.filename]
    return Post(username=username, path=request.full_path.rstrip("?"), fields=fields, files=files)


def _grant_again(who: Mapping[str, Any]) -> None:
    """What the page could do with its cookie, it can do again."""
    if "secret" in who:
        access.remember_draft(who["draft"], who["secret"])
    if "case" in who:
        access.remember_case(who["case"])


def _from_our_page() -> bool:
    # Browsers send at least one of them with a form; no page of somebody else may put words into people's mouths.
    said = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return urlsplit(said).netloc == request.host


def _signed(kind: str, facts: Mapping[str, Any]) -> str:
    told = {**facts, "tenant": tenant_key(), "at": now().isoformat()}
    signed: str = _signer(kind).dumps(told)
    return signed


def _opened(kind: str, text: str) -> dict[str, Any] | None:
    """What we signed for this organisation not too long ago."""
    try:
        told: dict[str, Any] = _signer(kind).loads(text)
    except BadSignature:
        return None
    fresh = now() - datetime.fromisoformat(told.pop("at")) <= LIFE
    return told if told.pop("tenant") == tenant_key() and fresh else None


def _signer(kind: str) -> URLSafeSerializer:
    return URLSafeSerializer(parts().settings.signing_key(), salt=f"interrupted:{kind}")


def install(app: Flask) -> None:
    app.jinja_env.globals.update(page_word=word)
