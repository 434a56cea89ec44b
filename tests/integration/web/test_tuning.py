"""Parameters of an agenda in the studio: at once or from a day, as a change that is published."""

from __future__ import annotations

import re
import zipfile
from datetime import UTC, datetime
from io import BytesIO

import pytest
from sqlalchemy import select

from engine.queries import cases
from engine.store.cases import InstanceRow
from tests.integration.web import desk as desks
from tests.integration.web.desk import Desk

PAGE, CHANGES = "/studio/membership/parametry", "/studio/membership/zmeny"


@pytest.fixture
def author(desk: Desk) -> Desk:
    desk.sign_in("autor")
    return desk


def form(desk: Desk, **values: str) -> dict[str, str]:
    """What the page sends with these values typed."""
    page = desk.get(PAGE)
    seen = {name: re.search(rf'name="{name}" value="(\d+)"', page)[1] for name in ("version", "proposal")}  # type: ignore[index]
    return {**seen, **{f"shown:{name.partition(chr(46))[0]}": "1" for name in values}, **values}


def publish(desk: Desk) -> None:
    """Publish what is kept."""
    seen = dict(re.findall(r'name="(seen:[^"]+)" value="(\d+)"', desk.get(CHANGES)))
    answer = desk.post(CHANGES, {**seen, "with": ["agenda.toml"], "_go": "publish"}, CHANGES)
    assert answer.status_code == 303, answer.text


def parameters(desk: Desk) -> dict[str, object]:
    """Parameters of the newest case."""
    with desk.stage.sessions() as session:
        newest = session.scalars(select(InstanceRow.id).order_by(InstanceRow.business_key.desc())).first()
        assert newest
        return dict(cases.variables(session, desk.stage.tenant, newest)["parameters"])


def test_a_period_is_set_by_how_many_and_of_what(author: Desk) -> None:
    kept = author.post(PAGE, form(author, **{"invoice_due": "20", "invoice_due.unit": "WD"}), PAGE)
    assert (kept.status_code, kept.location) == (303, CHANGES)
    page = author.get(CHANGES).replace("\u00a0", " ")
    assert "Splatnost příspěvku" in page and "20 pracovních dní" in page and "14 dní" in page
    # The stories are told with the old period, so they don't come out until the author leaves them out.
    seen = dict(re.findall(r'name="(seen:[^"]+)" value="(\d+)"', page))
    refused = author.post(CHANGES, {**seen, "with": ["agenda.toml"], "_go": "publish"}, CHANGES)
    assert refused.status_code == 422
    left = re.findall(r'name="leave" value="([^"]+)"', refused.text)
    assert left
    sent = {**seen, "with": ["agenda.toml"], "_go": "publish", "leave": left}
    assert author.post(CHANGES, sent, CHANGES).status_code == 303


def test_stories_are_told_with_the_values_as_they_were(author: Desk) -> None:
    author.post(PAGE, form(author, **{"invoice_due": "20", "invoice_due.unit": "WD"}), PAGE)
    seen = dict(re.findall(r'name="(seen:[^"]+)" value="(\d+)"', author.get(CHANGES)))
    sent = {**seen, "with": ["agenda.toml"], "_go": "publish"}
    refused = author.post(CHANGES, sent, CHANGES)
    assert "s dosavadními parametry" in refused.text
    assert "Nesedí" in refused.text, "why a story doesn't come out is said in Czech"
    assert author.post(CHANGES, {**sent, "keep_values": "1"}, CHANGES).status_code == 303
    told = author.get("/studio/membership/verze/rozdil?path=agenda.toml&nova=2&stara=1")
    assert "20" in told
    package = zipfile.ZipFile(BytesIO(author.client.get("/studio/membership/verze/2.zip").data))
    pinned = [one for one in package.namelist() if b'"invoice_due": "P14D"' in package.read(one)]
    assert pinned and all(one.startswith("scenarios/") for one in pinned)
    author.post(PAGE, form(author, vat_note="Bez DPH."), PAGE)
    publish(author)


def test_a_value_set_at_once_holds_for_cases_that_begin_after_it_is_published(author: Desk) -> None:
    author.application()
    assert parameters(author)["vat_note"] != "Bez DPH."
    author.sign_in("autor")
    author.past = None
    author.post(PAGE, form(author, vat_note="Bez DPH."), PAGE)
    publish(author)
    author.application("knihovna")
    assert parameters(author)["vat_note"] == "Bez DPH."
    assert "agenda.toml" in author.get("/studio/membership/verze")
    told = author.get("/studio/membership/verze/rozdil?path=agenda.toml&nova=2&stara=1")
    assert "Věta o DPH" in told and "Bez DPH." in told
    for missing in ("path=nic.md&nova=2&stara=1", "path=agenda.toml&nova=2&stara=9"):
        assert author.client.get(f"/studio/membership/verze/rozdil?{missing}").status_code == 404


def test_a_value_from_a_day_holds_from_that_day(author: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    author.post(PAGE, form(author, vat_note="Od ledna.", since="2027-01-01"), PAGE)
    publish(author)
    assert "od 1. 1. 2027: Od ledna." in author.get(PAGE).replace("\u00a0", " ")
    author.past = None
    author.application()
    assert parameters(author)["vat_note"] != "Od ledna."
    monkeypatch.setattr(desks, "NOW", datetime(2027, 1, 1, 9, tzinfo=UTC))
    author.application("knihovna")
    assert parameters(author)["vat_note"] == "Od ledna."


def test_what_was_planned_is_called_off(author: Desk) -> None:
    author.post(PAGE, form(author, vat_note="Od ledna.", since="2027-01-01"), PAGE)
    drop = {**form(author), "since": "2027-01-01", "name": "vat_note"}
    assert author.post(f"{PAGE}/odvolat", drop, PAGE).status_code == 303
    assert "Od ledna." not in author.get(PAGE)
    assert "je stejné jako" in author.get(CHANGES).casefold()
    assert author.post(f"{PAGE}/odvolat", {**form(author), **drop}, PAGE).status_code == 404


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"board_quorum": "dva"}, "Napište číslo."),
        ({"board_quorum": "1,5"}, "Napište celé číslo."),
        ({"invoice_due": "0x1", "invoice_due.unit": "D"}, "Napište kolik"),
        ({"bylaws_date": "31. 2. 2026"}, "Vyberte den."),
        ({"vat_note": " "}, "Napište text."),
        ({"vat_note": "Bez.", "since": "2026-06-01"}, "Vyberte den, který teprve přijde"),
        ({"vat_note": "Bez.", "since": "zítra"}, "Vyberte den, který teprve přijde"),
        ({}, "Nic se neliší"),
    ],
)
def test_what_cannot_hold_is_told_and_nothing_is_kept(author: Desk, values: dict[str, str], said: str) -> None:
    answer = author.post(PAGE, form(author, **values), PAGE)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Nic není rozpracované" in author.get(CHANGES)


def test_two_authors_do_not_overwrite_each_other(author: Desk) -> None:
    stale = form(author, vat_note="Můj.")
    author.post(PAGE, form(author, vat_note="Kolegův."), PAGE)
    answer = author.post(PAGE, stale, PAGE)
    assert answer.status_code == 409
    assert "Můj." in answer.text
    assert "Kolegův." in author.get(PAGE)
