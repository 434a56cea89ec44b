"""A register at the desk and on the portal: a table comes in, its records are found, read and changed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.test_office import NARROW, desk
from tests.browser.town import Town
from tests.browser.visitor import Visitor

TABLE = (
    "IČO;Název;Druh členství;Členem od;Stav\n"
    "00271632;Jičín{n};řádné;1. 1. 2026;aktivní\n"
    "12345678;Omyl;řádné;32. 13. 2026;aktivní\n"
)


@pytest.mark.parametrize("width", [1280, NARROW])
def test_a_table_comes_in_and_its_record_is_found_and_changed(browser: Browser, town: Town, width: int) -> None:
    with desk(browser, town, "sekretarka", width=width) as person:
        person.goes("/prace/registry")
        person.looks("Registry")
        person.goes("/prace/registry/members/import")
        person.looks("Import")
        content = TABLE.format(n=width).encode("cp1250")
        person.page.locator("#file").set_input_files({"name": "clenove.csv", "mimeType": "text/csv", "buffer": content})
        person.presses("Podívat se na ni")
        person.looks("clenove.csv")
        person.presses("Vyzkoušet všechny řádky")
        person.looks("clenove.csv")
        assert "Členem od" in person.reads() and "nejde uložit" in person.reads()
        person.presses("Uložit jen dobré řádky")
        person.looks("clenove.csv")
        assert "Import je uložený." in person.reads()
        person.goes(f"/prace/registry/members?q=jicin{width}&je.state=active")
        person.looks("Seznam členů")
        person.follows(f"Jičín{width}")
        person.looks(f"Jičín{width}")
        person.follows("Upravit")
        person.looks(f"Jičín{width}")
        person.types("/city", "Jičín")
        person.presses("Uložit")
        person.looks(f"Jičín{width}")
        assert "Záznam je změněný." in person.reads() and "importem" in person.reads()


def test_everybody_narrows_a_public_register(visitor: Visitor) -> None:
    visitor.goes("/registry/members?je.kind=regular")
    visitor.looks("Seznam členů")
    visitor.goes("/otevrena-data")
    visitor.looks("Otevřená data")
