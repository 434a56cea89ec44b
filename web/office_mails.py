"""Mails that the installation itself writes: texts that each organisation may reword, in the office's looks.

They are templates of the same kind as an agenda's messages, in the same sandbox.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import structlog

from engine.model import Json, Variables
from processes.documents import RenderedMessage, Renderer, TemplateRefused
from web.tenancy import Tenant

TEXTS = Path(__file__).parent / "mails"
#: Name of a mail in the tenant's settings, under which its own texts are kept by file name.
KEPT = "mails"

log = structlog.get_logger(__name__)


@cache
def supplied() -> Mapping[str, str]:
    """Our own texts by name, `digest` and `digest.en`."""
    return {path.name.removesuffix(".md"): path.read_text(encoding="utf-8") for path in sorted(TEXTS.glob("*.md"))}


def own_texts(tenant: Tenant) -> Mapping[str, str]:
    """What the organisation has reworded, by name."""
    kept = tenant.settings.get(KEPT)
    texts: Mapping[str, Json] = kept if isinstance(kept, Mapping) else {}
    return {name: str(text) for name, text in texts.items() if name in supplied()}


def compose(tenant: Tenant, name: str, data: Variables, lang: str) -> RenderedMessage:
    """Write a mail; where the organisation's own text fails, ours goes out."""
    seen = {**data, "tenant": tenant.for_templates()}
    try:
        return rendered({**supplied(), **own_texts(tenant)}, name, seen, lang)
    except TemplateRefused as error:
        log.warning("an organisation's mail can't be written", tenant=tenant.key, mail=name, problem=str(error))
        return rendered(supplied(), name, seen, lang)


def rendered(texts: Mapping[str, str], name: str, data: Variables, lang: str) -> RenderedMessage:
    """Render one of these texts. Raises TemplateRefused."""
    files = {f"messages/{each}.md": text.encode() for each, text in texts.items()}
    return Renderer(files=files, lang=lang).message(name, data)
