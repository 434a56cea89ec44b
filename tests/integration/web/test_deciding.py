"""Decisions in the studio without JavaScript: read, begun, saved, checked, published, rights, two authors."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from processes.catalogue import load
from tests.integration.web.desk import TOKEN, Desk

STUDIO = "/studio/membership/rozhodnuti"
KEY = f"{STUDIO}/membership_fee"
FEE = load("membership").files["membership_fee.dmn"].decode()
HARMFUL = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'


@pytest.fixture
def author(desk: Desk) -> Desk:
    desk.sign_in("autor")
    desk.post(f"{KEY}/otevrit", {}, KEY)
    return desk


def sent(desk: Desk, page: str, **fields: object) -> TestResponse:
    """Post as the editor does, with the token in a header."""
    token = TOKEN.search(desk.get(KEY))
    assert token
    return desk.client.post(f"{KEY}/{page}", data=fields, headers={"X-CSRFToken": token[1]})


def problems(desk: Desk, text: str) -> list[dict[str, Any]]:
    """What the check says of a text that is not saved."""
    found: list[dict[str, Any]] = sent(desk, "kontrola", xml=text).get_json()["problems"]
    return found


def test_decisions_are_for_authors_of_the_organisation_only(author: Desk) -> None:
    author.sign_in("sekretarka")
    for page in (KEY, f"{KEY}.dmn", f"{STUDIO}/novy", f"{KEY}/zverejnit"):
        author.get(page, 403)
    author.sign_in("spravce", "jinde.example")
    assert author.client.get(f"{KEY}/zverejnit").status_code == 404


def test_a_table_is_read_without_javascript(desk: Desk) -> None:
    desk.sign_in("autor")
    page = desk.get(KEY)
    assert re.search(r"<td[^>]*><code>inhabitants \* 3</code></td>", page)
    assert "smí platit právě jedno pravidlo" in page
    assert "do 10 000 obyvatel" in page
    assert f'href="{KEY}"' in desk.get("/studio/membership")


def test_a_save_over_a_colleagues_is_refused_and_a_step_goes_back(author: Desk) -> None:
    dearer = FEE.replace("inhabitants * 3", "inhabitants * 4")
    assert sent(author, "ulozit", xml=dearer, version="1").get_json()["version"] == 2
    late = sent(author, "ulozit", xml=FEE.replace("inhabitants * 3", "inhabitants * 5"), version="1")
    assert late.status_code == 409
    assert "Eva" in late.get_json()["message"]
    assert "inhabitants * 4" in author.get(f"{KEY}.dmn")
    author.post(f"{KEY}/krok", {"version": "2", "way": "back"}, KEY)
    assert "inhabitants * 3" in author.get(f"{KEY}.dmn")


def test_what_is_harmful_or_no_decision_is_not_saved(author: Desk) -> None:
    for text in (HARMFUL, "<a>", "<a/>", "", "x" * (3 * 2**20 + 1)):
        refused = sent(author, "ulozit", xml=text, version="1")
        assert refused.status_code == 422
        assert refused.get_json()["message"]
    author.post(f"{KEY}/nahrat", {"version": "1", "file": (io.BytesIO(HARMFUL.encode()), "zly.dmn")}, KEY)
    assert author.get(f"{KEY}.dmn") == FEE


def test_the_check_names_gaps_overlaps_and_cells_that_cannot_be_read(author: Desk) -> None:
    assert problems(author, FEE) == []
    overlap = problems(author, FEE.replace("]10000..100000]", "[10000..100000]"))[0]
    assert overlap["rule"] == "decision-overlaps"
    assert overlap["path"] == ["fee_small", "fee_middle"]
    gap = problems(author, FEE.replace("]10000..100000]", "]10001..100000]"))[0]
    assert (gap["rule"], gap["severity"]) == ("decision-gaps", "warning")
    unread = problems(author, FEE.replace("&lt;= 10000", "&lt;= ("))[0]
    assert (unread["element"], unread["severity"]) == ("fee_small", "error")


def test_a_half_written_cell_is_kept_but_not_published(author: Desk) -> None:
    saved = sent(author, "ulozit", xml=FEE.replace("&lt;= 10000", "&lt;= ("), version="1")
    assert saved.status_code == 200
    refused = author.post(f"{KEY}/zverejnit", {"version": "2"}, f"{KEY}/zverejnit")
    assert refused.status_code == 422
    assert "má chyby" in refused.text


def test_publishing_shows_rule_by_rule_what_changes_and_makes_a_version(author: Desk) -> None:
    sent(author, "ulozit", xml=FEE.replace("<text>5000</text>", "<text>6000</text>"), version="1")
    page = author.get(f"{KEY}/zverejnit")
    assert "<del>5000</del> <ins>6000</ins>" in page
    assert page.count('<tr class="is-changed">') == 1
    refused = author.post(f"{KEY}/zverejnit", {"version": "2"}, f"{KEY}/zverejnit")
    assert refused.status_code == 422, "a story of the agenda expects the former price"
    sent(author, "ulozit", xml=FEE.replace("startovací, na jeden rok", "startovací, jen první rok"), version="2")
    done = author.post(f"{KEY}/zverejnit", {"version": "3"}, f"{KEY}/zverejnit")
    assert done.status_code == 303
    assert "jen první rok" in author.get(KEY)


def test_a_decision_begins_empty_and_from_a_file(author: Desk) -> None:
    author.post(f"{STUDIO}/novy", {"title": "Sazba za psa", "how": "empty"})
    text = author.get(f"{STUDIO}/sazba_za_psa.dmn")
    assert '<decision id="sazba_za_psa" name="Sazba za psa">' in text
    assert "DMNShape" in text
    other = load("energy").files["renewal_strategy.dmn"]
    author.post(f"{STUDIO}/novy", {"title": "Obnova", "how": "file", "file": (io.BytesIO(other), "o.dmn")})
    assert "volume_mwh" in author.get(f"{STUDIO}/obnova.dmn")
    refused = author.post(
        f"{STUDIO}/novy", {"title": "Zlá", "how": "file", "file": (io.BytesIO(HARMFUL.encode()), "z.dmn")}
    )
    assert refused.status_code == 422
    assert author.post(f"{STUDIO}/novy", {"title": " ", "how": "empty"}).status_code == 422


def test_the_modeller_offers_decisions_by_name_with_their_page(author: Desk) -> None:
    author.post("/studio/membership/diagramy/membership/otevrit", {}, KEY)
    offer: dict[str, Any] = author.client.get("/studio/membership/diagramy/membership/nabidka").get_json()
    fee = next(one for one in offer["decisions"] if one["key"] == "membership_fee")
    assert fee == {"key": "membership_fee", "title": "Roční členský příspěvek", "url": KEY}
