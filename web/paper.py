"""Forms on paper: an empty one for the counter, or one begun on the screen, to be printed, signed and brought.

The code on it opens the clerk's entry of this very form.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from urllib.parse import quote

from flask import Response

from engine.model import Variables
from engine.shelf import Shelf
from forms.compile import Form
from forms.paper import on_paper
from forms.posted import FileRef
from integrations.qr import data_uri, qr_svg
from processes.documents import Renderer
from web.here import parts
from web.i18n import _, language
from web.tenancy import address_here, tenant
from web.ui.form_flow import evaluate

PDF = "application/pdf"
#: Printing takes a second of a core: how often one address may ask for it.
PRINTS = "6 per minute;60 per hour"

#: Letters of the page that is printed: some fifty sheets. More would take a core for minutes.
LONGEST = 200_000

_printed: Shelf[bytes] = Shelf(50)


class TooLongToPrint(Exception):
    """So much is written that it would be a book."""


def entry_url(agenda: str, process: str, draft_id: str = "") -> str:
    """Where a clerk enters the paper."""
    begun = f"?podani={quote(draft_id)}" if draft_id else ""
    return f"{address_here()}/prace/papir/{quote(agenda)}/{quote(process)}{begun}"


def paper(
    form: Form, title: str, entry: str, data: Variables | None = None, files: Mapping[str, FileRef] | None = None
) -> Response:
    """The form as a tagged PDF; empty without `data`. Raises integrations.pdf.PdfUnavailable and TooLongToPrint."""
    sheets = on_paper(form, data, language(), files=files, evaluate=evaluate)
    address = ", ".join(filter(None, [tenant().name, tenant().address]))
    html = Renderer(files={}, lang=language()).paper(
        {
            "title": title,
            "sheets": [asdict(sheet) for sheet in sheets],
            "words": words(),
            "tenant": tenant().for_templates(),
            "qr": data_uri(qr_svg(entry).encode(), "image/svg+xml"),
            "address": address,
        }
    )
    if len(html) > LONGEST:
        raise TooLongToPrint
    content = _printed.get(hashlib.sha256(html.encode()).hexdigest(), lambda: parts().outside.pdf.print(html))
    return Response(content, mimetype=PDF)


def words() -> Mapping[str, str]:
    """What the page itself says."""
    return {
        "fill": _("Fill it in with capital letters, sign it and bring or post it to the office."),
        "qr": _("for the office: entry of this form"),
        "qr_alt": _("QR code that opens the entry of this form for the office"),
        "ticked": _("ticked"),
        "unticked": _("not ticked"),
        "optional": _("(optional)"),
        "pick_one": _("Tick one."),
        "pick_some": _("Tick all that apply."),
        "attached": _("I attach it to this form"),
        "office": _("The office works this out."),
        "place": _("Place and date"),
        "signature": _("Signature"),
        "to": _("To be sent to:"),
    }
