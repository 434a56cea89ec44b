"""Files sent through pages, each spoiled in every way: a page or a refusal in words, and nothing half-written."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from engine.store.base import Base
from processes.catalogue import HERE, pack
from processes.starting import Founding, found
from tests.integration.web.desk import Desk, token
from tests.statements import statement
from tests.unit.ways_in.spoiling import TROUBLES

STUDIO = "/studio/membership"
TABLE = "IČO;Název\n00276057;Rokytnice\n00240702;Říčany\n".encode()
TITLE = {"cs": "Les"}
PACKAGE = pack(found(Founding(key="les", title=TITLE, summary={}, group="forest", group_title=TITLE, prefix="LES")))
DIAGRAM = (HERE / "membership" / "application_completion.bpmn").read_bytes()
DECISION = (HERE / "membership" / "membership_fee.dmn").read_bytes()
FORM = (HERE / "membership" / "forms" / "application.json").read_bytes()
#: Written whatever is sent: who was here and what they did.
NOTES = {"audit_event", "live_session"}


@dataclass(frozen=True, kw_only=True)
class Door:
    """A page that takes a file."""

    user: str
    right: bytes
    send: Callable[[Desk, bytes], TestResponse]
    #: What may have been opened by the test before anything is sent.
    opens: str = ""


def posted(
    path: str, field: str, filename: str, page: str | None = None, **more: str
) -> Callable[[Desk, bytes], TestResponse]:
    def send(desk: Desk, content: bytes) -> TestResponse:
        return desk.post(path, {**more, field: (io.BytesIO(content), filename)}, page)

    return send


def deployed(filename: str) -> Callable[[Desk, bytes], TestResponse]:
    def send(desk: Desk, content: bytes) -> TestResponse:
        said = {"Authorization": f"Bearer {token('autor', desk.stage.tenant)}"}
        data = {"file": (io.BytesIO(content), filename)}
        return desk.client.post("/api/v1/deployments", data=data, headers=said, content_type="multipart/form-data")

    return send


DRAWN, DECIDED = f"{STUDIO}/diagramy/application_completion", f"{STUDIO}/rozhodnuti/membership_fee"
DOORS = {
    "statement": Door(
        user="hospodar", right=statement("2600000018", 100), send=posted("/prace/banka", "statement", "vypis.gpc")
    ),
    "table": Door(user="sekretarka", right=TABLE, send=posted("/prace/registry/members/import", "file", "clenove.csv")),
    "package": Door(
        user="autor", right=PACKAGE, send=posted("/studio/nova-agenda", "package", "les.zip", how="package")
    ),
    "form": Door(
        user="autor", right=FORM, send=posted(f"{STUDIO}/formulare/novy", "file", "f.json", title="Cizí", how="file")
    ),
    "diagram": Door(
        user="autor", right=DIAGRAM, send=posted(f"{DRAWN}/nahrat", "file", "d.bpmn", DRAWN, version="1"), opens=DRAWN
    ),
    "decision": Door(
        user="autor",
        right=DECISION,
        send=posted(f"{DECIDED}/nahrat", "file", "d.dmn", DECIDED, version="1"),
        opens=DECIDED,
    ),
    "package over REST": Door(user="autor", right=PACKAGE, send=deployed("les.zip")),
    "diagram over REST": Door(user="autor", right=DIAGRAM, send=deployed("d.bpmn")),
}


def rows(desk: Desk) -> Counter[str]:
    """How many rows each table has, but for notes of who did what."""
    with desk.stage.sessions() as session:
        counted = {
            table.name: session.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
            if table.name not in NOTES
        }
    return Counter(counted)


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("name", DOORS)
def test_a_spoiled_file_is_a_page_or_a_refusal_in_words(desk: Desk, name: str, trouble: str) -> None:
    door = DOORS[name]
    desk.sign_in(door.user)
    if door.opens:
        desk.post(f"{door.opens}/otevrit", {}, door.opens)
    before = rows(desk)
    answer = door.send(desk, TROUBLES[trouble](door.right))
    assert answer.status_code < 500
    assert "Traceback" not in answer.text
    if answer.status_code >= 400:
        assert rows(desk) == before
        refusal = answer.json["detail"] if answer.is_json else desk_words(answer)
        assert refusal
    else:
        assert answer.status_code in (201, 302, 303), "what is taken leads on"


def desk_words(answer: TestResponse) -> str:
    """The sentence of a refusal on its page."""
    _, _, alert = answer.text.partition('role="alert"')
    return alert.partition("</div>")[0].partition(">")[2].strip()
