"""Energy as people meet it: a caretaker with a phone at a meter, the energy manager who decides, a contract renewed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from engine.commands import AppendRows, SaveRecord
from engine.model import SYSTEM, Json
from engine.registering import LinkRecords
from tests.browser.application import PDF
from tests.browser.offices import awaited, is_open, newest_case, office_of
from tests.browser.snapshots import snap
from tests.browser.test_office import desk, opens
from tests.browser.town import Town
from tests.browser.visitor import PHONE, Visitor
from web.row_keys import Keys

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

READINGS = "/prace/registry/readings"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """An office with one school in March, whose clock stands."""
    with office_of("energy", tmp_path_factory.mktemp("energy"), "2026-03-02T09:00") as town:
        yield town


def keep(office: Town, register: str, **data: Json) -> str:
    return office.parts.engine.execute(SaveRecord(tenant=office.tenant, actor=SYSTEM, register=register, data=data))


@pytest.fixture(scope="module")
def meter(office: Town) -> str:
    """The meter of a school with two years of readings and a contract whose fixed price ends."""
    return school(office)


def school(town: Town) -> str:
    """A school with a meter of two years of readings; gives the meter."""
    building = keep(town, "buildings", code="01", name="Základní škola", town="Šluknov")
    point = keep(town, "supply_points", number="859182400000000001", kind="electricity", address="Školní 1")
    tie = {"register": "supply_points", "record_id": point, "name": "buildings", "other_id": building}
    town.parts.engine.execute(LinkRecords(tenant=town.tenant, actor=SYSTEM, data={"share_percent": 100}, **tie))
    meter = keep(
        town,
        "meters",
        serial="E-1001",
        point="859182400000000001",
        kind="electricity",
        unit="kWh",
        digits=6,
        town="Šluknov",
        place="Základní škola",
        state="active",
    )
    months = [f"{year}-{month:02}-01" for year in (2024, 2025) for month in range(1, 13)] + ["2026-01-01", "2026-02-01"]
    rows = [{"meter": "E-1001", "at": at, "counter": 1000 + 2000 * n} for n, at in enumerate(months)]
    town.parts.engine.execute(AppendRows(tenant=town.tenant, actor=SYSTEM, register="readings", rows=rows))
    contract = keep(
        town,
        "contracts",
        number="S-1/2023",
        supplier="ČEZ Prodej",
        supplier_ico="27232433",
        commodity="electricity",
        kind="fixed",
        fixation_to="2026-08-28",
        notice_months=3,
        price=4200,
        state="active",
    )
    tie = {"register": "contracts", "record_id": contract, "name": "points", "other_id": point}
    town.parts.engine.execute(LinkRecords(tenant=town.tenant, actor=SYSTEM, data={}, **tie))
    return meter


def photo() -> dict[str, Any]:
    file = io.BytesIO()
    Image.new("RGB", (800, 600), "#555").save(file, "JPEG")
    return {"name": "elektromer.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def test_a_phone_at_the_meter_a_jump_and_what_the_clerk_decides(browser: Browser, office: Town, meter: str) -> None:
    keys = Keys(secret=office.parts.settings.signing_key(), tenant=office.tenant, register="readings")
    with Visitor.comes(browser, office, width=PHONE, scripted=False) as caretaker:
        caretaker.goes(f"/m/{keys.label(meter)}")
        assert "Naposledy to bylo" in caretaker.reads()
        caretaker.types("counter", "480000")
        caretaker.types("author", "školník Novák")
        caretaker.page.locator('[name="photo"]').set_input_files(photo())
        snap(caretaker, "energie-telefon")
        caretaker.presses("Odeslat")
        assert "podívají" in caretaker.reads()
        snap(caretaker, "energie-telefon-hotovo")
    with Visitor.comes(browser, office, width=PHONE) as anybody:
        anybody.goes(f"/m/{keys.label(meter)}")
        anybody.looks("Odečet měřidla")
    number = newest_case(office, "reading_check")
    office.open_task(number, "check_reading")
    with desk(browser, office, "energetik") as manager:
        manager.goes(f"{READINGS}/radky/{meter}?stav=held")
        manager.looks("E-1001")
        assert "mnohem víc než obvykle" in manager.reads()
        assert manager.page.get_by_role("link", name="Ukázat fotku").count() == 1
        manager.goes(f"{READINGS}/radky/{meter}")
        snap(manager, "energie-odecty-meridla", whole=True)
        opens(manager, number, "Rozhodnout o odečtu")
        manager.looks("Rozhodnout o odečtu")
        manager.picks("/verdict", "corrected")
        manager.types("/right_value", "52500")
        snap(manager, "energie-rozhodnuti")
        manager.presses("Dokončit úkol")
        manager.goes(f"{READINGS}/radky/{meter}")
        expect(manager.page.locator("main")).to_contain_text("52 500")
        manager.goes(READINGS)
        manager.looks("Odečty")
        snap(manager, "energie-odecty")
        manager.goes(f"{READINGS}/klice")
        manager.looks("Tokeny zařízení")
        manager.goes("/prace/statistika/energy/energy")
        manager.looks("Energie v číslech")
        years = manager.page.locator("table.fig-table", has_text="meziročně")
        assert (years.locator("tbody tr").last.text_content() or "").strip().endswith("–"), "December is to come"
        snap(manager, "energie-statistika", whole=True)
    with desk(browser, office, "energetik", width=PHONE) as manager:
        for path in (READINGS, f"{READINGS}/radky/{meter}", f"{READINGS}/klice", "/prace/statistika/energy/energy"):
            manager.goes(path)
            manager.looks("")


@pytest.mark.usefixtures("meter")
def test_a_fixed_price_ends_and_the_contract_is_renewed_to_the_switch(browser: Browser, office: Town) -> None:
    number = newest_case(office, "renewal")
    office.open_task(number, "choose")
    with desk(browser, office, "energetik") as manager:
        opens(manager, number, "Zvolit postup")
        snap(manager, "energie-obnova-postup")
        manager.picks("/strategy", "tender")
        manager.presses("Dokončit úkol")
        office.open_task(number, "collect_offers")
        opens(manager, number, "Zapsat nabídky")
        manager.picks("/offered", "yes")
        offer = {"supplier": "Levná energie", "ico": "05129061", "price": "3000", "fee": "100", "months": "24"}
        for name, value in {**offer, "valid_until": "31. 3. 2026"}.items():
            manager.types(f"/offers/0/{name}", value)
        snap(manager, "energie-nabidky", whole=True)
        manager.presses("Dokončit úkol")
        office.open_task(number, "pick")
        opens(manager, number, "Vybrat nabídku")
        manager.types("/chosen", "Levná energie")
        manager.presses("Dokončit úkol")
        office.open_task(number, "decide")
        opens(manager, number, "Zapsat rozhodnutí orgánu")
        snap(manager, "energie-rozhodnuti-organu")
        manager.picks("/approved", "yes")
        manager.types("/resolution_number", "12/2026")
        manager.types("/resolved_on", "2. 3. 2026")
        manager.presses("Dokončit úkol")
        office.open_task(number, "sign")
        opens(manager, number, "Podepsat smlouvu")
        manager.picks("/signed", "yes")
        manager.types("/new_number", "S-2/2026")
        manager.types("/signed_on", "2. 3. 2026")
        manager.types("/months_signed", "24")
        manager.attaches("/contract_file", "smlouva.pdf", PDF)
        manager.presses("Dokončit úkol")
        assert "Hotovo" in manager.reads()
        by_hand_or_on(manager, office, number)
        opens(manager, number, "Potvrdit dodávku")
        manager.types("/started_on", "2. 3. 2026")
        manager.presses("Dokončit úkol")
        manager.goes("/prace/registry/contracts")
        expect(manager.page.locator("main")).to_contain_text("S-2/2026")
        manager.follows("S-2/2026")
        expect(manager.page.locator("main")).to_contain_text("859182400000000001")
        manager.looks("S-2/2026")
        snap(manager, "energie-nova-smlouva")


def by_hand_or_on(manager: Visitor, office: Town, number: str) -> None:
    """Where no register of contracts is connected, the contract is published by hand."""
    went_on = ("switch_point", "publish_by_hand")
    at = awaited(
        lambda: next((one for one in went_on if is_open(office, number, one)), None), lambda: office.trouble(number)
    )
    if at == "publish_by_hand":
        opens(manager, number, "Zveřejnit ručně")
        manager.types("/published_id", "123456")
        manager.presses("Dokončit úkol")
        office.open_task(number, "switch_point")
