"""Vulnerabilities as people live through them: consent, scan, triage, mending proven, a risk accepted for a while."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from processes.catalogue import load
from tests.browser.application import PDF
from tests.browser.filling import fills
from tests.browser.offices import (
    comes,
    finishes,
    letter_to,
    newest_case,
    office_of,
    own_page,
    shows,
    sits_down,
)
from tests.browser.snapshots import snap
from tests.browser.test_office import desk, opens
from tests.browser.town import Town
from tests.browser.visitor import PHONE, Visitor
from tests.browser.whole_grant import TICKED, chosen

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

AGENDA = "vulnerabilities"
ANSWER = "Odeslat odpověď"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The association in March, whose clock stands until the walk moves it."""
    with office_of(AGENDA, tmp_path_factory.mktemp("vulnerabilities"), "2026-03-02T09:00") as town:
        yield town


def test_from_a_consent_to_a_weakness_that_is_gone_and_one_that_is_borne(browser: Browser, office: Town) -> None:
    town = office
    consents(browser, town)
    first = is_scanned(browser, town, 1, "tri_radky.jsonl")
    is_told(browser, town, first, "critical")
    is_mended_at_the_second_try(browser, town, first)
    second = is_scanned(browser, town, 2, "tls.jsonl")
    is_told(browser, town, second, "high")
    is_borne_for_a_while(browser, town, second)
    is_reported(browser, town)


def consents(browser: Browser, town: Town) -> None:
    """A town says on a phone what is its own; the analyst sends it back for a proof, then confirms it."""
    with Visitor.comes(browser, town, width=PHONE) as official:
        official.goes("/sluzby/vulnerabilities/asset")
        official.looks("Souhlas se skenováním zranitelností")
        official.follows("Začít vyplňovat")
        official.looks("")
        fills(
            official,
            {
                "/municipality": "Město Rokytnice nad Jizerou",
                "/ico": "00276057",
                "/kind": chosen("domain"),
                "/value": "mesto.example",
                "/proof": chosen("dns"),
                "/contact_it/name": "Karel Síť",
                "/contact_it/email": "it@rokytnice.example",
                "/excluded_paths": "/platby",
                "/valid_from": "1. 3. 2026",
                "/valid_to": "28. 2. 2027",
                "/may_consent": TICKED,
            },
        )
        official.attaches("/consent_file", "souhlas.pdf", PDF)
        snap(official, "zranitelnosti-souhlas", whole=True)
        official.presses("Pokračovat")
        official.looks("Zkontrolujte si odpovědi")
        official.presses("Odeslat souhlas")
        number = newest_case(town, "asset")
        with desk(browser, town, "analytik") as analyst:
            town.open_task(number, "verify")
            opens(analyst, number, "Ověřit vlastnictví a souhlas")
            analyst.picks("/outcome", "return")
            row = analyst.page.locator(".review li", has_text="mesto.example").first
            row.locator("summary").click()
            row.locator("textarea").fill("Záznam TXT jsme nenašli.")
            analyst.looks("")
            expect(analyst.page.locator(".review")).to_contain_text("souhlas.pdf")
            snap(analyst, "zranitelnosti-overeni")
            finishes(analyst)
        town.open_task(number, "complete_consent")
        official.goes(f"/p/{number}")
        official.looks("")
        assert "Záznam TXT jsme nenašli." in official.reads()
        official.page.locator(".turn-body .actions a").first.click()
        official.settles()
        official.looks("")
        official.presses(ANSWER)
    with desk(browser, town, "analytik") as analyst:
        sits_down(analyst, town, number, "verify", "Ověřit vlastnictví a souhlas")
        analyst.picks("/outcome", "confirm")
        finishes(analyst)
        shows(analyst, "/prace/registry/assets", "mesto.example")
        analyst.looks("Systémy se souhlasem")


def is_scanned(browser: Browser, town: Town, nth: int, file: str) -> str:
    """The analyst brings a scan; what is told twice is one finding, what is nobody's waits apart. Gives the finding."""
    content = load(AGENDA).files[f"scenarios/files/{file}"]
    with desk(browser, town, "analytik") as analyst:
        analyst.goes("/prace/novy")
        analyst.follows("Výsledky skenu")
        analyst.types("/scan_label", f"Týdenní sken 1{nth}/2026")
        upload = {"name": file, "mimeType": "application/jsonl", "buffer": content}
        analyst.page.locator('[name="/scan_file"][type=file]').set_input_files(upload)
        analyst.looks("Výsledky skenu")
        snap(analyst, "zranitelnosti-sken")
        analyst.presses("Zahájit případ")
        scan = newest_case(town, "scan_import", nth)
        shows(analyst, f"/prace/pripady/{scan}", "různých nálezů")
        analyst.looks(scan)
        finding = newest_case(town, "finding", nth)
        town.open_task(finding, "triage")
        analyst.goes("/prace/registry/findings")
        analyst.looks("")
        if nth == 1:
            expect(analyst.page.locator("main")).to_contain_text("cizi.example")
            expect(analyst.page.locator("main")).to_contain_text("karanténa")
    return finding


