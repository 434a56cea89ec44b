"""What this browser may open: drafts it began, cases it knows the secret of, and what is of its applicant's account.

Kept in the signed session cookie, the newest few; a secret never stays in an address.
"""

from __future__ import annotations

from flask import session as cookie

from engine.errors import NotFound
from engine.queries.accounts import has_case
from web.accounts import account
from web.here import session
from web.tenancy import tenant_key

#: A cookie holds four kilobytes.
MOST = 8


def remember(kind: str, name: str, value: str) -> None:
    """Put a grant in the cookie, the oldest ones go."""
    known: dict[str, str] = dict(cookie.get(kind) or {})
    known.pop(name, None)
    known[name] = value
    cookie[kind] = dict(list(known.items())[-MOST:])
    cookie.permanent = True


def remember_draft(draft_id: str, secret: str) -> None:
    """This browser may go on with the draft."""
    remember("drafts", draft_id, secret)


def remember_case(instance_id: str) -> None:
    """This browser has shown the secret of the case."""
    remember("cases", instance_id, "1")


def forget_draft(draft_id: str) -> None:
    """The draft was sent or thrown away."""
    known = dict(cookie.get("drafts") or {})
    if known.pop(draft_id, None) is not None:
        cookie["drafts"] = known


def drafts() -> list[str]:
    """Ids of the drafts this browser knows, the newest first."""
    return list(reversed(list(cookie.get("drafts") or {})))


def secret_of(draft_id: str) -> str:
    """Secret of a draft this browser knows, else ""."""
    return str((cookie.get("drafts") or {}).get(draft_id, ""))


def check_case(instance_id: str) -> None:
    """Refuse a browser that hasn't shown the case's secret, and isn't signed in to an account whose case it is."""
    if not knows_case(instance_id):
        raise NotFound


def knows_case(instance_id: str) -> bool:
    """Whether this browser may open the case."""
    return instance_id in (cookie.get("cases") or {}) or is_of_account(instance_id)


def is_of_account(instance_id: str) -> bool:
    """Whether the case is of the account that is signed in."""
    one = account()
    return one is not None and has_case(session(), tenant_key(), one.id, instance_id)
