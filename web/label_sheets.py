"""Labels with QR codes on sheets of A4: three columns of eight, 70 × 37 mm."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from integrations.qr import qr_png

ON_SHEET = 24
_STYLE = (
    "@page{size:A4;margin:0} body{margin:0;font-family:'DejaVu Sans',sans-serif;font-size:8pt}"
    ".sheet{width:210mm;height:296mm;page-break-after:always}"
    ".label{float:left;box-sizing:border-box;width:70mm;height:37mm;padding:3mm;overflow:hidden}"
    ".label img{float:left;width:28mm;height:28mm;margin-right:2mm} .label p{margin:0 0 1mm}"
    ".small{font-size:6.5pt}"
)


@dataclass(frozen=True, kw_only=True)
class Label:
    """What stands on one label."""

    caption: str
    #: Where the code leads.
    address: str
    #: More lines about the thing, such as the number of its supply point.
    lines: Sequence[str] = ()
    #: Whom to call when something is wrong.
    contact: str = ""


def sheets(labels: Sequence[Label]) -> str:
    """Give the pages of labels as HTML for the PDF printer."""
    drawn = [_label(one) for one in labels]
    pages = ["".join(drawn[start : start + ON_SHEET]) for start in range(0, len(drawn), ON_SHEET)]
    body = "".join(f'<div class="sheet">{page}</div>' for page in pages)
    head = f"<head><title>Štítky</title><style>{_STYLE}</style></head>"
    return f'<!doctype html><html lang="cs">{head}<body>{body}</body></html>'


def _label(one: Label) -> str:
    image = b64encode(qr_png(one.address)).decode()
    lines = "".join(f"<p>{escape(line)}</p>" for line in one.lines if line)
    contact = f'<p class="small">{escape(one.contact)}</p>' if one.contact else ""
    return (
        f'<div class="label"><img alt="QR {escape(one.address)}" src="data:image/png;base64,{image}">'
        f"<p><strong>{escape(one.caption)}</strong></p>{lines}<p>Odečet: načtěte telefonem.</p>{contact}</div>"
    )
