"""HTML pages to tagged PDF (PDF/UA-1) by WeasyPrint, which may reach nothing but what the page itself carries."""

from __future__ import annotations

import importlib
from functools import cache

from integrations.failures import Permanent
from integrations.pdf_structure import mend

INSTALL = "apt-get install -y libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-roboto"


class PdfUnavailable(Permanent):
    """PDF can't be made on this machine."""


@cache
def pdf_available() -> str | None:
    """Say why PDF can't be made here and which command helps; None when it can."""
    try:
        importlib.import_module("weasyprint")
    except (ImportError, OSError) as error:
        return (
            f"PDF can't be made: {type(error).__name__} while loading WeasyPrint's libraries. Install them: {INSTALL}"
        )
    return None


class WeasyPdf:
    """The PDF printer of this machine."""

    def unavailable(self) -> str | None:
        """Say in one sentence why no PDF can be made here; None when it can."""
        return pdf_available()

    def print(self, html: str) -> bytes:
        """Give the page as tagged PDF. Raises PdfUnavailable where the libraries are missing."""
        if reason := pdf_available():
            raise PdfUnavailable(reason)
        # Heavy: 0.8 s, and its system libraries may be missing.
        import weasyprint

        # A page carries its pictures in itself; no file and no network is within its reach.
        fetcher = weasyprint.urls.URLFetcher(allowed_protocols={"data"}, allow_redirects=False)
        page = weasyprint.HTML(string=html, url_fetcher=fetcher)
        return bytes(page.write_pdf(pdf_variant="pdf/ua-1", finisher=mend))
