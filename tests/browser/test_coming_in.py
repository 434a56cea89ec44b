"""Coming in: an applicant by a letter, a clerk with a second factor, both by a provider of identities."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import timedelta

import pyotp
import pytest
from playwright.sync_api import Browser

from engine.commands import ChangeTenant
from engine.model import SYSTEM
from engine.second_factor import ResetSecondFactor
from tests.browser.application import SERVICE
from tests.browser.town import Town
from tests.browser.traffic import PATIENCE
from tests.browser.visitor import DESKTOP, NARROW, Visitor
from tests.oidc_provider import Identities, provider
from web.providers import Audience, variable

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

LINK = re.compile(r"/moje/vstup/odkaz\?k=[\w-]+")
#: Narrower than any phone, and without scripts: the portal works so.
SMALLEST = 320


@pytest.fixture
def there(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[Identities]:
    """A provider that the town's operator has set up, and the town at the address where it is seen."""
    before = town.parts.settings.base_url
    object.__setattr__(town.parts.settings, "base_url", town.url)
    audiences: tuple[Audience, ...] = ("staff", "public")
    with provider() as made:
        made.now = lambda: int(town.parts.clock.now().timestamp())
        facts = {"ISSUER": made.issuer, "CLIENT_ID": made.client_id, "CLIENT_SECRET": made.client_secret}
        for audience in audiences:
            for name, value in {**facts, "PRIVATE": "1", "LABEL": "Přihlášení města"}.items():
                monkeypatch.setenv(variable(audience, name, town.tenant), value)
        allow(town, oidc_groups={"secretariat": ["Úřad"]}, applicant_sign_in=["link", "password", "oidc"])
        yield made
    object.__setattr__(town.parts.settings, "base_url", before)
    allow(town, oidc_groups=None, applicant_sign_in=["link", "password"])


def allow(town: Town, **settings: object) -> None:
    town.parts.engine.execute(
        ChangeTenant(tenant=town.tenant, actor=SYSTEM, name="Otevřená města, z. s.", settings=settings)
    )


def letter(town: Town, email: str) -> str:
    """Wait for the letter with the link; gives its path."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        for mail in reversed(town.mails()):
            # Long lines of a mail are broken.
            found = LINK.search(mail.replace("=\n", "").replace("=3D", "="))
            if email in mail and found:
                return found[0]
        time.sleep(0.1)
    raise AssertionError(f"no letter came to {email}")


@pytest.mark.parametrize(("width", "scripted"), [(DESKTOP, True), (SMALLEST, True), (SMALLEST, False)])
def test_an_applicant_comes_in_by_a_letter_and_finds_what_they_have_begun(
    browser: Browser, town: Town, width: int, scripted: bool
) -> None:
    email = f"eva{width}{scripted}@example.org".lower()
    with Visitor.comes(browser, town, width=width, scripted=scripted) as visitor:
        visitor.goes("/")
        visitor.follows("Moje podání")
        visitor.looks("Moje podání")
        visitor.page.locator("#email").fill(email)
        visitor.presses("Poslat odkaz")
        visitor.looks("Moje podání")
        visitor.goes(letter(town, email))
        visitor.looks("Přihlásit se")
        visitor.presses("Přihlásit se")
        visitor.looks("Moje podání")
        visitor.goes(f"{SERVICE}/zadost")
        visitor.types("/ico", "00276057")
        visitor.presses("Uložit a dokončit později")
        visitor.goes("/moje")
        visitor.looks("Moje podání")
        assert "Máte rozepsáno" in visitor.reads()
        visitor.follows("Nastavení účtu")
        visitor.looks("Nastavení účtu")
        visitor.goes("/moje")
        visitor.presses("Odhlásit se")
        visitor.goes("/moje")
        visitor.looks("Moje podání")
        assert visitor.page.get_by_role("button", name="Poslat odkaz").count() == 1


@pytest.mark.parametrize("width", [DESKTOP, NARROW])
def test_a_clerk_sets_a_second_factor_up_and_signs_in_with_it(browser: Browser, town: Town, width: int) -> None:
    try:
        with Visitor.comes(browser, town, width=width) as clerk:
            clerk.signs_in("sekretarka", "/prace/heslo")
            clerk.looks("Vaše přihlášení")
            clerk.follows("Nastavit druhý faktor")
            clerk.looks("Druhý faktor")
            clerk.presses("Nastavit")
            clerk.looks("Druhý faktor")
            secret = clerk.page.locator("code.wrap-any").inner_text().replace(" ", "")
            clerk.page.locator("#code").fill(code(town, secret))
            clerk.presses("Potvrdit")
            clerk.looks("Druhý faktor")
            assert clerk.page.locator(".codes li").count() == 10
        with Visitor.comes(browser, town, width=width) as again:
            again.goes("/prihlaseni")
            for name in ("username", "password"):
                again.page.locator(f'[name="{name}"]').fill("sekretarka")
            again.presses("Přihlásit se")
            again.looks("Kód z telefonu")
            again.page.locator("#code").fill("000000")
            again.presses("Přihlásit se")
            again.looks("Chyba")
            again.page.locator("#code").fill(code(town, secret, ahead=1))
            again.presses("Přihlásit se")
            again.goes("/prace/druhy-faktor")
            again.looks("Druhý faktor")
    finally:
        reset = ResetSecondFactor(tenant=town.tenant, actor=SYSTEM, username="sekretarka", reason="konec zkoušky")
        town.parts.engine.execute(reset)


def code(town: Town, secret: str, ahead: int = 0) -> str:
    """What the phone shows now, or in so many half minutes: a code works once, and clocks may differ."""
    return str(pyotp.TOTP(secret).at(town.parts.clock.now() + ahead * timedelta(seconds=30)))


@pytest.mark.parametrize("width", [DESKTOP, NARROW])
def test_a_clerk_and_an_applicant_come_in_by_the_towns_own_service(
    browser: Browser, town: Town, there: Identities, width: int
) -> None:
    # Another provider each time: whoever came by the former one isn't taken for the same person.
    name = f"eva.mala{width}"
    there.person = {"sub": "eva-1", "preferred_username": name, "name": "Eva Malá", "groups": ["Úřad"]}
    with Visitor.comes(browser, town, width=width) as clerk:
        clerk.goes("/prihlaseni")
        clerk.looks("Přihlásit se")
        clerk.follows("Přihlášení města")
        clerk.goes("/prace/heslo")
        clerk.looks("Vaše přihlášení")
        assert "Eva Malá" in clerk.page.content()
    there.person = {"sub": "nia-1", "name": "Jan Novák", "birthdate": "1980-02-29"}
    with Visitor.comes(browser, town, width=width) as applicant:
        applicant.goes("/moje")
        applicant.looks("Moje podání")
        applicant.follows("Přihlášení města")
        applicant.looks("Moje podání")
        assert "Jan Novák" in applicant.reads()
        applicant.goes("/moje/ucet")
        applicant.looks("Nastavení účtu")
