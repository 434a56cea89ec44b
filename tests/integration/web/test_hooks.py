"""Webhooks of other systems: forged, stale, doubled, cut, reordered and enormous deliveries, and the right ones."""

from __future__ import annotations

import json
import tomllib
from typing import Any

import pytest
from sqlalchemy import func, select

from engine.commands import StartInstance
from engine.model import SYSTEM, Json
from engine.store.cases import InstanceRow, KeptMessageRow
from engine.store.registers import RecordRow
from integrations.webhook import Webhook, sign, signature
from processes.agenda import parse_agenda
from processes.catalogue import to_command
from processes.webhooks import hooks_in
from tests.integration.diagrams import catch, chain, correlation, diagram, end, message, messages, start
from tests.integration.web.desk import FOREIGN_HOST, Desk
from web.hook_keys import TOLERANCE, hook_secret
from web.inspection import inspect

TOML = """
key = "helpdesk"
[title]
cs = "Hlášení"
[webhooks.ticket]
message = "ticket.closed"
correlation.ticket = "body['issue']['id']"
payload.verdict = "body['issue']['verdict']"
[webhooks.assets]
register = "assets"
each = "body['items']"
key = "number"
newest_by = "changed"
values.number = "item['no']"
values.name = "item['name'].strip()"
values.changed = "item['changed']"
[webhooks.github]
message = "ticket.closed"
correlation.ticket = "body['issue']['id']"
signature = "body"
id = "body.get('delivery', '')"
"""
ASSETS = {
    "key": "assets",
    "title": {"cs": "Majetek"},
    "schema": {
        "type": "object",
        "required": ["number"],
        "properties": {
            "number": {"type": "string", "maxLength": 20},
            "name": {"type": "string", "maxLength": 50},
            "changed": {"type": "integer"},
            "note": {"type": "string"},
        },
    },
    "caption": "number",
    "unique": [["number"]],
    "rights": {"read": [], "write": []},
}
CASE = diagram(
    start(),
    catch("wait", message("ticket.closed"), correlation("ticket", "ticket")),
    end(),
    chain("s", "wait", "e"),
    head=messages("ticket.closed"),
    process="helpdesk",
)
FILES = {"agenda.toml": TOML.encode(), "helpdesk.bpmn": CASE, "registers/assets.json": json.dumps(ASSETS).encode()}


@pytest.fixture
def hooked(desk: Desk) -> Desk:
    agenda = parse_agenda(FILES)
    desk.stage.engine.execute(to_command(agenda, agenda.files, desk.stage.tenant, SYSTEM))
    return desk


def secret(desk: Desk, hook: str, tenant: str = "") -> str:
    key = desk.stage.parts.settings.signing_key()
    return hook_secret(key, tenant or desk.stage.tenant, "helpdesk", hook, 1)


def deliver(
    desk: Desk, hook: str, body: Json | bytes, *, delivery: str = "d1", late: int = 0, key: str = "", **options: Any
) -> Any:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    at = int(desk.stage.clock.now().timestamp()) - late
    headers = {
        "webhook-id": delivery,
        "webhook-timestamp": str(at),
        "webhook-signature": f"v1,bm90 {sign(key or secret(desk, hook), delivery, at, options.pop('signed', content))}",
    }
    host = options.pop("host", "localhost")
    return desk.client.post(
        f"/api/hooks/helpdesk/{hook}", data=content, headers=headers | options, base_url=f"http://{host}"
    )


def start_case(desk: Desk, ticket: str) -> str:
    started = desk.stage.engine.execute(
        StartInstance(tenant=desk.stage.tenant, actor=SYSTEM, process_key="helpdesk", variables={"ticket": ticket})
    )
    return started.instance_id


def status(desk: Desk, case: str) -> str:
    with desk.stage.sessions() as session:
        return session.get_one(InstanceRow, case).status


def kept(desk: Desk) -> int:
    with desk.stage.sessions() as session:
        return session.scalar(select(func.count()).select_from(KeptMessageRow)) or 0


def assets(desk: Desk) -> dict[str, tuple[str, int]]:
    query = select(RecordRow).where(RecordRow.register == "assets", RecordRow.state == "live")
    with desk.stage.sessions() as session:
        return {row.data["number"]: (row.data.get("name", ""), row.version) for row in session.scalars(query)}


