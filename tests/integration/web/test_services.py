"""Every service of every agenda that comes with the product opens, asks and saves on the portal."""

from __future__ import annotations

import pytest

from engine.model import SYSTEM
from processes.catalogue import load, supplied, to_command
from tests.integration.web.desk import Desk

SERVICES = [(key, service.process) for key in supplied() for service in load(key).services]


@pytest.mark.parametrize(("key", "process"), SERVICES)
def test_the_service_opens_and_its_form_is_saved(desk: Desk, key: str, process: str) -> None:
    agenda = load(key)
    desk.stage.engine.execute(to_command(agenda, agenda.files, desk.stage.tenant, SYSTEM))
    desk.past = None
    path = f"/sluzby/{key}/{process}"
    assert f"{path}/zadost" in desk.get(path)
    assert 'id="formular"' in desk.get(f"{path}/zadost")
    assert desk.post(f"{path}/zadost", {"_go": "save"}).status_code in (200, 303)
