"""How much strangers may leave here unsent, by the installation's settings, and how a refusal is said to them."""

from __future__ import annotations

import hashlib
import hmac

from flask import request

from engine.errors import TooMuchKept
from engine.model import Allowance
from web.here import parts
from web.i18n import _, language
from web.settings import Settings
from web.ui.words import filesize

MEGABYTE = 1_000_000


def allowance() -> Allowance:
    """What this installation keeps."""
    return allowance_of(parts().settings)


def allowance_of(settings: Settings) -> Allowance:
    """What the settings say."""
    return Allowance(
        drafts=settings.stranger_drafts,
        bytes=settings.stranger_megabytes * MEGABYTE,
        all_drafts=settings.all_strangers_drafts,
        all_bytes=settings.all_strangers_megabytes * MEGABYTE,
    )


def origin() -> str:
    """Who is asking, as a keyed hash: enough to count by, and no address is kept."""
    key = parts().settings.signing_key().encode()
    return hmac.new(key, f"origin:{request.remote_addr}".encode(), hashlib.sha256).hexdigest()[:32]


def sentence(error: TooMuchKept) -> str:
    """What the person reads."""
    most = int(error.facts["most"])
    if error.facts["whose"] == "all":
        return _("Too many unfinished applications are kept here just now. Please try again later.")
    if error.facts["what"] == "drafts":
        return _("Your address has %(most)d unfinished applications here. Send one, or discard it.", most=most)
    size = filesize(most, language())
    return _("Your unfinished applications may have files of %(most)s together. Send one, or discard it.", most=size)
