"""Rows in time sent without an account: by devices with a token of their set, by people from the label on a meter."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from PIL import Image
from sqlalchemy import func, select

from engine.commands import SaveRecord
from engine.errors import NotAllowed, NotFound, RowsInTime
from engine.ids import new_id_in_order
from engine.model import SYSTEM, Actor, Json
from engine.registering import RevokeRowKey
from engine.store.series import RowPhotoRow, SeriesRow
from processes.catalogue import load, to_command
from tests.integration.web.desk import FOREIGN_HOST, Desk
from web.row_keys import Keys, body_signature

TOWN = "Šluknov"
MANAGER = Actor(kind="person", username="energetik", groups=frozenset({"energy"}))


@pytest.fixture
def meter(desk: Desk) -> str:
    tenant, engine = desk.stage.tenant, desk.stage.engine
    agenda = load("energy")
    engine.execute(to_command(agenda, agenda.files, tenant, SYSTEM))
    data = {"serial": "E-1", "device": "node-1", "kind": "electricity", "unit": "kWh", "town": TOWN, "place": "Škola"}
    return engine.execute(
        SaveRecord(tenant=tenant, actor=SYSTEM, register="meters", data=data | {"state": "active", "digits": 6})
    )


def keys(desk: Desk, tenant: str = "") -> Keys:
    """The keys as they are before any is revoked."""
    return Keys(secret=desk.stage.parts.settings.signing_key(), tenant=tenant or desk.stage.tenant, register="readings")


def token(desk: Desk, name: str = TOWN) -> str:
    return keys(desk).token(name)


def label(desk: Desk, meter: str) -> str:
    return f"/m/{keys(desk).label(meter)}"


def send(desk: Desk, body: Json | bytes, headers: Mapping[str, str] | None = None, host: str = "localhost") -> Any:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = {"Authorization": f"Bearer {token(desk)}"} if headers is None else dict(headers)
    return desk.client.post("/api/ingest/readings", data=content, headers=given, base_url=f"http://{host}")


def stored(desk: Desk) -> int:
    with desk.stage.sessions() as session:
        return session.scalar(select(func.count()).select_from(SeriesRow)) or 0


def results(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [f"{one['status']} {one.get('reason', '')}".strip() for one in answer.json["results"]]


def reading(sequence: int, counter: Json, **more: Json) -> dict[str, Json]:
    return {
        "device": "node-1",
        "sequence": sequence,
        "time": f"2026-05-{sequence:02}T06:00:00Z",
        "elek": counter,
        **more,
    }


def test_a_batch_is_answered_row_by_row_and_sent_again_changes_nothing(desk: Desk, meter: str) -> None:
    batch = [
        reading(2, 110),
        reading(1, 100),
        reading(3, 90),
        reading(4, "many"),
        reading(5, 1, device="node-9"),
        {"device": "node-1"},
        "text",
        reading(6, 120, time="soon"),
        reading(2, 110),
    ]
    expected = [
        "accepted",
        "accepted",
        "held lower",
        "rejected bad-value",
        "unknown_device",
        "rejected bad-time",
        "rejected bad-time",
        "rejected bad-time",
        "duplicate",
    ]
    assert results(send(desk, batch)) == expected
    assert stored(desk) == 3
    assert results(send(desk, batch[:3])) == ["duplicate"] * 3
    assert stored(desk) == 3


def test_one_reading_alone_with_two_counts_is_taken(desk: Desk, meter: str) -> None:
    assert results(send(desk, reading(1, 10234.5, elow=8011.2))) == ["accepted"]
    assert stored(desk) == 2


def test_a_signed_body_needs_no_token_and_a_changed_one_is_refused(desk: Desk, meter: str) -> None:
    body = json.dumps(reading(1, 5)).encode()
    headers = {"X-Radnice-Set": quote(TOWN), "X-Radnice-Signature": "sha256=" + body_signature(token(desk), body)}
    assert results(send(desk, body, headers)) == ["accepted"]
    assert send(desk, body.replace(b"5", b"6"), headers).status_code == 401


def test_forged_tokens_and_those_of_others_are_refused(desk: Desk, meter: str) -> None:
    mine = token(desk)
    other = keys(desk, "jinde").token(TOWN)
    for forged in ("", "x", mine[:-2] + "AA", mine.replace(".", ""), "é.é", other):
        headers = {"Authorization": f"Bearer {forged}".encode().decode("latin-1")}
        assert send(desk, reading(1, 5), headers).status_code == 401
    assert send(desk, reading(1, 5), {}).status_code == 401
    assert send(desk, reading(1, 5), host=FOREIGN_HOST).status_code == 401
    assert stored(desk) == 0


def test_a_token_reaches_only_the_meters_of_its_set(desk: Desk, meter: str) -> None:
    headers = {"Authorization": f"Bearer {token(desk, 'Jiříkov')}"}
    assert results(send(desk, reading(1, 5), headers)) == ["unknown_device"]


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"", 400), (b'[{"device"', 400), (b"\xff\xfe", 400), (b"[]", 422), (b"[" + b"1," * 10_000 + b"1]", 422)],
)
def test_what_is_cut_or_enormous_is_refused_whole(desk: Desk, meter: str, body: bytes, status: int) -> None:
    answer = send(desk, body)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")


def test_a_body_over_four_megabytes_is_refused(desk: Desk, meter: str) -> None:
    assert send(desk, b"[" + b" " * (4 * 2**20) + b"]").status_code == 413


def test_a_label_takes_a_number_and_asks_twice_about_a_lower_one(desk: Desk, meter: str) -> None:
    address = label(desk, meter)
    assert "E-1, Škola" in desk.get(address)
    answer = desk.post(address, {"counter": "1 234,5", "author": "Jan"})
    assert (answer.status_code, "Děkujeme za odečet" in answer.text) == (200, True)
    assert "1\u00a0234,5" in desk.get(address)
    assert desk.post(address, {"counter": "many"}).status_code == 422
    lower = desk.post(address, {"counter": "1000"})
    assert lower.status_code == 422
    assert 'name="sure"' in lower.text
    assert desk.post(address, {"counter": "1000", "sure": "yes"}).status_code == 200
    with desk.stage.sessions() as session:
        kept = session.execute(
            select(SeriesRow.state, SeriesRow.data).order_by(SeriesRow.written_at, SeriesRow.value.desc())
        ).all()
    assert [state for state, _ in kept] == ["counted", "held"]
    assert kept[0][1] == {"source": "qr", "author": "Jan"}


def test_a_guessed_label_leads_nowhere(desk: Desk, meter: str) -> None:
    code = keys(desk).label(meter)
    for forged in ("x", code[:-1] + ("A" if code[-1] != "A" else "B"), code[:-8], "%00", "é"):
        desk.get(f"/m/{forged}", 404)
    assert desk.client.get(f"/m/{code}", base_url=f"http://{FOREIGN_HOST}").status_code == 404


def test_keys_are_read_back_only_where_they_were_given() -> None:
    mine = Keys(secret="s", tenant="mesto", register="readings")
    others = [replace(mine, secret="t"), replace(mine, tenant="x"), replace(mine, register="y")]
    assert mine.set_of(mine.token(TOWN)) == TOWN
    assert [other.set_of(mine.token(TOWN)) for other in others] == [None] * 3
    code = mine.label("ab" * 16)
    assert mine.record_of(code) == "ab" * 16
    assert len(code) <= 30
    assert [other.record_of(code) for other in others] == [None] * 3


def test_a_label_stands_for_a_record_that_came_by_an_import_too() -> None:
    mine, record_id = Keys(secret="s", tenant="mesto", register="readings"), new_id_in_order()
    code = mine.label(record_id)
    assert mine.record_of(code) == record_id
    assert mine.record_of(code[:-1]) is mine.record_of("") is mine.record_of("w" * 43) is None


def test_a_revoked_key_is_another_than_the_next_one() -> None:
    first = Keys(secret="s", tenant="mesto", register="readings")
    second = replace(first, good=lambda kind, name: 1)
    assert second.set_of(first.token(TOWN)) is first.set_of(second.token(TOWN)) is None
    assert second.record_of(first.label("ab" * 16)) is None
    assert (second.set_of(second.token(TOWN)), second.record_of(second.label("ab" * 16))) == (TOWN, "ab" * 16)


def revoke(desk: Desk, kind: str, name: str) -> int:
    """Revoke as the energy manager does."""
    facts: dict[str, Any] = {"register": "readings", "kind": kind, "name": name}
    return desk.stage.engine.execute(RevokeRowKey(tenant=desk.stage.tenant, actor=MANAGER, **facts))


def test_a_revoked_token_sends_nothing_and_the_next_one_does(desk: Desk, meter: str) -> None:
    lost = {"Authorization": f"Bearer {token(desk)}"}
    assert revoke(desk, "set", TOWN) == 1
    assert send(desk, reading(1, 5), lost).status_code == 401
    body = json.dumps(reading(1, 5)).encode()
    signed = {"X-Radnice-Set": quote(TOWN), "X-Radnice-Signature": "sha256=" + body_signature(token(desk), body)}
    assert send(desk, body, signed).status_code == 401
    fresh = replace(keys(desk), good=lambda kind, name: int((kind, name) == ("set", TOWN))).token(TOWN)
    assert results(send(desk, reading(1, 5), {"Authorization": f"Bearer {fresh}"})) == ["accepted"]


def test_a_revoked_label_leads_nowhere_and_others_still_do(desk: Desk, meter: str) -> None:
    other = desk.stage.engine.execute(
        SaveRecord(
            tenant=desk.stage.tenant,
            actor=SYSTEM,
            register="meters",
            data={"serial": "E-2", "kind": "gas", "state": "active"},
        )
    )
    revoke(desk, "label", meter)
    desk.get(label(desk, meter), 404)
    assert "E-2" in desk.get(label(desk, other))


def test_only_who_may_write_the_rows_revokes_their_keys(desk: Desk, meter: str) -> None:
    stranger = Actor(kind="person", username="nekdo", groups=frozenset({"secretariat"}))
    facts: dict[str, Any] = {"register": "readings", "kind": "label", "name": meter}
    with pytest.raises(NotAllowed):
        desk.stage.engine.execute(RevokeRowKey(tenant=desk.stage.tenant, actor=stranger, **facts))
    with pytest.raises(NotFound):
        revoke(desk, "label", "0" * 32)


def picture(size: tuple[int, int] = (2000, 1000)) -> bytes:
    """A photograph that says where it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "Phone"
    exif.get_ifd(0x8825)[1] = "N"
    file = io.BytesIO()
    Image.new("RGB", size, "grey").save(file, "JPEG", exif=exif)
    return file.getvalue()


