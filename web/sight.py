"""What a person may read of cases. The one place where rights to read will be decided by agenda."""

from __future__ import annotations

from engine.errors import NotAllowed
from engine.model import Actor

#: Whoever signed in or holds a token; applicants show the secret of their case instead.
STAFF = ("person", "api")


def must_see_case(actor: Actor, _process_key: str) -> None:
    """Refuse whoever may not read this case: today every person of the organisation may read all its cases."""
    if actor.kind not in STAFF:
        raise NotAllowed
