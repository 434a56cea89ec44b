"""How a town fills its application; the same steps for every kind of browser."""

from __future__ import annotations

from tests.browser.visitor import Visitor

SERVICE = "/sluzby/membership/membership"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def goes_on(visitor: Visitor, title: str) -> None:
    """Press „Pokračovat“ and check where it leads; without scripts new questions come on the same page first."""
    visitor.presses("Pokračovat")
    visitor.looks(title)


def fills_town(visitor: Visitor) -> None:
    """The first step, with the register's help."""
    visitor.types("/ico", "00276057")
    visitor.presses("Načíst z ARES")
    assert "záznam, bez připojení" in visitor.reads()
    assert visitor.page.locator('[name="/name"]').input_value() == "Město Rokytnice nad Jizerou"
    visitor.picks("/subject_kind", "town")
    if not visitor.scripted:
        goes_on(visitor, "Město")
    visitor.types("/inhabitants", "2 540")
    visitor.types("/inhabitants_as_of", "1. 1. 2026")
    visitor.picks("/inhabitants_source", "mvcr")
    goes_on(visitor, "Zástupci")


def fills_people(visitor: Visitor, email: str = "horakova@rokytnice.example") -> None:
    """Who acts for the town."""
    visitor.types("/representative/name", "Mgr. Petr Matyáš")
    visitor.types("/representative/function", "starosta")
    visitor.types("/authorised_person/name", "Jana Horáková")
    visitor.types("/authorised_person/email", email)
    goes_on(visitor, "Kontakty")


def fills_contacts(visitor: Visitor) -> None:
    """One more contact, and one that is taken out again."""
    visitor.presses("Přidat kontakt")
    visitor.picks("/contacts/0/role", "invoices")
    visitor.types("/contacts/0/email", "faktury@rokytnice.example")
    visitor.presses("Přidat kontakt")
    visitor.presses("Odebrat: Kontakt 2")
    assert visitor.page.locator('[name="/contacts/0/email"]').input_value() == "faktury@rokytnice.example"
    assert visitor.page.locator('[name="/contacts/1/email"]').count() == 0
    goes_on(visitor, "Členství")


def fills_membership(visitor: Visitor) -> None:
    """The kind of membership."""
    visitor.picks("/membership_kind", "regular")
    visitor.types("/join_from", "1. 7. 2027")
    goes_on(visitor, "Usnesení")


def fills_resolution(visitor: Visitor) -> None:
    """The council's resolution with its file."""
    visitor.picks("/council_decided", "yes")
    if not visitor.scripted:
        ticks_everything(visitor)
        goes_on(visitor, "Usnesení")
    visitor.types("/resolution/number", "ZM/2026/48")
    visitor.types("/resolution/date", "15. 6. 2026")
    visitor.attaches("/resolution/file", "usneseni.pdf", PDF)
    ticks_everything(visitor)
    goes_on(visitor, "Zkontrolujte si odpovědi")


def ticks_everything(visitor: Visitor) -> None:
    """The declarations."""
    for box in visitor.page.locator("input[type=checkbox]").all():
        box.check()


def fills_everything(visitor: Visitor) -> None:
    """From the service's page to the check."""
    visitor.goes(SERVICE)
    visitor.follows("Začít vyplňovat")
    fills_town(visitor)
    fills_people(visitor)
    fills_contacts(visitor)
    fills_membership(visitor)
    fills_resolution(visitor)


def sends(visitor: Visitor) -> str:
    """Send the application; gives its number."""
    visitor.presses("Odeslat přihlášku")
    visitor.looks("Žádost je podaná")
    return visitor.page.locator(".number").inner_text()
