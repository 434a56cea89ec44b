"""E-mails with a code for people who want to vote."""

from __future__ import annotations

import structlog

from engine.model import SYSTEM
from engine.queries.people import tenant_of
from engine.queries.voting import tenants_with_code_letters
from engine.store.session import TENANT
from engine.store.wall import EVERY
from engine.voting.commands import CodeLetter, NoteCodeLetterSent, TakeCodeLetters
from integrations.failures import Failure
from integrations.ports import Mail
from web.bootstrap import Parts
from web.outside import Outside
from web.tenancy import seen_at

log = structlog.get_logger(__name__)

#: By the language in which the code was asked for.
SUBJECTS = {"cs": "Kód pro hlasování: {title}", "en": "Your code for the vote: {title}"}
TEXTS = {
    "cs": """Dobrý den,

váš kód pro hlasování {title} je

    {code}

Hlasuje se na {link}. Kód platí jednou. Pokud jste o něj požádali víckrát, platí poslední.

{office}
""",
    "en": """Hello,

your code for the vote {title} is

    {code}

Vote at {link}. The code works once. If you have asked several times, the last one counts.

{office}
""",
}
VOTED = {
    "cs": """Dobrý den,

někdo, nejspíš vy, požádal o kód pro hlasování {title}. Z této adresy se už hlasovalo a každý má jeden hlas.

{office}
""",
    "en": """Hello,

somebody, most likely you, asked for a code for the vote {title}. Somebody has voted from this address already, and each
person has one vote.

{office}
""",
}


def write_code_letters(parts: Parts, outside: Outside) -> None:
    """Send what is due in all organisations; the address is forgotten with the letter."""
    with parts.sessions(info={TENANT: EVERY}) as session:
        waiting = tenants_with_code_letters(session, parts.clock.now())
    for tenant in waiting:
        for letter in parts.engine.execute(TakeCodeLetters(tenant=tenant, actor=SYSTEM)):
            _send(parts, outside, tenant, letter)


def _send(parts: Parts, outside: Outside, tenant: str, letter: CodeLetter) -> None:
    try:
        outside.mailer.send(mail_of(parts, tenant, letter))
    except Failure as error:
        log.warning("a letter with a code was not sent", error=type(error).__name__)
        return
    parts.engine.execute(NoteCodeLetterSent(tenant=tenant, actor=SYSTEM, letter_id=letter.letter_id))


def mail_of(parts: Parts, tenant: str, letter: CodeLetter) -> Mail:
    """The mail; sent again it has another code."""
    with parts.sessions(info={TENANT: tenant}) as session:
        office = tenant_of(session, tenant)
    language = letter.language if letter.language in TEXTS else "cs"
    link = f"{seen_at(parts.settings, office)}/hlasovani/{letter.poll}"
    facts = {"title": letter.title, "code": letter.code, "link": link, "office": office.name}
    return Mail(
        to=[letter.email],
        subject=SUBJECTS[language].format(**facts),
        text=(TEXTS if letter.code else VOTED)[language].format(**facts),
        sender=str(office.settings.get("mail_from") or parts.settings.mail_from),
        sender_name=office.name,
        key=f"code:{letter.letter_id}:{parts.clock.now().isoformat()}",
        sent_at=parts.clock.now(),
    )