def send_photo(desk: Desk, address: str, content: bytes, name: str = "meridlo.jpg", **answers: str) -> Any:
    return desk.post(address, {**answers, "photo": (io.BytesIO(content), name)})


def test_a_photo_comes_with_the_number_small_and_without_the_place(desk: Desk, meter: str) -> None:
    answer = send_photo(desk, label(desk, meter), picture(), counter="100")
    assert (answer.status_code, "Fotka je uložená" in answer.text) == (200, True)
    with desk.stage.sessions() as session:
        (kept,) = session.scalars(select(RowPhotoRow))
        with Image.open(io.BytesIO(kept.content)) as opened:
            assert max(opened.size) == 1280
            assert not opened.getexif()
        assert session.scalar(select(SeriesRow.id)) == kept.row_id


def test_a_file_that_is_no_picture_is_refused_and_nothing_is_stored(desk: Desk, meter: str) -> None:
    for content, name in ((b"%PDF-1.4 x %%EOF", "meridlo.pdf"), (b"\xff\xd8\xffcut", "a.jpg"), (b"", "a.jpg")):
        answer = send_photo(desk, label(desk, meter), content, name, counter="100")
        assert answer.status_code == 422
        assert 'value="100"' in answer.text
    assert stored(desk) == 0


def test_a_photo_answers_the_question_about_a_lower_number(desk: Desk, meter: str) -> None:
    desk.post(label(desk, meter), {"counter": "100"})
    assert send_photo(desk, label(desk, meter), picture(), counter="50").status_code == 200
    with desk.stage.sessions() as session:
        assert set(session.scalars(select(SeriesRow.state))) == {"counted", "held"}


