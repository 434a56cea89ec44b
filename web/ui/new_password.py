"""What pages say of a new password that won't do."""

from __future__ import annotations

from web.i18n import _
from web.passwords import MIN_LENGTH, weakness


def wrong_with(password: str, *known: str) -> str:
    """A sentence for the field, "" where the password will do. `known`: the person's names."""
    sentences = {
        "": "",
        "short": _("The password needs at least %(num)d characters; a few words are fine.", num=MIN_LENGTH),
        "long": _("The password is too long."),
        "known": _("This password is easily guessed. Choose another."),
    }
    return sentences[weakness(password, *known)]
