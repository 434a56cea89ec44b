"""What a page hears when somebody else has saved the same form meanwhile, and when a script has saved it quietly."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Request, jsonify
from flask.typing import ResponseReturnValue

from engine.queries.papers import DraftFacts
from forms.posted import FileRef
from forms.validate import FieldError
from web.here import parts
from web.i18n import _
from web.ui import form_flow, words
from web.ui.form_flow import Received, Sheet
from web.ui.uploads import FileRefused, Judged


def is_quiet(request: Request) -> bool:
    """Whether a script saves by itself and nobody waits for a page."""
    return request.form.get(form_flow.GO) == form_flow.KEEP


def saved(draft: DraftFacts, received: Received, /, **more: Any) -> ResponseReturnValue:
    """What the script writes beside the form: the files that came with it, and whether one was refused."""
    told = _("saved at %(clock)s", clock=words.clock(draft.saved_at))
    files = {"files": list(received.files), "refused": bool(received.errors)}
    return jsonify(saved=told, seen=draft.revision, **files, **more)


def sentence(draft: DraftFacts) -> str:
    """What happened, and what comes of sending it again."""
    return _(
        "This form was changed in another window or by somebody else at %(clock)s, so this page was not saved. "
        "What you see is what you typed here. When you send it once more, it replaces what was written there.",
        clock=words.clock(draft.saved_at),
    )


def refused(draft: DraftFacts) -> ResponseReturnValue:
    """The same for the script."""
    return jsonify(overtaken=sentence(draft)), 409


def typed(sheet: Sheet, request: Request, draft: DraftFacts) -> Received:
    """The page as it was typed, with the sentence; nothing of it was kept."""

    def refuse(upload: Judged) -> FileRef:
        raise FileRefused(_("The file was not saved, choose it again please."))

    received = form_flow.receive(sheet, request, refuse, parts().outside)
    error = FieldError(pointer="", keyword="overtaken", message=sentence(draft))
    files = [one for one in received.errors if one.keyword == "file"]
    return replace(received, errors=[error, *files])