def test_a_meter_of_two_tariffs_asks_for_both(desk: Desk, meter: str) -> None:
    data = {"serial": "E-3", "kind": "electricity", "unit": "kWh", "tariffs": "two", "state": "active"}
    two = desk.stage.engine.execute(SaveRecord(tenant=desk.stage.tenant, actor=SYSTEM, register="meters", data=data))
    assert desk.post(label(desk, two), {"counter": "10"}).status_code == 422
    assert stored(desk) == 0
    assert desk.post(label(desk, two), {"counter": "10", "counter.NT": "7,5"}).status_code == 200
    with desk.stage.sessions() as session:
        kept = session.execute(select(SeriesRow.channel, SeriesRow.value).order_by(SeriesRow.channel)).all()
    assert [tuple(row) for row in kept] == [("", 10_000), ("NT", 7_500)]


@pytest.mark.parametrize("number", ["-1", "1e9", "NaN", "∞", "12 34 56 78 90 12 34", "1,2,3", " "])
def test_what_no_counter_shows_is_refused_with_a_sentence(desk: Desk, meter: str, number: str) -> None:
    answer = desk.post(label(desk, meter), {"counter": number})
    assert (answer.status_code, "Napište číslo" in answer.text) == (422, True)
    assert stored(desk) == 0


def test_nobody_writes_a_reading_as_a_record(desk: Desk, meter: str) -> None:
    data = {"meter": "E-1", "at": "2026-05-01", "counter": 5}
    with pytest.raises(RowsInTime, match="keeps rows in time under records of 'meters'"):
        desk.stage.engine.execute(SaveRecord(tenant=desk.stage.tenant, actor=MANAGER, register="readings", data=data))
