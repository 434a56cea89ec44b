"""Whatever is sent to a public form ends in a page or a clear refusal, and nothing is kept that was not asked."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.integration.portal.conftest import BEGIN, token_of, writes
from tests.integration.portal.drafting import publish, saved
from web.bootstrap import Parts

Pairs = Sequence[tuple[str, Any]]
FILE_CUT_OFF = b'--x\r\nContent-Disposition: form-data; name="/a"; filename="b"\r\n\r\n%PDF cut'
STRANGE: dict[str, Pairs] = {
    "nothing": [],
    "doubled": [("/name", "a"), ("/name", "b"), ("/name", "c")],
    "foreign": [("/salary", "1"), ("salary", "1"), ("/name/first", "x"), ("_remark", "x"), ("/_remark", "x")],
    "deep": [("/" + "/".join(["a"] * 3000), "x")],
    "deep within": [("/" + "/".join(["name"] * 39), "x")],
    "enormous": [("/name", "x" * 900_000)],
    "a name without end": [("/" + "n" * 5000, "x")],
    "code words": [(f"/{name}", "x") for name in ("typename", "__proto__", "class", "constructor", "a.b", "a[0]", "🏛")],
    "broken pointers": [("/~2", "x"), ("//", "x"), ("/~", "x"), ("/name~", "{"), ("/name~/x", "y"), ("/~x00zz", "q")],
    "beyond precision": [("/inhabitants", "9" * 400), ("/inhabitants", "1e400"), ("/since", "0.1" + "0" * 300 + "1")],
    "no such day": [("/resolution/date", "31. 2. 2027"), ("/resolution/date", "0. 0. 0000")],
    "control characters": [("/name", "a\x00b\x1b[31m\u202ec\ufffe\ud7ff")],
    "rows": [(f"/representatives/{at}/name", "x") for at in range(1000)],
    "rows far away": [("/representatives/999999/name", "x"), ("/representatives/-1/name", "x")],
    "buttons": [("_do", "add:/name"), ("_do", "remove:/name/0"), ("_do", "prefill:/"), ("_do", "x" * 9000)],
    "ways": [("_go", "nowhere"), ("_go", "keep"), ("_draft", "x"), ("_seen", "x")],
    "a file as text": [("/resolution/file", "not-an-id"), ("/resolution/file", "../../etc/passwd")],
}


@pytest.mark.parametrize("strange", STRANGE)
def test_a_strange_post_is_a_page_or_a_refusal_and_keeps_nothing_foreign(
    client: FlaskClient,
    parts: Parts,
    draft: str,
    strange: str,
) -> None:
    path = f"/podani/{draft}/town"
    token = token_of(client.get(BEGIN))
    fields: dict[str, list[Any]] = {"csrf_token": [token]}
    for name, value in STRANGE[strange]:
        fields.setdefault(name, []).append(value)
    answer = client.post(path, data=fields)
    assert answer.status_code in (200, 303, 400, 409, 413, 422), answer.status
    assert "Traceback" not in answer.get_data(as_text=True)
    known = set(saved(parts, draft))
    assert not known & {"salary", "typename", "__proto__", "class", "constructor", "a.b", "a[0]", "🏛", "n" * 5000}
    assert "\x00" not in str(saved(parts, draft).get("name", ""))
    assert client.get(path).status_code == 200


# Werkzeug leaves the buffer of a part that was cut off to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "multipart/form-data"),
        (
            b'--x\r\nContent-Disposition: form-data; name="/a"; filename="b.pdf"\r\n\r\n%PDF-1.4 cut',
            "multipart/form-data; boundary=x",
        ),
        (b"--x\r\nContent-Disp", "multipart/form-data; boundary=x"),
        (b"\xff\xfe&=%zz&%00=1", "application/x-www-form-urlencoded"),
        (b'{"/name": "x"}', "application/json"),
    ],
    ids=["empty", "a file cut off", "a head cut off", "no text at all", "json"],
)
def test_a_body_that_is_cut_or_of_another_kind_is_refused_in_peace(
    client: FlaskClient,
    parts: Parts,
    draft: str,
    body: bytes,
    kind: str,
) -> None:
    before = saved(parts, draft)
    answer = client.post(
        f"/podani/{draft}/town", data=body, content_type=kind, headers={"X-CSRFToken": token_of(client.get(BEGIN))}
    )
    assert answer.status_code < 500
    assert saved(parts, draft).get("name", "Obec Horní Dolní") == before["name"]


def test_hidden_read_only_and_computed_fields_cannot_be_set(client: FlaskClient, parts: Parts, draft: str) -> None:
    def change(schema: dict[str, Any]) -> None:
        schema["properties"] |= {
            "fixed": {"type": "string", "title": "Dané", "readOnly": True},
            "sum": {"type": "string", "title": "Součet", "x-computed": "str(1 + 1)"},
            "secret": {"type": "string", "title": "Skryté", "x-visible": "name == 'nikdy'"},
        }
        schema["x-steps"][0]["fields"] += ["/fixed", "/sum", "/secret"]

    publish(parts, change)
    upload = (io.BytesIO(b"MZ\x90"), "a.exe")
    fields = {"/fixed": "moje", "/sum": "999", "/secret": "x", "/fixed~": "", "/name": upload}
    assert writes(client, f"/podani/{draft}/town", "save", **fields).status_code in (303, 422)
    kept = saved(parts, draft)
    assert kept.get("sum") == "2"
    assert "fixed" not in kept
    assert "secret" not in kept
