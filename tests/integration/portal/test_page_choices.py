"""A page about one town and one year: what is picked narrows every number, and numbers lead to their records."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from engine.commands import SaveRecord
from engine.model import SYSTEM
from processes.catalogue import load, to_command
from web.bootstrap import Parts

TENANT = "otevrenamesta"
PAGE = "/stranky/budgets/budget"
#: Town, year, paragraph, what was spent.
SPENT = [
    ("Aš", "2025", "2212 Silnice", "1000.50"),
    ("Aš", "2026", "2212 Silnice", "2000.00"),
    ("Aš", "2026", "2212 Silnice", "-300.00"),
    ("Aš", "2026", "3113 Základní školy", "700.00"),
    ("Zlín", "2026", "2212 Silnice", "9000.00"),
]


@pytest.fixture
def budgets(client: FlaskClient, parts: Parts) -> FlaskClient:
    agenda = load("budgets")
    parts.engine.execute(to_command(agenda, agenda.files, TENANT, SYSTEM))
    for at, (town, year, paragraph, spent) in enumerate(SPENT):
        code = f"{town}-{year}"
        kept = {"code": code, "profile": code, "town": town, "year": year, "direction": "expenditure"}
        data = {**kept, "code": f"{code}/{at}", "category": "transport", "paragraph": paragraph[:4], "item": "5169"}
        money = {"budget": "0.00", "actual": spent, "paragraph_name": paragraph}
        save(parts, "budget_lines", {**data, **money})
    for town, year in dict.fromkeys((town, year) for town, year, _paragraph, _spent in SPENT):
        kept = {"code": f"{town}-{year}", "town": town, "ico": "00258245", "year": year, "state": "published"}
        save(parts, "budget_profiles", kept)
    return client


def save(parts: Parts, register: str, data: dict[str, str]) -> None:
    parts.engine.execute(SaveRecord(tenant=TENANT, actor=SYSTEM, register=register, data=data))


def block(html: str, title: str) -> str:
    """What the page has under a title."""
    return html.replace("\u00a0", " ").split(f">{title}</h2>")[1].split("</section>")[0]


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def test_the_newest_year_of_the_first_town_is_shown_and_another_may_be_picked(budgets: FlaskClient) -> None:
    roads = block(page(budgets, PAGE), "Výdaje podle paragrafů")
    assert "1 700,00 Kč" in roads and "700,00 Kč" in roads
    assert "9 000" not in roads and "1 000" not in roads
    assert "1 000,50 Kč" in block(page(budgets, f"{PAGE}?year=2025"), "Výdaje podle paragrafů")
    assert "9 000,00 Kč" in block(page(budgets, f"{PAGE}?town=Zl%C3%ADn"), "Výdaje podle paragrafů")
    # What isn't there picks nothing else.
    assert "1 700,00 Kč" in block(page(budgets, f"{PAGE}?year=1999&town=x"), "Výdaje podle paragrafů")


def test_a_number_leads_to_the_records_it_was_counted_from(budgets: FlaskClient) -> None:
    roads = block(page(budgets, PAGE), "Výdaje podle paragrafů")
    address = re.search(r'<a href="(/registry/budget_lines[^"]+)">2212 Silnice', roads)
    assert address, roads
    listed = page(budgets, address[1].replace("&amp;", "&")).replace("\u00a0", " ")
    assert listed.count('role="rowheader"') == 2
    assert "Paragraf a název: <strong>2212 Silnice</strong>" in listed
    assert "Zlín" not in listed.split('id="hledat"')[1]


def test_a_file_has_what_the_page_shows(budgets: FlaskClient) -> None:
    roads = block(page(budgets, f"{PAGE}?town=Zl%C3%ADn"), "Výdaje podle paragrafů")
    address = re.search(r'href="([^"]+[.]csv[^"]*)"', roads)
    assert address
    file = page(budgets, address[1].replace("&amp;", "&"))
    assert "2212 Silnice,9000" in file
