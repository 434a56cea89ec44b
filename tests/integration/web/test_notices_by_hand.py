"""A notice on the board hangs for as long as the law wants, also where a clerk writes it by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from engine.calendar import SettableClock
from engine.commands import DeleteRecord, SaveRecord
from engine.errors import RecordRefused
from engine.model import SYSTEM
from processes import catalogue
from tests.integration.web.desk import NOW, Desk, open_desk

LIST = "/prace/registry/notices"
#: NOW is the first of June 2026.
NOTICE: dict[str, Any] = {"title": "Záměr pachtu", "number": "OZN-1", "posted_on": "2026-06-01", "kind": "other"}


@pytest.fixture
def desk() -> Iterator[Desk]:
    with open_desk() as opened:
        agenda = catalogue.load("grants")
        opened.stage.engine.execute(catalogue.to_command(agenda, agenda.files, opened.stage.tenant, SYSTEM))
        yield opened


def keep(desk: Desk, until: str, record_id: str | None = None, **more: Any) -> str:
    data = {**NOTICE, "relevant_until": until, "visible": True, **more}
    facts = {"register": "notices", "data": data, "record_id": record_id}
    return desk.stage.engine.execute(SaveRecord(tenant=desk.stage.tenant, actor=SYSTEM, **facts))


def later(desk: Desk, day: str) -> None:
    clock = desk.stage.clock
    assert isinstance(clock, SettableClock)
    clock.set(datetime.fromisoformat(f"{day}T07:00").replace(tzinfo=UTC))


def test_a_clerk_who_would_take_a_notice_down_too_early_is_told_the_first_day(desk: Desk) -> None:
    desk.sign_in("spravce")
    written = {"/title": "Záměr pachtu", "/number": "OZN-1", "/kind": "other", "/visible": "true"}
    refused = desk.fill(f"{LIST}/novy", written | {"/posted_on": "1. 6. 2026", "/relevant_until": "15. 6. 2026"})
    assert refused.status_code == 422
    assert "visí oznámení aspoň 15 dnů (§ 25 správního řádu). Sejmout ho jde nejdřív 16. 6. 2026." in refused.text
    taken = desk.fill(f"{LIST}/novy", written | {"/posted_on": "1. 6. 2026", "/relevant_until": "16. 6. 2026"})
    assert taken.status_code == 303, taken.text


@pytest.mark.parametrize(("until", "kept"), [("2026-06-15", False), ("2026-06-16", True), ("2026-05-30", False)])
def test_fifteen_days_are_counted_whoever_writes(desk: Desk, until: str, kept: bool) -> None:
    if kept:
        assert keep(desk, until)
        return
    with pytest.raises(RecordRefused) as refused:
        keep(desk, until)
    assert refused.value.sentences("en")[0][0] == "relevant_until"


def test_before_the_rule_was_in_force_it_did_not_hold(desk: Desk) -> None:
    assert keep(desk, "2005-05-09", posted_on="2005-05-02")


def test_a_notice_is_not_hidden_before_its_time_unless_it_was_a_mistake(desk: Desk) -> None:
    hanging = keep(desk, "2026-08-01")
    with pytest.raises(RecordRefused) as refused:
        keep(desk, "2026-08-01", hanging, visible=False)
    assert "nejdřív 16. 6. 2026" in refused.value.sentences("cs")[0][1]
    keep(desk, "2026-08-01", hanging, visible=False, withdrawn_because="Vyvěšeno s rodným číslem.")

    other = keep(desk, "2026-08-01", number="OZN-2")
    later(desk, "2026-06-16")
    keep(desk, "2026-08-01", other, number="OZN-2", visible=False)


def test_a_hanging_notice_is_not_thrown_away_either(desk: Desk) -> None:
    hanging = keep(desk, "2026-08-01")
    with pytest.raises(RecordRefused):
        desk.stage.engine.execute(
            DeleteRecord(tenant=desk.stage.tenant, actor=SYSTEM, register="notices", record_id=hanging)
        )
    desk.sign_in("spravce")
    page = desk.client.get(f"{LIST}/{hanging}/vyradit")
    assert page.status_code == 200
    refused = desk.post(f"{LIST}/{hanging}/vyradit", {"_reason": "už není třeba", "_version": "1"})
    assert refused.status_code == 422
    assert "Oznámení ještě nevisí 15 dnů" in refused.text


def test_what_has_personal_data_leaves_the_archive_after_its_last_day(desk: Desk) -> None:
    assert NOW.date().isoformat() == NOTICE["posted_on"]
    personal = keep(desk, "2026-06-20", personal=True, title="Usnesení Janu Novákovi")
    plain = keep(desk, "2026-06-20", number="OZN-2", title="Záměr pachtu louky")

    def public() -> list[str]:
        told = desk.client.get("/registry/notices.json").get_json()
        return sorted(one["title"] for one in told["records"])

    def hanging() -> list[str]:
        return [one["název"]["cs"] for one in desk.client.get("/registry/notices.jsonld").get_json()["informace"]]

    desk.begin_window()
    later(desk, "2026-06-20")
    assert public() == sorted(["Usnesení Janu Novákovi", "Záměr pachtu louky"])
    later(desk, "2026-06-21")
    assert public() == hanging() == ["Záměr pachtu louky"]
    assert "Usnesení" not in desk.get("/registry/notices")
    assert "Usnesení" not in desk.get("/registry/notices.csv")
    assert desk.client.get(f"/registry/notices/{personal}").status_code == 404
    assert desk.client.get(f"/registry/notices/{plain}").status_code == 200
    desk.sign_in("spravce")
    assert "Usnesení Janu Novákovi" in desk.get(f"{LIST}/{personal}")