CLOSED = {"issue": {"id": "T-1", "verdict": "fixed"}}


def test_a_delivery_moves_the_case_it_is_for(hooked: Desk) -> None:
    case, other = start_case(hooked, "T-1"), start_case(hooked, "T-2")
    answer = deliver(hooked, "ticket", CLOSED)
    assert (answer.status_code, answer.json) == (202, {"results": ["accepted"]})
    assert (status(hooked, case), status(hooked, other)) == ("completed", "running")


def test_the_same_delivery_again_is_the_same_message(hooked: Desk) -> None:
    for _ in range(3):
        assert deliver(hooked, "ticket", CLOSED).status_code == 202
    assert kept(hooked) == 1
    # Kept for whoever comes to wait for it, and for one case only.
    first, second = start_case(hooked, "T-1"), start_case(hooked, "T-1")
    assert sorted([status(hooked, first), status(hooked, second)]) == ["completed", "running"]
    assert deliver(hooked, "ticket", CLOSED, delivery="d2").status_code == 202
    assert status(hooked, second) == "completed"


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": "whsec_eA=="},
        {"late": TOLERANCE + 1},
        {"late": -TOLERANCE - 1},
        {"signed": b'{"issue": {"id": "T-9"}}'},
        {"delivery": "d" * 201},
        {"webhook-timestamp": "soon"},
        {"webhook-timestamp": "9" * 30},
        {"webhook-signature": ""},
        {"webhook-id": "d2"},
    ],
)
def test_a_forged_or_stale_delivery_does_nothing(hooked: Desk, wrong: dict[str, Any]) -> None:
    case = start_case(hooked, "T-1")
    assert deliver(hooked, "ticket", CLOSED, **wrong).status_code == 401
    assert (status(hooked, case), kept(hooked)) == ("running", 0)


def test_the_secret_of_one_is_none_of_another(hooked: Desk) -> None:
    assert deliver(hooked, "ticket", CLOSED, key=secret(hooked, "assets")).status_code == 401
    assert deliver(hooked, "ticket", CLOSED, key=secret(hooked, "ticket", "jine")).status_code == 401
    assert deliver(hooked, "ticket", CLOSED, host=FOREIGN_HOST).status_code == 401
    assert deliver(hooked, "nothing", CLOSED).status_code == 401
    assert secret(hooked, "ticket") != hook_secret(
        hooked.stage.parts.settings.signing_key(), hooked.stage.tenant, "helpdesk", "ticket", 2
    )


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"issue": {"id": "T-1"', 400),
        (b"\xff\xfe{}", 400),
        (b"NaN", 400),
        (b"[" * 100_000, 400),
        ({"issue": {}}, 422),
        ({"issue": {"id": "", "verdict": 1}}, 422),
        ({"issue": {"id": ["T-1"], "verdict": 1}}, 422),
        ("text", 422),
        (b'"' + b"x" * 2**20 + b'"', 413),
    ],
)
def test_a_delivery_that_cannot_be_read_is_refused_whole(hooked: Desk, body: Json | bytes, expected: int) -> None:
    answer = deliver(hooked, "ticket", body)
    assert answer.status_code == expected
    assert answer.json["detail"]
    assert kept(hooked) == 0


def test_records_are_written_once_and_an_older_one_changes_nothing(hooked: Desk) -> None:
    def asset(no: str, name: str, changed: int) -> dict[str, Json]:
        return {"no": no, "name": name, "changed": changed}

    first = {"items": [asset("A1", " Kotel ", 1), asset("A2", "Dveře", 1)]}
    assert deliver(hooked, "assets", first).json == {"results": ["new", "new"]}
    assert deliver(hooked, "assets", first).json == {"results": ["same", "same"]}
    assert deliver(hooked, "assets", {"items": [asset("A1", "Nový kotel", 3)]}).json == {"results": ["changed"]}
    assert deliver(hooked, "assets", {"items": [asset("A1", "Starý kotel", 2)]}).json == {"results": ["older"]}
    assert assets(hooked) == {"A1": ("Nový kotel", 2), "A2": ("Dveře", 1)}


