"""An administrator sets the directory of people up in the cockpit, before a real slapd; its people come in by it."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.test_office import desk
from tests.browser.town import Town, open_town
from tests.browser.visitor import DESKTOP, NARROW, PHONE, Visitor
from tests.slapd import GROUPS, PASSWORD, PEOPLE, READER, SECRET, Slapd, running_slapd
from web.directory import secret_name

# ldap3 leaves the socket of a refused certificate to the collector.
LEFT = "ignore:Exception ignored in. <ssl.SSLSocket:pytest.PytestUnraisableExceptionWarning"
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.filterwarnings(LEFT)]

PAGE = "/velin/adresar"


@pytest.fixture
def slapd() -> Iterator[Slapd]:
    """Eva in the office, Ota in no group."""
    with running_slapd() as server:
        server.group("office", server.person("eva", "Eva Nová"))
        server.person("ota", "Ota Cizí")
        yield server
        gc.collect()


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """A town of its own, because whoever signs in by the directory stays among its people."""
    with open_town(tmp_path) as opened:
        yield opened


def fills(administrator: Visitor, slapd: Slapd, ca: str) -> None:
    """Everything that the page asks for."""
    page = administrator.page
    page.get_by_label("Lidé se smějí přihlašovat přes adresář").check()
    page.get_by_label("TLS (ldaps)").check()
    facts = {"host": "localhost", "port": str(slapd.tls_port), "bind_dn": READER, "people_base": PEOPLE}
    texts = {"ca": ca, "groups_base": GROUPS, "mapping": f"secretariat: cn=office,{GROUPS}", "who": "eva"}
    filters = {"people_filter": "(&(objectClass=inetOrgPerson)(uid={username}))"}
    for name, text in {**facts, **texts, **filters}.items():
        page.locator(f"#{name}").fill(text)


def tries_to_come_in(person: Visitor, username: str, password: str = PASSWORD) -> None:
    person.goes("/prihlaseni")
    person.page.locator("[name=username]").fill(username)
    person.page.locator("[name=password]").fill(password)
    person.presses("Přihlásit se")


@pytest.mark.parametrize(("width", "dark"), [(DESKTOP, False), (PHONE, True)])
def test_a_directory_is_tried_kept_and_its_people_come_in(
    browser: Browser, town: Town, slapd: Slapd, monkeypatch: pytest.MonkeyPatch, width: int, dark: bool
) -> None:
    monkeypatch.setenv(secret_name(town.tenant), SECRET)
    with desk(browser, town, "spravce", width=width, dark=dark) as administrator:
        administrator.goes(PAGE)
        administrator.looks("Adresář lidí")
        fills(administrator, slapd, ca="")
        administrator.presses("Vyzkoušet")
        expect(administrator.page.get_by_role("status")).to_contain_text("Certifikátu serveru se nedá věřit")
        fills(administrator, slapd, ca=slapd.ca)
        administrator.presses("Vyzkoušet")
        administrator.looks("Adresář lidí")
        expect(administrator.page.get_by_role("status")).to_contain_text("Eva Nová")
        administrator.presses("Uložit")
        administrator.looks("Adresář lidí")
    with Visitor.comes(browser, town, width=width) as eva:
        tries_to_come_in(eva, "eva", "jiné heslo")
        eva.looks("Chyba")
        tries_to_come_in(eva, "eva")
        assert "/prihlaseni" not in eva.page.url, eva.reads()
        eva.goes("/prace/ukoly?view=groups")
        eva.looks("Úkoly")
    with Visitor.comes(browser, town, width=width) as ota:
        tries_to_come_in(ota, "ota")
        ota.looks("Chyba")


def test_while_the_directory_is_away_the_page_says_so_and_local_accounts_work(
    browser: Browser, town: Town, slapd: Slapd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(secret_name(town.tenant), SECRET)
    with desk(browser, town, "spravce") as administrator:
        administrator.goes(PAGE)
        fills(administrator, slapd, ca=slapd.ca)
        administrator.page.locator("#port").fill("1")
        administrator.presses("Uložit")
        administrator.goes(f"/jazyk/en?next={PAGE}")
        administrator.looks("Directory of people")
    with Visitor.comes(browser, town, width=NARROW) as eva:
        tries_to_come_in(eva, "eva")
        eva.looks("Přihlásit se")
        expect(eva.page.get_by_role("alert")).to_contain_text("neodpovídá")
    with desk(browser, town, "spravce", width=NARROW) as administrator:
        administrator.goes(PAGE)
        administrator.looks("Directory of people")
