"""Letters with a link: for people who forgot their password, for applicants who come in."""

from __future__ import annotations

from urllib.parse import urlencode

import structlog

from engine.model import SYSTEM
from engine.queries.people import tenant_of
from engine.queries.signing_in import tenants_with_letters
from engine.signing_in import Letter, NoteLetterSent, TakeLetters
from engine.store.session import TENANT
from engine.store.wall import EVERY
from integrations.failures import Failure
from integrations.ports import Mail
from web.bootstrap import Parts
from web.i18n import LANGUAGES
from web.outside import Outside
from web.tenancy import seen_at
from web.ui.words import clock

log = structlog.get_logger(__name__)

#: By the kind of the letter and its language: the worker has no page whose language it would know.
SUBJECTS = {
    ("reset", "cs"): "Nové heslo: {office}",
    ("reset", "en"): "A new password: {office}",
    ("enter", "cs"): "Přihlášení: {office}",
    ("enter", "en"): "Sign in: {office}",
}
TEXTS = {
    ("reset", "cs"): """Dobrý den,

někdo, nejspíš vy, požádal o nové heslo k účtu {username}. Nastavíte ho na této stránce:

{link}

Odkaz funguje do {until} a jen jednou. Pokud jste o heslo nežádali, nemusíte dělat nic: heslo zůstává, jaké bylo.

{office}
""",
    ("reset", "en"): """Hello,

somebody, most likely you, asked for a new password of the account {username}. Set it on this page:

{link}

The link works until {until} and only once. If you did not ask, do nothing: your password stays as it was.

{office}
""",
    ("enter", "cs"): """Dobrý den,

někdo, nejspíš vy, se chce tímto e-mailem přihlásit ke svým podáním. Přihlásíte se na této stránce:

{link}

Odkaz funguje do {until} a jen jednou. Nikomu ho nepřeposílejte. Pokud jste o přihlášení nežádali, nemusíte dělat nic.

{office}
""",
    ("enter", "en"): """Hello,

somebody, most likely you, wants to sign in to their applications with this e-mail. Sign in on this page:

{link}

The link works until {until} and only once. Don't forward it. If you did not ask, do nothing.

{office}
""",
}
#: Where links lead.
PLACES = {"reset": "/prihlaseni/nove-heslo", "enter": "/moje/vstup/odkaz"}


def write_letters(parts: Parts, outside: Outside) -> None:
    """Send what is due in all organisations."""
    with parts.sessions(info={TENANT: EVERY}) as session:
        waiting = tenants_with_letters(session, parts.clock.now())
    for tenant in waiting:
        for letter in parts.engine.execute(TakeLetters(tenant=tenant, actor=SYSTEM)):
            _send(parts, outside, tenant, letter)


def _send(parts: Parts, outside: Outside, tenant: str, letter: Letter) -> None:
    try:
        outside.mailer.send(mail_of(parts, tenant, letter))
    except Failure as error:
        log.warning("a letter with a link was not sent", error=type(error).__name__)
        return
    parts.engine.execute(NoteLetterSent(tenant=tenant, actor=SYSTEM, link_id=letter.link_id))


def mail_of(parts: Parts, tenant: str, letter: Letter) -> Mail:
    """The mail. Sent again it is another one, because its secret is."""
    with parts.sessions(info={TENANT: tenant}) as session:
        office = tenant_of(session, tenant)
    which = (letter.kind, letter.language if letter.language in LANGUAGES else "cs")
    link = f"{seen_at(parts.settings, office)}{PLACES[letter.kind]}?{urlencode({'k': letter.secret})}"
    facts = {"username": letter.username, "link": link, "office": office.name, "until": clock(letter.expires_at)}
    return Mail(
        to=[letter.email],
        subject=SUBJECTS[which].format(**facts),
        text=TEXTS[which].format(**facts),
        sender=str(office.settings.get("mail_from") or parts.settings.mail_from),
        sender_name=office.name,
        key=f"link:{letter.link_id}:{parts.clock.now().isoformat()}",
        sent_at=parts.clock.now(),
    )