def is_told(browser: Browser, town: Town, number: str, severity: str) -> None:
    """The analyst says what it means; the town is told without what would help an attacker."""
    with desk(browser, town, "analytik") as analyst:
        sits_down(analyst, town, number, "triage", "Posoudit nález")
        analyst.picks("/verdict", "confirmed")
        analyst.picks("/severity", severity)
        analyst.types("/summary", "Server používá zastaralou knihovnu, kterou umí útočník ovládnout.")
        analyst.types("/advice", "Požádejte dodavatele o povýšení na opravenou verzi.")
        analyst.looks("")
        snap(analyst, "zranitelnosti-posouzeni", whole=True)
        finishes(analyst)
    town.open_task(number, "remediate")
    assert "/hledat" not in letter_to(town, number), "where the hole is stands on the page of the case only"


def is_mended_at_the_second_try(browser: Browser, town: Town, number: str) -> None:
    """What is claimed to be mended is tried again; it is closed only when it is gone."""
    for result in ("still", "fixed"):
        with Visitor.comes(browser, town, width=PHONE) as official:
            town.open_task(number, "remediate")
            own_page(official, town, number)
            official.looks("")
            official.page.locator(".turn-body .actions a").first.click()
            official.settles()
            official.picks("/answer", "fixed")
            official.looks("")
            snap(official, "zranitelnosti-oprava", whole=True)
            official.presses(ANSWER)
        with desk(browser, town, "analytik") as analyst:
            sits_down(analyst, town, number, "retest", "Přetestovat")
            analyst.picks("/retest_result", result)
            analyst.types("/retest_note", "Nový sken téže adresy.")
            snap(analyst, "zranitelnosti-pretest")
            finishes(analyst)
    with desk(browser, town, "analytik") as analyst:
        shows(analyst, f"/prace/pripady/{number}", "ukončené")
        analyst.looks(number)


def is_borne_for_a_while(browser: Browser, town: Town, number: str) -> None:
    """The head of the office accepts the risk until a day; the day after, the finding is open again."""
    with Visitor.comes(browser, town, width=PHONE) as official:
        own_page(official, town, number)
        official.page.locator(".turn-body .actions a").first.click()
        official.settles()
        official.picks("/answer", "accept_risk")
        official.types("/risk_reason", "Dodavatel vydá opravu až v květnu.")
        official.types("/risk_wanted_until", "31. 5. 2026")
        official.looks("")
        official.presses(ANSWER)
    with desk(browser, town, "tajemnik") as head:
        sits_down(head, town, number, "approve_head", "Rozhodnout o přijetí rizika (tajemník)")
        head.picks("/risk_verdict", "accept")
        head.types("/risk_until", "31. 5. 2026")
        head.types("/risk_controls", "Přístup jen z vnitřní sítě.")
        head.looks("")
        snap(head, "zranitelnosti-riziko")
        finishes(head)
        shows(head, "/prace/registry/findings", "přijaté riziko")
    comes(town, "2026-06-01T09:00")
    town.open_task(number, "remediate")
    letter_to(town, "přijetí rizika vypršelo")


def is_reported(browser: Browser, town: Town) -> None:
    """A report goes every month; trends are in charts."""
    with desk(browser, town, "analytik") as analyst:
        analyst.goes("/prace/novy")
        analyst.follows("Měsíční zprávy")
        analyst.types("/report_to", "rada@otevrenamesta.example")
        analyst.types("/report_until", "31. 7. 2026")
        analyst.presses("Zahájit případ")
        number = newest_case(town, "monthly_report")
    comes(town, "2026-07-01T09:00")
    letter_to(town, "Zranitelnosti za měsíc 6/2026")
    with desk(browser, town, "analytik") as analyst:
        shows(analyst, f"/prace/pripady/{number}/dokumenty", ".pdf")
        analyst.looks(number)
        analyst.goes("/prace/statistika/vulnerabilities/findings")
        analyst.looks("Zranitelnosti v číslech")
        snap(analyst, "zranitelnosti-cisla", whole=True)
    with desk(browser, town, "analytik", width=PHONE) as analyst:
        for path in ("/prace/registry/findings", "/prace/statistika/vulnerabilities/findings"):
            analyst.goes(path)
            analyst.looks("")
