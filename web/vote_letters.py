"""Letters with codes of a vote: a page of A4 for each, folded twice into a window envelope (DL)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from integrations.qr import qr_png
from web.i18n import _

#: A print shop takes the table; so many letters are made while somebody waits.
MOST = 200
#: Both folds, and the address where the window of a DL envelope is (from the left 110, from the top 50 mm).
_STYLE = """@page { size: A4; margin: 0 }
body { margin: 0; font-family: Roboto, "Liberation Sans", "DejaVu Sans", sans-serif; font-size: 11pt }
p { line-height: 1.45; margin: 0 0 3mm }
.letter { position: relative; box-sizing: border-box; width: 210mm; height: 296mm; padding: 0; overflow: hidden }
.letter + .letter { break-before: page }
.fold { position: absolute; left: 0; width: 6mm; height: 0; border-top: .3pt solid #74818c }
.fold-1 { top: 99mm } .fold-2 { top: 198mm }
.sender { position: absolute; top: 20mm; left: 25mm; width: 75mm; font-size: 9pt } .sender p { margin: 0 }
.addressee { position: absolute; top: 50mm; left: 110mm; width: 80mm; height: 35mm; overflow: hidden }
.addressee p { margin: 0 }
.said { position: absolute; top: 106mm; left: 25mm; width: 160mm }
h1 { font-size: 16pt; line-height: 1.25; margin: 0 0 5mm }
.code { font-size: 20pt; font-weight: 700; letter-spacing: .04em; margin: 4mm 0 }
.qr { float: right; width: 32mm; height: 32mm; margin: 0 0 3mm 6mm }
.small { font-size: 9pt }"""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One person's letter."""

    code: str
    #: Number of the roll.
    reference: str
    #: Lines of the address; empty = it is handed over.
    address: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Vote:
    """What all letters say, in the words of the reader."""

    title: str
    how: str
    #: From when to when.
    window: str
    link: str
    office: str
    #: Address and contacts of the office.
    contacts: Sequence[str]


def pages(vote: Vote, letters: Sequence[Letter], language: str) -> str:
    """Give the letters as HTML for the PDF printer."""
    code = b64encode(qr_png(vote.link)).decode()
    body = "".join(_letter(vote, one, code) for one in letters)
    title = escape(_("Codes for the vote: %(title)s", title=vote.title))
    head = f'<head><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style></head>'
    return f'<!doctype html><html lang="{language}">{head}<body>{body}</body></html>'


def _letter(vote: Vote, one: Letter, code: str) -> str:
    sender = "".join(f"<p>{escape(line)}</p>" for line in (vote.office, *vote.contacts) if line)
    address = "".join(f"<p>{escape(line)}</p>" for line in one.address if line)
    told = [
        _("You may vote %(window)s.", window=vote.window),
        vote.how,
        _(
            "Vote at %(link)s, or on paper at the office. The code works once; nobody can tell how you voted.",
            link=vote.link,
        ),
    ]
    alt = escape(_("QR code that leads to %(link)s", link=vote.link))
    number = escape(_("Number of the roll: %(number)s", number=one.reference)) if one.reference else ""
    return (
        '<div class="letter"><div class="fold fold-1"></div><div class="fold fold-2"></div>'
        f'<div class="sender">{sender}</div><div class="addressee">{address}</div>'
        f'<div class="said"><h1>{escape(vote.title)}</h1>'
        f'<img class="qr" alt="{alt}" src="data:image/png;base64,{code}">'
        f"<p>{escape(_('Your code for the vote:'))}</p>"
        f'<p class="code">{escape(one.code)}</p>'
        + "".join(f"<p>{escape(line)}</p>" for line in told)
        + f'<p class="small">{number}</p></div></div>'
    )
