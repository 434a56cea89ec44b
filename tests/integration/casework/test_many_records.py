"""Many records that a case writes in one step: all or none."""

from __future__ import annotations

from typing import Any

import pytest

from engine.errors import EngineError
from engine.model import SYSTEM
from engine.queries import registers as reads
from tests.integration.casework.office import Office


def town(ico: str, name: str, **more: Any) -> dict[str, Any]:
    return {"ico": ico.zfill(8), "name": name, **more}


def save(office: Office, case: str, records: list[dict[str, Any]], **more: Any) -> Any:
    return office.inside(case, "register.save_all", register="members", by="ico", records=records, **more)


def kept(office: Office) -> dict[str, Any]:
    with office.read() as session:
        found = reads.records(session, office.home, "members", reads.Wanted(page_size=200), SYSTEM).items
    return {one.data["ico"].lstrip("0"): one.data for one in found}


def test_records_are_known_again_and_others_may_give_way(office: Office) -> None:
    case = office.start().instance_id
    assert save(office, case, [town("1", "Aš", inhabitants=5), town("2", "Brno", inhabitants=7)]) == {
        "saved": 2,
        "removed": 0,
    }
    assert save(office, case, [town("1", "Město Aš")]) == {"saved": 1, "removed": 0}
    assert kept(office) == {"1": town("1", "Město Aš", inhabitants=5), "2": town("2", "Brno", inhabitants=7)}
    assert save(office, case, [town("3", "Cheb", inhabitants=7)], instead_of={"inhabitants": 7}) == {
        "saved": 1,
        "removed": 1,
    }
    assert sorted(kept(office)) == ["1", "3"]


def test_many_records_are_written_in_pieces(office: Office) -> None:
    case = office.start().instance_id
    assert save(office, case, [town(str(n), f"Obec {n}") for n in range(1, 602)])["saved"] == 601
    assert save(office, case, [town(str(n), f"Město {n}") for n in range(1, 602)])["saved"] == 601
    with office.read() as session:
        assert reads.records(session, office.home, "members", reads.Wanted(), SYSTEM).total == 601


def test_one_that_does_not_fit_stores_none(office: Office) -> None:
    case = office.start().instance_id
    with pytest.raises(EngineError, match="The record '00000002' does not fit"):
        save(office, case, [town("1", "Aš"), {"ico": "00000002", "name": 7}])
    with pytest.raises(EngineError, match="have the same 'ico'"):
        save(office, case, [town("1", "Aš"), town("1", "Cheb")])
    with pytest.raises(EngineError, match="not unique"):
        office.inside(case, "register.save_all", register="members", by="name", records=[town("1", "Aš")])
    assert kept(office) == {}