def test_records_come_all_or_none(hooked: Desk) -> None:
    long = {"no": "A2", "name": "x" * 51, "changed": 1}
    refused = deliver(hooked, "assets", {"items": [{"no": "A1", "name": "Kotel", "changed": 1}, long]})
    assert refused.status_code == 422
    assert deliver(hooked, "assets", {"items": [{}] * 1001}).status_code == 422
    assert deliver(hooked, "assets", {"items": "A1"}).status_code == 422
    assert assets(hooked) == {}


def test_a_system_that_signs_only_the_body_is_believed_where_the_agenda_says_so(hooked: Desk) -> None:
    case = start_case(hooked, "T-1")
    body = json.dumps(CLOSED | {"delivery": "g1"}).encode()
    signed = {"X-Hub-Signature-256": f"sha256={signature(secret(hooked, 'github'), body)}"}
    for _ in range(2):
        answer = hooked.client.post("/api/hooks/helpdesk/github", data=body, headers=signed)
        assert answer.status_code == 202
    assert (status(hooked, case), kept(hooked)) == ("completed", 1)
    other = {"X-Hub-Signature-256": f"sha256={signature(secret(hooked, 'ticket'), body)}"}
    assert hooked.client.post("/api/hooks/helpdesk/ticket", data=body, headers=other).status_code == 401


def test_what_we_send_ourselves_is_taken_by_another_town_with_radnice(hooked: Desk) -> None:
    """Our own calling side signs by the same standard."""
    heard: list[tuple[dict[str, str], bytes]] = []

    class Line:
        def stream(self, method: str, url: str, *, content: bytes, headers: dict[str, str]) -> Any:
            heard.append((headers, content))
            raise StopIteration

    with pytest.raises(StopIteration):
        Webhook(Line(), secret(hooked, "ticket")).post(  # type: ignore[arg-type]
            "https://a.example", CLOSED, "i1:a7", hooked.stage.clock.now()
        )
    ((headers, body),) = heard
    case = start_case(hooked, "T-1")
    assert hooked.client.post("/api/hooks/helpdesk/ticket", data=body, headers=headers).status_code == 202
    assert status(hooked, case) == "completed"


@pytest.mark.parametrize(
    ("said", "about"),
    [
        ("[webhooks.Ticket]\nmessage = 'ticket.closed'\ncorrelation.a = 'body'", "lower-case"),
        ("[webhooks.a]\nmessage = 'ticket.closed'", "correlation"),
        ("[webhooks.a]\nmessage = 'payment.received'\ncorrelation.a = 'body'", "bank"),
        ("[webhooks.a]\nmessage = 'nobody.waits'\ncorrelation.a = 'body'", "no diagram waits"),
        ("[webhooks.a]\nmessage = 'ticket.closed'\nregister = 'assets'", "either"),
        ("[webhooks.a]\nmessage = 'ticket.closed'\ncorrelation.a = 'open('", "correlation.a"),
        ("[webhooks.a]\nmessage = 'ticket.closed'\ncorrelation.a = 'secret'", "nothing is called secret"),
        ("[webhooks.a]\nregister = 'nothing'\nvalues.a = 'body'", "which the agenda has not"),
        ("[webhooks.a]\nregister = 'assets'\nvalues.colour = 'body'", "colour"),
        ("[webhooks.a]\nregister = 'assets'\nkey = 'name'\nvalues.name = 'body'", "not unique"),
        ("[webhooks.a]\nregister = 'assets'\nvalues.name = 'body'", "two records"),
        ("[webhooks.a]\ncolour = 'red'", "no colour"),
        ("[webhooks.a]\nmessage = 1", "a text"),
        ("webhooks = 1", "a table"),
    ],
)
def test_the_check_says_what_is_wrong_with_a_webhook(said: str, about: str) -> None:
    head = "key = 'helpdesk'\n"
    title = "[title]\ncs = 'H'\n"
    toml = head + said + "\n" + title if said.startswith("webhooks") else head + title + said
    found = [one.message for one in inspect(FILES | {"agenda.toml": toml.encode()}, "en") if one.rule == "webhook"]
    assert any(about in sentence for sentence in found), found


def test_a_right_one_passes_the_check() -> None:
    assert [one for one in inspect(FILES, "en") if one.rule == "webhook"] == []
    assert [hook.key for hook in hooks_in(tomllib.loads(TOML))] == ["ticket", "assets", "github"]
