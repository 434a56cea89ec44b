"""Ties of records at the desk."""

from __future__ import annotations

import json
import re

import pytest

from engine.commands import SaveRecord
from engine.model import SYSTEM
from processes.catalogue import to_command
from tests.integration.web.desk import Desk

PATH = "/prace/registry/members"
TOWN = {"kind": "regular", "since": "2026-07-01", "state": "active"}


@pytest.fixture
def tied(desk: Desk) -> Desk:
    """Members of this office have partner towns."""
    files = dict(desk.agenda.files)
    kept = json.loads(files["registers/members.json"])
    kept["links"] = {
        "partners": {
            "to": "members",
            "title": {"cs": "Partnerská města", "en": "Partner towns"},
            "data": {"share": {"type": "integer", "title": "Podíl"}},
            "mostTogether": {"share": 100},
        }
    }
    files["registers/members.json"] = json.dumps(kept).encode()
    desk.stage.engine.execute(to_command(desk.agenda, files, desk.stage.tenant, SYSTEM))
    return desk


def keep(desk: Desk, name: str, ico: str) -> str:
    data = {**TOWN, "name": name, "ico": ico}
    return desk.stage.engine.execute(SaveRecord(tenant=desk.stage.tenant, actor=SYSTEM, register="members", data=data))


def test_a_record_is_found_tied_changed_and_untied(tied: Desk) -> None:
    one, other = keep(tied, "Rokytnice", "00276057"), keep(tied, "Říčany", "00240702")
    tied.sign_in("sekretarka")
    path = f"{PATH}/{one}/vazby/partners"
    assert "Partnerská města" in tied.get(f"{PATH}/{one}")
    page = tied.get(f"{path}?q=ricany")
    assert re.findall(r'name="_other" id="[^"]+" value="(\w+)"', page) == [other]
    assert "Nejdřív vyberte záznam" in tied.fill(f"{path}?q=ricany", {"/share": "40"}).text
    assert tied.fill(f"{path}?q=ricany", {"_other": other, "/share": "40"}).status_code == 303
    shown = tied.get(f"{PATH}/{one}")
    assert re.search(r"Říčany</a></th><td data-label=\"Podíl\">40<", shown)
    assert "Rokytnice" in tied.get(f"{PATH}/{other}")
    assert tied.fill(f"{path}?druhy={other}", {"/share": "60"}).status_code == 303
    assert 'data-label="Podíl">60<' in tied.get(f"{PATH}/{one}")
    third = keep(tied, "Polná", "00286435")
    too_much = tied.fill(f"{path}?q=polna", {"_other": third, "/share": "41"})
    assert too_much.status_code == 422 and "daly dohromady 101; nejvíc je 100" in too_much.text.replace("\xa0", " ")
    assert tied.post(f"{path}/zrusit", {"_other": other}, page=f"{path}?druhy={other}").status_code == 303
    gone = tied.get(f"{PATH}/{one}")
    assert "Teď tu nic připojeno není" in gone and "Co bylo připojeno dřív" in gone


def test_who_may_only_read_ties_nothing(tied: Desk) -> None:
    one = keep(tied, "Rokytnice", "00276057")
    tied.sign_in("hospodar")
    assert "/vazby/" not in tied.get(f"{PATH}/{one}")
    tied.get(f"{PATH}/{one}/vazby/partners", 403)
    tied.sign_in("sekretarka")
    tied.get(f"{PATH}/{one}/vazby/nothing", 404)
