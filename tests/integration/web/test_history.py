"""Versions of an agenda in the studio: who changed what, packages of each, going back."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from tests.integration.web.desk import Desk
from tests.integration.web.test_modelling import KEY, changed, sent

HISTORY = "/studio/membership/verze"


@pytest.fixture
def author(desk: Desk) -> Desk:
    """An author who has published a second version."""
    desk.sign_in("autor")
    desk.post(f"{KEY}/otevrit", {}, KEY)
    sent(desk, "ulozit", xml=changed(), version="1")
    desk.post(f"{KEY}/zverejnit", {"version": "2"}, f"{KEY}/zverejnit")
    return desk


def test_an_author_sees_who_changed_what_and_goes_back(author: Desk) -> None:
    page = author.get(HISTORY)
    assert re.search(
        r"změněno</span> <a href=\"[^\"]*verze\?nova=2&amp;stara=1\"><code>application_completion.bpmn", page
    )
    assert "Eva" in page
    with zipfile.ZipFile(io.BytesIO(author.client.get(f"{HISTORY}/2.zip").data)) as package:
        assert "Zbrusu" in package.read("application_completion.bpmn").decode()
    stale = author.post(f"{HISTORY}/1/vratit", {"version": "1"}, HISTORY)
    assert stale.status_code == 409
    back = author.post(f"{HISTORY}/1/vratit", {"version": "2"}, HISTORY)
    assert back.status_code == 303
    assert "Zbrusu" not in author.get(KEY)
    assert "verze 3" in author.get("/studio/membership")
    author.get(f"{HISTORY}/99.zip", 404)
